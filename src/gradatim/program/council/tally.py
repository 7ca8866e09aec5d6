"""The arithmetic of a vote: presence, quorum, threshold, and one sentence that says it. Pure numbers, no rows.

Presence and votes are two numbers. An abstention is present and counts for quorum, but is no vote cast unless the charter
says so; a recused member is in the room and has no vote, and counts for quorum only by a clause of the charter.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gradatim.program.council.models import Ballot, VoteRules

Quorum, Threshold, Base, Tie = VoteRules.Quorum, VoteRules.Threshold, VoteRules.Base, VoteRules.Tie
Result = Ballot.Result
_PART = {Threshold.TWO_THIRDS: (2, 3), Threshold.THREE_QUARTERS: (3, 4)}


@dataclass(frozen=True, slots=True)
class Count:
    """What was voted.

    Attributes:
        seats: voting seats.
        present: members in the room, recused ones among them.
        recused: those with a conflict of interest.
        votes_for: votes for.
        votes_against: votes against.
        abstained: abstentions.
    """

    seats: int
    present: int
    recused: int = 0
    votes_for: int = 0
    votes_against: int = 0
    abstained: int = 0

    @property
    def cast(self) -> int:
        """Votes for and against."""
        return self.votes_for + self.votes_against


def least(whole: int, numerator: int, denominator: int, *, inclusive: bool) -> int:
    """The least number that is at least, or more than, a fraction of a whole."""
    if inclusive:
        return -(-whole * numerator // denominator)
    return whole * numerator // denominator + 1


def _votes(count: Count, rules: VoteRules) -> int:
    """The votes cast; with abstentions where the charter counts them."""
    return count.cast + (count.abstained if rules.abstentions_count else 0)


def _able(count: Count) -> int:
    """Those present who may vote."""
    return count.present - count.recused


def quorum_needed(count: Count, rules: VoteRules) -> int:
    """How many have to be present; or have to vote, where the quorum is a part of those present."""
    if rules.quorum == Quorum.NUMBER:
        return rules.quorum_number
    whole = _able(count) if rules.quorum == Quorum.PRESENT else count.seats
    return least(whole, rules.quorum_numerator, rules.quorum_denominator, inclusive=rules.quorum_inclusive)


def quorum_counted(count: Count, rules: VoteRules) -> int:
    """How many count for the quorum."""
    if rules.quorum == Quorum.PRESENT:
        return count.cast + count.abstained
    return count.present if rules.recused_counts else _able(count)


def has_quorum(count: Count, rules: VoteRules) -> bool:
    """Whether enough are there; nobody is never enough."""
    counted = quorum_counted(count, rules)
    return counted > 0 and counted >= quorum_needed(count, rules)


def votes_needed(count: Count, rules: VoteRules) -> int:
    """How many votes for carry; of a consensus, one."""
    if rules.threshold == Threshold.CONSENSUS:
        return 1
    whole = {Base.CAST: _votes(count, rules), Base.PRESENT: _able(count), Base.SEATS: count.seats}
    numerator, denominator = _PART.get(Threshold(rules.threshold), (1, 2))
    return least(
        whole[Base(rules.threshold_of)],
        numerator,
        denominator,
        inclusive=rules.threshold != Threshold.SIMPLE,
    )


def result(count: Count, rules: VoteRules) -> Ballot.Result:
    """What a vote says once it is closed.

    Args:
        count: who was present and what was voted.
        rules: of the ballot.

    Returns:
        A tie only where a simple majority of the votes for and against decides and both are as many, at least one each.
    """
    if not has_quorum(count, rules):
        return Result.NO_QUORUM
    if rules.threshold == Threshold.CONSENSUS:
        within = count.votes_against <= rules.objections_allowed
        return Result.CARRIED if within and count.votes_for > 0 else Result.LOST
    of_votes = rules.threshold_of == Base.CAST and _votes(count, rules) == count.cast
    if rules.threshold == Threshold.SIMPLE and of_votes and count.votes_for == count.votes_against > 0:
        return Result.TIED
    carried = count.votes_for > 0 and count.votes_for >= votes_needed(count, rules)
    return Result.CARRIED if carried else Result.LOST


def explain(count: Count, rules: VoteRules, *, decided: str = "", consent: bool = False) -> str:
    """The whole arithmetic in one sentence.

    Args:
        count: who was present and what was voted.
        rules: of the ballot.
        decided: the result after the chair broke a tie; what the numbers say if left out.
        consent: nobody was asked to vote, because nobody objected.

    Returns:
        E.g. "present 7 of 11, needed 6; voted 6: 4 for, 2 against; 1 recused, which leaves 6 for the quorum; two thirds of
        the votes cast = 4; carried".
    """
    parts = [_presence(count, rules)]
    if consent:
        parts.append(_("nobody objected"))
    else:
        parts += [_voted(count, rules), *_recused(count, rules)]
    said = result(count, rules)
    if said == Result.NO_QUORUM:
        return "; ".join([*parts, _("no quorum, so nothing is decided")])
    if not consent:
        parts.append(_measure(count, rules))
    parts.append(_verdict(said, rules, decided))
    return "; ".join(parts)


def _presence(count: Count, rules: VoteRules) -> str:
    words = {"p": count.present, "s": count.seats, "n": quorum_needed(count, rules)}
    if rules.quorum == Quorum.PRESENT:
        return _("present %(p)d of %(s)d, of whom %(n)d have to vote") % words
    return _("present %(p)d of %(s)d, needed %(n)d") % words


def _voted(count: Count, rules: VoteRules) -> str:
    words = {
        "n": _votes(count, rules),
        "f": count.votes_for,
        "a": count.votes_against,
        "b": count.abstained,
    }
    if not count.abstained:
        return _("voted %(n)d: %(f)d for, %(a)d against") % words
    if rules.abstentions_count:
        return _("voted %(n)d: %(f)d for, %(a)d against, %(b)d abstained") % words
    return _("voted %(n)d: %(f)d for, %(a)d against; %(b)d abstained") % words


def _recused(count: Count, rules: VoteRules) -> list[str]:
    if not count.recused:
        return []
    words = {"r": count.recused, "n": quorum_counted(count, rules), "c": rules.recused_clause}
    if rules.quorum == Quorum.PRESENT:
        return [_("%(r)d recused") % words]
    if rules.recused_counts:
        return [_("%(r)d recused, counted for the quorum (%(c)s)") % words]
    return [_("%(r)d recused, which leaves %(n)d for the quorum") % words]


def _measure(count: Count, rules: VoteRules) -> str:
    if rules.threshold == Threshold.CONSENSUS:
        allowed = rules.objections_allowed
        if not allowed:
            return _("consensus: no vote against")
        words = ngettext(
            "consensus: at most %(n)d vote against", "consensus: at most %(n)d votes against", allowed
        )
        return words % {"n": allowed}
    part, whole = Threshold(rules.threshold).label, Base(rules.threshold_of).label
    return f"{part} {whole} = {votes_needed(count, rules)}"


def _verdict(said: Ballot.Result, rules: VoteRules, decided: str) -> str:
    if said == Result.TIED and decided in {Result.CARRIED, Result.LOST}:
        return _("tied; the chair decided: %(result)s") % {"result": Result(decided).label}
    if said == Result.TIED:
        return _("tied, and the chair decides") if rules.tie == Tie.CHAIR else _("tied, which does not carry")
    return str(said.label)
