"""The arithmetic of a vote: presence, quorum, threshold. Pure numbers, no rows.

Presence and votes are two numbers. An abstention is present and counts for quorum, but is no vote cast; a recused member
is neither, unless the charter counts them for quorum.
"""

from __future__ import annotations

from dataclasses import dataclass

from gradatim.program.council.models import Ballot, Body


@dataclass(frozen=True, slots=True)
class Count:
    """What was voted: members present (recused ones left out), and votes by choice."""

    present: int
    recused: int
    votes_for: int
    votes_against: int
    abstained: int

    @property
    def cast(self) -> int:
        """Votes for and against."""
        return self.votes_for + self.votes_against


def quorum_needed(seats: int, *, numerator: int, denominator: int, inclusive: bool) -> int:
    """How many have to be present.

    Args:
        seats: voting seats, vacant ones included.
        numerator: of the charter's fraction.
        denominator: of the charter's fraction.
        inclusive: "at least" the fraction; otherwise "more than" it.
    """
    if inclusive:
        return -(-seats * numerator // denominator)
    return seats * numerator // denominator + 1


def has_quorum(count: Count, needed: int, *, recused_counts: bool) -> bool:
    """Whether enough are present."""
    return count.present + (count.recused if recused_counts else 0) >= needed


def result(count: Count, *, needed: int, threshold: str, recused_counts: bool) -> Ballot.Result:
    """What a closed vote says.

    Args:
        count: who was present and what was voted.
        needed: from `quorum_needed`.
        threshold: a `Body.Threshold`.
        recused_counts: whether a recused member counts for quorum.
    """
    if not has_quorum(count, needed, recused_counts=recused_counts):
        return Ballot.Result.NO_QUORUM
    if threshold == Body.Threshold.TWO_THIRDS:
        carried = count.cast > 0 and 3 * count.votes_for >= 2 * count.cast
        return Ballot.Result.CARRIED if carried else Ballot.Result.LOST
    if count.votes_for == count.votes_against:
        return Ballot.Result.TIED
    return Ballot.Result.CARRIED if count.votes_for > count.votes_against else Ballot.Result.LOST
