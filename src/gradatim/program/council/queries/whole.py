"""A proposal with all that its page shows: two queries, however much belongs to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.db import models
from django.db.models import Q, Subquery

from gradatim.program.achievements.models import (
    Alignment,
    Endorsement,
    Outcome,
    Placement,
    RubricAlignment,
    Translation,
    Version,
)
from gradatim.program.council.models import (
    Attachment,
    Comment,
    Condition,
    Elector,
    Proposal,
    Seat,
    Stage,
)
from gradatim.program.ground.together import Part, read_together, remember
from gradatim.program.people.models import Organization, Person

NAME = ("name",)
NAMED = {"person": NAME}
VOTE = ("elector", "choice", "reason", "cast_at")  # what is sealed stays where it is


def find_proposal(organization: Organization, number: int) -> Proposal | None:
    """One proposal with all that its page shows."""
    found = (
        organization.proposals.select_related(
            "body__rubric",
            "route",
            "changes",
            "version__achievement__organization",
            "version__type",
            "version__level",
        )
        .filter(number=number)
        .first()
    )
    if found is not None:
        read = read_together(_parts(found) | _parts_of_versions(found))
        _hang(found, read)
        found.before = next(iter(read.get("before", [])), None)
        for version in filter(None, (found.version, found.before)):
            _hang_on_version(version, read)
    return found


def _parts(found: Proposal) -> dict[str, Part]:
    asked = Stage.people.through.objects.filter(stage__proposal=found)
    ballot = {"body": (), "item": (), "item__meeting": (), "tie_broken_by": NAME, "recalls": ()}
    return {
        "proposers": Part(Person.objects.filter(proposals=found), ("name", "email")),
        "reviews": Part(found.reviews.all(), along={"reviewer": NAME, "guest": ()}),
        "ballots": Part(found.ballots.all(), along=ballot),
        "electors": Part(
            Elector.objects.filter(ballot__proposal=found), along=NAMED | {"seat": (), "vote": VOTE}
        ),
        "stages": Part(found.stages.all(), along={"body": (), "ended_by": NAME}),
        "asked": Part(asked, along=NAMED),
        "comments": Part(found.comments.all(), along={"author": NAME, "settled_by": NAME}),
        "recusals": Part(found.recusals.all()),
        "guests": Part(found.guests.all()),
        "evidence": Part(found.evidence.all()),
        "attachments": Part(found.attachments.all(), along={"file": ("name", "media_type", "digest")}),
        "decisions": Part(found.decisions.all()),
        "seats": Part(Seat.objects.filter(Q(body=found.body_id) | Q(body__in=found.stages.values("body")))),
        "conditions": Part(Condition.objects.filter(decision__proposal=found)),
        "agenda_items": Part(found.agenda_items.all(), along={"meeting": ()}),
    }


def _parts_of_versions(found: Proposal) -> dict[str, Part]:
    """What is proposed says, and the approved version that a change starts from."""
    version = found.version
    if version is None:
        return {}
    read = Q(version=version.pk)
    along: dict[str, Part] = {}
    if version.number > 1 and found.kind != Proposal.Kind.RETIRE:
        earlier = Version.objects.filter(
            achievement=version.achievement_id, number__lt=version.number, state__in=Version.PUBLIC
        )
        before = Version.objects.filter(pk=Subquery(earlier.order_by("-number").values("pk")[:1]))
        read |= Q(version__in=before.values("pk"))
        along["before"] = Part(before, along={"type": (), "level": ()})
    endorsed = ("version", "endorser", "valid_from", "valid_until", "withdrawn_at")
    return along | {
        "outcomes": Part(Outcome.objects.filter(read)),
        "alignments": Part(Alignment.objects.filter(read)),
        "rubric_alignments": Part(RubricAlignment.objects.filter(read)),
        "translations": Part(Translation.objects.filter(read)),
        "endorsements": Part(Endorsement.objects.filter(read), endorsed),
        "placements": Part(Placement.objects.filter(read), along={"value": (), "value__dimension": ()}),
    }


def _hang(found: Proposal, read: dict[str, list[Any]]) -> None:
    """Hang the rows where templates and rules look for them."""
    electors: list[Elector] = sorted(read["electors"], key=lambda elector: elector.person.name)
    _share(read["ballots"], "electors", electors, "ballot")
    _share(read["decisions"], "conditions", read["conditions"], "decision")
    _share([found.body, *(s.body for s in read["stages"] if s.body)], "seats", read["seats"], "body")
    people: dict[int, list[Person]] = defaultdict(list)
    for row in read["asked"]:
        people[row.stage_id].append(row.person)
    for stage in read["stages"]:
        remember(stage, "people", people[stage.pk])
    attachments: list[Attachment] = read["attachments"]
    comments: list[Comment] = read["comments"]
    read["evidence"].sort(key=lambda one: one.dated, reverse=True)
    own = {name: read[name] for name in ("reviews", "stages", "recusals", "guests", "evidence", "decisions")}
    own |= {"ballots": read["ballots"][::-1], "attachments": attachments, "comments": comments}
    own["agenda_items"] = read["agenda_items"]
    for name, rows in own.items():
        for row in rows:
            row.proposal = found
        remember(found, name, rows)
    remember(found, "proposers", read["proposers"])


def _hang_on_version(version: Version, read: dict[str, list[Any]]) -> None:
    orders: dict[str, Callable[[Any], Any]] = {
        "outcomes": lambda one: (one.position, one.pk),
        "translations": lambda one: one.language,
        "endorsements": lambda one: (one.valid_from, one.pk),
        "alignments": lambda one: one.pk,
        "rubric_alignments": lambda one: one.pk,
        "placements": lambda one: (
            one.value.dimension.position,
            one.value.dimension_id,
            one.value.position,
            one.pk,
        ),
    }
    for name, order in orders.items():
        remember(version, name, sorted((r for r in read[name] if r.version_id == version.pk), key=order))


def _share(owners: Iterable[models.Model], relation: str, rows: Iterable[Any], key: str) -> None:
    """Give every owner its own rows."""
    of: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        of[getattr(row, f"{key}_id")].append(row)
    for owner in owners:
        for row in of[owner.pk]:
            setattr(row, key, owner)
        remember(owner, relation, of[owner.pk])
