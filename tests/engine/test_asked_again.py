"""One address that very many parts and proofs name: what it answers is read once, however much that is."""

import json
from contextlib import suppress

import pytest

from gradatim.engine import encoding, status_list
from gradatim.engine.canonical import rdfc
from gradatim.engine.did import did_key, documents
from gradatim.engine.errors import LimitError, ProofError
from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.keys import P256, P384, PrivateKey
from gradatim.engine.proof import data_integrity
from gradatim.engine.verify import Sitting, verify
from tests.engine.samples import DID, KEY, METHOD, NOW, credential
from tests.engine.test_presentations import CLR, V2
from tests.engine.timing import within

SITE = "https://issuer.example/about"
HOST = "https://issuer.example/"
KEYS = [
    PrivateKey(P256, bytes([1, number // 256, number % 256]) + bytes(29)).public_key for number in range(400)
]
JWKS = [key.to_jwk() | {"kid": f"k{number}"} for number, key in enumerate(KEYS)]
IDS = [f"{SITE}#k{number}" for number in range(len(JWKS))]
LONG = ["x"] * 50_000
PUBLISHED = {
    SITE: {
        "id": SITE,
        "verificationMethod": [
            {"id": name, "controller": SITE, "publicKeyJwk": jwk} for name, jwk in zip(IDS, JWKS, strict=True)
        ],
        "assertionMethod": IDS,
        "x": LONG,
    },
    f"{HOST}.well-known/jwks.json": {"keys": JWKS, "x": LONG},
    f"{HOST}.well-known/jwt-vc-issuer/about": {"issuer": SITE, "jwks": {"keys": JWKS}, "x": LONG},
}
LIST = "https://lists.example/1"


def part(issuer=SITE, **changes):
    body = {
        "@context": [V2],
        "type": ["VerifiableCredential"],
        "issuer": issuer,
        "credentialSubject": {"id": "urn:x:y"},
    }
    return body | changes


def proofs(*methods):
    wanted = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "proofPurpose": "assertionMethod",
    }
    return [wanted | {"verificationMethod": method, "proofValue": "z1"} for method in methods]


def token(header, payload):
    pieces = [json.dumps(one).encode() for one in ({"alg": "ES256"} | header, payload, "")]
    return ".".join(map(encoding.base64url_encode, pieces))


def disclosed(number):
    text = token({"typ": "dc+sd-jwt", "kid": f"k{number}"}, {"iss": SITE, "vct": "x"})
    return {
        "@context": [V2],
        "id": f"data:application/dc+sd-jwt,{text}~",
        "type": ["EnvelopedVerifiableCredential"],
    }


def entries(number=1):
    named = {"type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListCredential": LIST}
    return [named | {"statusListIndex": str(place)} for place in range(number)]


def endless():
    """A list that cannot be put in order."""
    knots = [{"id": f"_:x{a}", "p": [{"id": f"_:x{b}"} for b in range(9) if b != a]} for a in range(9)]
    subject = {"id": "urn:x:s", "type": "BitstringStatusList", "p": [*knots, *LONG]}
    kinds = ["VerifiableCredential", "BitstringStatusListCredential"]
    context = [V2, {"p": "https://x.example/p"}]
    return part(
        DID, **{"@context": context}, id=LIST, type=kinds, credentialSubject=subject, proof=proofs(METHOD)
    )


def revocations():
    bits = status_list.bits_of([])
    return status_list.credential(url=LIST, issuer=DID, purpose="revocation", bits=bits, valid_from=NOW)


def resources():
    named = {"type": "X", "digestSRI": "sha256-a sha384-b sha512-c"}
    return part(
        DID, relatedResource=[named | {"id": f"https://r.example/{n}"} for n in range(8)], proof=proofs("")
    )


LARGE = {f"https://r.example/{number}": b"x" * 1_000_000 for number in range(8)}
MANY = {
    "keys of a document": ([part(proof=proofs(*IDS[:10]))] * 200, PUBLISHED),
    "profiles on a host": (
        [part(f"{HOST}{n}", proof=proofs(f"{HOST}{n}#{KEY.public_key.to_multibase()}")) for n in range(300)],
        PUBLISHED,
    ),
    "keys by name": ([token({"kid": f"k{n}"}, part()) for n in range(300)], PUBLISHED),
    "keys in headers": ([token({"jwk": JWKS[n]}, part()) for n in range(300)], PUBLISHED),
    "keys of SD-JWTs": ([disclosed(n) for n in range(300)], PUBLISHED),
    "no key document": ([part(proof=proofs(*IDS[:10]))] * 300, {SITE: "[" + "1, " * 300_000}),
    "a hard list": ([part(DID, credentialStatus=entries(20), proof=proofs(""))] * 100, {LIST: endless()}),
    "a list for many": (
        [part(f"urn:x:{n}", credentialStatus=entries(), proof=proofs("")) for n in range(300)],
        {LIST: revocations() | {"x": LONG}},
    ),
    "related resources": ([resources()] * 300, LARGE),
}  # fmt: skip


@pytest.mark.parametrize(("inside", "web"), MANY.values(), ids=MANY)
def test_many_parts_that_name_one_address(inside, web):
    document = {
        "@context": [V2], "type": ["VerifiablePresentation"], "verifiableCredential": inside, "proof": {"type": "x"},
    }  # fmt: skip
    data = json.dumps(document)
    fetcher = MemoryFetcher({url: {"body": body} for url, body in web.items()})
    with within(2):  # it was up to several minutes
        report = verify(data, fetcher=fetcher, now=NOW)
    assert (report.verdict, len(report.parts)) == ("invalid", len(inside))
    assert "valid" not in {told["verdict"] for told in report.parts}


def test_a_list_seen_before_is_read_once_for_all_who_ask():
    inside = [part(f"urn:x:{n}", credentialStatus=entries(), proof=proofs("")) for n in range(300)]
    document = {
        "@context": [V2], "type": ["VerifiablePresentation"], "verifiableCredential": inside, "proof": {"type": "x"},
    }  # fmt: skip
    memory = {LIST: json.dumps(revocations() | {"x": LONG})}
    with within(1):
        report = verify(document, fetcher=MemoryFetcher({}), now=NOW, memory=memory)
    assert len(report.parts) == 300


def test_what_was_read_is_forgotten_with_the_verification():
    sitting = Sitting()
    web = {SITE: {"body": PUBLISHED[SITE]}}
    verify(part(proof=proofs(IDS[0])), fetcher=MemoryFetcher(web), now=NOW, sitting=sitting)
    (answer, _), *_ = sitting.answers.values()
    assert answer.read == {}


def test_a_key_set_may_stand_at_the_address_of_a_profile():
    url = f"{HOST}.well-known/jwks.json"
    web = {url: {"body": {"id": url, "keys": JWKS, "verificationMethod": []}}}
    fetcher = MemoryFetcher(web)
    document = documents.document_of(url, fetcher=fetcher)
    assert documents.methods_of(document, url) == []
    assert len(documents.key_set(url, fetcher=fetcher)) == len(JWKS)


@pytest.mark.parametrize("kind", [P256, P384])
def test_signatures_that_all_have_to_be_checked(kind):
    key = PrivateKey(kind, bytes(range(1, {P256: 33, P384: 49}[kind])))
    value = encoding.multibase_encode(key.sign(b"something else"))
    made = [
        one | {"cryptosuite": "ecdsa-jcs-2019", "proofValue": value}
        for one in proofs(*[did_key(key.public_key)] * 10)
    ]
    document = {
        "@context": [V2], "type": ["VerifiablePresentation"], "verifiableCredential": [part(proof=made)] * 200,
        "proof": {"type": "x"},
    }  # fmt: skip
    data = json.dumps(document)
    with within(2.5):
        report = verify(data, fetcher=MemoryFetcher({}), now=NOW)
    assert (report.verdict, len(report.parts) < 200) == ("invalid", kind == P384)
    assert {told["verdict"] for told in report.parts} <= {"invalid", "refused"}


def tagged(suite, **changes):
    """A document as long as may be, with as many proofs."""
    document = credential(**changes)
    document["credentialSubject"]["achievement"]["tag"] = [f"t{number}" for number in range(85_000)]
    value = encoding.multibase_encode(KEY.sign(b"something else"))
    made = [one | {"cryptosuite": suite, "proofValue": value} for one in proofs(*[METHOD] * 10)]
    return document | {"proof": made}


def test_long_documents_in_each_other_share_the_work():
    inner = tagged("eddsa-rdfc-2022")
    subject = {"id": "urn:x:l", "type": ["ClrSubject"], "verifiableCredential": [inner]}
    outer = credential(
        type=["VerifiableCredential", "ClrCredential"], id="urn:x:r", credentialSubject=subject
    )
    outer["@context"].insert(1, CLR[1])
    with within(3):
        report = verify(json.dumps(outer | {"proof": inner["proof"]}), fetcher=MemoryFetcher({}), now=NOW)
    assert (report.verdict, [told["cause"] for told in report.parts]) == ("invalid", ["resource-limit"])


def test_canonical_json_is_work_too():
    document = tagged("eddsa-jcs-2022")
    proof = document.pop("proof")[0]

    def checked(times):
        for _ in range(times):
            with suppress(ProofError):
                data_integrity.verify_proof(document, proof, KEY.public_key)

    rdfc.on_one_budget(lambda: checked(10))
    with pytest.raises(LimitError):
        rdfc.on_one_budget(lambda: checked(50))
