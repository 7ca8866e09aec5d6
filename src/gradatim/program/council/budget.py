"""The money of a proposal: margin and break-even. Pure numbers, no rows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What it costs and brings in, in the organization's currency.

    Attributes:
        build: once, to make it.
        per_run: each time it is offered, however many come.
        per_learner: for each learner.
        fee: what a learner, or whoever pays for them, pays.
        runs: how often it is offered in the time looked at.
        learners: how many are expected in one run.
    """

    build: Decimal = Decimal(0)
    per_run: Decimal = Decimal(0)
    per_learner: Decimal = Decimal(0)
    fee: Decimal = Decimal(0)
    runs: int = 1
    learners: int = 0

    @property
    def cost(self) -> Decimal:
        """Everything, for all runs."""
        return self.build + self.runs * (self.per_run + self.learners * self.per_learner)

    @property
    def income(self) -> Decimal:
        """All fees."""
        return self.runs * self.learners * self.fee

    @property
    def margin(self) -> Decimal:
        """What is left, or is missing."""
        return self.income - self.cost

    @property
    def break_even(self) -> int | None:
        """How many learners in all it takes to earn what it costs; ``None`` if every learner costs more than they pay.

        Nothing to earn back is earned by nobody: 0.
        """
        fixed, gain = self.build + self.runs * self.per_run, self.fee - self.per_learner
        if fixed <= 0:
            return 0 if gain >= 0 else None
        if gain <= 0:
            return None
        return int((fixed / gain).to_integral_value(ROUND_CEILING))
