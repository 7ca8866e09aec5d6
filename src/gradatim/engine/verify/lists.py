"""Where a status list comes from: fetched, verified, bound to the issuer, and never an older edition than one seen before.

Spec: Bitstring Status List v1.0, 3.2 Validate Algorithm; lists of names: 1EdTech Revocation List 1.0; Open Badges 2.0,
Revocation List.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from gradatim.engine import encoding, reader
from gradatim.engine.bake import sniff
from gradatim.engine.errors import Error, FetchError, LimitError, StatusError
from gradatim.engine.model.credential import issuer_of
from gradatim.engine.model.values import is_uri, listed
from gradatim.engine.verify import intake

if TYPE_CHECKING:
    from gradatim.engine.verify import Setting

_ACCEPT = "application/vc+ld+json, application/vc, application/vc+jwt, application/json;q=0.9"
_SPEC = "Bitstring Status List v1.0, 3.2"
_ALONE: Mapping[str, Any] = {}  # an entry that is only a name says nothing more


class Open(Exception):  # noqa: N818 - not an error: the question stays open
    """The status could not be decided."""

    def __init__(self, error: Error) -> None:
        super().__init__(error.message)
        self.code, self.message, self.spec = error.code, error.message, error.spec


def fetched(url: str, setting: Setting) -> bytes:
    """The bytes at an address.

    Raises:
        Open: ``status-unavailable``, ``fetch-blocked`` or ``too-large``.
    """
    try:
        return setting.fetcher.get(url, accept=_ACCEPT).body
    except FetchError as error:
        known = error.code in {"fetch-blocked", "too-large"}
        raise _unread(error, error.code if known else "status-unavailable") from None


def _unread(error: Error, code: str) -> Open:
    return Open(StatusError(code, f"The status list could not be read: {error.message}", error.spec))


def listing(url: str, document: Mapping[str, Any], setting: Setting) -> Mapping[str, Any]:
    """The newest edition of a list that the credential's own issuer signed; found once in a verification.

    Raises:
        Open: it cannot be had, or cannot be decided.
        StatusError: ``status-invalid``: it is there, and it does not count.
    """
    issuer = issuer_of(document)
    return _once((f"bits {url}", issuer), url, lambda: _newest(url, issuer, setting), setting)


def names(url: str, setting: Setting) -> Mapping[str, Any]:
    """A list of names, read once in a verification.

    Returns:
        ``issuer``, if the list names one; ``revoked``, the entries by each of their names; ``whole``, whether
        it is such a list, so that its silence says something.

    Raises:
        Open: it cannot be had, or cannot be read.
    """
    return _once((f"names {url}", ""), url, lambda: _names(url, setting), setting)


def _once(
    key: tuple[str, str], url: str, read: Callable[[], Mapping[str, Any]], setting: Setting
) -> Mapping[str, Any]:
    """What a list says, or what is wrong with it, from before if it was read in this verification or sitting."""
    found = setting.lists.get(key)
    if found is None:
        try:
            found = read()
        except LimitError as error:
            found = Open(error)
        except (Open, Error) as error:
            found = error
        setting.lists[key] = found
    else:
        with suppress(Open):
            fetched(url, setting)  # kept already; asked once more so that every report says so
    if isinstance(found, Exception):
        raise found.with_traceback(None)  # or it would grow, and keep what was read, each time it is raised
    return found


def no_list(url: str, issuer: str, error: Error, setting: Setting) -> None:
    """Remember what is wrong inside a list that `listing` found: it need not be found out for each credential."""
    setting.lists[f"bits {url}", issuer] = error


def _names(url: str, setting: Setting) -> Mapping[str, Any]:
    try:
        listing = reader.read_object(fetched(url, setting))
    except Error as error:
        raise _unread(error, "status-invalid") from None
    # its prose calls the member by the plural, and so do some issuers; the official validator by the singular
    told = [listing[name] for name in ("revokedCredential", "revokedCredentials") if name in listing]
    entries = (
        told[0] if len(told) == 1 else [entry for one in told for entry in listed(one)] if told else None
    )
    return {name: listing[name] for name in ("issuer",) if name in listing} | by_name(entries)


def by_name(entries: object) -> dict[str, Any]:
    """The entries of a revocation list.

    Args:
        entries: each is a name alone, or an object with it as ``id`` or ``uid``, and perhaps ``revoked`` and a reason; what
            is no list may be the one entry.

    Returns:
        ``revoked`` and ``whole``, as `names` has them.
    """
    whole = isinstance(entries, list | Mapping) or is_uri(entries)
    taken: dict[str, Mapping[str, Any]] = {}
    for one in listed(entries):
        if isinstance(one, str):
            taken.setdefault(one, _ALONE)
            continue
        entry = one if isinstance(one, Mapping) else {}
        told = [entry[name] for name in ("id", "uid") if isinstance(entry.get(name), str)]
        revoked = entry.get("revoked", True)
        for name in told if revoked is True else ():
            taken.setdefault(name, entry)
        whole = whole and bool(told) and isinstance(revoked, bool)
    return {"revoked": taken, "whole": whole}


def taken_back(found: Mapping[str, Any], names: Iterable[str], url: str) -> Mapping[str, Any] | None:
    """The entry of a revocation list that takes back what bears one of these names; ``None`` when there is none.

    Args:
        found: from `names` or `by_name`.
        names: of what is looked up.
        url: where the list is, for the sentence.

    Raises:
        Open: ``status-invalid``: it is no such list, so that its silence says nothing.
    """
    entry: Mapping[str, Any] | None = next(
        (found["revoked"][name] for name in names if name in found["revoked"]), None
    )
    if entry is None and not found["whole"]:
        words = f"What {url[:200]} answers is no revocation list, so nobody knows whether this was taken back; ask its issuer."
        raise Open(StatusError("status-invalid", words, "1EdTech Revocation List 1.0"))
    return entry


def _newest(url: str, issuer: str, setting: Setting) -> Mapping[str, Any]:
    """The edition that answers now, or one seen before if that is newer, or if nothing answers and it may still be kept."""
    try:
        body = fetched(url, setting)
    except Open:
        read = _once((f"before {url}", ""), url, lambda: _remembered(url, setting), setting)
        if issuer_of(read) == issuer and _may_be_kept(read, setting):
            return read
        raise
    found = _once((f"list {url}", ""), url, lambda: _verified(body, setting), setting)
    if issuer_of(found) != issuer:
        raise StatusError(
            "status-invalid", f"The status list {url} is by another issuer than the credential.", _SPEC
        )
    before = _remembered(url, setting)
    if issuer_of(before) == issuer and _edition(before) > _edition(found):
        return before
    setting.memory[url] = body.decode("utf-8-sig")
    return found


def _remembered(url: str, setting: Setting) -> Mapping[str, Any]:
    """The edition seen before; empty if there is none, or none that can be read."""
    try:
        found = intake.take(setting.memory.get(url)).document
        _edition(found)
    except Error:
        return {}
    return found


def _edition(found: Mapping[str, Any]) -> float:
    moment = found.get("validFrom") or found.get("issuanceDate")
    return encoding.parse_datetime(moment).timestamp() if moment else 0.0


def _may_be_kept(found: Mapping[str, Any], setting: Setting) -> bool:
    """Whether its issuer lets a reader go on with it: until it runs out, or for as long as it says from its date on."""
    subject = found.get("credentialSubject")
    ttl = subject.get("ttl") if isinstance(subject, Mapping) else None
    try:
        if "validUntil" in found:
            return encoding.parse_datetime(found["validUntil"]) > setting.now
        if isinstance(ttl, int) and not isinstance(ttl, bool):
            from_then = encoding.parse_datetime(found.get("validFrom"))
            return from_then + timedelta(milliseconds=ttl) > setting.now
    except (Error, OverflowError):
        return False
    return False


def _verified(body: bytes, setting: Setting) -> Mapping[str, Any]:
    """A list whose proof is good, whoever's it is."""
    from gradatim.engine.verify import run  # noqa: PLC0415 - a list is a credential: the checks call each other

    if sniff(body) != "jwt":
        try:
            reader.read_object(body)
        except Error as unread:
            raise _unread(unread, "status-invalid") from None
    inside = replace(
        setting,
        status=False,
        trusted=None,
        recipient=None,
        challenge=None,
        domain=None,
        holder=None,
        depth=setting.depth + 1,
    )
    report = run(body, inside)
    found = report.document or {}
    bad = report.decided_by
    if bad is not None and bad.cause == "resource-limit":
        raise LimitError(bad.cause, f"The status list could not be checked: {bad.detail}", _SPEC)
    if bad is not None:
        error = StatusError("status-invalid", f"The status list cannot be trusted: {bad.detail}", _SPEC)
        if bad.outcome is not bad.outcome.FAILED or bad.cause in {"expired", "not-yet-valid"}:
            raise Open(error)
        raise error
    return found
