"""The closed set of JSON-LD contexts: our statement of the published term mappings, never fetched.

Spec: JSON-LD 1.1, 4.1 and 9.15; VC Data Model 2.0, 5.10 and B.1.

Each `*.terms` file states one published context in a form of our own: the URL, the SHA-256 of the published file, then
one line a term::

    name = iri            what the term means
    name = iri > coercion in container …  its type coercion, its containers
    name = iri {          a context that holds inside it, indented, up to "}"

`@protected`, `@version`, `@vocab` and the like stand as lines without ``=``. ``{null}`` is a scoped context that forgets
all others.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from gradatim.engine.errors import ContextError

FILES = {
    "https://www.w3.org/ns/credentials/v2": "credentials-v2",
    "https://www.w3.org/2018/credentials/v1": "credentials-v1",
    "https://purl.imsglobal.org/spec/ob/v3p0/context.json": "ob-3.0.0",
    "https://purl.imsglobal.org/spec/ob/v3p0/context/ob_v3p0.jsonld": "ob-3.0.0",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json": "ob-3.0.1",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json": "ob-3.0.2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": "ob-3.0.3",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json": "ob-extensions",
    "https://purl.imsglobal.org/spec/clr/v2p0/context.json": "clr-2.0.0",
    "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json": "clr-2.0.1",
    "https://w3id.org/security/data-integrity/v1": "data-integrity-v1",
    "https://w3id.org/security/data-integrity/v2": "data-integrity-v2",
    "https://w3id.org/security/jwk/v1": "jwk-v1",
    "https://w3id.org/security/multikey/v1": "multikey-v1",
    "https://w3id.org/security/suites/ed25519-2020/v1": "ed25519-2020-v1",
    "https://w3id.org/security/suites/jws-2020/v1": "jws-2020-v1",
    "https://w3id.org/vc/status-list/2021/v1": "status-list-2021-v1",
    "https://www.w3.org/ns/cid/v1": "cid-v1",
    "https://www.w3.org/ns/credentials/status/v1": "credentials-status-v1",
    "https://www.w3.org/ns/did/v1": "did-v1",
}
"""URL of each context that may stand in a document, and the file that states it."""

OPEN = {
    "https://www.w3.org/ns/credentials/examples/v2": "examples-v2",
    "https://w3id.org/citizenship/v4rc1": "citizenship-v4rc1",
}
"""Contexts of published examples (one with ``@vocab``, which defines every term): taken only where a caller names them."""


_FOLDER = Path(__file__).parent


class UnknownContextError(ContextError):
    """The document names a context that is not in the set: it cannot be decided, and nothing is fetched."""


def known() -> frozenset[str]:
    """The URLs that a document may name."""
    return frozenset(FILES)


def load(url: str, *, allowed: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The local context that a URL stands for, as the JSON the published file holds under ``@context``.

    Args:
        url: as it stands in the document.
        allowed: URLs of `OPEN` that are accepted too.

    Raises:
        UnknownContextError: ``context``.
    """
    name = FILES.get(url) or (OPEN.get(url) if url in allowed else None)
    if name is None:
        raise UnknownContextError(
            "context",
            f"The context {url} is not one of those this program knows, so what the document means cannot be said. "
            "Contexts are never fetched.",
            "JSON-LD 1.1, 4.1",
        )
    return _read(name)[1]


def digest(url: str) -> str:
    """SHA-256 of the published file, hex.

    Raises:
        KeyError: the URL is not in the set.
    """
    return _read(FILES.get(url) or OPEN[url])[0]


@cache
def _read(name: str) -> tuple[str, dict[str, Any]]:
    text = (_FOLDER / f"{name}.terms").read_text(encoding="utf-8")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    sha256 = lines[1].removeprefix("sha256 ")
    context, end = _block(lines, 2)
    assert end == len(lines), name  # noqa: S101 - our own file, tested
    return sha256, context


def _block(lines: list[str], at: int) -> tuple[dict[str, Any], int]:
    context: dict[str, Any] = {}
    while at < len(lines) and lines[at] != "}":
        line = lines[at]
        at += 1
        if " = " not in line:
            key, _, value = line.partition(" ")
            context[key] = {"": True, "true": True, "false": False, "null": None, "1.1": 1.1}.get(
                value, value
            )
            continue
        name, _, rest = line.partition(" = ")
        definition, opens = _definition(rest)
        if opens:
            definition["@context"], at = _block(lines, at)
            at += 1
        plain = set(definition) == {"@id"}
        context[name] = definition["@id"] if plain else definition or None
    return context, at


def _definition(text: str) -> tuple[dict[str, Any], bool]:
    """One term's definition, and whether a scoped context follows in the lines below."""
    definition: dict[str, Any] = {}
    words = text.split(" ")
    opens = words[-1] == "{"
    containers: list[str] = []
    for number, word in enumerate(words[:-1] if opens else words):
        if number == 0:
            if word not in {"-", "null"}:
                definition["@id"] = word
        elif word == "{null}":
            definition["@context"] = None
        elif word in {"protected", "prefix"}:
            definition[f"@{word}"] = True
        else:
            key, _, value = word.partition(":")
            if key == "as":
                definition["@type"] = value
            elif key == "in":
                containers.append(value)
            else:
                definition[f"@{key}"] = value
    if containers:
        definition["@container"] = containers[0] if len(containers) == 1 else containers
    return definition, opens
