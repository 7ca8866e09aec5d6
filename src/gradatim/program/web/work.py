"""Background work: which action does which kind of work row, and one round of doing it.

The rows are the work; nothing here remembers anything. A round that is cut off is taken up by the next one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from gradatim.program.council import actions as council
from gradatim.program.credentials import actions as credentials
from gradatim.program.ground import actions as ground
from gradatim.program.ground.delivery import email
from gradatim.program.passport import actions as passport
from gradatim.program.taxonomy import actions as taxonomy


def _publish(_payload: dict[str, Any]) -> None:
    credentials.publish_status_lists()


def _digests(payload: dict[str, Any]) -> None:
    if "week" in payload:  # a row that was planned before digests had days
        year, week = map(int, payload["week"].split("-"))
        day = date.fromisocalendar(year, week, 1)
    else:
        day = date.fromisoformat(payload["day"])
    council.write_digests(organization_id=payload["organization"], day=day)


DO: dict[str, Callable[[dict[str, Any]], None]] = {
    "mail": email.send,
    "notify": lambda payload: passport.write_claim_mail(credential_id=payload["credential"]),
    "status-list": _publish,
    "ballot-opens": lambda payload: council.open_due(ballot_id=payload["ballot"]),
    "ballot-closes": lambda payload: council.close_due(ballot_id=payload["ballot"]),
    "digests": _digests,
    "changes-due": lambda payload: council.come_due(decision_id=payload["decision"]),
    "framework": lambda payload: taxonomy.carry_on(key=payload["import"]),
}


def run_once(*, limit: int = 100) -> int:
    """One round: issue what is due, then do the outbox.

    Args:
        limit: at most so many intents and so many work rows.

    Returns:
        How much was done; 0 means that the worker may rest.
    """
    done = credentials.issue_due(limit=limit)
    for row in ground.claim(kinds=list(DO), limit=limit):
        done += ground.perform(row=row, do=DO[row.kind])
    return done


def drain(*, rounds: int = 1000) -> None:
    """Rounds until nothing is due; for tests, the demo and small installations."""
    for _ in range(rounds):
        if not run_once():
            return
