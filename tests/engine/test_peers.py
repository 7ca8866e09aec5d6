"""What we issue, independent libraries verify, and what they issue, we verify: PyLD, openvc-core, PyJWT and joserfc.

The traps of each are listed in docs/reference/testing.md; `Maker(plain=True)` keeps out of them. `make deep` does the
same over thousands, with the JavaScript libraries too.
"""

import base64
import json
import random
import time
from datetime import UTC, datetime

import pytest
from joserfc import jws
from joserfc.jwk import import_key

from gradatim.engine import MemoryFetcher, derive, did_key, issue_selective, issue_token, status_list, verify
from gradatim.engine.canonical import jsonld, rdfc
from gradatim.engine.issue import issue
from gradatim.engine.keys import ED25519, P256, P384, RSA, PrivateKey
from tests.engine.canonical import oracle
from tests.engine.random_credentials import Maker
from tests.engine.samples import KEY, NOW, check, credential, from_elsewhere

jwt = pytest.importorskip("jwt", reason="the comparison wants PyJWT: pip install openvc-core")
openvc = pytest.importorskip(
    "openvc.verify", reason="the comparison wants openvc-core: pip install openvc-core"
)
bitstring = pytest.importorskip("openvc.status.bitstring")
suites = pytest.importorskip("openvc.proof.data_integrity")
ecdsa_suites = pytest.importorskip("openvc.proof.di_ecdsa_rdfc")
jcs_suites = pytest.importorskip("openvc.proof.di_jcs")
selective_suites = pytest.importorskip("openvc.proof.ecdsa_sd")
sd_jwt_suites = pytest.importorskip("openvc.proof.sd_jwt")
openvc_keys = pytest.importorskip("openvc.keys")

pytestmark = [pytest.mark.shared, pytest.mark.slow]

OLD, OLD_CONTEXT = "Ed25519Signature2020", "https://w3id.org/security/suites/ed25519-2020/v1"
SUITES = (
    ("eddsa-rdfc-2022", ED25519),
    ("eddsa-jcs-2022", ED25519),
    ("ecdsa-rdfc-2019", P256),
    ("ecdsa-rdfc-2019", P384),
    ("ecdsa-jcs-2019", P256),
    ("ecdsa-jcs-2019", P384),
)
ALGORITHMS = (("EdDSA", ED25519), ("ES256", P256), ("ES384", P384), ("RS256", RSA))
KEYS = {
    ED25519: KEY,
    P256: PrivateKey(P256, bytes(range(1, 33))),
    P384: PrivateKey(P384, bytes(range(1, 49))),
}
RSA_KEY = PrivateKey.generate(RSA)
HOLDER = PrivateKey(P256, bytes(range(2, 34)))
FEW = 25


@pytest.fixture(scope="session")
def published():
    """The published contexts, by URL."""
    return {url: json.loads((oracle.FOLDER / each["file"]).read_text()) for url, each in oracle.INDEX.items()}


def owner(kind):
    """The did:key of the key of a kind, and the address of the key."""
    public = KEYS[kind].public_key if kind != RSA else RSA_KEY.public_key
    if kind == RSA:
        encoded = base64.urlsafe_b64encode(json.dumps(public.to_jwk()).encode()).decode().rstrip("=")
        return f"did:jwk:{encoded}", f"did:jwk:{encoded}#0"
    return did_key(public), f"{did_key(public)}#{public.to_multibase()}"


def openvc_key(kind):
    name = {ED25519: "Ed25519SigningKey", P256: "P256SigningKey", P384: "P384SigningKey"}[kind]
    return getattr(openvc_keys, name).from_jwk(KEYS[kind].to_jwk(), owner(kind)[1])


def theirs(document, suite, kind, published):
    """By openvc-core, with the same key."""
    options = {"signing_key": openvc_key(kind), "verification_method": owner(kind)[1], "created": NOW}
    if suite.endswith("-jcs-2022"):
        return jcs_suites.EddsaJcsProofSuite().add_proof(document, **options)
    if suite.endswith("-jcs-2019"):
        return jcs_suites.EcdsaJcsProofSuite().add_proof(document, **options)
    rdfc_suite = suites.DataIntegrityProofSuite if kind == ED25519 else ecdsa_suites.EcdsaRdfcProofSuite
    return rdfc_suite().add_proof(document, extra_contexts=published, **options)


def both_ways(seed, suite, kind, published):
    """Each is taken by the other, and Ed25519 makes the same bytes; the exception is a trap of openvc-core."""
    did, method = owner(kind)
    document = Maker(seed, did=did, plain=True, strict=True).credential()
    made = issue(document, signer=KEYS[kind], verification_method=method, created=NOW, cryptosuite=suite)
    assert check(made).verdict == "valid"
    back = theirs(document, suite, kind, published)
    if suite == "ecdsa-rdfc-2019" and kind == P384 and not same_names(document):
        assert check(back).cause == "proof-invalid"  # it names blank nodes by SHA-256 all the same
        return
    policy = openvc.VerificationPolicy(now=NOW)
    assert openvc.verify_credential(made, policy=policy, extra_contexts=published).format
    if "jcs" in suite:  # it leaves the @context that it signs out of the proof
        assert check(back | {"proof": back["proof"] | {"@context": back["@context"]}}).verdict == "valid"
        assert check(back).cause == "proof-invalid"
    elif kind == ED25519:
        assert back == made
        assert rdfc.canonicalize(jsonld.to_quads(document)) == oracle.normalized(document)
    else:
        assert check(back).verdict == "valid"


def same_names(document):
    """Whether the blank nodes are called the same by SHA-256 and by SHA-384."""
    quads = jsonld.to_quads(document)
    return rdfc.canonicalize(quads) == rdfc.canonicalize(quads, hash_name="sha384")


def parts_both_ways(seed, published):
    """Base proofs of both, each derived by both; every part is verified by both."""
    did, method = owner(P256)
    document = Maker(seed, did=did, plain=True, strict=True, tame=True, ordered=False).credential()
    library = selective_suites.EcdsaSdProofSuite()
    always, pointers = ["/issuer", "/validFrom"], ["/name", "/credentialSubject/achievement/name"]
    pointers = pointers[: 1 + seed % 2]
    ours = issue_selective(
        document, signer=KEYS[P256], verification_method=method, created=NOW, mandatory=always
    )
    base = library.add_base_proof(
        document,
        signing_key=openvc_key(P256),
        verification_method=method,
        mandatory_pointers=always,
        created=NOW,
        extra_contexts=published,
    )
    for each in (ours, base):
        shown = library.derive_proof(each, selective_pointers=pointers, extra_contexts=published)
        for part in (shown, derive(each, pointers=pointers)):
            assert library.verify(part, now=NOW, extra_contexts=published)
            report = check(part)
            named = [c for c in report.checks if c.name in {"terms", "proof", "key", "issuer"}]
            assert [c.outcome.value for c in named] == ["passed"] * 4, report.decided_by
            assert part["name"] == document["name"]


def tokens_both_ways(seed, algorithm, kind):
    """PyJWT and joserfc read our tokens, and we read theirs."""
    key = KEYS.get(kind, RSA_KEY)
    did, method = owner(kind)
    document = Maker(seed, did=did, plain=True, strict=True).credential()
    made = issue_token(document, signer=key, verification_method=method)
    public = key.public_key.to_jwk() | {"alg": algorithm}
    claims = jwt.decode(
        made,
        jwt.PyJWK(public).key,
        algorithms=[algorithm],
        options={"verify_nbf": False, "verify_exp": False},
    )
    assert {name: claims[name] for name in document} == document
    registry = jws.JWSRegistry(algorithms=[algorithm])
    registry.max_header_length = 4096  # a did:jwk of RSA is longer than 512
    read = jws.deserialize_compact(made, import_key(public), registry=registry)
    assert json.loads(read.payload) == claims
    private = key.to_jwk() | {"alg": algorithm}
    header = {"alg": algorithm, "kid": method, "typ": "JWT"}
    text = jwt.encode(claims, jwt.PyJWK(private).key, algorithm, headers={"kid": method})
    assert check(text).verdict == "valid"
    text = jws.serialize_compact(header, read.payload, import_key(private), registry=registry)
    assert check(text).verdict == "valid"


def claims_and_frame(seed, did):
    """Claims as a wallet holds them, and which of them may be left out (in the form of @sd-jwt/core)."""
    chance, maker = random.Random(seed), Maker(seed, plain=True)
    claims = {
        "iss": did,
        "vct": "https://x.example/kinds/microcredential",
        "nbf": int(NOW.timestamp()) - 86_400,
        "cnf": {"jwk": HOLDER.public_key.to_jwk()},
        "title": maker.text(),
        "credits": maker.number(),
        "level": chance.randint(1, 8),
        "passed": maker.maybe(),
        "outcomes": [maker.text() for _ in range(chance.randint(1, 4))],
        "address": {"country": "DE", "city": maker.text(), "street": maker.text()},
    }
    frame = {"_sd": [name for name in ("title", "credits", "level", "passed") if maker.maybe()]}
    if maker.maybe():
        frame["address"] = {"_sd": ["city", "street"]}
    if maker.maybe():
        frame["outcomes"] = {"_sd": [0]}
    if maker.maybe(0.3):
        frame["_sd_decoy"] = 2
    return claims, frame


def disclosed(seed):
    """A token of openvc-core with claims that may be left out; whole, and as its holder shows it to a reader."""
    did, _ = owner(P256)
    claims, frame = claims_and_frame(seed, did)
    library = sd_jwt_suites.SdJwtVcProofSuite()
    names = [*frame["_sd"], *(name for name in ("address", "outcomes") if name in frame)]
    token = library.issue(
        {name: value for name, value in claims.items() if name not in {"cnf", "vct"}},
        signing_key=openvc_key(P256),
        disclosable=names,
        holder_jwk=HOLDER.public_key.to_jwk(),
        vct=claims["vct"],
        decoys=seed % 3,
    )
    report = check(token)
    assert report.verdict == "valid", report.decided_by
    assert claims.items() <= report.document.items()
    fewer = "~".join(part for at, part in enumerate(token.split("~")) if at != 1 or not names)
    report = check(fewer)
    assert report.verdict == "valid"
    assert len(report.document) == len(claims) + ("iat" in report.document) - bool(names)
    key = openvc_keys.P256SigningKey.from_jwk(HOLDER.to_jwk(), "holder")
    text = library.create_presentation(token, holder_key=key, audience="https://r.example", nonce="n")
    now = datetime.fromtimestamp(int(time.time()), UTC)
    asked = {"fetcher": MemoryFetcher({}), "now": now, "domain": "https://r.example"}
    assert verify(text, challenge="n", **asked).verdict == "valid"
    assert verify(text, challenge="m", **asked).verdict != "valid"


@pytest.mark.parametrize(("suite", "kind"), SUITES)
def test_embedded_proofs_both_ways(suite, kind, published):
    for seed in range(FEW):
        both_ways(seed, suite, kind, published)


def test_parts_both_ways(published):
    for seed in range(FEW):
        parts_both_ways(seed, published)


def test_any_credential_is_read_as_pyld_reads_it():
    for seed in range(60):
        document = Maker(seed).credential()
        assert rdfc.canonicalize(jsonld.to_quads(document)) == oracle.canonical(document)


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
@pytest.mark.parametrize(("algorithm", "kind"), ALGORITHMS)
def test_tokens_both_ways(algorithm, kind):
    for seed in range(FEW):
        tokens_both_ways(seed, algorithm, kind)


def test_tokens_that_show_a_part():
    for seed in range(FEW):
        disclosed(seed)


def test_status_lists_both_ways():
    chance = random.Random(1)
    for count in (0, 1, 100, 50_000):
        indexes = chance.sample(range(status_list.MINIMUM), count)
        bits = status_list.bits_of(indexes)
        read = bitstring.decode_bitstring(status_list.encode(bits))
        assert read == bits == status_list.decode(bitstring.encode_bitstring(bits))
        for index in [*indexes[:50], *chance.sample(range(status_list.MINIMUM), 50)]:
            assert bitstring.get_status_bit(read, index) == status_list.get(bits, index)


@pytest.mark.parametrize(
    ("trap", "document"),
    [
        ("a control character: PyLD writes it as it is", credential(name="a\x08b")),
        ("the longer name of a class", credential(type=["VerifiableCredential", "AchievementCredential"])),
        ("a language with a region", credential(name={"@value": "a", "@language": "de-AT"})),
    ],
)
def test_the_traps_are_still_there(trap, document, published):
    """When one of these is mended over there, the list in the documentation is mended here."""
    if trap != "the longer name of a class":
        document["type"] = ["VerifiableCredential", "OpenBadgeCredential"]
    policy = openvc.VerificationPolicy(now=NOW)
    with pytest.raises(openvc.ProofError):
        openvc.verify_credential(from_elsewhere(document), policy=policy, extra_contexts=published)
