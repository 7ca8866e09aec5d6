"""Reads of the council as part of a policy, to write it out."""

from __future__ import annotations

from gradatim.program.council.models import Body, CharterEdition, Rubric
from gradatim.program.council.packs import CHARTER, Council, Entry, places, route_data, write
from gradatim.program.council.queries.bodies import bodies
from gradatim.program.council.queries.routes import routes
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import pack
from gradatim.program.taxonomy import queries as taxonomy
from gradatim.program.taxonomy.changes import Conflict, Step, apart, steps
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
            retired=body.retired,
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
            direct=stored.direct,
            rest=write(stored_council(organization)),
        )
    )


def council_text(organization: Organization) -> str:
    """Bodies and routes alone, as YAML."""
    return pack.write(pack.Policy(rest=write(stored_council(organization))))


def text_now(changes: ChangeList) -> str:
    """What a change list has to be held against: the taxonomy, or the whole policy, as it is now."""
    organization = changes.organization
    return policy_text(organization) if changes.whole else taxonomy.taxonomy_text(organization)


def in_force(organization: Organization) -> bool:
    """Whether the council has begun: from its first proposal on, its own rules change by decision too."""
    return (
        organization.proposals.exclude(submitted_at=None).exists()
        or organization.decisions.exclude(published_at=None).exists()
    )


def decides_itself(organization: Organization) -> str:
    """Who decides about bodies and routes: the body that decides about the taxonomy, once the council has begun."""
    decides = taxonomy.governance(organization).decided_by
    return decides if decides and in_force(organization) else ""


def charter_editions(body: Body) -> list[tuple[CharterEdition, list[Step]]]:
    """The editions of a body's charter, the latest first, each with what it changed."""
    found = list(body.editions.select_related("made_by"))
    entries = [apart(edition.text) for edition in found]
    return [
        (edition, steps(entries[n + 1], entries[n]) if n + 1 < len(found) else [])
        for n, edition in enumerate(found)
    ]


def clashes(changes: ChangeList) -> tuple[Conflict, ...]:
    """Where a change list and what is in force both changed the same since it was begun."""
    return taxonomy.merged(changes, text_now(changes)).conflicts
