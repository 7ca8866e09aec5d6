"""Terms that a published context got after its publication: a verifier with an older copy of it does not know them.

Spec: none; the Open Badges context 3.0.3 as served before and after July 2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gradatim.engine.model.values import Report, types_of


def inside(value: Any, path: str, report: Report) -> None:  # noqa: ANN401 - JSON
    """Credentials inside, at any depth, whose meaning depends on the age of a verifier's contexts."""
    if isinstance(value, list):
        for inner in value:
            inside(inner, path, report)
    elif isinstance(value, Mapping):
        if "VerifiableCredential" in types_of(value):
            at_top(value, path, report)
        for name, inner in value.items():
            inside(inner, f"{path}.{name}", report)


def at_top(credential: Mapping[str, Any], path: str, report: Report) -> None:
    """Such terms of one credential, whose proof is embedded."""
    for name, cure in _CURES.items():
        if name in credential:
            report(
                f"{path}.{name}",
                "cannot stand beside an embedded proof: a verifier whose copy of the Open Badges context is older than the "
                f"term would refuse the signature. {cure}",
            )


_CURES = {
    "endorsementJwt": "Put the token into the endorsementJwt of the achievement or the issuer, or issue this credential as a token",
    "jti": "Leave it out; the id says the same",
}
"""Terms that the Open Badges context 3.0.3 got only after it was published."""
