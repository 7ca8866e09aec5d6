"""The checks that only warn: known issuer, recipient, self-issued, refresh, kind; and what is referred to outside.

Spec: Open Badges 3.0, 9; VC Data Model 2.0, 5.3 Integrity of Related Resources.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gradatim.engine import encoding
from gradatim.engine.errors import Error, FetchError
from gradatim.engine.fetch import Fetcher, Response, check_address
from gradatim.engine.model import credential as model
from gradatim.engine.model.credential import issuer_of
from gradatim.engine.model.legacy import IDENTITIES
from gradatim.engine.model.values import is_uri, listed
from gradatim.engine.report import Check, Outcome
from gradatim.engine.verify import refresh
from gradatim.engine.verify.person import fits, identities_of, subjects_of

if TYPE_CHECKING:
    from gradatim.engine.verify import Setting
    from gradatim.engine.verify.intake import Taken

MAX_RESOURCES = 20  # related resources of one credential
MAX_HASHES = 20  # of one resource
_INTEGRITY = "VC Data Model 2.0, 5.3"
_MULTIHASH = {b"\x12\x20": "sha256", b"\x20\x30": "sha384", b"\x13\x40": "sha512"}


def check(document: Mapping[str, Any], kind: str, taken: Taken, setting: Setting) -> list[Check]:
    """What a reader should know besides the verdict."""
    found = []
    if kind == model.PRESENTATION:
        if setting.challenge is None:
            words = "Whether it was made for you was not asked: no challenge was given."
            found.append(_said("recipient", words, "challenge-unchecked"))
        return found
    issuer = issuer_of(document)
    if setting.trusted is not None:
        known = issuer in setting.trusted
        words = (
            "The issuer it names is on your list."
            if known
            else f"The issuer it names is not on your list: {issuer[:200]}."
        )
        found.append(_said("issuer-known", words, None if known else "issuer-unknown"))
    if setting.recipient is not None:
        found.append(_recipient(document, setting.recipient))
    subject = document.get("credentialSubject")
    if isinstance(subject, Mapping) and subject.get("id") == issuer:
        found.append(_said("self-issued", "Issuer and learner are the same.", "self-issued"))
    found += refresh.check(document)
    if kind == model.OTHER:
        found.append(_said("kind", "It is a credential, but not an Open Badge.", "not-a-badge"))
    if taken.legacy or listed(document.get("@context"))[:1] == [model.V1]:
        found.append(_said("version", "It is written in the older data model 1.1.", "legacy-vcdm11"))
    return found


def _said(name: str, words: str, cause: str | None) -> Check:
    return Check(name, Outcome.UNDETERMINED if cause else Outcome.PASSED, words, "Open Badges 3.0, 9", cause)


def _recipient(document: Mapping[str, Any], asked: str | Mapping[str, str]) -> Check:
    """Whether it is made out to the person who shows it: one identifier of theirs that fits is enough."""
    entries = [entry for subject in subjects_of(document) for entry in identities_of(subject)]
    named = "address" if isinstance(asked, str) and not is_uri(asked) else "identifier"
    compared = False
    for kind, value in _kinds(asked):
        fitting = [entry for entry in entries if entry.get("identityType") == kind]
        if any(fits(entry, value) for entry in fitting):
            return _said("recipient", f"It is made out to {value[:200]}.", None)
        compared = compared or bool(fitting)
    if not compared:
        return _said("recipient", f"It names no {named} that could be compared.", None)
    words = f"It is made out to another {named} than {', '.join(value[:200] for _, value in _kinds(asked))}."
    return _said("recipient", words, "recipient-mismatch")


def _kinds(asked: str | Mapping[str, str]) -> list[tuple[str, str]]:
    """Kinds of identity as Open Badges 3.0 names them, and values; a text is an e-mail address or an identifier."""
    if isinstance(asked, str):
        return [("identifier" if is_uri(asked) else "emailAddress", asked)]
    return [(IDENTITIES.get(kind, kind), value) for kind, value in asked.items()]


def schema(document: Mapping[str, Any]) -> list[Check]:
    """Schemas named by the document: the known ones are met by the data model; others are not checked, and never fetched."""
    for entry in listed(document.get("credentialSchema", [])):
        address = str(entry.get("id")) if isinstance(entry, Mapping) else ""
        if model.SCHEMAS.match(address):
            continue
        try:
            check_address(address)
        except FetchError as error:
            words = f"The schema it names was not checked. {error.message}"
            return [Check("shape", Outcome.UNDETERMINED, words, error.spec, error.code)]
        words = f"The schema {address[:200]} was not checked."
        return [Check("schema", Outcome.UNDETERMINED, words, "VC Data Model 2.0, 4.11", "schema-unchecked")]
    return []


def resources(document: Mapping[str, Any], fetcher: Fetcher) -> list[Check]:
    """Related resources that carry a digest."""
    entries = listed(document.get("relatedResource", []))
    if len(entries) > MAX_RESOURCES or any(len(_hashes(entry)) > MAX_HASHES for entry in entries):
        words = (
            f"It names more than {MAX_RESOURCES} related resources, or more than {MAX_HASHES} hashes of one; "
            "they were not compared."
        )
        return [Check("shape", Outcome.UNDETERMINED, words, _INTEGRITY, "resource-limit")]
    found = []
    for entry in entries:
        address = str(entry["id"])
        try:
            answer = fetcher.get(address)
        except FetchError as error:
            code = error.code if error.code == "fetch-blocked" else "resource-mismatch"
            found.append(
                Check(
                    "shape",
                    Outcome.UNDETERMINED,
                    f"The related resource could not be compared. {error.message}",
                    _INTEGRITY,
                    code,
                )
            )
            continue
        if not _fits(answer, entry):
            found.append(
                Check(
                    "shape",
                    Outcome.FAILED,
                    f"The related resource {address[:200]} is not the one that was signed for.",
                    _INTEGRITY,
                    "resource-mismatch",
                )
            )
    return found


def _hashes(entry: Mapping[str, Any]) -> list[str]:
    """What ``digestSRI`` says: one or several hashes, of which one has to fit (Subresource Integrity, 3.3)."""
    text = entry.get("digestSRI")
    return text.split() if isinstance(text, str) else []


def _digest(answer: Response, name: str) -> bytes:
    """Of its bytes, by the name of the hash; made once, whatever number of credentials name it."""
    if name not in answer.read:
        answer.read[name] = hashlib.new(name, answer.body).digest()
    digest: bytes = answer.read[name]
    return digest


def _fits(answer: Response, entry: Mapping[str, Any]) -> bool:
    if isinstance(entry.get("digestSRI"), str):
        told = [
            (name, value.partition("?")[0]) for name, _, value in (h.partition("-") for h in _hashes(entry))
        ]
        kinds = {name for name, _ in told} & {"sha256", "sha384", "sha512"}
        made = {name: base64.b64encode(_digest(answer, name)).decode() for name in kinds}
        return any(made.get(name) == value for name, value in told)
    try:
        digest = encoding.multibase_decode(str(entry.get("digestMultibase")))
    except Error:
        return False
    kind = _MULTIHASH.get(digest[:2])
    return kind is not None and _digest(answer, kind) == digest[2:]
