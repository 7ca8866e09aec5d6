"""Issuing runs: what will be signed is fixed here, for each learner, before anything is signed."""

from __future__ import annotations

import calendar
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.engine.keys import ED25519
from gradatim.program.achievements import queries as versions
from gradatim.program.achievements.models import Version
from gradatim.program.credentials import documents, queries, rules
from gradatim.program.credentials.actions.status import list_with_room
from gradatim.program.credentials.models import Batch, Intent, SigningKey
from gradatim.program.ground.refused import Refused
from gradatim.program.people.actions import log
from gradatim.program.people.models import Learner, Person
from gradatim.program.taxonomy.quality import Moment

Wanted = dict[int, tuple[Learner, dict[str, Any]]]
"""Learners by their key, each with the claims about the result."""


def check_gate(version: Version) -> None:
    """What the council did not approve cannot be issued; nor what a rule blocks when credentials are issued.

    What was approved while the program practiced counts for practice only.

    Args:
        version: as it is in the database now.

    Raises:
        Refused: ``not-approved``, saying what is missing; ``rules``, saying what has to be mended.
    """
    practiced = version.achievement.practice and not version.achievement.organization.practicing
    if version.issuable and not practiced and versions.content_digest(version) == version.digest:
        prefetch_related_objects([version], "placements__value__dimension")
        blocking = [f.message for f in versions.findings(version, Moment.ISSUE) if f.blocks]
        if blocking:
            raise Refused(
                "rules",
                _("“%(title)s” cannot be issued: a rule blocks it. %(message)s")
                % {"title": version.title, "message": " ".join(blocking)},
            )
        return
    if version.state in {Version.State.DRAFT, Version.State.IN_REVIEW}:
        missing = _("the council has not approved it, or its decision is not published yet")
    elif not version.decision_number:
        missing = _("no decision of the council stands behind it")
    elif version.state == Version.State.RETIRED:
        missing = _("it is retired")
    elif practiced:
        missing = _(
            "it was approved for practice, before the program was real: copy it, and propose the copy"
        )
    else:
        missing = _("it is no longer what was approved")
    raise Refused(
        "not-approved",
        _("“%(title)s” cannot be issued: %(missing)s.") % {"title": version.title, "missing": missing},
    )


@transaction.atomic
def start_batch(
    *,
    version: Version,
    learners: Iterable[tuple[Learner, dict[str, Any]]],
    reason: str,
    label: str,
    actor: Person,
) -> Batch:
    """Start issuing: fix for each learner what will be signed. The worker does the rest.

    Args:
        version: an approved one.
        learners: each with claims about the result (names of `documents.CLAIMS`), perhaps none.
        reason: why, e.g. ``"cohort:12"``; a learner gets a version once for a reason.
        label: what the run is called on its page.
        actor: a program manager or registrar.

    Returns:
        The batch. Who has it already for this reason is left out; who failed in an earlier run is taken up again.

    Raises:
        Refused: ``permission``, ``not-approved``, ``key-unresolved``; ``row-invalid`` for a claim of another name;
            ``already-issued`` when nobody is left.
    """
    version, key = _admitted(version, actor)
    organization = version.achievement.organization
    wanted = {learner.pk: (learner, claims) for learner, claims in learners}
    _check_wanted(wanted, organization.pk)
    before = Intent.objects.filter(
        organization=organization, version=version, reason=reason, learner__in=wanted
    )
    before.filter(state=Intent.State.FAILED).delete()
    for learner_id in before.values_list("learner_id", flat=True):
        del wanted[learner_id]
    if not wanted:
        raise Refused("already-issued", _("Everyone on this list has it already; nothing was issued twice."))
    batch = Batch.objects.create(
        organization=organization,
        version=version,
        label=label,
        started_by=actor,
        practice=organization.practicing,
    )
    _intend(batch, key, list(wanted.values()), reason)
    log(
        organization=organization,
        verb="batch.started",
        target=f"batch:{batch.pk}",
        actor=actor,
        detail={"version": version.digest, "learners": len(wanted)},
    )
    return batch


def _admitted(version: Version, actor: Person) -> tuple[Version, SigningKey]:
    """The version, locked and past the gate, and the key that will sign."""
    version = (
        Version.objects.select_for_update(of=("self",))
        .select_related("achievement__organization")
        .get(pk=version.pk)
    )
    organization = version.achievement.organization
    if not rules.may_issue(actor, organization):
        raise Refused("permission", _("Only program managers and registrars issue."))
    check_gate(version)
    key = queries.active_key(organization, ED25519)
    if key is None:
        raise Refused("key-unresolved", _("There is no signing key yet. Ask an administrator to make one."))
    return version, key


def _check_wanted(wanted: Wanted, organization_id: int) -> None:
    for learner, claims in wanted.values():
        if learner.organization_id != organization_id:
            raise Refused("permission", _("A learner is of another organization."))
        for name in claims:
            if name not in documents.CLAIMS:
                raise Refused(
                    "row-invalid",
                    _(
                        "“%(name)s” for %(learner)s cannot be claimed. What may be: %(names)s. The rest stands in the "
                        "achievement that the council approved."
                    )
                    % {
                        "name": name,
                        "learner": learner.number,
                        "names": ", ".join(sorted(documents.CLAIMS)),
                    },
                )


def _intend(batch: Batch, key: SigningKey, left: list[tuple[Learner, dict[str, Any]]], reason: str) -> None:
    now = timezone.now().replace(microsecond=0)
    version = batch.version
    while left:
        status_list, room = list_with_room(organization=batch.organization, purpose=version.taking)
        part, left = left[:room], left[room:]
        indexes = free_indexes(status_list.pk, status_list.size, len(part))
        Intent.objects.bulk_create(
            (
                Intent(
                    organization=batch.organization,
                    batch=batch,
                    version=version,
                    version_digest=version.digest,
                    learner=learner,
                    reason=reason,
                    key=key,
                    status_list=status_list,
                    status_index=index,
                    valid_from=now,
                    valid_until=months_later(now, version.validity_months),
                    created=now,
                    claims=claims,
                    practice=batch.practice,
                )
                for (learner, claims), index in zip(part, indexes, strict=True)
            ),
            batch_size=500,
        )


def free_indexes(status_list: int, size: int, count: int) -> list[int]:
    """Random indexes that nobody has; the caller holds the list's row.

    Args:
        status_list: the list's key.
        size: of the list.
        count: how many.
    """
    found: set[int] = set()
    while len(found) < count:
        drawn = {secrets.randbelow(size) for _n in range(min(count - len(found), 500))} - found
        taken = Intent.objects.filter(status_list=status_list, status_index__in=drawn).values_list(
            "status_index", flat=True
        )
        found |= drawn - set(taken)
    chosen = list(found)
    secrets.SystemRandom().shuffle(chosen)
    return chosen


def months_later(moment: datetime, months: int | None) -> datetime | None:
    """The same day some months on, or the last day of a shorter month; ``None`` when it is for good."""
    if not months:
        return None
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


@transaction.atomic
def cancel_batch(*, batch: Batch, actor: Person) -> Batch:
    """Stop a run: what was not issued yet is not issued; what was issued stays.

    Args:
        batch: one that runs.
        actor: a program manager or registrar.

    Returns:
        The batch. Who waited is as before the run, so their cohort offers to issue to them again.

    Raises:
        Refused: ``permission``, ``closed``.
    """
    if not rules.may_issue(actor, batch.organization):
        raise Refused("permission", _("Only program managers and registrars stop a run."))
    changed = Batch.objects.filter(pk=batch.pk, state=Batch.State.RUNNING).update(
        state=Batch.State.CANCELLED, finished_at=timezone.now()
    )
    if not changed:
        raise Refused("closed", _("It has ended already."))
    waiting = batch.intents.filter(state=Intent.State.WAITING).order_by("id")
    held = list(
        waiting.select_for_update(of=("self",)).values_list("pk", flat=True)
    )  # after a group that ends now
    left, _rows = Intent.objects.filter(pk__in=held).delete()
    log(
        organization=batch.organization,
        verb="batch.cancelled",
        target=f"batch:{batch.pk}",
        actor=actor,
        detail={"learners": left},
    )
    batch.refresh_from_db()
    return batch


@transaction.atomic
def resume_batch(*, batch: Batch, actor: Person) -> int:
    """Try again what of a run could not be issued, with today's date and the key that signs today.

    Args:
        batch: one with failures.
        actor: a program manager or registrar.

    Returns:
        How many are tried again.

    Raises:
        Refused: ``permission``, ``not-approved``, ``key-unresolved``; ``no-rows`` when nothing failed.
    """
    version, key = _admitted(batch.version, actor)
    now = timezone.now().replace(microsecond=0)
    again = batch.intents.filter(state=Intent.State.FAILED).update(
        state=Intent.State.WAITING,
        error="",
        key=key,
        version_digest=version.digest,
        valid_from=now,
        valid_until=months_later(now, version.validity_months),
        created=now,
    )
    if not again:
        raise Refused("no-rows", _("Nothing of this run failed; there is nothing to try again."))
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.RUNNING, finished_at=None)
    log(
        organization=batch.organization,
        verb="batch.resumed",
        target=f"batch:{batch.pk}",
        actor=actor,
        detail={"learners": again},
    )
    return again
