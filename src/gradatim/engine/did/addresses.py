"""Where the documents of an identifier stand.

Spec: did:web, 2.5.2.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from gradatim.engine.errors import KeyRefusedError

_WEB_PART = re.compile(r"[A-Za-z0-9._~%-]+\Z")
_WEB_HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?\Z")


def did_web_url(did: str) -> str:
    """The address of a did:web's document.

    Raises:
        KeyRefusedError: ``key-unresolved``, when the DID climbs out of its path or has empty parts.
    """
    parts = did.removeprefix("did:web:").split(":")
    if not did.startswith("did:web:") or any(not _WEB_PART.match(part) for part in parts):
        raise KeyRefusedError("key-unresolved", f"{did} is no did:web identifier.", "did:web, 2.5.2")
    host, *path = unquote(parts[0]), *parts[1:]
    if not _WEB_HOST.match(host):
        raise KeyRefusedError("key-unresolved", f"{did} names no host.", "did:web, 2.5.2")
    if any(unquote(part) in {".", ".."} or re.search(r"[/\\%]", unquote(part)) for part in path):
        raise KeyRefusedError("key-unresolved", f"{did} would climb out of its path.", "did:web, 2.5.2")
    return f"https://{host}/{'/'.join(path) if path else '.well-known'}/did.json"


def host_of(identifier: str) -> str:
    """The host, with its port if that is not the usual one, where an https or did:web identifier's documents stand; empty when there is none."""
    if identifier.startswith("did:") and not identifier.startswith("did:web:"):
        return ""
    try:
        address = did_web_url(identifier) if identifier.startswith("did:web:") else identifier
        parts = urlsplit(address)
    except (ValueError, KeyRefusedError):
        return ""
    return parts.netloc.lower().removesuffix(":443") if parts.scheme == "https" else ""
