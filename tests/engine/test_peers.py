"""What we issue, independent libraries verify, and what they issue, we verify: PyLD, openvc-core and PyJWT.

The traps of each are listed in docs/reference/testing.md; `Maker(plain=True)` keeps out of them. `make deep` does the
same over thousands, with the JavaScript libraries too.
"""

import base64
import json
import random

import pytest

from gradatim.engine import issue_token, status_list
from gradatim.engine.canonical import jsonld, rdfc
from gradatim.engine.keys import P256, P384, RSA, PrivateKey
from gradatim.engine.proof import data_integrity
from tests.engine.canonical import oracle
from tests.engine.random_credentials import Maker
from tests.engine.samples import KEY, METHOD, NOW, check, credential, signed, token

jwt = pytest.importorskip("jwt", reason="the comparison wants PyJWT: pip install openvc-core")
openvc = pytest.importorskip(
    "openvc.verify", reason="the comparison wants openvc-core: pip install openvc-core"
)
bitstring = pytest.importorskip("openvc.status.bitstring")
suites = pytest.importorskip("openvc.proof.data_integrity")
jcs_suites = pytest.importorskip("openvc.proof.di_jcs")
openvc_keys = pytest.importorskip("openvc.keys")

pytestmark = [pytest.mark.shared, pytest.mark.slow]

SECRET = base64.urlsafe_b64encode(bytes(range(32))).rstrip(b"=").decode()
SUITES = ("eddsa-rdfc-2022", "eddsa-jcs-2022")


@pytest.fixture(scope="session")
def published():
    """The published contexts, by URL."""
    return {url: json.loads((oracle.FOLDER / each["file"]).read_text()) for url, each in oracle.INDEX.items()}


def ours(document, suite):
    return data_integrity.add_proof(
        document, signer=KEY, verification_method=METHOD, created=NOW, cryptosuite=suite
    )


def theirs(document, suite, published):
    """By openvc-core, with the same key."""
    key = openvc_keys.Ed25519SigningKey.from_jwk(KEY.public_key.to_jwk() | {"d": SECRET}, METHOD)
    options = {"signing_key": key, "verification_method": METHOD, "created": NOW}
    if suite == "eddsa-jcs-2022":
        return jcs_suites.EddsaJcsProofSuite().add_proof(document, **options)
    return suites.DataIntegrityProofSuite().add_proof(document, extra_contexts=published, **options)


def both_ways(document, suite, published):
    """Each is taken by the other, and both make the same bytes; the exception is a trap of openvc-core."""
    made = ours(document, suite)
    policy = openvc.VerificationPolicy(now=NOW)
    assert openvc.verify_credential(made, policy=policy, extra_contexts=published).format
    back = theirs(document, suite, published)
    assert check(made).verdict == "valid"
    if suite == "eddsa-jcs-2022":  # it leaves the @context that it signs out of the proof
        assert check(back | {"proof": back["proof"] | {"@context": back["@context"]}}).verdict == "valid"
        assert check(back).cause == "proof-invalid"
    else:
        assert back == made == signed(document)
        assert rdfc.canonicalize(jsonld.to_quads(document)) == oracle.normalized(document)


@pytest.mark.parametrize("suite", SUITES)
def test_embedded_proofs_both_ways(suite, published):
    for seed in range(25):
        both_ways(Maker(seed, plain=True).credential(), suite, published)


def test_any_credential_is_read_as_pyld_reads_it():
    for seed in range(60):
        document = Maker(seed).credential()
        assert rdfc.canonicalize(jsonld.to_quads(document)) == oracle.canonical(document)


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [
        ("EdDSA", KEY),
        ("ES256", PrivateKey.generate(P256)),
        ("ES384", PrivateKey.generate(P384)),
        ("RS256", PrivateKey.generate(RSA)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_tokens_of_ours_in_pyjwt(algorithm, key):
    public = jwt.PyJWK(key.public_key.to_jwk() | {"alg": algorithm}).key
    for seed in range(10):
        document = Maker(seed, plain=True).credential()
        made = issue_token(document, signer=key, verification_method=METHOD)
        claims = jwt.decode(made, public, algorithms=[algorithm], options={"verify_nbf": False})
        assert {name: claims[name] for name in document} == document
        assert jwt.get_unverified_header(made)["alg"] == algorithm


def test_tokens_of_theirs():
    for seed in range(10):
        document = Maker(seed, plain=True).credential() | {"validFrom": "2026-05-30T12:00:00Z"}
        document.pop("validUntil", None)
        claims = token(document, {"alg": "EdDSA", "kid": METHOD}).split(".")[1]
        payload = json.loads(base64.urlsafe_b64decode(claims + "=="))
        payload["sub"] = document["credentialSubject"]["id"]
        secret = jwt.PyJWK(KEY.public_key.to_jwk() | {"d": SECRET, "alg": "EdDSA"}).key
        assert check(jwt.encode(payload, secret, "EdDSA", headers={"kid": METHOD})).verdict == "valid"


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
        openvc.verify_credential(signed(document), policy=policy, extra_contexts=published)
