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
    if not is_legacy(payload):
        document = {key: value for key, value in payload.items() if key not in NAMES}
        if "VerifiablePresentation" in types_of(document) and "iss" in payload:
            document.setdefault("holder", payload["iss"])
        return document
    if {"vc", "vp"} <= payload.keys() or jose.type_of(jws.header) != "JWT":
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
    ``nbf``; in the other forms a claim that is there has to fit.

    Raises:
        ProofError: ``schema`` or ``issuer-mismatch``, naming the claim; InputError: ``schema`` for a claim that is no time.
    """
    payload = jws.payload
    legacy = is_legacy(payload)
    shown = "VerifiablePresentation" in types_of(document)
    typ = jose.type_of(jws.header)
    if typ[:3] == ("vc+" if shown else "vp+"):
        raise ProofError("schema", f"A token of the type {typ} holds something else.", "RFC 8725, 3.11")
    strict = not legacy and not shown and typ == "JWT"
    owner, subject = document.get("holder" if shown else "issuer"), document.get("credentialSubject")
    owner = owner.get("id") if isinstance(owner, dict) else owner
    if (
        (strict or legacy or "iss" in payload)
        and payload.get("iss") != owner
        and not (shown and owner is None)
    ):
        raise ProofError("issuer-mismatch", "The token's iss is not who the document says.", _SPEC)
    about = subject.get("id") if isinstance(subject, dict) else None
    for claim, value in (("jti", document.get("id")), ("sub", about)):
        missing = payload.get(claim) is None
        if (strict and missing) or (
            not missing and payload[claim] != value and not (shown and claim == "sub")
        ):
            raise ProofError("schema", f"The token's {claim} differs from the document.", _SPEC)
    start, end = ("issuanceDate", "expirationDate") if legacy else ("validFrom", "validUntil")
    for claim, name in (("nbf", start), ("exp", end)):
        stated = instant(payload, claim) if claim in payload else None
        if name not in document or (stated is None and not strict):
            continue
        meant = encoding.parse_datetime(document[name])
        if stated != (meant.replace(microsecond=0) if meant.microsecond else meant):
            raise ProofError("schema", f"The token's {claim} differs from the credential's {name}.", _SPEC)
    if strict and "nbf" not in payload:
        raise ProofError("schema", "The token has no nbf.", _SPEC)


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


def of_credential(credential: Mapping[str, Any]) -> dict[str, Any]:
    """A credential as a payload: its own members plus ``iss``, ``jti``, ``sub``, ``nbf`` and ``exp``.

    Args:
        credential: without an embedded proof; its subject has an id.

    Raises:
        ProofError: ``schema``, when the subject has no id.
    """
    subject = credential.get("credentialSubject")
    if not isinstance(subject, Mapping) or "id" not in subject:
        raise ProofError(
            "schema",
            "A credential whose subject has no id cannot be issued as a token.",
            "Open Badges 3.0, 8.2.3",
        )
    issuer = credential["issuer"]
    claims: dict[str, Any] = {
        "iss": issuer["id"] if isinstance(issuer, Mapping) else issuer,
        "jti": credential["id"],
        "sub": subject["id"],
        "nbf": _numeric(credential["validFrom"]),
    }
    if "validUntil" in credential:
        claims["exp"] = _numeric(credential["validUntil"])
    return {**credential, **claims}


@lru_cache(maxsize=1024)
def _numeric(text: str) -> int:
    return int(encoding.parse_datetime(text).timestamp())
