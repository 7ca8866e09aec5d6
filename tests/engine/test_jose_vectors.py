"""The interoperability tokens of others, under the keys that are published with them."""

import json

import pytest

from gradatim.engine.errors import InputError, KeyRefusedError, ProofError
from gradatim.engine.keys import PrivateKey, PublicKey
from gradatim.engine.proof import claims, jose
from tests.conftest import SHARED

FOLDER = SHARED / "standards/vectors/vc-jwt-jws"
TOKENS = sorted(
    path for path in FOLDER.glob("implementations/*/*-jwt.json") if path.stat().st_size
)  # three programs' files for P-384 are empty as published
KEYS = {path.stem: json.loads(path.read_text()) for path in FOLDER.glob("keys/*.json")}


@pytest.mark.shared
def test_there_are_tokens_of_every_kind():
    assert len(TOKENS) == 56
    assert sorted(KEYS) == [
        "key-0-ed25519", "key-1-secp256k1", "key-2-secp256r1", "key-3-secp384r1", "key-4-rsa2048",
    ]  # fmt: skip


@pytest.mark.shared
def test_a_curve_that_is_not_known():
    with pytest.raises(KeyRefusedError):
        PublicKey.from_jwk(KEYS["key-1-secp256k1"]["publicKeyJwk"])


@pytest.mark.shared
@pytest.mark.parametrize("path", TOKENS, ids=lambda path: f"{path.parent.name}/{path.name.split('.')[0]}")
def test_token(path):
    token = jose.parse(json.loads(path.read_text())["jwt"])
    name = path.name.split("--")[1].split(".")[0]
    stated = KEYS[name]
    assert token.header["kid"] == stated["id"]
    if token.header["alg"] in {"ES256K", "PS256"}:  # not among the algorithms that are taken
        with pytest.raises(ProofError) as unknown:
            jose.check_header(token.header)
        assert unknown.value.code == "proof-unsupported"
        return
    jose.check_header(token.header)
    key = PublicKey.from_jwk(stated["publicKeyJwk"])
    assert PrivateKey.from_jwk(stated["privateKeyJwk"]).public_key == key
    jose.verify(token, key)
    document = claims.document_of(token)
    leap = document.get("issuanceDate") == "2016-12-31T23:59:60Z"  # a second that XML Schema does not have
    if leap and token.payload.get("nbf") is not None:
        with pytest.raises(InputError):
            claims.check_claims(token, document)
    else:
        claims.check_claims(token, document)
    with pytest.raises(ProofError):
        jose.verify(jose.Jws(token.header, token.payload, token.signed + b"x", token.signature), key)
