"""Reads of the council as part of a policy: to write it out, and to see what another one would change."""

from __future__ import annotations

from dataclasses import dataclass

from gradatim.program.council.models import Rubric
from gradatim.program.council.packs import CHARTER, Council, Entry, alike, places, route_data, write
from gradatim.program.council.queries.bodies import bodies
from gradatim.program.council.queries.routes import routes
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import pack
from gradatim.program.taxonomy import queries as taxonomy


def stored_council(organization: Organization) -> Council:
    """Bodies and routes as they are now, without the people."""
    rubrics = {r.body_id: r for r in Rubric.objects.filter(body__organization=organization)}
    entries = [
        Entry(
            body,
            CHARTER,
            places(body.seats.all()),
            list(body.windows.all()),
            {"criteria": rubric.criteria, "all_must_meet": rubric.all_must_meet}
            if (rubric := rubrics.get(body.pk))
            else None,
        )
        for body in bodies(organization)
    ]
    return Council(entries, [route_data(r) for r in routes(organization)])


def policy_text(organization: Organization) -> str:
    """The whole policy as YAML: taxonomy, rules and profiles, bodies and routes."""
    stored = taxonomy.stored_policy(organization)
    return pack.write(
        pack.Policy(
            name=stored.name,
            dimensions=stored.dimensions,
            rules=stored.rules,
            profiles=stored.profiles,
            rest=write(stored_council(organization)),
        )
    )


@dataclass(frozen=True, slots=True)
class BodyChange:
    """What a policy would do to a body.

    Attributes:
        name: of the body.
        new: whether it would be founded.
        fields: the names of what would change in its charter.
        seats: how many seats would be added, vacant.
    """

    name: str
    new: bool
    fields: tuple[str, ...]
    seats: int


def council_changes(organization: Organization, council: Council) -> list[BodyChange]:
    """What taking over a council would change for the bodies here; nobody loses a seat.

    Args:
        organization: whose.
        council: as read; nothing is stored.
    """
    there = {b.name: b for b in bodies(organization)}
    found = []
    for entry in council.bodies:
        body = there.get(entry.body.name)
        fields = tuple(n for n in entry.said if body and getattr(body, n) != getattr(entry.body, n))
        held = places(body.seats.all()) if body else []
        added = sum(max(0, s.count - sum(h.count for h in held if alike(h, s))) for s in entry.seats)
        if body is None or fields or added:
            found.append(BodyChange(entry.body.name, body is None, fields, added))
    return found
