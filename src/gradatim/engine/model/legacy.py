"""Open Badges 2.0 and 1.x: what they have to look like, and the same said in the shape of Open Badges 3.0.

Spec: Open Badges 2.0, Data Classes; Open Badges 1.1. Every other part of the program knows the 3.0 shape only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from gradatim.engine import encoding
from gradatim.engine.errors import InputError, ShapeError
from gradatim.engine.model.values import is_uri, listed, types_of

_CONTEXTS = {
    "https://w3id.org/openbadges/v2": "2.0",
    "http://w3id.org/openbadges/v2": "2.0",
    "https://openbadgespec.org/v2/context.json": "2.0",
    "https://purl.imsglobal.org/spec/ob/v2p1/ob_v2p1.jsonld": "2.0",
    "https://w3id.org/openbadges/v1": "1.1",
    "http://w3id.org/openbadges/v1": "1.1",
    "https://openbadgespec.org/v1/context.json": "1.1",
}
IDENTITIES = {"email": "emailAddress", "url": "ext:url", "telephone": "ext:telephone", "id": "identifier"}
_PROPERTIES = ("schema:", "http://schema.org/", "https://schema.org/")  # email is short for schema:email
_DATE = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(:\d\d(?:\.\d{1,9})?)?(?:(Z)|([+-]\d\d):?(\d\d))?)?\Z", re.ASCII
)
_SECONDS = re.compile(r"\d{10}\Z", re.ASCII)
_SPEC = "Open Badges 2.0, Data Classes"


def edition_of(document: Mapping[str, Any]) -> str | None:
    """``"2.0"``, ``"1.1"`` or ``"1.0"``; ``None`` when it is of another kind."""
    if "@context" not in document:
        return "1.0" if {"recipient", "badge", "verify"} <= document.keys() else None
    contexts = listed(document["@context"])
    return next((_CONTEXTS[c] for c in contexts if isinstance(c, str) and c in _CONTEXTS), None)


def verification_of(assertion: Mapping[str, Any]) -> tuple[str, str]:
    """How an assertion is verified, ``"hosted"`` or ``"signed"`` (else ``""``), and the address for it.

    In 2.0 a hosted one is verified at its ``id``, in the older versions at the ``url`` of its ``verify``.
    """
    how = assertion.get("verification") or assertion.get("verify")
    if not isinstance(how, Mapping):
        return "", ""
    kinds = {kind.lower() for kind in types_of(how)}
    if kinds & {"signed", "signedbadge", "signedverification"}:
        return "signed", str(how.get("creator") or how.get("url") or "")
    if kinds & {"hosted", "hostedbadge", "hostedverification"}:
        url, own = how.get("url"), assertion.get("id")
        first, second = (own, url) if edition_of(assertion) == "2.0" and _is_address(own) else (url, own)
        return "hosted", str(first or second or "")
    return "", ""


def check_assertion(assertion: Mapping[str, Any]) -> None:
    """Hold an assertion against the data model.

    Raises:
        ShapeError: ``type`` or ``schema``.
    """
    modern = edition_of(assertion) != "1.0"
    if modern and "Assertion" not in types_of(assertion):
        raise ShapeError(
            "type", "This is of Open Badges 2.0, but no assertion: nobody is given anything.", _SPEC
        )
    if not is_uri(assertion.get("id")) and not isinstance(assertion.get("uid"), str):
        raise _wrong("id", "is missing")
    recipient = assertion.get("recipient")
    if not isinstance(recipient, Mapping) or not isinstance(recipient.get("identity"), str):
        raise _wrong("recipient", "has to say who got it")
    if not isinstance(recipient.get("hashed", False), bool) or not types_of(recipient):
        raise _wrong("recipient", "has to say its type and whether it is hashed")
    if not isinstance(assertion.get("badge"), Mapping) and not is_uri(assertion.get("badge")):
        raise _wrong("badge", "has to be a badge class, or its address")
    if not verification_of(assertion)[0]:
        raise _wrong("verification", "has to be hosted or signed")
    _check_optional(assertion)


def _check_optional(assertion: Mapping[str, Any]) -> None:
    if _image(assertion).get("image", {}).get("id", "").startswith("data:"):
        raise _wrong("image", "has to be an address: a data URI is only allowed in a badge class")
    if not isinstance(assertion.get("revoked"), bool | None):
        raise _wrong("revoked", "has to be true or false")
    for name in ("issuedOn", "expires"):
        if assertion.get(name) is not None or name == "issuedOn":
            instant(assertion, name)


def check_badge(badge: Mapping[str, Any]) -> None:
    """Hold a badge class against the data model; one that was read at an address has that as its ``id``.

    Raises:
        ShapeError: ``schema``.
    """
    if not is_uri(badge.get("id")):
        raise _wrong("badge.id", "is missing")
    for name in ("name", "description"):
        if not isinstance(badge.get(name), str):
            raise _wrong(f"badge.{name}", "is missing")
    if not isinstance(badge.get("criteria"), str | Mapping):
        raise _wrong("badge.criteria", "is missing")
    if not is_uri(issuer_of(badge)):
        raise _wrong("badge.issuer", "has to be a profile that says its address, or that address")


def issuer_of(badge: Mapping[str, Any]) -> object:
    """The address of a badge class's issuer, if it says one; profiles of version 1.0 have no ``id``."""
    issuer = badge.get("issuer")
    return issuer.get("id") or issuer.get("url") if isinstance(issuer, Mapping) else issuer


def check_issuer(issuer: Mapping[str, Any]) -> None:
    """Hold an issuer's profile against the data model.

    Raises:
        ShapeError: ``schema``.
    """
    if not isinstance(issuer.get("name"), str) or not is_uri(issuer.get("id") or issuer.get("url")):
        raise _wrong("badge.issuer", "has to have a name and an address")


def lists_keys(issuer: Mapping[str, Any]) -> bool:
    """Whether a profile says which keys are its issuer's: version 2.0 does, as ``publicKey``; the older ones cannot."""
    older = "@context" not in issuer or edition_of(issuer) == "1.1"
    return "publicKey" in issuer or not older


def revocations(listing: Mapping[str, Any], assertion: Mapping[str, Any]) -> object:
    """The entries of an issuer's revocation list as 2.0 writes them, if it is one.

    Args:
        listing: 2.0 writes ``{"revokedAssertions": [...]}``; 1.0 and 1.1 write ``{uid or id: reason}``, and their issuers may
            have gone on to the newer form.
        assertion: whose edition tells which.
    """
    if "revokedAssertions" in listing or edition_of(assertion) == "2.0":
        return listing.get("revokedAssertions")
    named = [{"id": name, "revocationReason": reason} for name, reason in listing.items()]
    return [*named, *(None for reason in listing.values() if not isinstance(reason, str))]


def instant(assertion: Mapping[str, Any], name: str) -> datetime:
    """A date of an assertion: ISO 8601, or seconds since 1970.

    A day alone begins in UTC. In 1.x, where nothing says that a time needs its zone, one without is in UTC too.

    Raises:
        ShapeError: ``schema``.
    """
    value, older = assertion.get(name), edition_of(assertion) != "2.0"
    try:
        if isinstance(value, str) and older and _SECONDS.match(value):
            value = int(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        found = _DATE.match(value) if isinstance(value, str) else None
        if found is None:
            return encoding.parse_datetime(value)
        day, minutes, seconds, utc, hours, rest = found.groups()
        if minutes and not (utc or hours or older):
            raise ValueError("zone")
        zone = f"{hours}:{rest}" if hours else "Z"
        return encoding.parse_datetime(f"{day}T{minutes or '00:00'}{seconds or ':00'}{zone}")
    except (InputError, ValueError, OverflowError, OSError):
        raise _wrong(name, "has to be a date and time with a time zone") from None


def translate(
    assertion: Mapping[str, Any], badge: Mapping[str, Any], issuer: Mapping[str, Any]
) -> dict[str, Any]:
    """The same in the shape of Open Badges 3.0, unsigned; what has no place there is left out.

    Args:
        assertion: after `check_assertion`.
        badge: its badge class, after `check_badge`.
        issuer: the profile, after `check_issuer`.
    """
    recipient = assertion["recipient"]
    identity = {
        "type": "IdentityObject",
        "hashed": recipient.get("hashed", False),
        "identityHash": recipient["identity"],
        "identityType": _identity_type(types_of(recipient)),
        **_texts(recipient, "salt"),
    }
    achievement = {
        "id": badge["id"],
        "type": ["Achievement"],
        **_texts(badge, "name", "description"),
        "criteria": _criteria(badge["criteria"]),
        **_image(badge),
        **_some("tag", [tag for tag in listed(badge.get("tags", [])) if isinstance(tag, str)]),
        **_some(
            "alignment", [_alignment(a) for a in listed(badge.get("alignment", [])) if isinstance(a, Mapping)]
        ),
    }
    document = {
        "id": str(assertion.get("id") or f"urn:uuid:{assertion['uid']}"),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": badge["name"],
        "issuer": {
            "id": str(issuer.get("id") or issuer["url"]),
            "type": ["Profile"],
            **_texts(issuer, "name", "description", "email"),
            **_addresses(issuer, "url"),
            **_image(issuer),
        },
        "validFrom": encoding.format_datetime(instant(assertion, "issuedOn")),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [identity],
            "achievement": achievement,
            **_texts(assertion, "narrative"),
        },
        **_some(
            "evidence",
            [_evidence(e) for e in listed(assertion.get("evidence")) if e and isinstance(e, str | Mapping)],
        ),
        **_image(assertion),
    }
    if assertion.get("expires") is not None:
        document["validUntil"] = encoding.format_datetime(instant(assertion, "expires"))
    return document


def _is_address(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("https://", "http://"))


def _texts(node: Mapping[str, Any], *names: str) -> dict[str, str]:
    return {name: node[name] for name in names if isinstance(node.get(name), str)}


def _addresses(node: Mapping[str, Any], *names: str) -> dict[str, str]:
    """What may be shown as a link: nobody has held it against the data model."""
    return {name: node[name] for name in names if is_uri(node.get(name))}


def _identity_type(types: list[str]) -> str:
    """Of the types of a recipient the first that is known, by its short name or its address."""
    for kind in types:
        short = next((kind.removeprefix(p) for p in _PROPERTIES if kind.startswith(p)), kind)
        if short in IDENTITIES:
            return IDENTITIES[short]
    return f"ext:{types[0]}"


def _criteria(criteria: object) -> dict[str, str]:
    """2.0 writes an address or an object, 1.x an address; some wrote the criteria themselves."""
    if isinstance(criteria, Mapping):
        return {**_addresses(criteria, "id"), **_texts(criteria, "narrative")}
    return {"id" if is_uri(criteria) else "narrative": str(criteria)}


def _some(name: str, values: list[Any]) -> dict[str, Any]:
    return {name: values} if values else {}


def _image(node: Mapping[str, Any]) -> dict[str, Any]:
    image = node.get("image")
    address = image.get("id") if isinstance(image, Mapping) else image
    if not is_uri(address):
        return {}
    caption = _texts(image, "caption") if isinstance(image, Mapping) else {}
    return {"image": {"id": address, "type": "Image", **caption}}


def _alignment(node: Mapping[str, Any]) -> dict[str, Any]:
    """2.0 writes targetName and so on, 1.1 name, url and description."""
    named = {"name": "targetName", "url": "targetUrl", "description": "targetDescription"}
    both = {new: node[old] for old, new in named.items() if old in node} | dict(node)
    kept = ("targetName", "targetDescription", "targetFramework", "targetCode")
    return {"type": ["Alignment"], **_texts(both, *kept), **_addresses(both, "targetUrl")}


def _evidence(entry: str | Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(entry, Mapping):
        kept = ("narrative", "name", "description", "genre", "audience")
        return {"type": ["Evidence"], **_addresses(entry, "id"), **_texts(entry, *kept)}
    return {"type": ["Evidence"], "id" if is_uri(entry) else "narrative": entry}


def _wrong(path: str, sentence: str) -> ShapeError:
    return ShapeError("schema", f"{path} {sentence}.", _SPEC, path)
