"""Verification of Open Badges 2.0 and 1.x: hosted at an address of the issuer's, or signed with a key the issuer lists.

Spec: Open Badges 2.0, Badge Verification. Addresses that were written with http are asked by https. Nothing that stands in
the given copy is believed: the issuer's own host has to say it too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from gradatim.engine import reader
from gradatim.engine.errors import Error, FetchError, InputError, KeyRefusedError, ProofError, StatusError
from gradatim.engine.keys import PublicKey
from gradatim.engine.model import credential as model
from gradatim.engine.model import legacy
from gradatim.engine.model.values import listed, types_of
from gradatim.engine.proof import jose
from gradatim.engine.report import Check, Outcome, Report
from gradatim.engine.verify import advice, lists, parts
from gradatim.engine.verify.dates import dates

if TYPE_CHECKING:
    from gradatim.engine.verify import Setting
    from gradatim.engine.verify.intake import Taken

MAX_ENDORSEMENTS = 20
_SPEC = "Open Badges 2.0, Badge Verification"
_WHERE = {"issuer-mismatch": "issuer", "revoked": "status", "status-unavailable": "status"}


class Open(Exception):  # noqa: N818 - not an error: the question stays open
    """An address did not answer."""

    def __init__(self, error: FetchError) -> None:
        super().__init__(error.message)
        self.code = error.code if error.code in {"fetch-blocked", "too-large"} else "status-unavailable"
        self.gone = error.code == "gone"
        self.message = error.message


def check(taken: Taken, setting: Setting) -> Report:
    """All checks of an assertion; its document in the report is the 3.0 shape of what the issuer's host says."""
    checks = [Check("input", Outcome.PASSED, f"The {taken.form} could be read.", "RFC 8259")]
    try:
        assertion: Mapping[str, Any] = taken.document or _assertion(taken.link or "", setting)
        legacy.check_assertion(assertion)
    except Open as question:
        blocked = question.code == "fetch-blocked"
        outcome = Outcome.FAILED if blocked else Outcome.UNDETERMINED
        return Report(
            (*checks, Check("shape", outcome, question.message, _SPEC, question.code, refuses=blocked))
        )
    except StatusError as error:
        return Report((*checks, Check("status", Outcome.FAILED, error.message, error.spec, error.code)))
    except Error as error:
        name = "type" if error.code == "type" else "shape"
        return Report(
            (*checks, Check(name, Outcome.FAILED, error.message, error.spec, error.code, refuses=True))
        )
    words = f"It is an Open Badge of version {legacy.edition_of(assertion) or '1.0'}."
    checks.append(Check("type", Outcome.PASSED, words, "Open Badges 2.0"))
    checks.append(Check("shape", Outcome.PASSED, "It has everything the data model asks for.", _SPEC))
    document: dict[str, Any] | None = None
    endorsed: list[dict[str, Any]] = []
    try:
        _check_binding(setting)
        how, address = legacy.verification_of(assertion)
        if how == "hosted":
            assertion = _hosted(assertion, address, setting)
        badge = _badge(assertion, setting)
        issuer = _issuer(badge, setting)
        _bound(badge.get("id"), issuer, setting)
        if how == "signed":
            issuer = _signed(taken, address, issuer, setting)
        else:
            _bound(address, issuer, setting)
        document = legacy.translate(assertion, badge, issuer)
        checks += [*_passed(how), dates(document, setting.now), _status(assertion, issuer, how, setting)]
        endorsed = _endorsements(assertion, badge, issuer, setting=setting)
        checks += parts.told(endorsed) if endorsed else []
        checks += advice.check(document, model.ACHIEVEMENT, taken, setting)
    except Open as question:
        checks.append(Check("proof", Outcome.UNDETERMINED, question.message, _SPEC, question.code))
    except Error as error:
        name = _WHERE.get(error.code, "key" if isinstance(error, KeyRefusedError) else "proof")
        checks.append(Check(name, Outcome.FAILED, error.message, error.spec or _SPEC, error.code))
    checks.append(
        Check(
            "version", Outcome.UNDETERMINED, f"{words} Newer ones say more.", "Open Badges 3.0", "legacy-ob2"
        )
    )
    return Report(tuple(checks), tuple(endorsed), document=document)


def _check_binding(setting: Setting) -> None:
    """An older badge has no place for what a reader asked the holder to repeat, so anybody may have sent it."""
    words = "It cannot say for whom it is shown; ask the holder for a presentation of a newer one."
    if setting.challenge is not None:
        raise ProofError("proof-challenge", words, _SPEC)
    if setting.domain is not None:
        raise ProofError("proof-domain", words, _SPEC)


def _passed(how: str) -> list[Check]:
    words = (
        "Its issuer's address says the same."
        if how == "hosted"
        else "It has not been changed since it was signed."
    )
    return [
        Check("proof", Outcome.PASSED, words, _SPEC),
        Check("issuer", Outcome.PASSED, "It comes from its issuer's own address or key.", _SPEC),
    ]


def _secure(url: str) -> str:
    return f"https://{url.removeprefix('http://')}" if url.startswith("http://") else url


def _bytes(url: str, setting: Setting) -> bytes:
    try:
        answer = setting.fetcher.get(_secure(url), accept="application/ld+json, application/json;q=0.9")
    except FetchError as error:
        raise Open(error) from None
    if _host(answer.url) != _host(url):
        words = f"{url[:200]} leads to {_host(answer.url)[:200]}; what an issuer says counts only from its own host."
        raise Open(FetchError("unavailable", words))
    return answer.body


def _object(url: str, setting: Setting) -> dict[str, Any]:
    """The JSON at an address; if it names another address as its own, that has to be on the same host."""
    found = reader.read_object(_bytes(url, setting))
    named = str(found.get("id", url))
    if _host(named) != _host(url):
        words = f"{url[:200]} answers with what belongs at {named[:200]}."
        raise KeyRefusedError("issuer-mismatch", words, _SPEC)
    return found


def _assertion(address: str, setting: Setting) -> dict[str, Any]:
    """What the address of a hosted assertion, or of an endorsement, says.

    Raises:
        StatusError: ``revoked``: the status is 410 Gone, or the answer says so (2.0, Revoking Hosted Assertions).
    """
    try:
        found = _object(address, setting)
    except Open as question:
        if not question.gone:
            raise
        words = "It was taken back by its issuer, whose address answers that it is gone for good."
        raise StatusError("revoked", words, _SPEC) from None
    if found.get("revoked") is True:
        reason = found.get("revocationReason")
        raise StatusError("revoked", f"It was taken back by its issuer.{_said(reason)}", _SPEC)
    return found


def _hosted(given: Mapping[str, Any], address: str, setting: Setting) -> Mapping[str, Any]:
    """The assertion as its address says it, after comparing the given copy with it."""
    for inner in _embedded(given):  # what the copy itself says must not fit is not asked for
        _allows(inner, address)
    found = _assertion(address, setting)
    legacy.check_assertion(found)
    for name in ("recipient", "badge", "issuedOn"):
        if _name_of(found.get(name)) != _name_of(given.get(name)):
            raise ProofError("proof-invalid", f"Its address says another {name} than this copy.", _SPEC)
    return found


def _name_of(value: object) -> object:
    return value.get("id", value) if isinstance(value, Mapping) else value


def _embedded(assertion: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    badge = assertion.get("badge")
    issuer = badge.get("issuer") if isinstance(badge, Mapping) else None
    if isinstance(issuer, Mapping) and "verification" in issuer:
        yield issuer


def _badge(assertion: Mapping[str, Any], setting: Setting) -> Mapping[str, Any]:
    badge = assertion["badge"]
    found = badge if isinstance(badge, Mapping) else _object(str(badge), setting)
    legacy.check_badge(found)
    return found if "id" in found or isinstance(badge, Mapping) else {**found, "id": badge}


def _issuer(badge: Mapping[str, Any], setting: Setting) -> Mapping[str, Any]:
    """The profile as the issuer's own address says it, unless the badge class stands on the same host."""
    issuer = badge["issuer"]
    address = str(issuer.get("id") or issuer.get("url")) if isinstance(issuer, Mapping) else str(issuer)
    same = isinstance(issuer, Mapping) and _host(address) == _host(str(badge.get("id", "")))
    found = issuer if isinstance(issuer, Mapping) and same else _object(address, setting)
    legacy.check_issuer(found)
    return found if "id" in found else {**found, "id": address}


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return parts.netloc.lower() if parts.scheme in {"https", "http"} else ""


def _bound(address: object, issuer: Mapping[str, Any], setting: Setting) -> None:
    """Whether an address is one of the issuer's, by its host or by what the issuer's own profile allows."""
    if not isinstance(address, str) or not _host(address):
        return
    own = str(issuer.get("id") or issuer.get("url"))
    if _host(address) != _host(own) and "verification" in issuer:
        issuer = _object(own, setting)  # only the issuer's own address may allow others
    _allows(issuer, address)


def _allows(issuer: Mapping[str, Any], address: str) -> None:
    """An issuer's rule about its addresses (2.0: startsWith, allowedOrigins), held against one.

    Raises:
        KeyRefusedError: ``issuer-mismatch``.
    """
    rule = issuer.get("verification")
    rule = rule if isinstance(rule, Mapping) else {}
    origins = [str(o) for o in listed(rule.get("allowedOrigins", []))]
    starts = [str(s) for s in listed(rule.get("startsWith", []))]
    own = _host(str(issuer.get("id") or issuer.get("url")))
    hosts = {_host(o) or o.lower() for o in origins} or {own}
    begins = not starts or any(_under(address, start) for start in starts)
    if _host(address) not in hosts or not begins:
        raise KeyRefusedError("issuer-mismatch", f"{address[:200]} is no address of its issuer {own}.", _SPEC)


def _under(address: str, start: str) -> bool:
    """Whether an address starts with another one, at the end of its host at the least."""
    if _host(address) != _host(start):
        return False
    return _secure(address).startswith(_secure(start))


def _signed(taken: Taken, creator: str, named: Mapping[str, Any], setting: Setting) -> Mapping[str, Any]:
    """The profile of the issuer, whose own address lists the key that signed."""
    token = taken.token
    if token is None:
        raise ProofError(
            "proof-missing", "It says that it is signed, but it stands here without its signature.", _SPEC
        )
    algorithm = jose.check_header(token.header)
    own = str(named.get("id") or named.get("url"))
    issuer = _object(own, setting)  # not the one in the token, which its signer wrote
    legacy.check_issuer(issuer)
    listed_keys = [str(_name_of(key)) for key in listed(issuer.get("publicKey", []))]
    if creator not in listed_keys and _host(creator) != _host(own):
        raise KeyRefusedError(
            "key-not-authorised", f"The issuer does not list the key {creator[:200]}.", _SPEC
        )
    body = _bytes(creator, setting)
    if body.lstrip()[:1] == b"{":
        stated = reader.read_object(body)
        if _secure(str(stated.get("owner", ""))) != _secure(own):
            raise KeyRefusedError(
                "key-not-authorised", f"The key {creator[:200]} is not the issuer's.", _SPEC
            )
        body = str(stated.get("publicKeyPem", "")).encode()
    key = PublicKey.from_pem(body)
    if jose.ALGORITHMS[algorithm] != key.kind:
        raise ProofError(
            "proof-invalid", f"A {key.kind} key does not make {algorithm} signatures.", "RFC 7518, 3.1"
        )
    jose.verify(token, key)
    return issuer


def _status(assertion: Mapping[str, Any], issuer: Mapping[str, Any], how: str, setting: Setting) -> Check:
    """Of a signed one: the issuer's list of those taken back. A hosted one says it itself."""
    passed = Check("status", Outcome.PASSED, "It was not taken back.", _SPEC)
    address = issuer.get("revocationList")
    if how == "hosted" or not isinstance(address, str):
        return passed
    names = frozenset(str(assertion[name]) for name in ("id", "uid") if name in assertion)
    try:
        entries = legacy.revocations(_object(address, setting), assertion)
        entry = lists.taken_back(lists.by_name(entries), names, address)
    except Open as question:
        words = f"The revocation list could not be read: {question.message}"
        return Check("status", Outcome.UNDETERMINED, words, _SPEC, question.code)
    except lists.Open as question:
        return Check("status", Outcome.UNDETERMINED, question.message, _SPEC, question.code)
    except InputError as error:
        return Check("status", Outcome.UNDETERMINED, error.message, _SPEC, "status-invalid")
    if entry is None:
        return passed
    words = f"It was taken back by its issuer.{_said(entry.get('revocationReason'))}"
    return Check("status", Outcome.FAILED, words, _SPEC, "revoked")


def _endorsements(*owners: Mapping[str, Any], setting: Setting) -> list[dict[str, Any]]:
    """A report for each endorsement that an assertion, its badge class or its issuer names."""
    ids = [str(owner.get("id")) for owner in owners]
    found = [  # one of the assertion may be about its badge class or its issuer too
        (frozenset(ids if number == 0 else [ids[number]]), str(address))
        for number, owner in enumerate(owners)
        for address in listed(owner.get("endorsement", []))
        if isinstance(address, str)
    ]
    reports = []
    for about, address in found[:MAX_ENDORSEMENTS]:
        report: dict[str, Any] = {
            "path": f"endorsement {address}",
            "name": None,
            "issuer": None,
            "verdict": "valid",
            "outcome": Outcome.PASSED,
            "cause": None,
            "detail": None,
        }
        try:
            _check_endorsement(_assertion(address, setting), about, address)
        except Open as question:
            report |= {
                "verdict": "undetermined",
                "outcome": Outcome.UNDETERMINED,
                "cause": question.code,
                "detail": question.message,
            }
        except Error as error:
            report |= {
                "verdict": "invalid",
                "outcome": Outcome.FAILED,
                "cause": error.code,
                "detail": error.message,
            }
        reports.append(report)
    return reports


def _check_endorsement(endorsement: Mapping[str, Any], about: frozenset[str], address: str) -> None:
    claim, issuer = endorsement.get("claim"), endorsement.get("issuer")
    if "Endorsement" not in types_of(endorsement) or not isinstance(claim, Mapping):
        raise ProofError("schema", f"{address[:200]} is no endorsement.", _SPEC)
    if str(claim.get("id")) not in about:
        raise ProofError("endorsement-mismatch", "The endorsement is about something else.", _SPEC)
    if _host(str(_name_of(issuer))) != _host(address):
        raise ProofError("issuer-mismatch", "The endorsement is no address of its issuer's.", _SPEC)


def _said(reason: object) -> str:
    return f" The issuer says: {reason[:500]}." if isinstance(reason, str) else ""
