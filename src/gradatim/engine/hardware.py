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
from pkcs11.exceptions import (
    AttributeTypeInvalid,
    MultipleObjectsReturned,
    MultipleTokensReturned,
    NoSuchKey,
    NoSuchToken,
    PinIncorrect,
    PinLocked,
    PKCS11Error,
    SessionReadOnly,
    UserAlreadyLoggedIn,
)

from gradatim.engine.errors import KeyRefusedError
from gradatim.engine.keys import ED25519, P256, P384, PublicKey

_SPEC = "PKCS #11 v3.1, 6.3"
_CURVES = {  # kind: object identifier of the curve as DER, length of a point, the hash that is signed
    ED25519: (bytes.fromhex("06032b6570"), 32, None),
    P256: (bytes.fromhex("06082a8648ce3d030107"), 65, "sha256"),
    P384: (bytes.fromhex("06052b81040022"), 97, "sha384"),
}
_HALVES = (ObjectClass.PRIVATE_KEY, ObjectClass.PUBLIC_KEY)
_CAUSES: dict[type[Exception], str] = {
    NoSuchToken: "the module has none of that label; check the label, and that the device is plugged in",
    MultipleTokensReturned: "the module has several of that label; give each a label of its own",
    PinIncorrect: "the PIN is wrong; check it, for after a few tries the token locks itself",
    PinLocked: "it is locked after too many wrong PINs; its security officer can unlock it",
    UserAlreadyLoggedIn: "this process has it open already; go on with that session, or close it first",
    NoSuchKey: "the token shows no key pair of that label; check the label and the PIN",
    MultipleObjectsReturned: "the token has several of that label; give all but one another label, with the tool of its maker",
    AttributeTypeInvalid: "it is neither Ed25519 nor P-256 nor P-384; generate one that is",
    SessionReadOnly: "the session only reads; open one that may write",
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
        library = pkcs11.lib(str(module))
    except (PKCS11Error, RuntimeError) as error:
        why = str(error).rpartition(f"{module}: ")[2]
        raise _refused(
            f"The library {module} cannot be loaded ({why}); give the path of the PKCS #11 library of the module's maker."
        ) from None
    try:
        return library.get_token(token_label=token).open(rw=True, user_pin=pin)
    except (PKCS11Error, RuntimeError) as error:
        raise _failed(f"The token {token!r} cannot be opened", error) from None


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
            KeyRefusedError: ``key-unresolved``, when there is none, or several, or it is neither Ed25519 nor P-256 nor P-384.
        """
        try:
            private, public = (session.get_key(object_class=half, label=label) for half in _HALVES)
            curve, point = bytes(public[Attribute.EC_PARAMS]), bytes(public[Attribute.EC_POINT])
        except PKCS11Error as error:
            raise _failed(f"The key {label!r} cannot be found", error) from None
        return cls(private, _public(curve, point))

    @classmethod
    def generate(cls, session: pkcs11.Session, *, label: str, kind: str = ED25519) -> HardwareSigner:
        """A new key in the token.

        Raises:
            KeyRefusedError: ``key-unresolved``, when a key has the label already, or the token cannot make one of that kind.
            ValueError: an unknown kind.
        """
        if kind not in _CURVES:
            raise ValueError(f"no such kind of key in a token: {kind}")
        edwards = kind == ED25519
        how = Mechanism.EC_EDWARDS_KEY_PAIR_GEN if edwards else Mechanism.EC_KEY_PAIR_GEN
        curve = {Attribute.EC_PARAMS: _CURVES[kind][0]}
        try:
            for half in _HALVES:
                if [*session.get_objects({Attribute.CLASS: half, Attribute.LABEL: label})]:
                    raise _refused(
                        f"The token has a key {label!r} already; find that one, or choose another label."
                    )
            family = KeyType.EC_EDWARDS if edwards else KeyType.EC
            parameters = session.create_domain_parameters(family, curve, local=True)
            parameters.generate_keypair(mechanism=how, store=True, label=label)
        except PKCS11Error as error:
            raise _failed(f"The token makes no {kind} key", error) from None
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
            raise _failed("The token did not sign", error) from None


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
    raise _failed("The token's key cannot be used", AttributeTypeInvalid())


def _failed(what: str, error: Exception) -> KeyRefusedError:
    """What the module's own error means, and what to do."""
    name = type(error).__name__
    why = _CAUSES.get(
        type(error), f"the module answers {name}; open the token anew, or look the word up in its manual"
    )
    return _refused(f"{what}: {why}.")


def _refused(words: str) -> KeyRefusedError:
    return KeyRefusedError("key-unresolved", words, _SPEC)
