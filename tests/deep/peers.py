"""Thousands of credentials made by chance, through every library that issues or verifies the same forms.

`make deep` installs the JavaScript libraries beside this file; GRADATIM_PEERS says how many credentials (2,000).
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

from gradatim.engine import MemoryFetcher, encoding, verify
from gradatim.engine.canonical import jsonld, rdfc
from gradatim.engine.proof import data_integrity
from tests.conftest import SHARED
from tests.engine import test_peers
from tests.engine.canonical import oracle
from tests.engine.random_credentials import Maker
from tests.engine.samples import DID, KEY, METHOD, NOW

HERE = Path(__file__).parent / "peers"
COUNT = int(os.environ.get("GRADATIM_PEERS", "2000"))
WEB = "did:web:issuer.example"
PUBLIC = KEY.public_key.to_multibase()
SECRET = encoding.multibase_encode(b"\x80\x26" + bytes(range(32)))
DOCUMENT = {
    "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
    "id": WEB,
    "verificationMethod": [
        {"id": f"{WEB}#key-1", "type": "Multikey", "controller": WEB, "publicKeyMultibase": PUBLIC}
    ],
    "assertionMethod": [f"{WEB}#key-1"],
}
published = test_peers.published


class Peers:
    """The JavaScript libraries: a question a line, an answer a line."""

    def __init__(self):
        command = ["node", "peers.mjs", str(SHARED / "standards/contexts")]
        self.process = subprocess.Popen(
            command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
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


def made_by_chance():
    """Seed, credential, verification method; every third issuer is a did:web."""
    for seed in range(COUNT):
        web = seed % 3 == 0
        did, method = (WEB, f"{WEB}#key-1") if web else (DID, METHOD)
        yield seed, Maker(seed, did=did).credential(), method


def check(document):
    web = MemoryFetcher({"https://issuer.example/.well-known/did.json": {"body": json.dumps(DOCUMENT)}})
    return verify(document, fetcher=web, now=NOW)


def signed(document, method, suite):
    return data_integrity.add_proof(
        document, signer=KEY, verification_method=method, created=NOW, cryptosuite=suite
    )


def inline(document):
    return not all(isinstance(entry, str) for entry in document["@context"])


@pytest.mark.parametrize("suite", test_peers.SUITES)
def test_digital_bazaar_both_ways(peers, suite):
    options = {"documents": {WEB: DOCUMENT}}
    now = encoding.format_datetime(NOW)
    for seed, document, method in made_by_chance():
        made = signed(document, method, suite)
        assert check(made).verdict == "valid", seed
        answer = peers.ask("digitalbazaar verify", document=made, now=now, **options)
        trap = suite == "eddsa-jcs-2022" and inline(
            document
        )  # it compares contexts as objects, not by what they say
        assert answer["good"] is not trap, (seed, answer)
        key = {"publicKeyMultibase": PUBLIC, "secretKeyMultibase": SECRET}
        answer = peers.ask(
            "digitalbazaar issue",
            document=document,
            key=key,
            method=method,
            suite=suite,
            created=now,
            **options,
        )
        theirs = answer.get("document", answer)
        assert check(theirs).verdict == "valid", (seed, theirs)
        assert theirs["proof"]["proofValue"] == made["proof"]["proofValue"], seed


def test_digital_credentials_verifies_ours(peers):
    for seed, document, method in made_by_chance():
        if method == METHOD:  # it fetches did:web from the network itself
            answer = peers.ask(
                "digitalcredentials verify", document=signed(document, method, "eddsa-rdfc-2022")
            )
            assert answer["good"], (seed, answer)


@pytest.mark.parametrize("suite", test_peers.SUITES)
def test_openvc_both_ways(suite, published):
    for seed in range(COUNT):
        test_peers.both_ways(Maker(seed, plain=True).credential(), suite, published)


def test_pyld_reads_the_same():
    for seed, document, _ in made_by_chance():
        assert rdfc.canonicalize(jsonld.to_quads(document)) == oracle.canonical(document), seed
