"""YAML, strictly: what is read holds no surprises, what is written reads well."""

from __future__ import annotations

from typing import Any

import yaml
from django.utils.translation import gettext as _

from gradatim.program.ground.refused import Refused

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 12


class _Loader(yaml.CSafeLoader):
    """Plain values only, and no key twice."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:  # noqa: ANN401, FBT001, FBT002 - as PyYAML declares it
        """A mapping whose keys are texts, each once."""
        seen: set[str] = set()
        for key_node, _value in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise _wrong(_("“%(key)s” must be a text; put it in quotes") % {"key": key}, key_node)
            if key in seen:
                raise _wrong(_("“%(key)s” stands here twice") % {"key": key}, key_node)
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


class _Dumper(yaml.CSafeDumper):
    """Every text is written out where it stands."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - as PyYAML declares it
        """Nothing is referred to."""
        return True


def load(text: str) -> Any:  # noqa: ANN401 - whatever the file says; readers check it
    """Read one YAML document. Aliases are refused, because small files with them can explode.

    Raises:
        Refused: ``yaml`` with the line and what is wrong there; ``too-large``.
    """
    if len(text) > MAX_CHARACTERS:
        raise Refused(
            "too-large",
            _("The file has %(n)s characters; at most %(limit)s are read.")
            % {"n": f"{len(text):,}", "limit": f"{MAX_CHARACTERS:,}"},
            field="file",
        )
    try:
        _check_events(text)
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader made stricter
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Refused(
            "yaml",
            _("Line %(n)s: %(what)s.") % {"n": line, "what": error.problem or error.context or "?"},
            field="file",
        ) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Refused(
            "yaml", _("This is not YAML: %(what)s") % {"what": str(error)[:200]}, field="file"
        ) from None


def dump(data: Any) -> str:  # noqa: ANN401 - plain values
    """Plain values as YAML, keys in the order given."""
    text: str = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    return text


def _check_events(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise _wrong(_("references (“*name”) are not read; write the text out"), event)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise _wrong(_("it is nested too deeply"), event)


def _wrong(what: str, place: Any) -> yaml.MarkedYAMLError:  # noqa: ANN401 - a node or an event
    return yaml.MarkedYAMLError(problem=what, problem_mark=place.start_mark)
