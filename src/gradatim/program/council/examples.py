"""The policies that come with the product, drawn from what institutions publish about their programs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from gradatim.program.ground.refused import Refused
from gradatim.program.taxonomy import written

FOLDER = files("gradatim.program.council") / "data" / "policies"


@dataclass(frozen=True, slots=True)
class Example:
    """A policy to start from.

    Attributes:
        key: its file's name.
        name: whose practice it follows.
        about: what is special about it.
        source: where that is published.
    """

    key: str
    name: str
    about: str
    source: str


@lru_cache(maxsize=1)
def all_of_them() -> tuple[Example, ...]:
    """The policies by name."""
    found = []
    for entry in FOLDER.iterdir():
        if entry.name.endswith(".yaml"):
            data = written.load(entry.read_text("utf-8"))
            found.append(
                Example(entry.name.removesuffix(".yaml"), data["name"], data["about"], data.get("source", ""))
            )
    return tuple(sorted(found, key=lambda e: e.name))


def text(key: str) -> str:
    """One policy as YAML.

    Raises:
        Refused: ``not-found``.
    """
    if key not in {e.key for e in all_of_them()}:
        raise Refused("not-found", key)
    return (FOLDER / f"{key}.yaml").read_text("utf-8")
