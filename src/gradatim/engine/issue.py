"""Issuing: hold a credential against the data model and the contexts, then sign it.

Spec: Open Badges 3.0, 8; VC Data Model 2.0, 4; VC Data Integrity 1.0, 4.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from gradatim.engine import did, status_list
from gradatim.engine.canonical import jcs, jsonld, shape
from gradatim.engine.canonical.rdfc import Canonical, Text
from gradatim.engine.canonical.sheet import Sheets
from gradatim.engine.errors import Error, InputError, KeyRefusedError, ProofError, ShapeError
from gradatim.engine.keys import Signer
from gradatim.engine.model import alike, issuing
from gradatim.engine.model import credential as model
from gradatim.engine.model.values import is_uri, listed, types_of
from gradatim.engine.proof import claims, data_integrity, jose, selective

GROUP = 128  # credentials of a batch that are held against the rules before they are signed: each step then finds its code at hand


def lint(
    credential: Mapping[str, Any], *, sheets: Sheets | None = None, embedded: bool = True
) -> Canonical | None:
    """Everything that would make a verifier refuse the credential, before any key is touched.

    Args:
        credential: unsigned.
        sheets: of the batch that it belongs to; what its credentials have in common is then worked out once.
        embedded: it gets an embedded proof; otherwise it becomes a token.

    Returns:
        Its canonical N-Quads, if they were made on the way: `data_integrity.add_proof` takes them.

    Raises:
        ShapeError: ``type``, ``schema``; ContextError: ``context``; TermError: ``term-dropped``; InputError: ``parse`` for
            a number that verifiers read differently; ProofError when it is signed already.
    """
    if "proof" in credential:
        raise ProofError(
            "proof-invalid",
            "This credential is signed already; take the proof away to sign it anew.",
            "VC Data Integrity 1.0, 4.2",
        )
    found = None if sheets is None or type(credential) is not dict else sheets.filled(credential)
    kind = alike.kind_of(credential, found)
    for error in alike.findings(credential, kind, found):
        raise error
    issuing.check(credential, kind, embedded=embedded, filled=found if embedded else None)
    if kind == model.STATUS_LIST:
        status_list.check(credential)
    return _canonical(dict(credential), sheets) if found is None else found


def _canonical(credential: dict[str, Any], sheets: Sheets | None) -> Canonical | None:
    """The canonical text, if it can be had fast."""
    walk = shape.walked(credential)
    text = None if walk is None else walk.text()
    if text is None:
        jsonld.to_quads(credential)
    if walk is None or walk.floats:
        _check_numbers(credential, "")
    elif text is not None and sheets is not None:
        sheets.learn(credential)
    return None if text is None else Text(text)


def _check_numbers(value: object, path: str) -> None:
    """A small number of one digit, as 1e-7, is read as 0 by a library that many verifiers are made of (jsonld.js 9)."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            _check_numbers(inner, f"{path}/{name}")
    elif isinstance(value, list):
        for inner in value:
            _check_numbers(inner, path)
    elif isinstance(value, float) and not value.is_integer() and "." not in jcs.number(value):
        raise InputError(
            "parse",
            f"{path}: the number {value} is read as 0 by many verifiers; round it.",
            "JSON-LD 1.1 API, 8.6",
        )


def check_method(credential: Mapping[str, Any], verification_method: str) -> None:
    """A key is found by its address, and counts only if that is the issuer's own (Open Badges 3.0, 8.3).

    Args:
        credential: that `lint` has nothing against.
        verification_method: the address that its proof will name.

    Raises:
        KeyRefusedError: ``issuer-mismatch``.
    """
    issuer = model.issuer_of(credential)
    if not _is_under(verification_method, issuer):
        raise KeyRefusedError(
            "issuer-mismatch",
            f"The key is at {verification_method[:200]}, which is not under the issuer {issuer[:200]}: no verifier would take "
            "it for the issuer's. Name the key by an address of the issuer's, or the key's owner as issuer.",
            "Open Badges 3.0, 8.3",
        )


def _is_under(verification_method: str, owner: str) -> bool:
    """Whether an address is its owner's, or on the same host."""
    base = verification_method.partition("#")[0]
    return base == owner or bool(did.host_of(base) and did.host_of(base) == did.host_of(owner))


def issue(
    credential: Mapping[str, Any],
    *,
    signer: Signer,
    verification_method: str,
    created: datetime,
    cryptosuite: str | None = None,
    proof_id: str | None = None,
    sheets: Sheets | None = None,
) -> dict[str, Any]:
    """Sign a credential with an embedded proof.

    Args:
        credential: unsigned, complete (id, validFrom, status entry and all).
        signer: an Ed25519, P-256 or P-384 key.
        verification_method: the address of its public half, under the issuer's identifier.
        created: the proof's time; the same arguments give the same bytes.
        cryptosuite: a name of `data_integrity.SUITES`; left out, ``eddsa-rdfc-2022`` or ``ecdsa-rdfc-2019`` by the key.
        proof_id: an address for the proof, so that others can be made upon it (`append_proof`).
        sheets: of who issues, kept from one credential to the next; those of a kind then cost a fraction.

    Returns:
        The signed credential; the proof is its last member.

    Raises:
        Error: what `lint` and the proof suite refuse; ProofError ``proof-invalid``, for a `proof_id` that is no URI.
    """
    canonical = lint(credential, sheets=sheets)
    check_method(credential, verification_method)
    return data_integrity.add_proof(
        credential,
        signer=signer,
        verification_method=verification_method,
        created=created,
        cryptosuite=cryptosuite,
        options=_named(proof_id),
        canonical=canonical,
    )


def append_proof(
    document: Mapping[str, Any],
    *,
    signer: Signer,
    verification_method: str,
    created: datetime,
    cryptosuite: str | None = None,
    proof_id: str | None = None,
    previous: Sequence[str] = (),
) -> dict[str, Any]:
    """Sign a signed credential once more: beside the proofs it has (a set), or upon some of them (a chain).

    Whose key it is does not matter: a verifier asks for one good proof of the issuer's.

    Args:
        document: signed, with embedded proofs.
        signer: an Ed25519, P-256 or P-384 key.
        verification_method: the address of its public half.
        created: the proof's time.
        cryptosuite: as for `issue`.
        proof_id: as for `issue`.
        previous: the ids of the proofs that the new one is made upon; it signs them too.

    Raises:
        ProofError: ``proof-missing``, when it is not signed yet; ``proof-invalid``, when a proof that is named is not there,
            or `proof_id` is no URI or that of another proof; ``proof-unsupported``; ShapeError: ``schema``, for what is no
            proof; Error: what canonicalisation refuses.
    """
    proofs = data_integrity.proofs_of(document)
    if not proofs:
        raise ProofError(
            "proof-missing",
            "This credential is not signed yet; issue it first.",
            "VC Data Integrity 1.0, 2.1.1",
        )
    if len(proofs) < len(listed(document["proof"])) or not all(types_of(proof) for proof in proofs):
        words = "proof: one of them is no object with a type, so it is no proof; take it away first."
        raise ShapeError("schema", words, "VC Data Integrity 1.0, 2.1", "proof")
    named = _named(proof_id)
    if named and any(proof.get("id") == proof_id for proof in proofs):
        words = (
            f"Another proof of it has the id {str(proof_id)[:200]} already; give this one an id of its own."
        )
        raise ProofError("proof-invalid", words, "VC Data Integrity 1.0, 2.1")
    return data_integrity.append_proof(
        document,
        signer=signer,
        verification_method=verification_method,
        created=created,
        cryptosuite=cryptosuite,
        options=named,
        previous=previous,
    )


def _named(proof_id: str | None) -> dict[str, Any]:
    """The id of a proof as one of its members."""
    if proof_id is None:
        return {}
    if not is_uri(proof_id):
        words = f"The id of a proof has to be an absolute address (URI), and {str(proof_id)[:200]!r} is none."
        raise ProofError("proof-invalid", words, "VC Data Integrity 1.0, 2.1")
    return {"id": proof_id}


def issue_token(
    credential: Mapping[str, Any], *, signer: Signer, verification_method: str, typ: str = "JWT"
) -> str:
    """Sign a credential as a compact token (VC-JWT).

    Args:
        credential: unsigned; its subject has an id.
        signer: a P-256, RSA or Ed25519 key; most verifiers take the first two only.
        verification_method: the address of its public half (``kid``).
        typ: ``"JWT"`` (Open Badges 3.0), or ``"vc+jwt"`` (Securing VCs using JOSE and COSE).

    Raises:
        Error: what `lint` refuses; ProofError ``schema``.
    """
    lint(credential, embedded=False)
    check_method(credential, verification_method)
    return jose.sign(claims.of_credential(credential, typ), signer=signer, kid=verification_method, typ=typ)


def issue_many(
    credentials: Iterable[Mapping[str, Any]], *, signer: Signer, verification_method: str, created: datetime
) -> Iterator[dict[str, Any]]:
    """Sign many credentials, one after another, in order.

    Args:
        credentials: unsigned, each an object of its own; read `GROUP` at a time.
        signer: an Ed25519 key.
        verification_method: the address of its public half.
        created: the proofs' time.

    Raises:
        Error: at the first credential that is refused.
    """
    sheets, waiting = Sheets(), iter(credentials)
    series = data_integrity.Series(signer=signer, verification_method=verification_method, created=created)
    while group := list(islice(waiting, GROUP)):
        good, refused = [], None
        for credential in group:
            try:
                canonical = lint(credential, sheets=sheets)
                check_method(credential, verification_method)
                good.append((credential, None if canonical is None else canonical.sha256()))
            except Error as error:
                refused = error
                break
        for credential, document_hash in good:
            yield series.add(credential, document_hash)
        if refused is not None:
            raise refused


def issue_selective(
    credential: Mapping[str, Any],
    *,
    signer: Signer,
    verification_method: str,
    created: datetime,
    mandatory: Sequence[str],
) -> dict[str, Any]:
    """Sign a credential so that its holder may show a part of it (``ecdsa-sd-2023``); `derive` makes that part.

    Args:
        credential: unsigned.
        signer: a P-256 key.
        verification_method: the address of its public half.
        created: the proof's time.
        mandatory: JSON pointers to what is always shown. What must not be hidden (issuer, dates, status) is shown anyway.

    Raises:
        Error: what `lint` refuses; ProofError ``proof-unsupported``, ``proof-invalid`` for a pointer to nothing.
    """
    lint(credential)
    check_method(credential, verification_method)
    always = [f"/{name}" for name in ALWAYS_SHOWN if name in credential]
    return selective.add_base_proof(
        credential,
        signer=signer,
        verification_method=verification_method,
        created=created,
        mandatory=[*always, *(pointer for pointer in mandatory if pointer not in always)],
    )


ALWAYS_SHOWN = ("issuer", "validFrom", "validUntil", "credentialStatus", "credentialSchema", "refreshService")
"""Members that no holder may leave out: without them a credential would look better than it is."""


def present(
    credentials: Iterable[Mapping[str, Any] | str],
    *,
    holder: str,
    signer: Signer,
    verification_method: str,
    created: datetime,
    challenge: str,
    domain: str | None = None,
) -> dict[str, Any]:
    """Show credentials together, signed by their holder for one reader.

    Args:
        credentials: signed; a compact token is put into an envelope.
        holder: the identifier of who shows them.
        signer: an Ed25519, P-256 or P-384 key of the holder's.
        verification_method: the address of its public half, under the holder's identifier.
        created: the proof's time.
        challenge: what the reader asked to be repeated.
        domain: the reader, if it said who it is.

    Raises:
        KeyRefusedError: ``holder-mismatch``, for a key that is not the holder's; ShapeError: ``schema``, for what is neither
            an object nor a token; Error: what the proof suite refuses.
    """
    if not _is_under(verification_method, holder):
        raise KeyRefusedError(
            "holder-mismatch",
            f"The key is at {verification_method[:200]}, which is not under the holder {holder[:200]}: no verifier would take "
            "it for the holder's. Name the key by an address of the holder's, or the key's owner as holder.",
            "VC Data Model 2.0, 4.13",
        )
    unsigned = {
        "@context": [model.V2],
        "type": ["VerifiablePresentation"],
        "holder": holder,
        "verifiableCredential": [_shown(number, credential) for number, credential in enumerate(credentials)],
    }
    return data_integrity.add_proof(
        unsigned,
        signer=signer,
        verification_method=verification_method,
        created=created,
        purpose="authentication",
        options={"challenge": challenge} | ({} if domain is None else {"domain": domain}),
    )


def _shown(number: int, credential: object) -> dict[str, Any]:
    """A credential as it stands in a presentation."""
    if isinstance(credential, str):
        return envelope(credential)
    if not isinstance(credential, Mapping):
        path = f"verifiableCredential[{number}]"
        words = (
            f"{path} has to be a credential as an object, or a compact token as a text; show nothing else."
        )
        raise ShapeError("schema", words, "VC Data Model 2.0, 4.13", path)
    return dict(credential)


def envelope(token: str) -> dict[str, Any]:
    """A compact token as an object, to stand where objects are wanted (VC Data Model 2.0, 4.13.1)."""
    return {
        "@context": model.V2,
        "id": f"data:application/vc+jwt,{token}",
        "type": "EnvelopedVerifiableCredential",
    }
