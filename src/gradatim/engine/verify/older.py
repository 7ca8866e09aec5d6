"""Verification of Open Badges 2.0 and 1.x: hosted at an address of the issuer's, or signed with a key the issuer lists.

Spec: Open Badges 2.0, Badge Verification. Nothing that stands in the given copy is believed: the issuer's own host has to
say it too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gradatim.engine import reader
from gradatim.engine.errors import Error, InputError, KeyRefusedError, ProofError, StatusError
from gradatim.engine.keys import PublicKey
from gradatim.engine.model import credential as model
from gradatim.engine.model import legacy
from gradatim.engine.model.values import listed, types_of
from gradatim.engine.proof import jose
from gradatim.engine.report import Check, Outcome, Report
from gradatim.engine.verify import advice, lists, parts
from gradatim.engine.verify import older_web as web
from gradatim.engine.verify.dates import dates

if TYPE_CHECKING:
    from gradatim.engine.verify import Setting
    from gradatim.engine.verify.intake import Taken

MAX_ENDORSEMENTS = 20
MAX_KEYS = 10  # tried where an assertion does not say which signed it
MAX_LISTS = 10  # of revocation, of one profile
_TYPES = jose.TYPES | {"jose", "jws"}  # RFC 7515, 4.1.9, and the drafts before it, call any token so
_SPEC = web.SPEC
_WHICH = f"It does not say which key signed it, and none of the first {MAX_KEYS} that its issuer lists did; ask its issuer."
_WHERE = {"issuer-mismatch": "issuer", "revoked": "status", "status-unavailable": "status"}


def check(taken: Taken, setting: Setting) -> Report:
    """All checks of an assertion; its document in the report is the 3.0 shape of what the issuer's host says."""
    checks = [Check("input", Outcome.PASSED, f"The {taken.form} could be read.", "RFC 8259")]
    try:
        assertion: Mapping[str, Any] = taken.document or _assertion(taken.link or "", setting)
        legacy.check_assertion(assertion)
    except web.Open as question:
        blocked = question.code == "fetch-blocked"
        outcome = Outcome.FAILED if blocked else Outcome.UNDETERMINED
        return Report(
            (*checks, Check("shape", outcome, question.message, _SPEC, question.code, refuses=blocked))
        )
    except StatusError as error:
        taken_back = Check("status", Outcome.FAILED, error.message, error.spec, error.code)
        return Report((*checks, taken_back), notes={"hosted": True})
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
    how, address = legacy.verification_of(assertion)
    try:
        _check_binding(setting)
        if how == "hosted":
            assertion, address = _hosted(assertion, address, setting)
        badge = _badge(assertion, setting)
        issuer = _issuer(badge, setting)
        if web.host_of(badge["id"]):
            _allows(issuer, badge["id"], begins=False)
        if how == "signed":
            _signed(taken, assertion, issuer, setting)
        else:
            _allows(issuer, address)
        document = legacy.translate(assertion, badge, issuer)
        checks += [*_passed(how), dates(document, setting.now), _status(assertion, issuer, how, setting)]
        endorsed = _endorsements(assertion, badge, issuer, setting=setting)
        checks += parts.told(endorsed) if endorsed else []
        checks += advice.check(document, model.ACHIEVEMENT, taken, setting)
    except web.Open as question:
        checks.append(Check("proof", Outcome.UNDETERMINED, question.message, _SPEC, question.code))
    except Error as error:
        name = _WHERE.get(error.code, "key" if isinstance(error, KeyRefusedError) else "proof")
        checks.append(Check(name, Outcome.FAILED, error.message, error.spec or _SPEC, error.code))
    checks.append(
        Check(
            "version", Outcome.UNDETERMINED, f"{words} Newer ones say more.", "Open Badges 3.0", "legacy-ob2"
        )
    )
    return Report(tuple(checks), tuple(endorsed), document=document, notes={"hosted": how == "hosted"})


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


def _assertion(address: str, setting: Setting) -> dict[str, Any]:
    """What the address of a hosted assertion, or of an endorsement, says.

    Raises:
        StatusError: ``revoked``: the status is 410 Gone, or the answer says so (2.0, Revoking Hosted Assertions).
    """
    try:
        found = web.read_object(address, setting)
    except web.Open as question:
        if not question.gone:
            raise
        words = "It was taken back by its issuer, whose address answers that it is gone for good."
        raise StatusError("revoked", words, _SPEC) from None
    if found.get("revoked") is True:
        reason = found.get("revocationReason")
        raise StatusError("revoked", f"It was taken back by its issuer.{_said(reason)}", _SPEC)
    return found


def _hosted(given: Mapping[str, Any], address: str, setting: Setting) -> tuple[Mapping[str, Any], str]:
    """The assertion as its own address says it, and that address, after comparing the given copy with it.

    What answers may say that it belongs elsewhere, as a copy of it does that its issuer left on the way: there it may have
    been taken back.
    """
    for inner in _embedded(given):  # what the copy itself says must not fit is not asked for
        _allows(inner, address)
    found, own = _read_hosted(address, setting)
    if web.page(own) != web.page(address):
        address = own
        found, _ = _read_hosted(address, setting)
    for name in ("recipient", "badge", "issuedOn"):
        if _compared(found, name) != _compared(given, name):
            raise ProofError("proof-invalid", f"Its address says another {name} than this copy.", _SPEC)
    return found, address


def _read_hosted(address: str, setting: Setting) -> tuple[Mapping[str, Any], str]:
    """What an address says, and the address at which that says that it is verified."""
    found = _assertion(address, setting)
    legacy.check_assertion(found)
    how, own = legacy.verification_of(found)
    if how != "hosted":  # and may stand in a list of those taken back
        words = "Its address says that it is signed; ask its holder for the signed one."
        raise ProofError("proof-missing", words, _SPEC)
    return found, own


def _compared(assertion: Mapping[str, Any], name: str) -> object:
    """What an assertion says, however it is written: issuers went over to https, and to other forms of date."""
    if name == "issuedOn":
        return legacy.instant(assertion, name)
    value = web.name_of(assertion[name])
    return web.secure(value) if isinstance(value, str) else value


def _embedded(assertion: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    badge = assertion.get("badge")
    issuer = badge.get("issuer") if isinstance(badge, Mapping) else None
    if isinstance(issuer, Mapping) and "verification" in issuer:
        yield issuer


def _badge(assertion: Mapping[str, Any], setting: Setting) -> Mapping[str, Any]:
    """The badge class as its own address says it; one without an address stands in the assertion alone."""
    badge = assertion["badge"]
    alone = isinstance(badge, Mapping) and not web.of_the_web(str(badge.get("id")))
    found = badge if alone else web.read_itself(str(web.name_of(badge)), setting)
    legacy.check_badge(found)
    return found


def _issuer(badge: Mapping[str, Any], setting: Setting) -> Mapping[str, Any]:
    """The profile as the issuer's own address says it, whatever the badge class writes out of it."""
    found = web.read_itself(str(legacy.issuer_of(badge)), setting)
    legacy.check_issuer(found)
    return found


def _allows(issuer: Mapping[str, Any], address: str, *, begins: bool = True) -> None:
    """An issuer's rule about its addresses (2.0, VerificationObject), held against one.

    Args:
        issuer: the profile.
        address: of a hosted assertion, or of a badge class.
        begins: whether ``startsWith`` counts: it is about assertions. A badge class may also stand on the profile's own host.

    Raises:
        KeyRefusedError: ``issuer-mismatch``.
    """
    rule = issuer.get("verification")
    rule = rule if isinstance(rule, Mapping) else {}
    origins = [str(o).lower() for o in listed(rule.get("allowedOrigins", []))]
    starts = [str(s) for s in listed(rule.get("startsWith", []))] if begins else []
    own, host = web.host_of(str(issuer.get("id") or issuer.get("url"))), web.host_of(address)
    hosts = {web.host_of(o) or o for o in origins}
    on_host = host in (hosts or {own}) or web.name_of_host(address) in origins or (host == own and not begins)
    if not on_host or (starts and not _under(address, starts)):
        raise KeyRefusedError("issuer-mismatch", f"{address[:200]} is no address of its issuer {own}.", _SPEC)


def _under(address: str, starts: Sequence[str]) -> bool:
    """Whether an address starts with another one, at the end of its host at the least, and does not climb out again."""
    host = web.host_of(address)
    if not host or web.climbs(address):
        return False
    return any(
        host == web.host_of(start) and web.secure(address).startswith(web.secure(start)) for start in starts
    )


def _signed(taken: Taken, assertion: Mapping[str, Any], issuer: Mapping[str, Any], setting: Setting) -> None:
    """Hold the signature against the key of the issuer, whose own address lists it."""
    token = taken.token
    if token is None:
        raise ProofError(
            "proof-missing", "It says that it is signed, but it stands here without its signature.", _SPEC
        )
    algorithm = jose.check_header(token.header, types=_TYPES)
    found: list[Error | web.Open] = []
    for creator in _creators(assertion, issuer):
        try:
            key = _key(creator, assertion, issuer, setting)
            if jose.ALGORITHMS[algorithm] != key.kind:
                words = f"A {key.kind} key does not make {algorithm} signatures."
                raise ProofError("proof-invalid", words, "RFC 7518, 3.1")
            jose.verify(token, key)
        except (Error, web.Open) as error:
            found.append(error)
        else:
            return
    raise next((one for one in found if isinstance(one, web.Open)), found[-1])


def _creators(assertion: Mapping[str, Any], issuer: Mapping[str, Any]) -> list[str]:
    """The address of the key that an assertion names, or of those that its issuer lists (2.0, SignedBadge: creator)."""
    creator, keys = legacy.verification_of(assertion)[1], list(_keys(issuer))
    if creator:
        return [creator]
    return keys if 0 < len(keys) <= MAX_KEYS else [*keys[:MAX_KEYS], ""]


def _keys(issuer: Mapping[str, Any]) -> dict[str, str | Mapping[str, Any]]:
    """What a profile lists, by address."""
    named = [key for key in listed(issuer.get("publicKey", [])) if isinstance(key, str | Mapping)]
    return {web.secure(str(web.name_of(key))): key for key in named}


def _key(
    creator: str, assertion: Mapping[str, Any], issuer: Mapping[str, Any], setting: Setting
) -> PublicKey:
    """The key at an address, if the issuer's profile lists it.

    Profiles of version 1 have no list of keys: there any address on the issuer's host counts.

    Raises:
        KeyRefusedError: ``key-not-authorised``, ``key-unresolved``, ``key-too-weak``.
    """
    own, keys = str(issuer["id"]), _keys(issuer)
    anywhere = legacy.edition_of(assertion) != "2.0" and not legacy.lists_keys(issuer)
    if web.secure(creator) not in keys and not (anywhere and web.host_of(creator) == web.host_of(own)):
        words = f"The issuer does not list the key {creator[:200]}." if creator else _WHICH
        raise KeyRefusedError("key-not-authorised", words, _SPEC)
    stated = keys.get(web.secure(creator))
    if not isinstance(stated, Mapping) or "publicKeyPem" not in stated:  # not written out in the profile
        body = web.read(creator, setting)
        if body.lstrip()[:1] != b"{":
            return PublicKey.from_pem(body)
        stated = reader.read_object(body)
    silent = (
        own if web.secure(creator) in keys and "publicKeyPem" in stated else ""
    )  # it is listed, and that is enough
    if web.secure(str(web.name_of(stated.get("owner", silent)))) != web.secure(own):
        raise KeyRefusedError("key-not-authorised", f"The key {creator[:200]} is not the issuer's.", _SPEC)
    return PublicKey.from_pem(str(stated.get("publicKeyPem", "")).encode())


def _status(assertion: Mapping[str, Any], issuer: Mapping[str, Any], how: str, setting: Setting) -> Check:
    """What a signed one says itself, and the issuer's lists of those taken back. A hosted one's address has said it."""
    passed = Check("status", Outcome.PASSED, "It was not taken back.", _SPEC)
    if assertion.get("revoked") is True:
        return _taken_back(assertion)
    if how == "hosted" or "revocationList" not in issuer:
        return passed
    named = [web.name_of(one) for one in listed(issuer["revocationList"]) or [None]]
    addresses = list(dict.fromkeys(one if isinstance(one, str) else None for one in named))
    if len(addresses) > MAX_LISTS:
        words = f"The issuer's profile names more than {MAX_LISTS} revocation lists; none was asked."
        return Check("status", Outcome.UNDETERMINED, words, _SPEC, "resource-limit")
    found = {
        check.outcome: check for check in (_in_list(one, assertion, setting) or passed for one in addresses)
    }
    return found.get(Outcome.FAILED) or found.get(Outcome.UNDETERMINED) or passed


def _in_list(address: str | None, assertion: Mapping[str, Any], setting: Setting) -> Check | None:
    """What a revocation list says against an assertion, or why nobody knows; ``None`` when it is not in it."""
    if address is None or not web.host_of(address):
        words = "The issuer's profile names a revocation list without its address, so nobody knows whether this was taken back; ask the issuer."
        return Check("status", Outcome.UNDETERMINED, words, _SPEC, "status-invalid")
    names = [one for name in ("id", "uid") if name in assertion for one in web.spelled(str(assertion[name]))]
    try:
        entries = legacy.revocations(reader.read_object(web.read(address, setting)), assertion)
        entry = lists.taken_back(lists.by_name(entries), names, address)
    except web.Open as question:
        words = f"The revocation list could not be read: {question.message}"
        return Check("status", Outcome.UNDETERMINED, words, _SPEC, question.code)
    except lists.Open as question:
        return Check("status", Outcome.UNDETERMINED, question.message, _SPEC, question.code)
    except InputError as error:
        return Check("status", Outcome.UNDETERMINED, error.message, _SPEC, "status-invalid")
    return None if entry is None else _taken_back(entry)


def _taken_back(entry: Mapping[str, Any]) -> Check:
    words = f"It was taken back by its issuer.{_said(entry.get('revocationReason'))}"
    return Check("status", Outcome.FAILED, words, _SPEC, "revoked")


def _endorsements(*owners: Mapping[str, Any], setting: Setting) -> list[dict[str, Any]]:
    """A report for each endorsement that an assertion, its badge class or its issuer names."""
    ids = [web.secure(str(owner.get("id"))) for owner in owners]
    found = [  # one of the assertion may be about its badge class or its issuer too
        (frozenset(ids if number == 0 else [ids[number]]), address)
        for number, owner in enumerate(owners)
        for address in map(web.name_of, listed(owner.get("endorsement", [])))
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
            _check_endorsement(_assertion(address, setting), about, address, setting)
        except web.Open as question:
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


def _check_endorsement(
    endorsement: Mapping[str, Any], about: frozenset[str], address: str, setting: Setting
) -> None:
    claim, issuer = endorsement.get("claim"), str(web.name_of(endorsement.get("issuer")))
    if "Endorsement" not in types_of(endorsement) or not isinstance(claim, Mapping):
        raise ProofError("schema", f"{address[:200]} is no endorsement.", _SPEC)
    if web.secure(str(claim.get("id"))) not in about:
        raise ProofError("endorsement-mismatch", "The endorsement is about something else.", _SPEC)
    if legacy.verification_of(endorsement)[0] == "signed":
        raise ProofError("proof-missing", "The endorsement stands here without its signature.", _SPEC)
    if web.host_of(issuer) != web.host_of(address):
        raise ProofError("issuer-mismatch", "The endorsement is no address of its issuer's.", _SPEC)
    profile = web.read_itself(issuer, setting)
    legacy.check_issuer(profile)
    _allows(profile, address)


def _said(reason: object) -> str:
    return f" The issuer says: {reason[:500]}." if isinstance(reason, str) else ""
