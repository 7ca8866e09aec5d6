"""The adapter for a key service as the how-to guide shows it, run against a service in memory."""

import re
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

from gradatim.engine import did
from gradatim.engine.issue import issue
from tests.engine.samples import NOW, check, credential

GUIDE = Path(__file__).resolve().parents[2] / "docs/how-to/sign-elsewhere.md"


class Service:
    def __init__(self, name):
        self.keys = {name: ec.generate_private_key(ec.SECP256R1())}

    def get_public_key(self, name):
        return (
            self.keys[name]
            .public_key()
            .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        )

    def sign(self, name, *, digest):
        return self.keys[name].sign(digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))


def test_the_adapter_of_the_guide():
    code = re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)[1]
    names = {}
    exec(code, names)
    assert len(code.splitlines()) < 50
    signer = names["ServiceSigner"](Service("issuer"), "issuer")
    issuer = did.did_key(signer.public_key)
    document = credential(issuer={"id": issuer, "type": ["Profile"], "name": "N"})
    method = f"{issuer}#{signer.public_key.to_multibase()}"
    assert check(issue(document, signer=signer, verification_method=method, created=NOW)).verdict == "valid"
