"""The demo's advisory group of employers, and the route that asks it."""

from __future__ import annotations

from typing import Any

from gradatim.program.council import actions as council
from gradatim.program.council.models import Body, Route, Seat
from gradatim.program.people import actions as people
from gradatim.program.people.models import Membership
from gradatim.program.web.demo.cast import DOMAINS, Cast

EMPLOYERS = "Employer Advisory Group"
COLLEAGUES = (("Jonas Weber", "Harbor Logistics"), ("Grace Lim", "Valley Manufacturers' Association"))

ASKED_FOR = [
    {"fact": "kind", "is": "equals", "value": "new"},
    {"fact": "type", "is": "equals", "value": "skill"},
]
STAGES: list[dict[str, Any]] = [
    {"key": "complete", "kind": "completeness", "name": "Is it complete?", "who": "office", "days": 5},
    {
        "key": "employers",
        "kind": "consultation",
        "name": "Employers are heard",
        "body": EMPLOYERS,
        "who": "members",
        "days": 14,
        "remind": 3,
    },
    {
        "key": "technical",
        "kind": "technical",
        "name": "Badge and data are checked",
        "who": "office",
        "beside": True,
        "days": 7,
    },
    {
        "key": "review",
        "kind": "rubric",
        "name": "Two members review",
        "who": "members",
        "reviews": 2,
        "days": 14,
        "remind": 3,
        "escalate": 3,
    },
    {"key": "told", "kind": "information", "name": "The council is told", "who": "members"},
    {"key": "vote", "kind": "ballot", "name": "Vote", "who": "chair"},
]


def employers(cast: Cast) -> Body:
    """Found the advisory group: employers speak in it, and the office listens.

    Args:
        cast: whose.

    Returns:
        The group with its seats.
    """
    administrator = cast.administrator
    body = council.found_body(
        organization=cast.northfield,
        name=EMPLOYERS,
        form=Body.Form.GROUP,
        kind=Body.Kind.ADVISORY,
        law=Body.Law.ADVISORY,
        charter="Says what work asks for. It advises the council and decides nothing.",
        cadence=Body.Cadence.TERM,
        service_days=14,
        actor=administrator,
    )
    council.fill_seat(
        body=body,
        person=cast.employer,
        role=Seat.Role.CHAIR,
        constituency="Lakeside Health",
        actor=administrator,
    )
    for name, firm in COLLEAGUES:
        person = people.create_person(
            name=name, email=f"{name.lower().replace(' ', '.')}@{DOMAINS[0]}", verified=True
        )
        people.give_role(
            organization=cast.northfield, person=person, role=Membership.Role.PARTNER, actor=administrator
        )
        council.fill_seat(
            body=body, person=person, role=Seat.Role.EXTERNAL, constituency=firm, actor=administrator
        )
    council.fill_seat(
        body=body,
        person=None,
        role=Seat.Role.EXTERNAL,
        constituency="River County, workforce board",
        actor=administrator,
    )
    council.fill_seat(
        body=body,
        person=cast.manager,
        role=Seat.Role.EX_OFFICIO,
        constituency="Microcredential office",
        actor=administrator,
    )
    return body


def route(cast: Cast) -> Route:
    """Write the route of new skills: complete, heard by employers, checked, reviewed by two, voted on.

    Args:
        cast: whose chair writes it.

    Returns:
        The route; it is asked before all others.
    """
    return council.keep_route(
        organization=cast.northfield,
        name="New skills, with employers",
        when=ASKED_FOR,
        stages=STAGES,
        actor=cast.chair,
    )
