"""Keys: Ed25519, P-256, P-384 and RSA, as Multikey and JWK; signatures checked strictly.

Spec: Controlled Identifiers 1.0, 2.2.2 Multikey and 2.2.3 JsonWebKey; RFC 8032; FIPS 186-5; RFC 7518, 3.

A signer is anything with the two members of `Signer`: a key in a hardware module or at a cloud service fits in a class
of a few lines whose `sign` sends the bytes there and returns the raw signature.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol

import nacl.bindings
import nacl.exceptions
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from gradatim.engine import encoding
from gradatim.engine.errors import Error, KeyRefusedError

ED25519, P256, P384, RSA = "Ed25519", "P-256", "P-384", "RSA"
RSA_BITS = 2048  # the least; also the size of new keys
MAX_RSA_BITS = 8192  # of a key: each check costs by their square
MAX_EXPONENT_BITS = 256  # of an RSA key

_PUBLIC = {ED25519: b"\xed\x01", P256: b"\x80\x24", P384: b"\x81\x24"}
_SECRET = {ED25519: b"\x80\x26", P256: b"\x86\x26", P384: b"\x87\x26"}
_CURVES: dict[str, tuple[ec.EllipticCurve, hashes.HashAlgorithm, int]] = {
    P256: (ec.SECP256R1(), hashes.SHA256(), 32),
    P384: (ec.SECP384R1(), hashes.SHA384(), 48),
}
_MULTIKEY = "Controlled Identifiers 1.0, 2.2.2"
_ASK = "ask whoever publishes it to put it right."
_KINDS = "ask its owner for an Ed25519, P-256, P-384 or RSA key."
_USUAL = 100  # characters of a key that is remembered
_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_TOP = _L >> 248  # its highest byte
_SMALL_Y = frozenset(
    {
        0,
        1,
        _P - 1,
        0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
        _P - 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
    }
)
"""The y coordinates of the eight points of small order: under such a key one signature fits many texts."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key.

    Attributes:
        kind: ``"Ed25519"``, ``"P-256"``, ``"P-384"`` or ``"RSA"``.
        raw: 32 bytes (Ed25519), the compressed point (P-256, P-384), or DER SubjectPublicKeyInfo (RSA).
    """

    kind: str
    raw: bytes

    @classmethod
    def from_multibase(cls, text: object) -> PublicKey:
        """From a Multikey's ``publicKeyMultibase``.

        Raises:
            KeyRefusedError: ``key-unresolved`` when it cannot be read, ``key-too-weak`` for a point of small order.
        """
        return _read_again(text) if isinstance(text, str) and len(text) <= _USUAL else _read(text)

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, Any]) -> PublicKey:
        """From a public JWK (OKP Ed25519, EC P-256 and P-384, RSA).

        Raises:
            KeyRefusedError: ``key-unresolved``, ``key-too-weak``.
        """
        try:
            if jwk.get("kty") == "OKP" and jwk.get("crv") == "Ed25519":
                return cls(ED25519, _checked(ED25519, encoding.base64url_decode(jwk["x"])))
            if jwk.get("kty") == "EC" and jwk.get("crv") in _CURVES:
                curve, _, size = _CURVES[jwk["crv"]]
                x, y = (encoding.base64url_decode(jwk[name]) for name in ("x", "y"))
                if len(x) != size or len(y) != size:
                    raise ValueError("size")
                point = ec.EllipticCurvePublicKey.from_encoded_point(curve, b"\x04" + x + y)
                return cls(jwk["crv"], _compressed(point))
            if jwk.get("kty") == "RSA":
                n, e = (int.from_bytes(encoding.base64url_decode(jwk[name]), "big") for name in ("n", "e"))
                return cls(RSA, _rsa(n, e))
        except (KeyError, ValueError, TypeError, AttributeError, Error) as error:
            if isinstance(error, KeyRefusedError):
                raise
            raise _unread(f"The JWK is damaged; {_ASK}", "RFC 7517, 4") from None
        raise _unread(f"The JWK is of a kind this program does not know; {_KINDS}", "RFC 7517, 4.1")

    @classmethod
    def from_pem(cls, data: bytes) -> PublicKey:
        """From a PEM SubjectPublicKeyInfo, as Open Badges 1 and 2 publish keys.

        Raises:
            KeyRefusedError: ``key-unresolved``, ``key-too-weak``.
        """
        try:
            key = serialization.load_pem_public_key(data)
        except (ValueError, UnsupportedAlgorithm):
            raise _unread(f"This is no public key in PEM; {_ASK}", "RFC 7468, 13") from None
        if isinstance(key, rsa.RSAPublicKey):
            numbers = key.public_numbers()
            return cls(RSA, _rsa(numbers.n, numbers.e))
        if isinstance(key, ed25519.Ed25519PublicKey):
            return cls(ED25519, _checked(ED25519, key.public_bytes_raw()))
        for kind, (curve, _, _) in _CURVES.items():
            if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == curve.name:
                return cls(kind, _compressed(key))
        raise _unread(f"The key is of a kind this program does not know; {_KINDS}", "RFC 7468, 13")

    def to_multibase(self) -> str:
        """As ``publicKeyMultibase`` (not for RSA)."""
        return encoding.multibase_encode(_PUBLIC[self.kind] + self.raw)

    def to_jwk(self) -> dict[str, str]:
        """As a public JWK."""
        if self.kind == ED25519:
            return {"kty": "OKP", "crv": "Ed25519", "x": encoding.base64url_encode(self.raw)}
        if self.kind == RSA:
            numbers = opened(self).public_numbers()
            parts = {"n": numbers.n, "e": numbers.e}
            return {"kty": "RSA"} | {
                name: encoding.base64url_encode(value.to_bytes((value.bit_length() + 7) // 8, "big"))
                for name, value in parts.items()
            }
        point = opened(self).public_numbers()
        size = _CURVES[self.kind][2]
        x, y = (encoding.base64url_encode(value.to_bytes(size, "big")) for value in (point.x, point.y))
        return {"kty": "EC", "crv": self.kind, "x": x, "y": y}

    def verify(self, signature: bytes, data: bytes) -> bool:
        """Whether the signature is this key's over the data.

        Ed25519: 64 bytes, S below the group order. ECDSA: r and s side by side, both between 1 and n - 1. RSA: PKCS #1 v1.5
        with SHA-256.
        """
        if self.kind == ED25519:
            return _verify_ed25519(self.raw, signature, data)
        if self.kind == RSA:
            return _verified(
                lambda: opened(self).verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
            )
        _, algorithm, size = _CURVES[self.kind]
        if len(signature) != 2 * size:
            return False
        r, s = int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big")
        if not r or not s:
            return False
        return _verified(lambda: opened(self).verify(encode_dss_signature(r, s), data, ec.ECDSA(algorithm)))


@lru_cache(maxsize=256)
def opened(key: PublicKey) -> Any:  # noqa: ANN401 - an elliptic curve or RSA public key
    """A P-256, P-384 or RSA key as the library has it."""
    if key.kind == RSA:
        return serialization.load_der_public_key(key.raw)
    return ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[key.kind][0], key.raw)


def _unread(words: str, spec: str) -> KeyRefusedError:
    return KeyRefusedError("key-unresolved", words, spec)


def _read(text: object) -> PublicKey:
    try:
        data = encoding.multibase_decode(text if isinstance(text, str) else "")
    except Error:
        raise _unread(f"{text!r} is no multibase key; {_ASK}", _MULTIKEY) from None
    for kind, prefix in _PUBLIC.items():
        if data.startswith(prefix):
            return PublicKey(kind, _checked(kind, data[2:]))
    raise _unread(f"The key is of a kind this program does not know; {_KINDS}", _MULTIKEY)


_read_again = lru_cache(maxsize=1024)(_read)  # an issuer's key is met with each of its credentials


def _checked(kind: str, raw: bytes) -> bytes:
    if kind == ED25519:
        y = int.from_bytes(raw, "little") & (2**255 - 1)
        if len(raw) != 32 or y >= _P:  # noqa: PLR2004 - RFC 8032: 32 bytes
            raise _unread(f"This is no Ed25519 key; {_ASK}", "RFC 8032, 5.1.3")
        if y in _SMALL_Y:
            raise KeyRefusedError(
                "key-too-weak",
                "The key is a point of small order: one signature would fit many texts.",
                "RFC 8032, 5.1.7",
            )
        return raw
    try:
        if len(raw) != 1 + _CURVES[kind][2]:
            raise ValueError("not compressed")
        return _compressed(ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[kind][0], raw))
    except ValueError:
        raise _unread(f"This is no {kind} key; {_ASK}", _MULTIKEY) from None


def _compressed(point: ec.EllipticCurvePublicKey) -> bytes:
    return point.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)


def _rsa(n: int, e: int) -> bytes:
    if n.bit_length() < RSA_BITS or e < 3 or not e % 2:  # noqa: PLR2004 - an exponent of 1 signs nothing
        words = f"An RSA key needs {RSA_BITS} bits or more and an odd exponent of 3 or more."
        raise KeyRefusedError("key-too-weak", words, "RFC 7518, 3.3")
    if n.bit_length() > MAX_RSA_BITS or e.bit_length() > MAX_EXPONENT_BITS:
        raise _unread(f"The RSA key is larger than any in use; {_ASK}", "FIPS 186-5, A.1.1")
    key = rsa.RSAPublicNumbers(e, n).public_key()
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _verify_ed25519(raw: bytes, signature: bytes, data: bytes) -> bool:
    if len(signature) != 64:  # noqa: PLR2004 - RFC 8032, 5.1.7
        return False
    if signature[63] >= _TOP and int.from_bytes(signature[32:], "little") >= _L:
        return False
    try:
        nacl.bindings.crypto_sign_open(signature + data, raw)
    except (nacl.exceptions.BadSignatureError, ValueError):
        return False
    return True


def _verified(check: Any) -> bool:  # noqa: ANN401 - a call that raises
    try:
        check()
    except InvalidSignature:
        return False
    return True


class Signer(Protocol):
    """What signs: a key in this process, in a hardware module, or at a service."""

    @property
    def public_key(self) -> PublicKey:
        """The public half."""

    def sign(self, data: bytes) -> bytes:
        """The raw signature over the data, as `PublicKey.verify` takes it."""


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A secret key in this process; a `Signer`.

    Attributes:
        kind: as `PublicKey.kind`.
        secret: the seed (Ed25519), the scalar (P-256, P-384), or DER PKCS #8 (RSA).
    """

    kind: str
    secret: bytes = field(repr=False)
    _pair: tuple[PublicKey, Any] | None = field(init=False, repr=False, compare=False, default=None)

    @classmethod
    def generate(cls, kind: str = ED25519) -> PrivateKey:
        """A new key from the system's randomness.

        Raises:
            ValueError: an unknown kind.
        """
        if kind == ED25519:
            return cls(kind, ed25519.Ed25519PrivateKey.generate().private_bytes_raw())
        if kind in _CURVES:
            value = ec.generate_private_key(_CURVES[kind][0]).private_numbers().private_value
            return cls(kind, value.to_bytes(_CURVES[kind][2], "big"))
        if kind == RSA:
            return cls(kind, _pkcs8(rsa.generate_private_key(65537, RSA_BITS)))
        raise ValueError(f"no such kind of key: {kind}")

    @classmethod
    def from_multibase(cls, text: str) -> PrivateKey:
        """From a Multikey's ``secretKeyMultibase``.

        Raises:
            KeyRefusedError: ``key-unresolved``.
        """
        try:
            data = encoding.multibase_decode(text)
        except Error:
            data = b""
        for kind, prefix in _SECRET.items():
            if data.startswith(prefix) and len(data) == 2 + (32 if kind == ED25519 else _CURVES[kind][2]):
                return _whole(cls(kind, data[2:]))
        raise _unread("This is no secret Multikey of Ed25519, P-256 or P-384; give a whole one.", _MULTIKEY)

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, Any]) -> PrivateKey:
        """From a private JWK.

        Raises:
            KeyRefusedError: ``key-unresolved``.
        """
        public = PublicKey.from_jwk(jwk)
        try:
            numbers = {
                name: int.from_bytes(encoding.base64url_decode(jwk[name]), "big")
                for name in ("d", "p", "q", "dp", "dq", "qi")
                if name in jwk
            }
            if public.kind != RSA:
                return _whole(cls(public.kind, encoding.base64url_decode(jwk["d"])), public)
            half = opened(public).public_numbers()
            key = rsa.RSAPrivateNumbers(
                numbers["p"], numbers["q"], numbers["d"], numbers["dp"], numbers["dq"], numbers["qi"], half
            )
            return cls(RSA, _pkcs8(key.private_key()))
        except (KeyError, ValueError, TypeError, Error):
            raise _unread("The JWK holds no whole secret key; give all of it.", "RFC 7517, 9.3") from None

    def to_multibase(self) -> str:
        """As ``secretKeyMultibase`` (not for RSA)."""
        return encoding.multibase_encode(_SECRET[self.kind] + self.secret)

    def to_jwk(self) -> dict[str, str]:
        """As a private JWK."""
        jwk = self.public_key.to_jwk()
        if self.kind != RSA:
            return jwk | {"d": encoding.base64url_encode(self.secret)}
        numbers = (self._pair or self._worked_out())[1].private_numbers()
        parts = {
            "d": numbers.d,
            "p": numbers.p,
            "q": numbers.q,
            "dp": numbers.dmp1,
            "dq": numbers.dmq1,
            "qi": numbers.iqmp,
        }
        return jwk | {
            name: encoding.base64url_encode(v.to_bytes((v.bit_length() + 7) // 8, "big"))
            for name, v in parts.items()
        }

    @property
    def public_key(self) -> PublicKey:
        """The public half."""
        return (self._pair or self._worked_out())[0]

    def sign(self, data: bytes) -> bytes:
        """The raw signature; the same every time for Ed25519, P-256 and P-384 (RFC 6979)."""
        key = (self._pair or self._worked_out())[1]
        if self.kind == ED25519:
            return nacl.bindings.crypto_sign(data, key)[:64]
        if self.kind == RSA:
            return bytes(key.sign(data, padding.PKCS1v15(), hashes.SHA256()))
        _, algorithm, size = _CURVES[self.kind]
        r, s = decode_dss_signature(key.sign(data, ec.ECDSA(algorithm, deterministic_signing=True)))
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")

    def _worked_out(self) -> tuple[PublicKey, Any]:
        """The public half and what the library signs with, kept from the first use on: checking an RSA key takes 50 ms.

        Raises:
            ValueError: there is no such key.
        """
        pair: tuple[PublicKey, Any]
        if self.kind == ED25519:
            raw, expanded = nacl.bindings.crypto_sign_seed_keypair(self.secret)
            pair = PublicKey(ED25519, raw), expanded
        elif self.kind == RSA:
            key: Any = serialization.load_der_private_key(self.secret, None)
            numbers = key.public_key().public_numbers()
            pair = PublicKey(RSA, _rsa(numbers.n, numbers.e)), key
        else:
            scalar = ec.derive_private_key(int.from_bytes(self.secret, "big"), _CURVES[self.kind][0])
            pair = PublicKey(self.kind, _compressed(scalar.public_key())), scalar
        object.__setattr__(self, "_pair", pair)
        return pair


def _whole(key: PrivateKey, public: PublicKey | None = None) -> PrivateKey:
    """The key, if it has a public half, and that half is the one that stands beside it."""
    try:
        half = key.public_key
    except ValueError:
        half = None
    if half is None or half != (public or half):
        raise _unread("The secret key does not fit its public half; give both of one pair.", "RFC 7517, 9.3")
    return key


def _pkcs8(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
