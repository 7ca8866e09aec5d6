"""What a token's claims say, beside or around the document they carry.

Spec: Open Badges 3.0, 8.2.3 and 8.2.4; VC Data Model 1.1, 6.3.1 (the claims ``vc`` and ``vp``); Securing VCs using JOSE and
COSE, 3.1 and 3.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from gradatim.engine import encoding
from gradatim.engine.errors import ContextError, InputError, ProofError
from gradatim.engine.model.credential import V1
from gradatim.engine.model.values import listed, types_of
from gradatim.engine.proof import jose

NAMES = frozenset({"iss", "jti", "sub", "nbf", "exp", "iat", "aud", "cnf", "nonce"})
"""The claims that stand beside a document's own members."""

_SPEC = "Open Badges 3.0, 8.2.4"
_OLD = "VC Data Model 1.1, 6.3.1"


def is_legacy(payload: Mapping[str, Any]) -> bool:
    """Whether a token is of data model 1.1: its document stands under ``vc`` or ``vp``."""
    return isinstance(payload.get("vc", payload.get("vp")), dict)


def document_of(jws: jose.Jws) -> dict[str, Any]:
    """The document that a token carries, not verified.

    Raises:
        ProofError: ``schema``, for both of ``vc`` and ``vp``, or either where the token's type forbids it.
        ContextError: ``context``, for a document under ``vc`` or ``vp`` that is not of data model 1.1.
        InputError: ``schema``, for a claim that is no time.
    """
    payload = jws.payload
    if is_legacy(payload):
        return _legacy_document(payload, jose.type_of(jws.header))
    document = payload.copy()
    for name in NAMES & payload.keys():
        del document[name]
    if "iss" in payload and "VerifiablePresentation" in types_of(document):
        document.setdefault("holder", payload["iss"])
    return document


def _legacy_document(payload: Mapping[str, Any], typ: str) -> dict[str, Any]:
    if {"vc", "vp"} <= payload.keys() or typ != "JWT":
        raise ProofError(
            "schema",
            "A token of this type holds the document itself, without the claims vc and vp.",
            "Securing VCs using JOSE and COSE, 3.1.1",
        )
    name = "vc" if "vc" in payload else "vp"
    document = dict(payload[name])
    if listed(document.get("@context"))[:1] != [V1]:
        raise ContextError("context", f"A document in the claim {name} has to be of data model 1.1.", _OLD)
    for claim, member in (("jti", "id"), ("iss", "issuer" if name == "vc" else "holder")):
        if claim in payload:
            document.setdefault(member, payload[claim])
    for claim, member in (("nbf", "issuanceDate"), ("exp", "expirationDate")) if name == "vc" else ():
        moment = instant(payload, claim)
        if moment is not None:
            document.setdefault(member, encoding.format_datetime(moment))
    subject = document.get("credentialSubject")
    if isinstance(subject, dict) and "sub" in payload:
        document["credentialSubject"] = {"id": payload["sub"]} | subject
    return document


def check_claims(jws: jose.Jws, document: Mapping[str, Any]) -> None:
    """Whether the claims of a verified token say what its document says.

    A token of the type ``JWT`` with the document's members beside the claims has to have ``iss``, ``jti``, ``sub`` and
    ``nbf``; in the other forms a claim that is there has to fit. The times of the newer types are those of the signature,
    not of the document (Securing VCs using JOSE and COSE, 3.1.3): they count beside its own, and may differ.

    Raises:
        ProofError: ``schema`` or ``issuer-mismatch``, naming the claim; InputError: ``schema`` for a claim that is no time.
    """
    payload, typ = jws.payload, jose.type_of(jws.header)
    legacy, shown = is_legacy(payload), "VerifiablePresentation" in types_of(document)
    if typ[:3] == ("vc+" if shown else "vp+"):
        raise ProofError("schema", f"A token of the type {typ} holds something else.", "RFC 8725, 3.11")
    strict = typ == "JWT" and not legacy and not shown
    owner, subject = document.get("holder" if shown else "issuer"), document.get("credentialSubject")
    owner = owner.get("id") if isinstance(owner, dict) else owner
    stated = payload.get("iss")
    if stated != owner and (strict or legacy or "iss" in payload) and not (shown and owner is None):
        raise ProofError("issuer-mismatch", "The token's iss is not who the document says.", _SPEC)
    about = subject.get("id") if isinstance(subject, dict) else None
    for claim, value in (("jti", document.get("id")), ("sub", about)):
        stated = payload.get(claim)
        if strict if stated is None else stated != value and not (shown and claim == "sub"):
            raise ProofError("schema", f"The token's {claim} differs from the document.", _SPEC)
    if strict and "nbf" not in payload:
        raise ProofError("schema", "The token has no nbf.", _SPEC)
    if typ == "JWT":
        _check_times(payload, document, legacy, strict)


def _check_times(payload: Mapping[str, Any], document: Mapping[str, Any], legacy: bool, strict: bool) -> None:  # noqa: FBT001 - as above
    start, end = ("issuanceDate", "expirationDate") if legacy else ("validFrom", "validUntil")
    for claim, name in (("nbf", start), ("exp", end)):
        if name not in document and claim not in payload:
            continue
        if name in document and _is_usual(payload.get(claim), document[name]):
            continue
        stated = instant(payload, claim)
        if name not in document or (stated is None and not strict):
            continue
        meant = encoding.parse_datetime(document[name])
        if stated != (meant.replace(microsecond=0) if meant.microsecond else meant):
            raise ProofError("schema", f"The token's {claim} differs from the credential's {name}.", _SPEC)


def _is_usual(stated: object, text: object) -> bool:
    """Whether a claim is the whole number that is written for a time; what else it may be is looked at more closely."""
    return type(stated) is int and type(text) is str and stated == _numeric(text)


def instant(payload: Mapping[str, Any], claim: str) -> datetime | None:
    """A NumericDate claim as an instant, to the second; ``None`` when it is not there.

    Raises:
        InputError: ``schema``.
    """
    value = payload.get(claim)
    if value is None:
        return None
    try:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(claim)
        return datetime.fromtimestamp(int(value), UTC)
    except (ValueError, OverflowError, OSError):
        raise InputError("schema", f"The token's {claim} is no time.", "RFC 7519, 4.1") from None


def made_at(payload: Mapping[str, Any], now: datetime) -> datetime:
    """When a token was made, as far as it says so: its ``nbf``, or else its ``iat``, or else now.

    Raises:
        InputError: ``schema``.
    """
    return instant(payload, "nbf") or instant(payload, "iat") or now


def of_credential(credential: Mapping[str, Any], typ: str = "JWT") -> dict[str, Any]:
    """A credential as a payload: its own members plus ``iss``, ``jti``, ``sub``, ``nbf`` and ``exp``.

    Args:
        credential: without an embedded proof; its subject has an id.
        typ: of the token; but for ``JWT`` what the credential does not say is left out.

    Raises:
        ProofError: ``schema``, when the subject has no id, or the credential none or no beginning where ``JWT`` needs it.
    """
    subject = credential.get("credentialSubject")
    if not isinstance(subject, (dict, Mapping)) or "id" not in subject:  # a dict is found out sooner
        raise ProofError(
            "schema",
            "A credential whose subject has no id cannot be issued as a token.",
            "Open Badges 3.0, 8.2.3",
        )
    for name in ("id", "validFrom") if typ == "JWT" else ():
        if name not in credential:
            raise ProofError(
                "schema",
                f"A credential without {name} cannot be issued as a token of the type JWT. Add it, or choose vc+jwt.",
                "Open Badges 3.0, 8.2.3",
            )
    issuer = credential["issuer"]
    claims = {
        **credential,
        "iss": issuer["id"] if isinstance(issuer, (dict, Mapping)) else issuer,
        "sub": subject["id"],
    }
    if "id" in credential:
        claims["jti"] = credential["id"]
    for name, claim in (("validFrom", "nbf"), ("validUntil", "exp")):
        if name in credential:
            claims[claim] = _numeric(credential[name])
    return claims


@lru_cache(maxsize=1024)
def _numeric(text: str) -> int:
    return int(encoding.parse_datetime(text).timestamp())
