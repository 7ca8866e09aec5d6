"""State published JSON-LD contexts in the engine's own form. Usage: tools/contexts.py FOLDER, with index.json in it."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from gradatim.engine import contexts

TARGET = Path(contexts.__file__).parent


def lines(context: dict[str, Any], indent: str = "") -> list[str]:
    """The lines of one context."""
    found = []
    for name, value in context.items():
        if name.startswith("@"):
            found.append(f"{indent}{name} {json.dumps(value).strip(chr(34))}")
            continue
        definition = {"@id": value} if isinstance(value, str) else dict(value or {})
        words = [definition.pop("@id", "-" if definition else "null")]
        if "@type" in definition:
            words.append(f"as:{definition.pop('@type')}")
        container = definition.pop("@container", [])
        words += [f"in:{one}" for one in ([container] if isinstance(container, str) else container)]
        words += [key[1:] for key in ("@protected", "@prefix") if definition.pop(key, False)]
        scoped = definition.pop("@context", ...)
        if scoped is None:
            words.append("{null}")
        if definition:
            raise SystemExit(f"{name}: no way to say {definition}")
        if isinstance(scoped, dict):
            found.append(f"{indent}{name} = {' '.join(words)} {{")
            found += lines(scoped, indent + "  ")
            found.append(f"{indent}}}")
        else:
            found.append(f"{indent}{name} = {' '.join(words)}")
    return found


def merged(context: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """A list of inline contexts as one, when no term stands in two of them."""
    if isinstance(context, dict):
        return context
    whole: dict[str, Any] = {}
    for part in context:
        if not isinstance(part, dict) or set(part) & set(whole) - {"@version", "@protected"}:
            raise SystemExit("this context needs its parts in order")
        whole |= part
    return whole


def main(folder: Path) -> None:
    """Write every file of the set."""
    index = json.loads((folder / "index.json").read_text())
    everything = [*contexts.FILES.items(), *contexts.OPEN.items()]
    for url, name in everything:
        if "alias" in index[url]:
            continue
        data = (folder / index[url]["file"]).read_bytes()
        head = [f"url {url}", f"sha256 {hashlib.sha256(data).hexdigest()}", ""]
        body = lines(merged(json.loads(data)["@context"]))
        (TARGET / f"{name}.terms").write_text("\n".join([*head, *body]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
