"""The checks "terms", "proof", "key" and "issuer": was it signed as it stands, by a key of its issuer.

Spec: VC Data Integrity 1.0, 4.4 and 4.6; Open Badges 3.0, 8.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from gradatim.engine import did, encoding
from gradatim.engine.canonical import jsonld
from gradatim.engine.contexts import UnknownContextError
from gradatim.engine.errors import (
    ContextError,
    Error,
    FetchError,
    KeyRefusedError,
    LimitError,
    ProofError,
    TermError,
    UnreachableKeyError,
)
from gradatim.engine.model.values import listed
from gradatim.engine.proof import data_integrity, jose
from gradatim.engine.report import Check, Outcome

if TYPE_CHECKING:
    from gradatim.engine.verify import Setting
    from gradatim.engine.verify.intake import Taken

SKEW = timedelta(minutes=5)
MAX_PROOFS = 10
EXTENSION_POINTS = {
    "/credentialStatus/type": "status-unsupported",
    "/credentialSchema/type": "term-dropped",
    "/refreshService/type": "term-dropped",
    "/termsOfUse/type": "term-dropped",
}
"""Where the data model lets others add types: one that no context defines leaves open what was signed."""
_STAGES = ("proof", "key", "issuer", "good")
_SPEC = "VC Data Integrity 1.0, 4.4"


@dataclass(frozen=True, slots=True)
class Result:
    """How far one proof got: the check that stopped it, or none."""

    stage: str
    check: Check | None


def check(taken: Taken, setting: Setting) -> list[Check]:
    """The checks of meaning and signature."""
    document = taken.document
    if taken.token is None and "proof" not in document:
        return [Check("proof", Outcome.FAILED, "It is not signed.", _SPEC, "proof-missing", refuses=True)]
    if taken.token is not None:
        terms = Check(
            "terms", Outcome.PASSED, "The signature covers every letter of the token.", "RFC 7515, 5.2"
        )
        return [terms, *_told(_token(taken, setting))]
    proofs = [p for p in listed(document["proof"]) if isinstance(p, Mapping)]
    if not proofs:
        return [Check("proof", Outcome.FAILED, "It is not signed.", _SPEC, "proof-missing", refuses=True)]
    terms = _terms(document)
    if terms.outcome is not Outcome.PASSED:
        return [terms]
    if len(proofs) > MAX_PROOFS:
        return [
            terms,
            Check(
                "proof",
                Outcome.FAILED,
                f"It has more than {MAX_PROOFS} proofs.",
                _SPEC,
                "resource-limit",
                refuses=True,
            ),
        ]
    results = [_embedded(document, proof, proofs, setting) for proof in proofs]
    return [terms, *_told(max(results, key=_rank))]


def _rank(result: Result) -> tuple[int, int]:
    """A good proof first; then the failure that got furthest; what could not be decided last."""
    failed = result.check is not None and result.check.outcome is Outcome.FAILED
    good = result.stage == "good"
    return (2 if good else 1 if failed else 0, _STAGES.index(result.stage))


def _told(result: Result) -> list[Check]:
    """The three checks, up to the one that stopped it."""
    passed = {
        "proof": Check("proof", Outcome.PASSED, "It has not been changed since it was signed.", _SPEC),
        "key": Check(
            "key",
            Outcome.PASSED,
            "The key that signed it was found and counts for credentials.",
            "Controlled Identifiers 1.0, 3.3",
        ),
        "issuer": Check("issuer", Outcome.PASSED, "The key belongs to the issuer.", "Open Badges 3.0, 8.3"),
    }
    told: list[Check] = []
    for name, good in passed.items():
        if result.check is not None and result.stage == name:
            return [*told, result.check]
        told.append(good)
    return told


def _terms(document: Mapping[str, Any]) -> Check:
    try:
        jsonld.to_quads({key: value for key, value in document.items() if key != "proof"})
    except UnknownContextError as error:
        return Check("context", Outcome.UNDETERMINED, error.message, error.spec, error.code)
    except ContextError as error:
        return Check("context", Outcome.FAILED, error.message, error.spec, error.code)
    except TermError as error:
        if error.path in EXTENSION_POINTS:
            return Check(
                "terms", Outcome.UNDETERMINED, error.message, error.spec, EXTENSION_POINTS[error.path]
            )
        return Check("terms", Outcome.FAILED, error.message, error.spec, error.code)
    except LimitError as error:
        return Check("terms", Outcome.FAILED, error.message, error.spec, error.code, refuses=True)
    except Error as error:
        return Check("terms", Outcome.FAILED, error.message, error.spec, error.code)
    return Check("terms", Outcome.PASSED, "The signature covers everything that stands in it.", _SPEC)


def _stopped(stage: str, error: Error, *, undetermined: bool = False) -> Result:
    outcome = Outcome.UNDETERMINED if undetermined else Outcome.FAILED
    return Result(stage, Check(stage, outcome, error.message, error.spec, error.code))


def _embedded(
    document: Mapping[str, Any], proof: Mapping[str, Any], proofs: list[Mapping[str, Any]], setting: Setting
) -> Result:
    """One embedded proof: its kind, purpose and times, its key, the signature, then whose key it is."""
    try:
        _check_options(proof, setting.now)
        unsigned = _signed_document(document, proof, proofs)
        method = did.find_method(str(proof.get("verificationMethod")), fetcher=setting.fetcher)
    except UnreachableKeyError as error:
        return _stopped("key", error, undetermined=True)
    except FetchError as error:
        return _stopped("key", error, undetermined=True)
    except KeyRefusedError as error:
        return _stopped("key", error)
    except ProofError as error:
        return _stopped("proof", error, undetermined=error.code == "proof-unsupported")
    except Error as error:
        return _stopped("proof", error)
    try:
        data_integrity.verify_proof(unsigned, proof, method.key)
    except LimitError as error:
        return Result(
            "proof", Check("proof", Outcome.FAILED, error.message, error.spec, error.code, refuses=True)
        )
    except Error as error:
        return _stopped(
            "proof",
            error
            if error.code == "proof-invalid"
            else ProofError("proof-invalid", error.message, error.spec),
        )
    created = encoding.parse_datetime(proof["created"]) if "created" in proof else setting.now
    return _authorised(method, document, created)


def _authorised(method: did.VerificationMethod, document: Mapping[str, Any], at: datetime | None) -> Result:
    try:
        jose.authorise(method, issuer=issuer_of(document), purpose=did.PURPOSE, at=at)
    except KeyRefusedError as error:
        return _stopped("issuer" if error.code == "issuer-mismatch" else "key", error)
    return Result("good", None)


def issuer_of(document: Mapping[str, Any]) -> str:
    """The issuer's identifier."""
    issuer = document.get("issuer")
    return str(issuer.get("id") if isinstance(issuer, Mapping) else issuer)


def _check_options(proof: Mapping[str, Any], now: datetime) -> None:
    if proof.get("type") != data_integrity.TYPE or str(proof.get("cryptosuite")) not in data_integrity.SUITES:
        name = proof.get("cryptosuite") or proof.get("type")
        raise ProofError("proof-unsupported", f"Proofs of the kind {name!r} cannot be checked here.", _SPEC)
    if proof.get("proofPurpose") != did.PURPOSE:
        raise ProofError(
            "proof-purpose",
            f"The proof was made for {proof.get('proofPurpose')!r}, not to issue a credential.",
            _SPEC,
        )
    for name in ("created", "expires"):
        if name in proof:
            moment = encoding.parse_datetime(proof[name])
            if name == "created" and moment > now + SKEW:
                raise ProofError("not-yet-valid", "The proof was made later than now.", _SPEC)
            if name == "expires" and moment < now:
                raise ProofError(
                    "proof-expired", f"The proof ran out on {encoding.format_datetime(moment)}.", _SPEC
                )


def _signed_document(
    document: Mapping[str, Any], proof: Mapping[str, Any], proofs: list[Mapping[str, Any]]
) -> dict[str, Any]:
    """The document as the proof signed it: without proofs, but for those that the proof builds on."""
    unsigned = {key: value for key, value in document.items() if key != "proof"}
    wanted = listed(proof["previousProof"]) if "previousProof" in proof else []
    if not wanted:
        return unsigned
    before = [p for p in proofs if p is not proof and p.get("id") in wanted]
    if len(before) != len(set(map(str, wanted))):
        raise ProofError(
            "proof-invalid",
            "The proof builds on another one that is not there.",
            "VC Data Integrity 1.0, 4.4",
        )
    return unsigned | {"proof": before}


def _token(taken: Taken, setting: Setting) -> Result:
    """A token: its header, the issuer's key, the signature, then that its claims say what the credential says."""
    jws = taken.token
    assert jws is not None  # noqa: S101 - the caller asked
    issuer = issuer_of(taken.document)
    try:
        jose.check_header(jws.header)
        key = jose.key_for(jws.header, issuer, fetcher=setting.fetcher, at=taken.not_before)
    except (UnreachableKeyError, FetchError) as error:
        return _stopped("key", error, undetermined=True)
    except KeyRefusedError as error:
        if error.code == "issuer-mismatch":
            return _stopped("key", KeyRefusedError("key-not-authorised", error.message, error.spec))
        return _stopped("key", error)
    except Error as error:
        return _stopped("proof", error)
    try:
        jose.verify(jws, key)
        if not taken.legacy:
            jose.check_claims(jws.payload)
        elif jws.payload.get("iss") != issuer:
            raise ProofError(
                "issuer-mismatch",
                "The token's iss is not the credential's issuer.",
                "VC Data Model 1.1, 6.3.1",
            )
    except Error as error:
        return _stopped("issuer" if error.code == "issuer-mismatch" else "proof", error)
    return Result("good", None)
