"""Writes of a whole policy at once, and of exceptions from rules by decision."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from gradatim.program.achievements import queries as versions
from gradatim.program.achievements.models import Version
from gradatim.program.council import packs, queries, rules
from gradatim.program.council.actions.bodies import change_body, fill_seat, found_body
from gradatim.program.council.actions.changes import propose_changes
from gradatim.program.council.actions.editing import replace_routes
from gradatim.program.council.actions.governing import keep_editions
from gradatim.program.council.actions.lists import put_council
from gradatim.program.council.actions.retiring import bring_back, retire_body
from gradatim.program.council.actions.reviews import change_rubric
from gradatim.program.council.actions.windows import add_window
from gradatim.program.council.models import Body, Decision, Proposal
from gradatim.program.council.records import address
from gradatim.program.ground.refused import Refused
from gradatim.program.people.models import Organization, Person
from gradatim.program.taxonomy import actions as taxonomy
from gradatim.program.taxonomy import pack
from gradatim.program.taxonomy import queries as taxonomy_queries
from gradatim.program.taxonomy.models import Rule, Waiver


@transaction.atomic
def take_policy(
    *,
    organization: Organization,
    policy: pack.Policy,
    replace: bool = False,
    decision: Decision | None = None,
    actor: Person,
) -> None:
    """Take over a policy: taxonomy, rules and profiles, bodies with seats, windows and rubric, and routes.

    Added, what it says is written over what is here, by key and by the names of bodies; what it does not mention stays;
    seats are added vacant, none is taken away. In place of what is here, what it does not mention goes, or is retired
    while it is used; see `replacing.replace_council`. Either way its routes replace all others; proposals on their way keep
    theirs.

    Args:
        organization: whose.
        policy: from `taxonomy.pack.read`.
        replace: whether it takes the place of the policy that is here.
        decision: the published one that says so, if there is one; its number stands beside the edition.
        actor: a program manager or administrator.

    Raises:
        Refused: ``permission``; ``no-decision`` for one that is held, refuses, or is not about policy; ``needs-decision``
            without one where a council decides; ``policy`` or ``row-invalid`` with what has to be mended. Then nothing is
            taken over.
    """
    if not rules.may_found(actor, organization):
        raise Refused("permission", _("Only program managers and administrators take over a policy."))
    number = url = ""
    if decision is not None:
        if decision.published_at is None or not decision.approves or decision.kind != Decision.Kind.POLICY:
            raise Refused("no-decision", _("This decision does not approve a policy, or is not published."))
        number, url = decision.number, address(decision, organization)
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    before, held = queries.policy_text(organization), taxonomy_queries.governance(organization)
    write = taxonomy.put_in_force if replace else taxonomy.take_policy
    write(organization=organization, policy=policy, actor=actor, decision_number=number, decision_url=url)
    if replace:
        put_council(organization, policy, actor, (number, url))
    else:
        with taxonomy.rehearsing():  # asked below, about all of it
            _add_council(organization, policy, actor)
        keep_editions(organization, actor, (number, url), begun=queries.in_force(organization))
    if decision is None:
        taxonomy.must_be_direct(held, before, queries.policy_text(organization))


def policy_after(
    *, organization: Organization, policy: pack.Policy, replace: bool, actor: Person
) -> tuple[str, str]:
    """What a policy would make of what is here; nothing is stored.

    Args:
        organization: whose.
        policy: from `taxonomy.pack.read`.
        replace: whether it takes the place of the policy that is here.
        actor: who looks; a program manager or administrator.

    Returns:
        The whole policy as YAML, as it is and as it would be.

    Raises:
        Refused: as `take_policy`, but for what needs a decision.
    """
    with transaction.atomic(), taxonomy.rehearsing():
        before = queries.policy_text(organization)
        take_policy(organization=organization, policy=policy, replace=replace, actor=actor)
        after = queries.policy_text(organization)
        transaction.set_rollback(True)
    return before, after


@transaction.atomic
def propose_policy(
    *,
    organization: Organization,
    policy: pack.Policy,
    replace: bool,
    body: Body,
    subject: str,
    purpose: str,
    need: str,
    recognition: str = "",
    effective_on: date | None = None,
    actor: Person,
) -> Proposal:
    """Propose a policy, or what it adds; its decision puts it in force.

    Args:
        organization: whose.
        policy: from `taxonomy.pack.read`.
        replace: whether it takes the place of the policy that is here.
        body: who will decide.
        subject: what it is about, in a line.
        purpose: what it is for.
        need: what shows that it is needed.
        recognition: who else is concerned.
        effective_on: first day in force; with the decision if left out.
        actor: a program manager or administrator.

    Returns:
        The proposal, a draft.

    Raises:
        Refused: ``empty`` if nothing would change; as `take_policy` and `propose_changes`.
    """
    before, after = policy_after(organization=organization, policy=policy, replace=replace, actor=actor)
    changes = taxonomy.begin_list(
        organization=organization, base=before, text=after, whole=True, laid=True, actor=actor
    )
    return propose_changes(
        changes=changes,
        body=body,
        subject=subject,
        purpose=purpose,
        need=need,
        recognition=recognition,
        effective_on=effective_on,
        actor=actor,
    )


def _add_council(organization: Organization, policy: pack.Policy, actor: Person) -> None:
    council = packs.read(policy, taxonomy_queries.known_facts(organization))
    for entry in council.bodies:
        if not entry.retired or packs.meant(organization.bodies.order_by("id"), entry):
            _take_body(organization, entry, actor)
    if council.routes:
        replace_routes(organization=organization, routes=council.routes, actor=actor)


def _take_body(organization: Organization, entry: packs.Entry, actor: Person) -> None:
    charter = {name: getattr(entry.body, name) for name in entry.said}
    body = packs.meant(organization.bodies.order_by("id"), entry)
    if body is None:
        body = found_body(organization=organization, name=entry.body.name, actor=actor, **charter)
    elif entry.retired:
        if not body.retired:
            retire_body(body=body, actor=actor)
        return
    else:
        if body.retired:
            bring_back(body=body, actor=actor)
        change_body(body=body, name=entry.body.name, actor=actor, **charter)
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
