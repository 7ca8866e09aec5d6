"""Writes of the council: bodies and seats, proposals and reviews, votes, decisions."""

from gradatim.program.council.actions.bodies import (
    change_body,
    fill_seat,
    found_body,
    refill_seat,
    remove_seat,
    vacate_seat,
)
from gradatim.program.council.actions.decisions import decide, publish, remove_practice
from gradatim.program.council.actions.proposals import (
    propose,
    return_for_changes,
    review,
    revise_proposal,
    submit,
    withdraw,
)
from gradatim.program.council.actions.votes import (
    cast_vote,
    close_ballot,
    link_by_code,
    mark_present,
    open_ballot,
    vote_by_link,
)

__all__ = [
    "cast_vote",
    "change_body",
    "close_ballot",
    "decide",
    "fill_seat",
    "found_body",
    "link_by_code",
    "mark_present",
    "open_ballot",
    "propose",
    "publish",
    "refill_seat",
    "remove_practice",
    "remove_seat",
    "return_for_changes",
    "review",
    "revise_proposal",
    "submit",
    "vacate_seat",
    "vote_by_link",
    "withdraw",
]
