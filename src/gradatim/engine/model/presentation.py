"""What a presentation has to look like: credentials that a holder shows together.

Spec: VC Data Model 2.0, 4.13 Verifiable Presentations; VC Data Model 1.1, 4.10.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gradatim.engine.model.values import Report, is_instant, is_uri, listed, types_of

TIMES = (
    "validFrom",
    "validUntil",
    "issuanceDate",
    "expirationDate",
)  # no presentation needs them; they count
PARTS = frozenset({"VerifiableCredential", "EnvelopedVerifiableCredential"})


def check(document: Mapping[str, Any], report: Report) -> None:
    """Report every breach."""
    if "id" in document and not is_uri(document["id"]):
        report("id", "has to be one absolute address (URI)")
    if "holder" in document and not is_uri(holder_of(document)):
        report("holder", "has to be one identifier, or an object with one")
    for name in TIMES:
        if name in document and not is_instant(document[name]):
            report(name, "has to be a date and time with a time zone")
    for number, part in enumerate(listed(document.get("verifiableCredential", []))):
        path = f"verifiableCredential[{number}]"
        if isinstance(part, str):
            if part[:2] != "ey":
                report(path, "has to be a credential, or a signed token")
        elif not isinstance(part, Mapping):
            report(path, "has to be a credential")
        elif not PARTS & set(types_of(part)):
            report(f"{path}.type", "has to include VerifiableCredential or EnvelopedVerifiableCredential")


def holder_of(document: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """The holder's identifier as it stands there; ``None`` when there is none."""
    holder = document.get("holder")
    return holder.get("id") if isinstance(holder, Mapping) else holder
