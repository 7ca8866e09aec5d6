"""Keys in a hardware module (PKCS #11): they sign there and never leave it.

Spec: PKCS #11 v3.1, 6.3 (elliptic curves); needs the extra ``pkcs11``.

    session = open_token(Path("/usr/lib/softhsm/libsofthsm2.so"), token="gradatim", pin=pin)
    signer = HardwareSigner.find(session, label="issuer-2026")
    issue(credential, signer=signer, verification_method=…, created=…)

A key service in a cloud fits the same way: a class with the two members of `keys.Signer`. See `docs/how-to/sign-elsewhere.md`.
"""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import Any

import pkcs11
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass
from pkcs11.exceptions import PKCS11Error

from gradatim.engine.errors import KeyRefusedError
from gradatim.engine.keys import ED25519, P256, P384, PublicKey

_SPEC = "PKCS #11 v3.1, 6.3"
_CURVES = {  # kind: object identifier of the curve as DER, length of a point, the hash that is signed
    ED25519: (bytes.fromhex("06032b6570"), 32, None),
    P256: (bytes.fromhex("06082a8648ce3d030107"), 65, "sha256"),
    P384: (bytes.fromhex("06052b81040022"), 97, "sha384"),
}


def open_token(module: Path, *, token: str, pin: str) -> pkcs11.Session:
    """A session with a token; keep it open as long as its keys are used.

    Args:
        module: the library of the module's maker.
        token: the token's label.
        pin: of the user.

    Raises:
        KeyRefusedError: ``key-unresolved``, when the library, the token or the PIN is not right.
    """
    try:
        return pkcs11.lib(str(module)).get_token(token_label=token).open(rw=True, user_pin=pin)
    except (PKCS11Error, RuntimeError) as error:
        raise _refused(f"The token {token!r} cannot be opened ({type(error).__name__}).") from None


class HardwareSigner:
    """A key in a token; a `keys.Signer`.

    Attributes:
        public_key: the public half.
    """

    def __init__(self, private: Any, public_key: PublicKey) -> None:  # noqa: ANN401 - the module's key object
        self.public_key = public_key
        self._private = private
        self._lock = threading.Lock()  # a session does one thing at a time

    @classmethod
    def find(cls, session: pkcs11.Session, *, label: str) -> HardwareSigner:
        """The key with a label.

        Raises:
            KeyRefusedError: ``key-unresolved``, when there is none, or it is neither Ed25519 nor P-256 nor P-384.
        """
        try:
            private = session.get_key(object_class=ObjectClass.PRIVATE_KEY, label=label)
            public = session.get_key(object_class=ObjectClass.PUBLIC_KEY, label=label)
            curve, point = bytes(public[Attribute.EC_PARAMS]), bytes(public[Attribute.EC_POINT])
        except PKCS11Error as error:
            raise _refused(f"The token has no key {label!r} ({type(error).__name__}).") from None
        return cls(private, _public(curve, point))

    @classmethod
    def generate(cls, session: pkcs11.Session, *, label: str, kind: str = ED25519) -> HardwareSigner:
        """A new key in the token.

        Raises:
            KeyRefusedError: ``key-unresolved``, when the token cannot make one of that kind.
            ValueError: an unknown kind.
        """
        if kind not in _CURVES:
            raise ValueError(f"no such kind of key in a token: {kind}")
        edwards = kind == ED25519
        how = Mechanism.EC_EDWARDS_KEY_PAIR_GEN if edwards else Mechanism.EC_KEY_PAIR_GEN
        curve = {Attribute.EC_PARAMS: _CURVES[kind][0]}
        try:
            family = KeyType.EC_EDWARDS if edwards else KeyType.EC
            parameters = session.create_domain_parameters(family, curve, local=True)
            parameters.generate_keypair(mechanism=how, store=True, label=label)
        except PKCS11Error as error:
            raise _refused(f"The token makes no {kind} key ({type(error).__name__}).") from None
        return cls.find(session, label=label)

    def sign(self, data: bytes) -> bytes:
        """The raw signature over the data, made in the token.

        Raises:
            KeyRefusedError: ``key-unresolved``, when the token does not answer.
        """
        name = _CURVES[self.public_key.kind][2]
        what = data if name is None else hashlib.new(name, data).digest()
        how = Mechanism.EDDSA if name is None else Mechanism.ECDSA
        try:
            with self._lock:
                return bytes(self._private.sign(what, mechanism=how))
        except PKCS11Error as error:
            raise _refused(f"The token did not sign ({type(error).__name__}).") from None


def _public(curve: bytes, point: bytes) -> PublicKey:
    """The public key of a token's EC_PARAMS and EC_POINT (some write the point plainly, most as a DER octet string)."""
    for kind, (name, size, _) in _CURVES.items():
        if curve != name or len(point) not in {size, size + 2}:
            continue
        raw = point[-size:]
        if kind == ED25519:
            return PublicKey(kind, raw)
        half = (size - 1) // 2
        return PublicKey(kind, bytes([2 + (raw[-1] & 1)]) + raw[1 : 1 + half])
    raise _refused("The token's key is neither Ed25519 nor P-256 nor P-384.")


def _refused(words: str) -> KeyRefusedError:
    return KeyRefusedError("key-unresolved", words, _SPEC)
