"""Thousands of credentials made by chance, through every library that issues or verifies the same forms.

`make deep` installs the JavaScript libraries beside this file; GRADATIM_PEERS says how many credentials (2,000).
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

from gradatim.engine import MemoryFetcher, derive, encoding, issue_selective, issue_token, verify
from gradatim.engine.canonical import jsonld, rdfc
from gradatim.engine.issue import issue
from gradatim.engine.keys import ED25519, P256, P384
from gradatim.engine.proof import data_integrity
from tests.conftest import SHARED
from tests.engine import test_peers
from tests.engine.canonical import oracle
from tests.engine.random_credentials import Maker
from tests.engine.samples import NOW
from tests.engine.test_peers import KEYS, OLD, OLD_CONTEXT, published

HERE = Path(__file__).parent / "peers"
COUNT = int(os.environ.get("GRADATIM_PEERS", "2000"))
WEB = "did:web:issuer.example"
INSTANT = encoding.format_datetime(NOW)
SUITES = (*test_peers.SUITES, (OLD, ED25519))
PARTS = ("/name", "/credentialSubject/achievement/name", "/credentialSubject/achievement/criteria", "/id")
DOCUMENT = {
    "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
    "id": WEB,
    "verificationMethod": [
        {
            "id": f"{WEB}#{kind}",
            "type": "Multikey",
            "controller": WEB,
            "publicKeyMultibase": key.public_key.to_multibase(),
        }
        for kind, key in KEYS.items()
    ],
    "assertionMethod": [f"{WEB}#{kind}" for kind in KEYS],
}
__all__ = ["published"]


class Peers:
    """The JavaScript libraries: a question a line, an answer a line."""

    def __init__(self):
        folders = [str(SHARED / "standards/contexts"), str(SHARED / "standards/schemas-1edtech")]
        self.process = subprocess.Popen(
            ["node", "peers.mjs", *folders],
            cwd=HERE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, verb, **question):
        self.process.stdin.write(json.dumps({"verb": verb, **question}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@pytest.fixture(scope="module")
def peers():
    found = Peers()
    yield found
    found.process.communicate(timeout=10)


def made_by_chance(kind=ED25519, suite=None, **options):
    """Seed, credential, verification method, whether it keeps our issuing rules; every third issuer is a did:web."""
    for seed in range(COUNT):
        strict = options.get("strict", seed % 2 == 0)
        did, method = (WEB, f"{WEB}#{kind}") if seed % 3 == 0 else test_peers.owner(kind)
        document = Maker(seed, did=did, **options | {"strict": strict}).credential()
        if suite == OLD:
            document["@context"] = [*document["@context"], OLD_CONTEXT]
        yield seed, document, method, strict


def check(document, **options):
    web = MemoryFetcher({"https://issuer.example/.well-known/did.json": {"body": json.dumps(DOCUMENT)}})
    return verify(document, fetcher=web, now=NOW, **options)


def signed(document, method, suite, kind, *, strict):
    """What we issue; and, of what others might, what the data model allows besides."""
    make = issue if strict else data_integrity.add_proof
    return make(document, signer=KEYS[kind], verification_method=method, created=NOW, cryptosuite=suite)


def secret(kind):
    key = KEYS[kind]
    return {"publicKeyMultibase": key.public_key.to_multibase(), "secretKeyMultibase": key.to_multibase()}


def inline(document):
    return not all(isinstance(entry, str) for entry in document["@context"])


@pytest.mark.parametrize(("suite", "kind"), SUITES)
def test_digital_bazaar_both_ways(peers, suite, kind):
    documents = {WEB: DOCUMENT}
    for seed, document, method, strict in made_by_chance(kind, suite):
        made = signed(document, method, suite, kind, strict=strict)
        assert check(made).verdict == "valid", seed
        answer = peers.ask("digitalbazaar verify", document=made, now=INSTANT, documents=documents)
        trap = "jcs" in suite and inline(document)  # it compares contexts as objects, not by what they say
        assert answer["good"] is not trap, (seed, answer)
        answer = peers.ask(
            "digitalbazaar issue",
            document=document,
            key=secret(kind),
            method=method,
            suite=suite,
            created=INSTANT,
            documents=documents,
        )
        theirs = answer.get("document", answer)
        assert check(theirs).verdict == "valid", (seed, theirs)
        if kind == ED25519:
            assert theirs["proof"]["proofValue"] == made["proof"]["proofValue"], seed


def test_digital_bazaar_shows_a_part_both_ways(peers):
    """Base proofs of both, each derived by both; every part is verified by both. Theirs knows no ordered lists."""
    documents = {WEB: DOCUMENT}
    for seed, document, method, _ in made_by_chance(P256, strict=True, ordered=False):
        document.pop("endorsement", None)  # what holds others' credentials is not shown in part
        pointers = ["/credentialSubject/id", *(one for at, one in enumerate(PARTS) if (seed >> at) & 1)]
        ours = issue_selective(
            document, signer=KEYS[P256], verification_method=method, created=NOW, mandatory=["/issuer"]
        )
        answer = peers.ask(
            "digitalbazaar issue",
            document=document,
            key=secret(P256),
            method=method,
            suite="ecdsa-sd-2023",
            created=INSTANT,
            documents=documents,
            mandatory=["/issuer", "/validFrom"],
        )
        assert "document" in answer, (seed, answer)
        for base in (ours, answer["document"]):
            theirs = peers.ask("digitalbazaar derive", document=base, documents=documents, pointers=pointers)
            for part in (derive(base, pointers=pointers), theirs.get("document", theirs)):
                taken = peers.ask("digitalbazaar verify", document=part, now=INSTANT, documents=documents)
                assert taken["good"], (seed, taken)
                report = check(part)
                named = [c for c in report.checks if c.name in {"terms", "proof", "key", "issuer"}]
                assert [c.outcome.value for c in named] == ["passed"] * 4, (seed, report.decided_by)


def test_digital_credentials_verifies_ours(peers):
    for seed, document, method, strict in made_by_chance():
        if not method.startswith(WEB):  # it fetches did:web from the network itself
            made = signed(document, method, "eddsa-rdfc-2022", ED25519, strict=strict)
            answer = peers.ask("digitalcredentials verify", document=made)
            assert answer["good"], (seed, answer)


def test_what_we_issue_keeps_the_published_schemas(peers):
    """1EdTech's JSON Schemas, by Ajv: credentials, and the endorsements and records around them."""
    for seed, document, method, _ in made_by_chance(strict=True):
        made = signed(document, method, None, ED25519, strict=True)
        about = {"id": made["id"], "type": ["EndorsementSubject"], "endorsementComment": made["name"]}
        kinds = ["VerifiableCredential", "EndorsementCredential"]
        common = {name: made[name] for name in ("@context", "name", "issuer", "validFrom")}
        endorsement = common | {"id": f"{made['id']}/e", "type": kinds, "credentialSubject": about}
        first, *others = made["@context"]
        record = common | {
            "@context": [first, "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json", *others],
            "id": f"{made['id']}/r",
            "type": ["VerifiableCredential", "ClrCredential"],
            "credentialSubject": {"id": made["id"], "type": ["ClrSubject"], "verifiableCredential": [made]},
        }
        around = (
            [endorsement] if inline(made) else [endorsement, record]
        )  # inside, only known contexts are taken
        for one in (made, *(signed(each, method, None, ED25519, strict=True) for each in around)):
            answer = peers.ask("ajv validate", document=one)
            assert answer["good"], (seed, answer)


@pytest.mark.parametrize(("algorithm", "kind"), [("EdDSA", ED25519), ("ES256", P256), ("ES384", P384)])
def test_tokens_in_jose_both_ways(peers, algorithm, kind):
    key = KEYS[kind]
    for seed, document, method, _ in made_by_chance(kind, strict=True):
        made = issue_token(document, signer=key, verification_method=method)
        public = key.public_key.to_jwk() | {"alg": algorithm}
        answer = peers.ask("jose verify", token=made, jwk=public, now=INSTANT)
        payload = answer.get("payload", answer)
        assert {name: payload.get(name) for name in document} == document, (seed, answer)
        header = {"alg": algorithm, "kid": method, "typ": "JWT"}
        answer = peers.ask("jose sign", payload=payload, header=header, jwk=key.to_jwk() | {"alg": algorithm})
        assert check(answer["token"]).verdict == "valid", (seed, answer)


def test_tokens_that_show_a_part_in_javascript(peers):
    """What @sd-jwt/core issues and shows to a reader, nested claims and entries of lists too."""
    did, method = test_peers.owner(P256)
    for seed in range(COUNT):
        made, frame = test_peers.claims_and_frame(seed, did)
        binding = {"iat": int(NOW.timestamp()), "aud": "https://reader.example", "nonce": f"n{seed}"}
        answer = peers.ask(
            "sd-jwt issue",
            claims=made,
            frame=frame,
            header={"kid": method, "typ": "dc+sd-jwt"},
            jwk=KEYS[P256].to_jwk(),
            holderJwk=test_peers.HOLDER.to_jwk(),
            binding=binding,
            hash="sha-256",
        )
        assert "token" in answer, (seed, answer)
        whole = check(answer["token"])
        assert (whole.verdict, whole.document) == ("valid", made), (seed, whole.decided_by)
        part = check(answer["part"], challenge=f"n{seed}", domain="https://reader.example")
        assert part.verdict == "valid", (seed, part.decided_by)
        assert part.document.items() <= made.items() or "address" in made, seed
        other = check(answer["part"], challenge="another", domain="https://reader.example")
        assert other.verdict != "valid", seed


@pytest.mark.parametrize(("suite", "kind"), test_peers.SUITES)
def test_openvc_both_ways(suite, kind, published):
    for seed in range(COUNT):
        test_peers.both_ways(seed, suite, kind, published)


def test_openvc_shows_a_part_both_ways(published):
    for seed in range(COUNT):
        test_peers.parts_both_ways(seed, published)


def test_openvc_tokens_that_show_a_part():
    for seed in range(COUNT):
        test_peers.disclosed(seed)


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
@pytest.mark.parametrize(("algorithm", "kind"), test_peers.ALGORITHMS)
def test_tokens_in_python_both_ways(algorithm, kind):
    for seed in range(COUNT):
        test_peers.tokens_both_ways(seed, algorithm, kind)


def test_pyld_reads_the_same():
    for seed, document, *_ in made_by_chance():
        assert rdfc.canonicalize(jsonld.to_quads(document)) == oracle.canonical(document), seed
