"""What an issuer has to keep beyond what a reader takes: habits of others are read, and not copied.

Spec: Open Badges 3.0, 6 to 8, B (serialization) and its published JSON Schema; CLR Standard 2.0; Bitstring Status List v1.0, 2.1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

from gradatim.engine.errors import ShapeError
from gradatim.engine.model import credential as model
from gradatim.engine.model import late, relations
from gradatim.engine.model.achievement import CLASSES
from gradatim.engine.model.alike import Filled, Held, Shape
from gradatim.engine.model.values import Class, Field, Report, is_uri, listed, shape_error, types_of

CLR = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
CONTEXTS = {
    model.ACHIEVEMENT: (model.V2, model.OB),
    model.ENDORSEMENT: (model.V2, model.OB),
    model.RECORD: (model.V2, CLR, model.OB),
}
"""What `@context` begins with, in this order: editions whose address always answers the same."""

CLAIMS = ("iss", "jti", "sub", "nbf", "exp", "iat", "aud", "cnf", "nonce", "vc", "vp")
"""Members that a token gets from the credential it carries."""

EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
_EXTENDED = frozenset({"1EdTechJsonSchemaValidator2019", "1EdTechRevocationList", "1EdTechCredentialRefresh"})
_ONE_TYPE = frozenset({"Image", "IdentityObject", "IdentifierEntry", "Association", "GeoCoordinates"})
_CLOSED = frozenset({"Image", "IdentityObject", "IdentifierEntry", "Association"})
_SERVICES = ("credentialStatus", "credentialSchema", "refreshService", "termsOfUse")
_ONLY_ONE = ("credentialStatus", "refreshService")
_LANGUAGE = re.compile(r"[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?\Z")
_PICTURE = re.compile(r"data:image/(png;base64,iVBORw0KGgo|svg\+xml[;,])", re.ASCII)
_OTHER_PICTURE = re.compile(
    r"[^?#]*\.(avif|bmp|gif|heic|ico|jfif|jpe?g|jxl|pdf|tiff?|webp)([?#]|\Z)", re.ASCII | re.IGNORECASE
)
_DAY = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\Z", re.ASCII)
_OWN_TERM = re.compile(r"ext:[A-Za-z0-9._|-]")
_TOKEN = re.compile(r"[\w-]+\.[\w-]*\.[\w-]+\Z", re.ASCII)
_BARE = (
    'has to be an object with id, type ["Profile"] and name, not only an identifier: readers show the name, and the '
    "official validator refuses it without"
)
_NO_OWN = frozenset({"associationType", "status"})  # vocabularies that cannot be added to
_FOREIGN = frozenset({"endorsement", "verifiableCredential"})  # what stands there others have signed


_MEMBERS = {
    *(name for cls in (model.ENVELOPE, *CLASSES.values()) for name in cls.fields),
    *("issuer", "credentialSubject", "name", "description", "relatedResource", "statusMessage"),
    *_SERVICES,
} - _FOREIGN
"""Names that the data models define, and below which they define everything."""


Test = Callable[[Any], bool]
Places = tuple[tuple[int, Test], ...]


def check(
    document: Mapping[str, Any], kind: str, *, embedded: bool = True, filled: Filled | None = None
) -> None:
    """Hold a credential that is about to be signed against what an issuer has to keep.

    Args:
        document: as for `findings`.
        kind: as for `findings`.
        embedded: as for `findings`.
        filled: what it equals but for some texts, and these, if it has the shape of one that gets an embedded proof.

    Raises:
        ShapeError: ``schema``, the first breach with its place and what to do.
    """
    again = None if filled is None else filled.sheet.notes.get(f"issuing {kind}")
    if filled is not None and again is not None and again.kept(document, filled.values):
        return
    for error in findings(document, kind, embedded=embedded):
        raise error
    if filled is not None and again is None and kind in {model.ACHIEVEMENT, model.ENDORSEMENT}:
        filled.sheet.notes[f"issuing {kind}"] = _again(kind, filled.sheet)


class _Again(NamedTuple):
    """What is looked at again in a document of the shape of a good one: all other rules are about what never differs.

    Attributes:
        tests: by the place of a text, what it has to be besides not empty.
        status: whether texts of the status entry differ.
        related: what members have to be to each other, if texts differ that this is about.
    """

    tests: Places
    status: bool
    related: Held | None

    def kept(self, document: Mapping[str, Any], values: tuple[str, ...]) -> bool:
        """Whether a document of the shape is good too."""
        if "" in values or not all(test(values[place]) for place, test in self.tests):
            return False
        broken: list[str] = []
        report: Report = lambda path, _sentence: broken.append(path)  # noqa: E731 - as a rule wants it
        if self.status and "BitstringStatusListEntry" in types_of(document["credentialStatus"]):
            _status(document["credentialStatus"], report)
        return not broken and (self.related is None or self.related.again(document, values))


def _again(kind: str, shape: Shape) -> _Again:
    tests: list[tuple[int, Test]] = []
    for place, path in enumerate(shape.paths):
        cls: Class | None = model.root(kind)
        names = [step for step in path if isinstance(step, str)]
        wanted: Field | None = None
        for name in names:
            wanted = None if cls is None else cls.fields.get(name)
            cls = None if wanted is None else CLASSES.get(wanted.kind)
        if wanted is not None and (
            wanted.among is not None or {names[-1], wanted.kind} & _PLAIN.keys() - {"text"}
        ):
            tests.append((place, _test(names[-1], replace(wanted, many=False))))
    status = any(path[0] == "credentialStatus" for path in shape.paths)
    return _Again(tuple(tests), status, relations.held(kind, shape))


def findings(document: Mapping[str, Any], kind: str, *, embedded: bool = True) -> list[ShapeError]:
    """Every such breach; empty when there is none.

    Args:
        document: unsigned; `credential.findings` has nothing against it.
        kind: from `credential.kind_of`.
        embedded: it gets an embedded proof; otherwise it becomes a token.
    """
    found: dict[tuple[str, str], ShapeError] = {}  # a long list may break one rule in each entry

    def report(path: str, sentence: str) -> None:
        found.setdefault((path, sentence), shape_error(path, sentence))

    if embedded:
        late.at_top(document, "", report)
    else:
        for name in [name for name in CLAIMS if name in document]:
            report(name, "is written into a token from the credential itself; leave it out")
    badge = kind in CONTEXTS
    parts = _parts(document, kind) if badge else []
    if not badge or not all(keeps(node, cls) for node, cls, _ in parts):
        foreign: list[tuple[str, Any]] = []
        _filled(document, "", report, foreign)
        for path, inside in foreign if embedded else []:
            late.inside(inside, path, report)
        for node, cls, path in parts:
            _written(node, cls, path, report)
    if badge:
        _badge(document, kind, report)
        _services(document, report)
        relations.check(document["credentialSubject"], kind, report)
    return list(found.values())


def _parts(document: Mapping[str, Any], kind: str) -> list[tuple[Any, Class, str]]:
    """What is held against a class, and where it stands."""
    return [
        (document, model.ENVELOPE, ""),
        (document["issuer"], CLASSES["Profile"], "issuer"),
        (document["credentialSubject"], CLASSES[model.SUBJECTS[kind]], "credentialSubject"),
    ]


def _filled(value: Any, path: str, report: Report, foreign: list[tuple[str, Any]]) -> None:  # noqa: ANN401 - JSON
    """Nothing empty is written: null and empty lists are left out.

    What others have signed is only collected; what an extension holds inside is its own schema's business.
    """
    if value is None or value in ("", [], {}):
        report(path, "is empty; leave it out")
    elif isinstance(value, list):
        for inner in value:
            _filled(inner, path, report, foreign)
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            if name in _FOREIGN:
                foreign += [(f"{path}.{name}", one) for one in listed(inner)]
            if not inner or (type(inner) is not str and name in _MEMBERS):
                _filled(inner, f"{path}.{name}", report, foreign)


def _badge(document: Mapping[str, Any], kind: str, report: Report) -> None:
    """The credential itself: its contexts, who issues it, what it is called."""
    wanted = CONTEXTS[kind]
    if tuple(listed(document["@context"])[: len(wanted)]) != wanted:
        report("@context", f"has to begin with {', '.join(wanted)}: these never change under their address")
    issuer = document["issuer"]
    if not isinstance(issuer, Mapping):
        report("issuer", _BARE)
    elif "name" not in issuer:
        report("issuer.name", "is missing; it is what readers are shown")
    if "name" not in document:
        report("name", "is missing; wallets show it as the title")
    for name in ("name", "description"):
        if not isinstance(document.get(name, ""), str):
            report(name, _PLAIN["text"][1])


def _services(document: Mapping[str, Any], report: Report) -> None:
    """Each is of one type that a context defines; of status and refresh there is one."""
    for name in _ONLY_ONE:
        if isinstance(document.get(name), list):
            report(name, "has to be one object, not a list, in Open Badges 3.0")
    extended = EXTENSIONS in listed(document["@context"])
    for name in _SERVICES:
        for entry in listed(document.get(name, [])):
            if not isinstance(entry["type"], str):
                report(f"{name}.type", "has to be one text, not a list")
            elif entry["type"] in _EXTENDED and not extended:
                report(f"{name}.type", f"is defined by {EXTENSIONS}; add that to @context")
            asked = name == "refreshService" or "1EdTechRevocationList" in types_of(entry)
            if asked and "id" not in entry:
                report(f"{name}.id", "is missing; it is what a reader asks")
            if name == "credentialStatus" and "BitstringStatusListEntry" in types_of(entry):
                _status(entry, report)


def _status(entry: Mapping[str, Any], report: Report) -> None:
    """The entry points to a bit in a list that can be asked for (Bitstring Status List v1.0, 2.1)."""
    address = entry.get("statusListCredential")
    if not is_uri(address):
        report("credentialStatus.statusListCredential", "has to be an absolute address (URI)")
    if entry.get("id") == address:
        report(
            "credentialStatus.id",
            "has to differ from the list's address; leave it out, or add # and the index",
        )
    size = entry.get("statusSize", 1)
    if size > 1:
        told = [m.get("status") if isinstance(m, Mapping) else None for m in entry["statusMessage"]]
        if sorted(map(str, told)) != sorted(hex(value) for value in range(2**size)):
            report("credentialStatus.statusMessage", "has to name each value once, from 0x0 on")


def _written(node: Any, cls: Class, path: str, report: Report) -> None:  # noqa: ANN401 - JSON
    """As the published JSON Schema wants it: lists where there may be several, plain texts, closed classes closed."""
    if not isinstance(node, Mapping):
        return
    if cls.type in _ONE_TYPE and not isinstance(node.get("type"), str):
        report(f"{path}.type", f'has to be "{cls.type}", not a list')
    if cls.type in _CLOSED:
        for name in sorted(node.keys() - cls.fields.keys() - {"type"}):
            report(f"{path}.{name}", f"cannot be added: {cls.type} has no members of others' making")
    for name, value in node.items():
        wanted = cls.fields.get(name)
        if wanted is not None:
            if wanted.many and not isinstance(value, list):
                report(f"{path}.{name}", "has to be a list, even of one")
            for entry in listed(value):
                _entry(entry, name, wanted, f"{path}.{name}", report)


def _entry(value: Any, name: str, wanted: Field, path: str, report: Report) -> None:  # noqa: ANN401 - JSON
    """One value of a member."""
    if wanted.kind in CLASSES:
        _written(value, CLASSES[wanted.kind], path, report)
        return
    test, words = _PLAIN.get(name) or _PLAIN.get(wanted.kind) or (None, "")
    if test is not None and not test(value):
        report(path, words)
    if wanted.among is not None and value not in wanted.among:
        if name in _NO_OWN:
            report(path, f"has to be one of {', '.join(sorted(wanted.among))}")
        elif not _OWN_TERM.match(value):
            report(path, "needs a name after ext:, such as ext:ESCOSkill")


class _Tests(NamedTuple):
    """What each member of a class has to be."""

    named: dict[str, Test]
    other: Test  # of members that are not named


def keeps(node: Any, cls: Class) -> bool:  # noqa: ANN401 - JSON
    """Whether `_filled` and `_written` have nothing against a node, found quickly; what others signed is left to them."""
    if not isinstance(node, Mapping):
        return False
    tests, other = _tests(cls)
    return all(tests.get(name, other)(value) for name, value in node.items())


@cache
def _tests(cls: Class) -> _Tests:
    own = {name: _test(name, wanted) for name, wanted in cls.fields.items()}
    if cls.type in _ONE_TYPE:
        own["type"] = _is_word
    if cls is model.ENVELOPE:
        own |= {"issuer": bool, "credentialSubject": bool, "name": _is_word, "description": _is_word}
    if cls.type in _CLOSED:
        return _Tests(own, _is_nothing)
    return _Tests(dict.fromkeys(_MEMBERS, _is_flat) | own, _is_something)


def _test(name: str, wanted: Field) -> Test:
    inner, among = CLASSES.get(wanted.kind), wanted.among
    plain = _PLAIN.get(name) or _PLAIN.get(wanted.kind)
    one: Test = _is_something
    if inner is not None:
        one = lambda value: keeps(value, inner)  # noqa: E731 - one of several
    elif wanted.kind in {"endorsement", "credential", "token"}:
        one = _is_nothing
    elif among is not None:
        one = among.__contains__
    elif plain is not None:
        one = lambda value: bool(value) and plain[0](value)  # noqa: E731
    if not wanted.many:
        return one
    return lambda value: type(value) is list and bool(value) and all(map(one, value))


def _is_something(value: object) -> bool:
    return bool(value) or (value is not None and value not in ("", [], {}))


def _is_word(value: object) -> bool:
    return type(value) is str and value != ""


def _is_flat(value: object) -> bool:
    """A text, or an object of texts, as a status entry is."""
    return _is_word(value) or (type(value) is dict and bool(value) and all(map(_is_word, value.values())))


def _is_nothing(_value: object) -> bool:
    return False


def _is_picture(value: str) -> bool:
    """A PNG or SVG image, as far as its address says what it is."""
    if value[:5].lower() == "data:":
        return _PICTURE.match(value) is not None
    return _OTHER_PICTURE.match(value) is None


def _is_signed(value: object) -> bool:
    return isinstance(value, Mapping) and (
        "proof" in value or "EnvelopedVerifiableCredential" in types_of(value)
    )


def _is_current(value: object) -> bool:
    """A credential as a record may hold it: an object of data model 2.0, with its proof in it."""
    return (
        isinstance(value, Mapping)
        and "proof" in value
        and listed(value.get("@context"))[:1] == [model.V2]
        and {"issuer", "validFrom", "credentialSubject"} <= value.keys()
    )


_PLAIN: dict[str, tuple[Test, str]] = {
    "text": (
        lambda value: isinstance(value, str),
        "has to be one plain text in Open Badges 3.0; issue one credential for each language, and name the others in related",
    ),
    "language": (
        lambda value: _LANGUAGE.match(value) is not None,
        "has to be a language as in en, de-AT or zh-Hant-TW, in these capitals",
    ),
    "picture": (_is_picture, "has to be a PNG or SVG image"),
    "dateOfBirth": (lambda value: _DAY.match(value) is not None, "has to be a day such as 1999-12-31"),
    "token": (
        lambda value: _TOKEN.match(value) is not None,
        "has to be a signed token: three parts in base64url, with points between",
    ),
    "endorsement": (_is_signed, "has no proof: whoever endorses has to sign it first"),
    "credential": (
        _is_current,
        "has to be a credential of data model 2.0 with its proof in it; CLR 2.0 takes neither tokens nor unsigned ones",
    ),
}
"""By a field's name or kind, what it has to be besides, and the sentence if it is not."""
