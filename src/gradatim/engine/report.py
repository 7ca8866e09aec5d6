"""What a verification says: named checks, the verdict rule, and the report.

The verdict is one of five: ``refused`` (could not be taken in), ``invalid`` (a check failed for certain),
``undetermined`` (none failed, one could not be decided), ``valid-with-marked-parts`` and ``valid``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from gradatim.engine.errors import Error

VERDICTS = ("valid", "valid-with-marked-parts", "invalid", "undetermined", "refused")

ORDER = ("input", "type", "context", "shape", "terms", "proof", "key", "issuer", "dates", "status", "parts")
"""The checks that decide, in report order. A failing one among the first four or a missing proof *refuses*."""

ADVISORY = ("issuer-known", "recipient", "references", "self-issued", "refresh", "kind", "schema", "version")
"""The checks that only warn; they never change the verdict."""


class Outcome(StrEnum):
    """What a check found: an unknown issuer is not a forgery, and silence of a network is not a failure."""

    PASSED = "passed"
    FAILED = "failed"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Check:
    """One named check.

    Attributes:
        name: one of `ORDER` or `ADVISORY`; public API.
        outcome: what was found.
        detail: one plain sentence for people.
        spec: the standard and section behind the check, or ``None``.
        cause: the cause word when the outcome is not ``passed`` (or when an advisory check warns).
        refuses: whether this failure means the input could not be taken in (verdict ``refused``).
    """

    name: str
    outcome: Outcome
    detail: str
    spec: str | None = None
    cause: str | None = None
    refuses: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The check as the command line and the API show it."""
        return {
            "name": self.name,
            "outcome": str(self.outcome),
            "cause": self.cause,
            "detail": self.detail,
            "spec": self.spec,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """The answer of a verification.

    Attributes:
        checks: every check made, in report order.
        parts: of each part (endorsements, embedded credentials)
            ``{"path", "name", "issuer", "verdict", "outcome", "cause", "detail"}``; the outcome is ``undetermined`` also for
            a valid part that is about something or somebody else, or may be; ``detail`` then says so.
        requests: every address asked, in order, as ``{"url", "status", "outcome"}``.
        document: the credential as it was read (the only thing a page may show), or ``None`` if refused early.
        notes: what else was found out: ``status_list_from``, the time of the status list that was looked at; ``hosted``, whether an older
            badge is proved by its address and not by a signature.
    """

    checks: tuple[Check, ...]
    parts: tuple[dict[str, Any], ...] = ()
    requests: tuple[dict[str, Any], ...] = ()
    document: dict[str, Any] | None = None
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def deciding(self) -> tuple[Check, ...]:
        """The checks that decide the verdict, in report order."""
        return tuple(sorted((c for c in self.checks if c.name in ORDER), key=lambda c: ORDER.index(c.name)))

    @property
    def verdict(self) -> str:
        """One of `VERDICTS`."""
        check = self.decided_by
        if check is None:
            return "valid"
        if check.outcome is Outcome.UNDETERMINED:
            return "undetermined"
        if check.name == "parts":
            return "valid-with-marked-parts"
        return "refused" if any(c.refuses for c in self.deciding) else "invalid"

    @property
    def cause(self) -> str | None:
        """The cause word of the check that decided the verdict; of a valid credential, the first warning."""
        check = self.decided_by
        return check.cause if check is not None else next(iter(self.warnings), None)

    @property
    def decided_by(self) -> Check | None:
        """The check that gave the verdict: the first in report order of the gravest kind; ``None`` when all passed."""
        bad = [c for c in self.checks if c.outcome is not Outcome.PASSED and c.name in ORDER]
        return min(bad, key=lambda c: (_gravity(c), ORDER.index(c.name)), default=None)

    @property
    def warnings(self) -> tuple[str, ...]:
        """The cause words of the advisory checks that warn, in the order they were made."""
        return tuple(c.cause for c in self.checks if c.name in ADVISORY and c.cause)

    def as_dict(self, *, file: str | None = None) -> dict[str, Any]:
        """The report as one JSON object, the shape of ``gradatim verify --json`` and of ``POST /verify``."""
        return {
            "file": file,
            "verdict": self.verdict,
            "cause": self.cause,
            "warnings": list(self.warnings),
            "checks": [c.as_dict() for c in self.checks],
            "parts": list(self.parts),
            "requests": list(self.requests),
        }

    def raise_for_failure(self) -> None:
        """Raise unless the verdict is ``valid``; for scripts that must not go on otherwise.

        Raises:
            Error: with the report's cause and the sentence of the check behind it.
        """
        check = self.decided_by
        if check is not None:
            raise Error(check.cause or self.verdict, check.detail, check.spec)


def _gravity(check: Check) -> int:
    """A failure outside, then what stayed open, then a failure of a part."""
    if check.outcome is Outcome.UNDETERMINED:
        return 1
    return 2 if check.name == "parts" else 0
