"""Taking in: from a file's bytes to a document, whatever it came in.

Spec: Open Badges 3.0, 5 Document Formats.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from gradatim.engine import reader
from gradatim.engine.bake import sniff, unbake
from gradatim.engine.errors import InputError, ShapeError
from gradatim.engine.fetch import check_address
from gradatim.engine.model import legacy
from gradatim.engine.model.values import types_of
from gradatim.engine.proof import claims, jose, sd_jwt

ENVELOPES = frozenset({"EnvelopedVerifiableCredential", "EnvelopedVerifiablePresentation"})
_ENVELOPED = (
    "data:application/vc+jwt,",
    "data:application/vp+jwt,",
    "data:application/vc+sd-jwt,",
    "data:application/dc+sd-jwt,",
)


class Taken(NamedTuple):
    """A document, and the token around it if there was one."""

    document: dict[str, Any]
    form: str  # in words: "JSON document", "signed token"
    token: jose.Jws | None = None
    not_before: datetime | None = None
    expires: datetime | None = None
    legacy: bool = False  # data model 1.1
    edition: str | None = None  # of Open Badges, where it is older than 3.0
    disclosed: sd_jwt.Disclosed | None = None  # the whole, where claims could be left out
    link: str | None = None  # where an older badge is hosted, when a picture holds nothing else


def take(source: object, *, inside: bool = False) -> Taken:
    """Read a credential in any of its forms.

    Args:
        source: a file's bytes, a text, or a document.
        inside: whether it stands inside another one, whose reader has seen all of it.

    Raises:
        Error: what it cannot be read for; `InputError` mostly.
    """
    if isinstance(source, Mapping):
        document = dict(source) if inside else _reread(source)
        return _opened(document) or Taken(document, "document", edition=legacy.edition_of(document))
    if not isinstance(source, bytes | str):
        raise InputError("type", "A credential is an object, a signed token or the bytes of a file.")
    data = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    kind = sniff(data)
    if kind in {"png", "svg", "jpeg"}:
        data = unbake(data)
        kind = sniff(data)
        if kind in {"png", "svg", "jpeg"}:
            raise InputError(
                "image-invalid", "The picture holds another picture in the place of a credential."
            )
        if data.startswith((b"http://", b"https://")):
            return Taken({}, "picture", edition="2.0", link=_address(data))
    if kind == "jwt":
        return _token(data)
    document = reader.read_object(data)
    return _opened(document) or Taken(document, "JSON document", edition=legacy.edition_of(document))


def _opened(document: Mapping[str, Any]) -> Taken | None:
    """What is in an envelope; ``None`` when it is none (VC Data Model 2.0, 4.13.1 and 4.13.2)."""
    if ENVELOPES.isdisjoint(types_of(document)):
        return None
    address = document.get("id")
    for start in _ENVELOPED:
        if isinstance(address, str) and address.startswith(start):
            return _token(address.removeprefix(start).encode("utf-8", "surrogatepass"))
    raise ShapeError(
        "schema",
        f"The id of an envelope starts with {_ENVELOPED[0]} and goes on with a signed token.",
        "VC Data Model 2.0, 4.13.1",
    )


def _reread(source: Mapping[str, Any]) -> dict[str, Any]:
    """A document from a program, held to the limits of one from a file."""
    try:
        text = json.dumps(dict(source), allow_nan=False)
    except RecursionError:
        raise InputError("too-deep", "The document is nested too deep, or contains itself.") from None
    except (TypeError, ValueError) as error:
        raise InputError(
            "parse", f"The document holds something that is not JSON: {error}.", "RFC 8259"
        ) from None
    return reader.read_object(text.encode())


def _address(data: bytes) -> str:
    """The address that an older picture holds.

    Raises:
        InputError: ``encoding``; FetchError: ``fetch-blocked``.
    """
    try:
        link = data.strip().decode("ascii")
    except UnicodeDecodeError:
        raise InputError(
            "encoding", "The address in the picture is none.", "Open Badges 2.0, Baking"
        ) from None
    check_address(
        f"https://{link.partition('://')[2]}"
    )  # addresses that were written with http are asked by https
    return link


def _token(data: bytes) -> Taken:
    if len(data) > reader.MAX_BYTES:
        raise InputError(
            "too-large", f"The token has {len(data):,} bytes; at most {reader.MAX_BYTES:,} are read."
        )
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError:
        raise InputError(
            "encoding", "A signed token has only letters, digits, - and _.", "RFC 7515, 3.1"
        ) from None
    text = text.strip() if text.strip().count("\n") == 0 else text
    disclosed = sd_jwt.parse(text) if "~" in text else None
    jws = disclosed.token if disclosed else jose.parse(text)
    edition = legacy.edition_of(jws.payload)
    if edition:
        return Taken(dict(jws.payload), "signed token", jws, edition=edition)
    times = {name: claims.instant(jws.payload, name) for name in ("nbf", "exp")}
    plain = disclosed is not None and "@context" not in jws.payload
    document = dict(jws.payload) if plain else claims.document_of(jws)
    old = claims.is_legacy(jws.payload)
    return Taken(document, "signed token", jws, times["nbf"], times["exp"], legacy=old, disclosed=disclosed)
