"""Verification: the ordered checks of a credential, and what they say together.

Spec: Open Badges 3.0, 9 Verification; VC Data Model 2.0, 7.1; VC Data Integrity 1.0, 4.4.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from gradatim.engine.canonical import rdfc
from gradatim.engine.canonical.sheet import Filled, Sheets
from gradatim.engine.errors import ContextError, Error, ShapeError
from gradatim.engine.fetch import Fetcher
from gradatim.engine.keys import PublicKey
from gradatim.engine.model import alike, presentation
from gradatim.engine.model import credential as model
from gradatim.engine.report import Check, Outcome, Report
from gradatim.engine.verify import (
    advice,
    continuity,
    disclosed,
    intake,
    older,
    parts,
    proofs,
    refresh,
    status,
)
from gradatim.engine.verify.asking import Asking, Sitting
from gradatim.engine.verify.dates import SKEW, dates


@dataclass(slots=True)
class Setting:
    """What a verification knows besides the document.

    Attributes:
        fetcher: the only way to documents elsewhere.
        now: the instant at which the credential is judged.
        trusted: issuer ids that the reader knows; ``None`` says nothing about known issuers.
        recipient: the person who shows it, if that is to be compared: as in `verify`.
        memory: what was seen before, kept by the caller: by address the newest status list, so that an older one is not
            taken; by issuer the keys it signed with, so that the reader is told of another.
        challenge, domain: what a presentation has to repeat, if the reader asked for one.
        importing: the parts go into a person's records: what is about somebody or something else is marked, not warned of.
        holder: who signed the presentation around it: what they say themselves needs no other proof.
        signers: the keys that were found good for this document.
        around: those of the document in which this one stands.
        presenter: whose proof of the document in hand was found good; ``None`` when there is none.
        vouched: by issuer the keys that its document lists, if an earlier key signed that: looked up once. ``None`` where the
            caller keeps no memory, so that keys are compared with nothing.
        lists: the status lists of this verification by address and issuer, or what is wrong with them.
        bits: what stands in those that were asked for a purpose, and since when.
        sheets: what the credentials of a sitting, or the parts of a record, have in common.
        status: whether status lists are asked (not for a status list itself).
        depth: how deep inside another credential this one stands.
    """

    fetcher: Fetcher
    now: datetime
    trusted: Collection[str] | None = None
    recipient: str | Mapping[str, str] | None = None
    memory: MutableMapping[str, str] = field(default_factory=dict)
    challenge: str | None = None
    domain: str | None = None
    importing: bool = False
    holder: str | None = None
    signers: list[PublicKey] = field(default_factory=list)
    around: Sequence[PublicKey] = ()
    presenter: str | None = None
    vouched: dict[str, list[PublicKey]] | None = None
    lists: dict[tuple[str, str], Mapping[str, Any] | Exception] = field(default_factory=dict)
    bits: dict[tuple[str, str, str], tuple[bytes, Any]] = field(default_factory=dict)
    sheets: Sheets = field(default_factory=Sheets)
    status: bool = True
    depth: int = 0


def verify(
    source: bytes | str | Mapping[str, Any],
    *,
    fetcher: Fetcher,
    now: datetime,
    trusted: Collection[str] | None = None,
    recipient: str | Mapping[str, str] | None = None,
    memory: MutableMapping[str, str] | None = None,
    challenge: str | None = None,
    domain: str | None = None,
    importing: bool = False,
    sitting: Sitting | None = None,
) -> Report:
    """Check a credential, or a presentation of some.

    Args:
        source: a file's bytes (JSON, compact token, PNG or SVG), a text, or a document that was read already.
        fetcher: for issuers' keys and status lists; contexts and pictures are never fetched.
        now: the instant at which it is judged, with a time zone.
        trusted: issuer ids the reader knows; left out, nothing is said about known issuers.
        recipient: who shows it, to compare with the credential's identifiers: an e-mail address or an identifier (URI), or
            values by kind of identity, e.g. ``{"emailAddress": …, "sourcedId": …, "id": …}``; one that fits is enough.
        memory: what was seen before, as texts: status lists, and the keys of issuers. Pass the same mapping again, so that
            an older list is not taken for the newest, and a new key of an old issuer is told of.
        challenge: what the holder was asked to repeat; a document that does not is invalid, a bare credential too.
        domain: whom the holder was asked to make the presentation for.
        importing: it is taken over into a person's records: a part about another person or thing, or a link to nothing, is
            then a marked part and not only a warning.
        sitting: of many verifications at the same instant, so that each address is asked once for all of them.

    Returns:
        The report. It never raises for a bad credential; use `Report.raise_for_failure` for that.

    Raises:
        ValueError: `now` has no time zone.
    """
    if now.tzinfo is None:
        raise ValueError("now needs a time zone, for example datetime.now(UTC)")
    sitting = sitting or Sitting()
    sitting.at(now)
    asking = Asking(fetcher, kept=sitting.answers)
    setting = Setting(
        asking,
        now,
        trusted,
        recipient,
        memory if memory is not None else {},
        challenge,
        domain,
        importing=importing,
        lists=sitting.lists,
        bits=sitting.bits,
        sheets=sitting.sheets,
        vouched=None if memory is None else {},
    )
    found = rdfc.on_one_budget(lambda: run(source, setting))
    return Report(found.checks, found.parts, tuple(asking.requests), found.document, found.notes)


def run(source: object, setting: Setting) -> Report:
    """All checks, in order; the first that refuses ends it."""
    checks: list[Check] = []
    if setting.depth:  # each document has signers of its own
        setting = replace(setting, signers=[], around=setting.signers)
    try:
        taken = intake.take(source, inside=setting.depth > 0)
        if taken.edition:
            return older.check(taken, setting)
        if taken.disclosed and "@context" not in taken.document:
            return disclosed.check(taken, setting)
        checks.append(_passed("input", f"The {taken.form} could be read.", "RFC 8259"))
        unsigned = {name: value for name, value in taken.document.items() if name != "proof"}
        filled = setting.sheets.filled(unsigned)
        kind = _kind(taken.document, filled, checks)
    except Error as error:
        return Report((*checks, _failed(_stage(error), error, refuses=True)))
    wanted = _wanted(taken.document, kind, setting)
    breaches = alike.findings(taken.document, kind, filled)
    checks.append(_shape(breaches))
    if (
        breaches
    ):  # what else can be said is still worth saying: real issuers break the data model in small ways
        checks += _anyway(taken, kind, breaches, setting, wanted)
        return Report(tuple(checks), document=taken.document)
    alone = _is_alone(taken.document, kind, filled)
    if not alone:
        checks += advice.schema(taken.document)
    signed = proofs.check(taken, setting, wanted, unsigned, filled)
    checks += signed
    if any(c.refuses for c in signed):
        return Report(tuple(checks), document=taken.document)
    if kind != model.PRESENTATION:  # its key is noted before a newer version may come with another
        checks += continuity.check(model.issuer_of(taken.document), setting)
        renewed = None if alone else refresh.renewed(taken.document, checks, setting)
        if renewed is not None:
            return renewed
    return _judged(taken, kind, setting, checks, alone=alone)


def _kind(document: Mapping[str, Any], filled: Filled | None, checks: list[Check]) -> str:
    """The kind of a document, and the checks that it is one; in documents of a shape neither types nor contexts differ.

    Raises:
        ShapeError: ``type``; ContextError: ``context``.
    """
    kind: str | None = None if filled is None else filled.sheet.notes.get("kind")
    found = kind or model.kind_of(document)
    checks.append(_passed("type", f"It is {_NOUNS[found]}.", "VC Data Model 2.0, 4.5"))
    if kind is None:
        model.check_context(document, found)
    words = "It names the contexts that such a document has to name."
    checks.append(_passed("context", words, "VC Data Model 2.0, 4.3"))
    if filled is not None:
        filled.sheet.notes["kind"] = found
    return found


_ELSEWHERE = ("credentialSchema", "refreshService", "relatedResource")


def _is_alone(document: Mapping[str, Any], kind: str, filled: Filled | None) -> bool:
    """Whether it is known to have no parts and to name nothing elsewhere: so it is with all documents of a shape."""
    if filled is None:
        return False
    known: bool | None = filled.sheet.notes.get("alone")
    if known is None:
        known = not (any(name in document for name in _ELSEWHERE) or parts.inside(document, kind))
        filled.sheet.notes["alone"] = known
    return known


def _judged(taken: intake.Taken, kind: str, setting: Setting, checks: list[Check], *, alone: bool) -> Report:
    """The checks of time, status and parts, and what a reader should know besides."""
    document = taken.document
    checks.append(dates(document, setting.now, taken))
    notes: dict[str, Any] = {}
    if setting.status and kind != model.PRESENTATION:
        checks += status.check(document, setting, notes)
        checks += [] if alone else advice.resources(document, setting.fetcher)
    inside = parts.NOTHING if alone else parts.check(document, kind, setting)
    checks += [check for check in inside.checks if check not in checks]
    checks += advice.check(document, kind, taken, setting)
    return Report(tuple(checks), parts=inside.reports, document=document, notes=notes)


_NOUNS = {
    model.ACHIEVEMENT: "an Open Badge",
    model.ENDORSEMENT: "an endorsement",
    model.RECORD: "a record (CLR)",
    model.STATUS_LIST: "a status list",
    model.PRESENTATION: "a presentation of credentials",
    model.OTHER: "a verifiable credential",
}


def _stage(error: Error) -> str:
    """The check that an error of taking in belongs to."""
    return (
        "context" if isinstance(error, ContextError) else "type" if isinstance(error, ShapeError) else "input"
    )


def _wanted(document: Mapping[str, Any], kind: str, setting: Setting) -> proofs.Wanted:
    """Whose signature it needs: the issuer's, or the holder's who shows credentials."""
    if kind != model.PRESENTATION:
        owner = model.issuer_of(document)
        return proofs.Wanted(owner, challenge=setting.challenge, domain=setting.domain)
    holder = presentation.holder_of(document)
    return proofs.Wanted(
        None if holder is None else str(holder),
        "authentication",
        setting.challenge,
        setting.domain,
        "holder-mismatch",
    )


def _failed(name: str, error: Error, *, refuses: bool = False) -> Check:
    return Check(name, Outcome.FAILED, error.message, error.spec, error.code, refuses=refuses)


def _shape(breaches: list[ShapeError]) -> Check:
    if breaches:
        return _failed("shape", breaches[0], refuses=True)
    return _passed("shape", "It has everything the data model asks for.", "Open Badges 3.0, 6")


@lru_cache(maxsize=64)
def _passed(name: str, detail: str, spec: str) -> Check:
    return Check(name, Outcome.PASSED, detail, spec)


def _anyway(
    taken: intake.Taken, kind: str, breaches: list[ShapeError], setting: Setting, wanted: proofs.Wanted
) -> list[Check]:
    """Signature, dates and status of a document that breaks the data model, as far as these can be read."""
    unsigned = {name: value for name, value in taken.document.items() if name != "proof"}
    checks = proofs.check(taken, setting, wanted, unsigned)
    if any(c.refuses for c in checks):
        return checks
    broken = {breach.path.partition(".")[0] for breach in breaches}
    if broken.isdisjoint(presentation.TIMES):
        checks.append(dates(taken.document, setting.now, taken))
    if setting.status and kind != model.PRESENTATION and "credentialStatus" not in broken:
        checks += status.check(taken.document, setting, {})
    return checks


__all__ = ["SKEW", "Setting", "Sitting", "run", "verify"]
