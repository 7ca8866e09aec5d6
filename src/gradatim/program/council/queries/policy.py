"""Reads of the council as part of a policy, to write it out."""

from __future__ import annotations

from gradatim.program.council.models import Rubric
from gradatim.program.council.packs import CHARTER, Council, Entry, places, route_data, write
from gradatim.program.council.queries.bodies import bodies
from gradatim.program.council.queries.routes import routes
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import pack
from gradatim.program.taxonomy import queries as taxonomy
from gradatim.program.taxonomy.changes import Conflict
from gradatim.program.taxonomy.models import ChangeList


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
        for body in bodies(organization).filter(retired=False)
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
            direct=stored.direct,
            rest=write(stored_council(organization)),
        )
    )


def text_now(changes: ChangeList) -> str:
    """What a change list has to be held against: the taxonomy, or the whole policy, as it is now."""
    organization = changes.organization
    return policy_text(organization) if changes.whole else taxonomy.taxonomy_text(organization)


def clashes(changes: ChangeList) -> tuple[Conflict, ...]:
    """Where a change list and what is in force both changed the same since it was begun."""
    return taxonomy.merged(changes, text_now(changes)).conflicts
