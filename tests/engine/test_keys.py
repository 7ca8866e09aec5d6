"""Keys: forms and back, and signatures that only a careless program accepts."""

import hashlib

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st

from gradatim.engine import encoding, keys
from gradatim.engine.errors import KeyRefusedError
from gradatim.engine.keys import PrivateKey, PublicKey

KINDS = [keys.ED25519, keys.P256, keys.P384, keys.RSA]
MADE = {kind: PrivateKey.generate(kind) for kind in KINDS}
L = 2**252 + 27742317777372353535851937790883648493
P = 2**255 - 19
SMALL = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7


@pytest.mark.parametrize("kind", KINDS)
def test_forms_come_back(kind):
    key = MADE[kind]
    assert PrivateKey.from_jwk(key.to_jwk()).public_key == key.public_key
    assert PublicKey.from_jwk(key.public_key.to_jwk()) == key.public_key
    assert "d" not in key.public_key.to_jwk()
    if kind != keys.RSA:
        assert PrivateKey.from_multibase(key.to_multibase()) == key
        assert PublicKey.from_multibase(key.public_key.to_multibase()) == key.public_key


@pytest.mark.parametrize("kind", KINDS)
def test_signatures(kind):
    key = MADE[kind]
    signature = key.sign(b"data")
    assert signature == key.sign(b"data")
    assert key.public_key.verify(signature, b"data")
    assert not key.public_key.verify(signature, b"Data")
    assert not PrivateKey.generate(kind).public_key.verify(signature, b"data")
    for other in (b"", signature[:-1], signature + b"\0", bytes(len(signature)), b"\xff" * len(signature)):
        assert not key.public_key.verify(other, b"data")


@given(st.integers(0, 63), st.integers(1, 255), st.sampled_from(KINDS[:3]))
def test_no_changed_byte_of_a_signature_passes(place, change, kind):
    signature = bytearray(MADE[kind].sign(b"data"))
    signature[place] ^= change
    assert not MADE[kind].public_key.verify(bytes(signature), b"data")


def test_s_below_the_group_order():
    """Ed25519: S + L is the same point and must not be a second signature (RFC 8032, 5.1.7)."""
    signature = MADE[keys.ED25519].sign(b"data")
    s = int.from_bytes(signature[32:], "little") + L
    assert not MADE[keys.ED25519].public_key.verify(signature[:32] + s.to_bytes(32, "little"), b"data")


@pytest.mark.parametrize("kind", [keys.P256, keys.P384])
def test_r_and_s_between_1_and_the_order(kind):
    signature = MADE[kind].sign(b"data")
    half = len(signature) // 2
    for r, s in (
        (bytes(half), bytes(half)),
        (bytes(half), signature[half:]),
        (signature[:half], bytes(half)),
    ):
        assert not MADE[kind].public_key.verify(r + s, b"data")


@pytest.mark.parametrize("sign", [0, 1 << 255])
@pytest.mark.parametrize("y", [0, 1, P - 1, SMALL, P - SMALL], ids=["0", "1", "-1", "order-8", "order-8-"])
def test_points_of_small_order_are_no_keys(y, sign):
    raw = (y | sign).to_bytes(32, "little")
    for make in (
        lambda: PublicKey.from_multibase(encoding.multibase_encode(b"\xed\x01" + raw)),
        lambda: PublicKey.from_jwk({"kty": "OKP", "crv": "Ed25519", "x": encoding.base64url_encode(raw)}),
    ):
        with pytest.raises(KeyRefusedError) as refused:
            make()
        assert refused.value.code == "key-too-weak"


@pytest.mark.parametrize("y", [P, P + 1, 2**255 - 1])
def test_points_written_in_a_second_way_are_no_keys(y):
    with pytest.raises(KeyRefusedError) as refused:
        PublicKey.from_multibase(encoding.multibase_encode(b"\xed\x01" + y.to_bytes(32, "little")))
    assert refused.value.code == "key-unresolved"


@pytest.mark.parametrize(
    ("bits", "exponent"), [(1024, 65537), (2047, 65537), (2048, 1), (2048, 2), (2048, 65536)]
)
def test_weak_rsa_keys(bits, exponent):
    n = int.from_bytes(hashlib.shake_256(b"n").digest(bits // 8 + 1), "big") >> (8 - bits % 8) % 8
    n = n % 2 ** (bits - 1) | 2 ** (bits - 1) | 1
    numbers = {"n": n, "e": exponent}
    jwk = {
        k: encoding.base64url_encode(v.to_bytes((v.bit_length() + 7) // 8, "big")) for k, v in numbers.items()
    }
    with pytest.raises(KeyRefusedError) as weak:
        PublicKey.from_jwk({"kty": "RSA", **jwk})
    assert weak.value.code == "key-too-weak"


@pytest.mark.parametrize(
    ("bits", "of_exponent", "read"),
    [
        (8192, 17, True),
        (3072, 256, True),
        (8200, 17, False),
        (2**20, 17, False),
        (3072, 257, False),
        (3072, 3072, False),
    ],
)
def test_rsa_keys_that_would_take_too_long(bits, of_exponent, read):
    n, e = (
        encoding.base64url_encode((2**size - 1).to_bytes((size + 7) // 8, "big"))
        for size in (bits, of_exponent)
    )
    jwk = {"kty": "RSA", "n": n, "e": e}
    if read:
        assert not PublicKey.from_jwk(jwk).verify(bytes(bits // 8), b"data")
        return
    with pytest.raises(KeyRefusedError) as refused:
        PublicKey.from_jwk(jwk)
    assert refused.value.code == "key-unresolved"


@pytest.mark.parametrize(
    "jwk",
    [
        {}, {"kty": "oct", "k": "AA"}, {"kty": "OKP", "crv": "X25519", "x": "AA"}, {"kty": "OKP", "crv": "Ed25519"},
        {"kty": "OKP", "crv": "Ed25519", "x": 5}, {"kty": "OKP", "crv": "Ed25519", "x": "AA"},
        {"kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA"}, {"kty": "EC", "crv": ["P-256"], "x": "AA", "y": "AA"},
        {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43}, {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": "RSA", "n": "AQAB"}, {"kty": ["RSA"]},
    ],
)  # fmt: skip
def test_jwks_that_are_none(jwk):
    with pytest.raises(KeyRefusedError) as refused:
        PublicKey.from_jwk(jwk)
    assert refused.value.code == "key-unresolved"


@pytest.mark.parametrize("text", [None, 5, "", "z", "z6Mk", "uAAAA", "z" + "1" * 2000, "did:key:z6Mk"])
def test_multikeys_that_are_none(text):
    with pytest.raises(KeyRefusedError) as refused:
        PublicKey.from_multibase(text)
    assert refused.value.code == "key-unresolved"


SEED = encoding.base64url_encode(bytes(32))
OKP = MADE[keys.ED25519].to_jwk()


@pytest.mark.parametrize(
    "make",
    [
        lambda: PrivateKey.from_multibase("z"),
        lambda: PrivateKey.from_multibase(MADE[keys.ED25519].public_key.to_multibase()),
        lambda: PrivateKey.from_multibase(encoding.multibase_encode(b"\x86\x26" + bytes(32))),
        lambda: PrivateKey.from_multibase(encoding.multibase_encode(b"\x86\x26" + b"\xff" * 32)),
        lambda: PrivateKey.from_jwk(MADE[keys.ED25519].public_key.to_jwk()),
        lambda: PrivateKey.from_jwk(OKP | {"d": "AAAA"}),
        lambda: PrivateKey.from_jwk(OKP | {"d": SEED}),
        lambda: PrivateKey.from_jwk(OKP | {"d": 5}),
        lambda: PrivateKey.from_jwk(MADE[keys.P256].to_jwk() | {"d": SEED}),
        lambda: PrivateKey.from_jwk(MADE[keys.RSA].to_jwk() | {"p": "AQ"}),
    ],
    ids=[
        "cut",
        "public",
        "zero",
        "past-the-order",
        "no-d",
        "short-d",
        "other-d",
        "number-d",
        "zero-d",
        "wrong-p",
    ],
)
def test_secret_keys_that_are_none(make):
    with pytest.raises(KeyRefusedError) as refused:
        make()
    assert refused.value.code == "key-unresolved"


def test_an_unknown_kind_is_a_bug_of_the_caller():
    with pytest.raises(ValueError, match="kind"):
        PrivateKey.generate("DSA")


def test_rsa_keys_are_of_the_stated_size():
    assert isinstance(keys.opened(MADE[keys.RSA].public_key), rsa.RSAPublicKey)
    assert keys.opened(MADE[keys.RSA].public_key).key_size == keys.RSA_BITS


@pytest.mark.parametrize("kind", MADE)
def test_a_key_is_opened_once(kind, monkeypatch):
    """To open one is slow, most of all with RSA: fifty milliseconds for a signature that takes one."""
    key = PrivateKey(kind, MADE[kind].secret)
    half = key.public_key
    monkeypatch.setattr(PrivateKey, "_worked_out", None)
    assert half.verify(key.sign(b"again"), b"again")
    assert key.public_key is half


def test_public_keys_in_pem():
    for kind in (keys.ED25519, keys.P256, keys.P384, keys.RSA):
        public = keys.PrivateKey.generate(kind).public_key
        assert keys.PublicKey.from_pem(pem_of(public)) == public


def pem_of(public):
    if public.kind == keys.RSA:
        key = serialization.load_der_public_key(public.raw)
    elif public.kind == keys.ED25519:
        key = ed25519.Ed25519PublicKey.from_public_bytes(public.raw)
    else:
        curve = ec.SECP256R1() if public.kind == keys.P256 else ec.SECP384R1()
        key = ec.EllipticCurvePublicKey.from_encoded_point(curve, public.raw)
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def test_pem_that_is_no_key_of_ours():
    other = ec.generate_private_key(ec.SECP521R1()).public_key()
    text = other.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    for data in (b"", b"x", text):
        with pytest.raises(KeyRefusedError):
            keys.PublicKey.from_pem(data)
