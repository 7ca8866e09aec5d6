"""Writes of a whole policy at once, and of exceptions from rules by decision."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from gradatim.program.achievements import queries as versions
from gradatim.program.achievements.models import Version
from gradatim.program.council import packs, rules
from gradatim.program.council.actions.bodies import add_window, change_body, fill_seat, found_body
from gradatim.program.council.actions.editing import replace_routes
from gradatim.program.council.actions.reviews import change_rubric
from gradatim.program.council.models import Decision
from gradatim.program.council.records import address
from gradatim.program.ground.refused import Refused
from gradatim.program.people.models import Organization, Person
from gradatim.program.taxonomy import actions as taxonomy
from gradatim.program.taxonomy import pack
from gradatim.program.taxonomy import queries as taxonomy_queries
from gradatim.program.taxonomy.models import Rule, Waiver


@transaction.atomic
def take_policy(
    *, organization: Organization, policy: pack.Policy, decision: Decision | None = None, actor: Person
) -> None:
    """Take over a policy: taxonomy, rules and profiles, bodies with seats, windows and rubric, and routes.

    What it says is written over what is here, by key and by the names of bodies; what it does not mention stays. Seats are
    added vacant, none is taken away. Its routes replace all others; proposals on their way keep theirs.

    Args:
        organization: whose.
        policy: from `taxonomy.pack.read`.
        decision: the published one that says so, if there is one; its number stands beside the edition.
        actor: a program manager or administrator.

    Raises:
        Refused: ``permission``; ``no-decision`` for one that is held, refuses, or is not about policy; ``policy`` or ``row-invalid`` with what has to be mended; then nothing is taken over.
    """
    if not rules.may_found(actor, organization):
        raise Refused("permission", _("Only program managers and administrators take over a policy."))
    number = url = ""
    if decision is not None:
        if decision.published_at is None or not decision.approves or decision.kind != Decision.Kind.POLICY:
            raise Refused("no-decision", _("This decision does not approve a policy, or is not published."))
        number, url = decision.number, address(decision, organization)
    taxonomy.take_policy(
        organization=organization, policy=policy, actor=actor, decision_number=number, decision_url=url
    )
    council = packs.read(policy, taxonomy_queries.known_facts(organization))
    for entry in council.bodies:
        _take_body(organization, entry, actor)
    if council.routes:
        replace_routes(organization=organization, routes=council.routes, actor=actor)


def _take_body(organization: Organization, entry: packs.Entry, actor: Person) -> None:
    charter = {name: getattr(entry.body, name) for name in entry.said}
    body = organization.bodies.filter(name=entry.body.name).first()
    if body is None:
        body = found_body(organization=organization, name=entry.body.name, actor=actor, **charter)
    else:
        change_body(body=body, name=body.name, actor=actor, **charter)
    for place in entry.seats:
        there = sum(p.count for p in packs.places(body.seats.all()) if packs.alike(p, place))
        for _n in range(place.count - there):
            fill_seat(
                body=body,
                person=None,
                role=place.role,
                constituency=place.constituency,
                votes=place.votes,
                actor=actor,
            )
    for window in entry.windows:
        if not body.windows.filter(opens=window.opens, closes=window.closes).exists():
            add_window(body=body, name=window.name, opens=window.opens, closes=window.closes, actor=actor)
    if entry.rubric:
        change_rubric(
            body=body,
            criteria=entry.rubric["criteria"],
            all_must_meet=entry.rubric["all_must_meet"],
            actor=actor,
        )


@transaction.atomic
def grant_exception(
    *, decision: Decision, version: Version, rule: Rule, expires_on: date, reason: str = "", actor: Person
) -> Waiver:
    """Lift a rule for one version until a day, as a published decision says; after it the rule holds again.

    Args:
        decision: published and approving; about policy, or about the same achievement.
        version: of the same organization.
        rule: one of the institution's own.
        expires_on: the last day it holds.
        reason: why, in words that will be public.
        actor: the chair or a program manager, who neither proposed what was decided nor drafted the version.

    Returns:
        The waiver, with a copy of the decision's number, address and date.

    Raises:
        Refused: ``permission``; ``own-proposal``; ``no-decision`` for one that is held, refuses, or is about something
            else; ``not-found`` for a rule or version of others; as `taxonomy.actions.waive`.
    """
    organization = decision.organization
    if not rules.may_route(actor, organization):
        raise Refused("permission", _("Only the chair and program managers write down an exception."))
    if rule.organization_id != organization.pk or version.achievement.organization_id != organization.pk:
        raise Refused("not-found", _("This rule or version is not yours."))
    proposal = decision.proposal
    if version.created_by_id == actor.pk or (proposal and proposal.proposers.filter(pk=actor.pk).exists()):
        raise Refused("own-proposal", _("Nobody makes an exception for their own draft or proposal."))
    about = decision.kind == Decision.Kind.POLICY or (
        proposal is not None
        and proposal.version is not None
        and proposal.version.achievement_id == version.achievement_id
    )
    if decision.published_at is None or not decision.approves or not about:
        raise Refused(
            "no-decision",
            _(
                "An exception needs a published decision that approves it, about policy or about this achievement."
            ),
            field="decision",
        )
    return taxonomy.waive(
        rule=rule,
        subject=versions.subject(version),
        reason=reason,
        decision_number=decision.number,
        decision_url=address(decision, organization),
        decided_on=decision.decided_at.date(),
        expires_on=expires_on,
        actor=actor,
    )
