"""The checks "terms", "proof", "key" and "issuer": was it signed as it stands, by a key of whom it has to be from.

Spec: VC Data Integrity 1.0, 4.3 to 4.6; Open Badges 3.0, 8.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from gradatim.engine import did, encoding
from gradatim.engine.canonical import jsonld, rdfc, shape
from gradatim.engine.canonical.sheet import Filled, Sheets
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
from gradatim.engine.keys import P384, PublicKey
from gradatim.engine.model.values import listed
from gradatim.engine.proof import claims, data_integrity, jose, sd_jwt, selective
from gradatim.engine.report import Check, Outcome
from gradatim.engine.verify.dates import SKEW

if TYPE_CHECKING:
    from gradatim.engine.verify import Setting
    from gradatim.engine.verify.intake import Taken

MAX_PROOFS = 10
EXTENSION_POINTS = {
    "/credentialStatus/type": "status-unsupported",
    "/credentialSchema/type": "term-dropped",
    "/refreshService/type": "term-dropped",
    "/termsOfUse/type": "term-dropped",
}
"""Where the data model lets others add types: one that no context defines leaves open what was signed."""
_USUAL_LINE = 128  # letters of a statement
_STAGES = ("proof", "key", "issuer", "good")
_SPEC = "VC Data Integrity 1.0, 4.4"


class Wanted(NamedTuple):
    """Who has to have signed, and what for.

    Attributes:
        owner: the identifier whose key it has to be; ``None`` takes any (a presentation that names no holder).
        purpose: the proof purpose.
        challenge, domain: what the proof has to repeat, where a reader asked for that.
        foreign: the cause word when the key is somebody else's.
    """

    owner: str | None
    purpose: str = did.PURPOSE
    challenge: str | None = None
    domain: str | None = None
    foreign: str = "issuer-mismatch"


class Result(NamedTuple):
    """How far one proof got: the check that stopped it, or none; and whose a good one is."""

    stage: str
    check: Check | None
    controller: str | None = None


Meaning = rdfc.Canonical | list[rdfc.Quad]
"""What a document says: its canonical text by SHA-256, or the statements of which that is still to be made."""


def check(
    taken: Taken, setting: Setting, wanted: Wanted, unsigned: dict[str, Any], filled: Filled | None = None
) -> list[Check]:
    """The checks of meaning and signature.

    Args:
        taken: what was read.
        setting: what is known besides.
        wanted: who has to have signed.
        unsigned: the document without its proofs.
        filled: the same, if it is like others of the sitting.
    """
    setting.presenter = None
    proofs = data_integrity.proofs_of(taken.document)
    if taken.token is not None:
        words = "The signature covers every letter of the token."
        terms = Check("terms", Outcome.PASSED, words, "RFC 7515, 5.2")
        result = _token(taken, setting, wanted)
        if result.check is None and proofs and not taken.legacy:
            # it has to be good without the token too
            return _embedded(taken.document, proofs, unsigned, setting, wanted, filled)
        return [terms, *_told(result, setting)]
    if "proof" not in taken.document and setting.holder is not None and setting.holder == wanted.owner:
        words = "Its holder says it, and signed the presentation around it."
        setting.signers.extend(setting.around)
        return [Check("proof", Outcome.PASSED, words, "VC Data Model 2.0, 4.13.3")]
    if not proofs:
        return [Check("proof", Outcome.FAILED, "It is not signed.", _SPEC, "proof-missing", refuses=True)]
    return _embedded(taken.document, proofs, unsigned, setting, wanted, filled)


def _embedded(
    document: Mapping[str, Any],
    proofs: list[Mapping[str, Any]],
    unsigned: dict[str, Any],
    setting: Setting,
    wanted: Wanted,
    filled: Filled | None,
) -> list[Check]:
    """The checks of a document with embedded proofs; one that is good is enough."""
    terms, meaning = _terms(unsigned, setting.sheets, filled)
    if meaning is None:
        return [terms]
    if len(proofs) > MAX_PROOFS:
        words = f"It has more than {MAX_PROOFS} proofs."
        return [terms, Check("proof", Outcome.FAILED, words, _SPEC, "resource-limit", refuses=True)]
    walk = _Walk(document, unsigned, setting, meaning)
    results = []
    for proof in proofs:
        results.append(result := walk.result(proof, wanted))
        if result.check is not None and result.check.refuses:
            break  # the next one was made to be as hard
    return [terms, *_told(max(results, key=_rank) if len(results) > 1 else results[0], setting)]


def _rank(result: Result) -> tuple[int, int]:
    """A good proof first; then the failure that got furthest; what could not be decided last."""
    failed = result.check is not None and result.check.outcome is Outcome.FAILED
    good = result.stage == "good"
    return (2 if good else 1 if failed else 0, _STAGES.index(result.stage))


def _told(result: Result, setting: Setting) -> list[Check]:
    """The three checks, up to the one that stopped it."""
    setting.presenter = result.controller
    if result.check is None or result.stage not in _STAGES[:3]:
        return list(_PASSED)
    return [*_PASSED[: _STAGES.index(result.stage)], result.check]


_PASSED = (
    Check("proof", Outcome.PASSED, "It has not been changed since it was signed.", _SPEC),
    Check(
        "key",
        Outcome.PASSED,
        "The key that signed it was found and counts for credentials.",
        "Controlled Identifiers 1.0, 3.3",
    ),
    Check("issuer", Outcome.PASSED, "The key belongs to the issuer.", "Open Badges 3.0, 8.3"),
)


def _terms(unsigned: dict[str, Any], sheets: Sheets, filled: Filled | None) -> tuple[Check, Meaning | None]:
    """Whether all of it has a meaning, and which."""
    if filled is not None:
        return _MEANT, filled
    try:
        canonical = shape.fast_text(unsigned)
        if canonical is None:
            return _MEANT, jsonld.to_quads(unsigned)
        rdfc.charge(len(canonical) // _USUAL_LINE)
        sheets.learn(unsigned)
    except Error as error:
        return _without_meaning(error), None
    return _MEANT, rdfc.Text(canonical)


_MEANT = Check("terms", Outcome.PASSED, "The signature covers everything that stands in it.", _SPEC)


def _without_meaning(error: Error) -> Check:
    name, outcome, code = "terms", Outcome.FAILED, error.code
    if isinstance(error, ContextError):
        name = "context"
        outcome = Outcome.UNDETERMINED if isinstance(error, UnknownContextError) else Outcome.FAILED
    elif isinstance(error, TermError) and error.path in EXTENSION_POINTS:
        outcome, code = Outcome.UNDETERMINED, EXTENSION_POINTS[error.path]
    return Check(name, outcome, error.message, error.spec, code, refuses=isinstance(error, LimitError))


def _stopped(stage: str, error: Error, *, undetermined: bool = False) -> Result:
    outcome = Outcome.UNDETERMINED if undetermined else Outcome.FAILED
    return Result(stage, Check(stage, outcome, error.message, error.spec, error.code))


class _Walk:
    """The embedded proofs of one document; each signature is checked once, however many build on it."""

    def __init__(
        self,
        document: Mapping[str, Any],
        unsigned: dict[str, Any],
        setting: Setting,
        meaning: Meaning,
    ) -> None:
        self.document, self.unsigned, self.setting, self.meaning = document, unsigned, setting, meaning
        self.known: dict[int, tuple[Result, did.VerificationMethod | None]] = {}

    def result(self, proof: Mapping[str, Any], wanted: Wanted) -> Result:
        """One proof: its kind, purpose and times, its key, the signature, then whose key it is."""
        try:
            _check_purpose(proof, wanted)
        except ProofError as error:
            return _stopped("proof", error)
        result, method = self.signature(proof)
        if method is None:
            return result
        chained = self.chain(proof) if "previousProof" in proof else None
        if chained is not None:
            return chained
        created = encoding.parse_datetime(proof["created"]) if "created" in proof else self.setting.now
        try:
            did.authorise(method, owner=wanted.owner, purpose=wanted.purpose, at=created)
        except KeyRefusedError as error:
            if error.code != "issuer-mismatch":
                return _stopped("key", error)
            return _stopped("issuer", KeyRefusedError(wanted.foreign, error.message, error.spec))
        self.setting.signers.append(method.key)
        return Result("good", None, method.controller)

    def canonical(self, suite: data_integrity.Suite, key: PublicKey) -> rdfc.Canonical | None:
        """The canonical text of the document by SHA-256, if it is wanted: made once, however many proofs are over it."""
        if not isinstance(self.meaning, list):
            return self.meaning
        if suite.covers_json or key.kind == P384:
            return None
        self.meaning = rdfc.Text(rdfc.canonicalize(self.meaning))
        return self.meaning

    def chain(self, proof: Mapping[str, Any]) -> Result | None:
        """What is wrong with the proofs that a proof builds on: each has to fit, whoever made it."""
        seen = [proof]
        for one in seen:
            for before in data_integrity.previous_of(self.document, one):
                if any(before is other for other in seen):
                    continue
                seen.append(before)
                result, method = self.signature(before)
                if method is None:
                    return result
        return None

    def signature(self, proof: Mapping[str, Any]) -> tuple[Result, did.VerificationMethod | None]:
        """Whether a proof fits what stands there, whoever made it; the method only if it does."""
        if id(proof) not in self.known:
            self.known[id(proof)] = self._signature(proof)
        return self.known[id(proof)]

    def _signature(self, proof: Mapping[str, Any]) -> tuple[Result, did.VerificationMethod | None]:
        try:
            suite = None if selective.is_selective(proof) else data_integrity.suite_of(proof)
            _check_times(proof, self.setting)
            part = self.unsigned
            if "previousProof" in proof:
                part = data_integrity.signed_part(self.document, proof)
            address = str(proof.get("verificationMethod"))
            method = did.find_method(address, fetcher=self.setting.fetcher)
        except (UnreachableKeyError, FetchError) as error:
            return _stopped("key", error, undetermined=True), None
        except KeyRefusedError as error:
            return _stopped("key", error), None
        except Error as error:
            return _stopped("proof", error, undetermined=error.code == "proof-unsupported"), None
        try:
            if suite is None:
                selective.verify_proof(part, proof, method.key)
            else:  # in a chain a proof signs others too
                whole = None if "proof" in part else self.canonical(suite, method.key)
                data_integrity.verify_proof(part, proof, method.key, canonical=whole)
        except LimitError as error:
            told = Check("proof", Outcome.FAILED, error.message, error.spec, error.code, refuses=True)
            return Result("proof", told), None
        except Error as error:
            code = error.code if error.code == "proof-unsupported" else "proof-invalid"
            return _stopped("proof", ProofError(code, error.message, error.spec)), None
        return Result("good", None), method


def _check_purpose(proof: Mapping[str, Any], wanted: Wanted) -> None:
    if proof.get("proofPurpose") != wanted.purpose:
        raise ProofError(
            "proof-purpose",
            f"The proof was made for {proof.get('proofPurpose')!r}, not for {wanted.purpose}.",
            _SPEC,
        )
    _check_binding(proof.get("challenge"), listed(proof.get("domain", [])), wanted)


def _check_binding(challenge: object, domains: list[Any], wanted: Wanted) -> None:
    """That it repeats what the reader asked for, so that nobody can show it a second time elsewhere."""
    if wanted.challenge is not None and challenge != wanted.challenge:
        raise ProofError("proof-challenge", "It was made for another request than this one.", _SPEC)
    if wanted.domain is not None and wanted.domain not in domains:
        raise ProofError("proof-domain", f"It was made for somebody else than {wanted.domain}.", _SPEC)


def _check_times(proof: Mapping[str, Any], setting: Setting) -> None:
    created, expires = (
        encoding.parse_datetime(proof[name]) if name in proof else None for name in ("created", "expires")
    )
    if created is not None and created > setting.now + SKEW:
        raise ProofError("not-yet-valid", "The proof was made later than now.", _SPEC)
    if expires is not None and expires < setting.now:
        raise ProofError("proof-expired", f"The proof ran out on {encoding.format_datetime(expires)}.", _SPEC)


def _token(taken: Taken, setting: Setting, wanted: Wanted) -> Result:
    """A token: its header, the owner's key, the signature, then that its claims say what the document says."""
    jws = taken.token
    assert jws is not None  # noqa: S101 - the caller asked
    try:
        jose.check_header(jws.header, types=sd_jwt.TYPES if taken.disclosed else jose.TYPES)
        key = jose.key_for(
            jws.header,
            wanted.owner or str(jws.payload.get("iss", "")),
            fetcher=setting.fetcher,
            at=claims.made_at(jws.payload, setting.now),
            purpose=wanted.purpose,
        )
    except (UnreachableKeyError, FetchError) as error:
        return _stopped("key", error, undetermined=True)
    except KeyRefusedError as error:
        return _stopped("key", error)
    except Error as error:
        return _stopped("proof", error)
    try:
        jose.verify(jws, key)
        claims.check_claims(jws, taken.document)
        if taken.disclosed:
            sd_jwt.check_binding(
                taken.disclosed, challenge=wanted.challenge, domain=wanted.domain, now=setting.now
            )
        else:
            _check_binding(jws.payload.get("nonce"), listed(jws.payload.get("aud", [])), wanted)
    except Error as error:
        return _stopped("issuer" if error.code == "issuer-mismatch" else "proof", error)
    setting.signers.append(key)
    return Result("good", None, wanted.owner)
