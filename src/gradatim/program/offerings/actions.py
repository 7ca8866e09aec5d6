"""Writes of offerings: cohorts, rosters, results, issuing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.program.achievements import document, judged, rubric
from gradatim.program.achievements.models import Version
from gradatim.program.credentials import actions as credentials
from gradatim.program.credentials.models import Batch
from gradatim.program.ground import actions as ground
from gradatim.program.ground.refused import Refused
from gradatim.program.offerings import queries, roster, rules
from gradatim.program.offerings.models import Cohort, Enrolment, RosterImport
from gradatim.program.people import actions as people
from gradatim.program.people import queries as persons
from gradatim.program.people.actions import log
from gradatim.program.people.models import Learner, Organization, Person

_ROW = ("legal_name", "chosen_name", "school_email", "directory_hold", "minor")


@transaction.atomic
def create_cohort(
    *,
    organization: Organization,
    version: Version,
    name: str,
    term: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
    actor: Person,
) -> Cohort:
    """Start a cohort for an achievement version; one that is not approved yet can be prepared, but not issued.

    Args:
        organization: whose.
        version: what the learners work toward.
        name: what it is called.
        term: e.g. "Fall 2026".
        starts_on: first day.
        ends_on: last day.
        actor: a program manager or registrar.

    Returns:
        The cohort.

    Raises:
        Refused: ``permission``, ``row-invalid``; ``not-approved`` for what was made for practice, once the program is real.
    """
    if not rules.may_enrol(actor, organization) or version.achievement.organization_id != organization.pk:
        raise Refused("permission", _("Only program managers and registrars start cohorts."))
    if version.achievement.practice and not organization.practicing:
        raise Refused(
            "not-approved",
            _("This achievement was made for practice. Copy it, and propose the copy; the copy counts."),
            field="version",
        )
    if starts_on and ends_on and ends_on < starts_on:
        raise Refused("row-invalid", _("The last day lies before the first."), field="ends_on")
    cohort = Cohort.objects.create(
        organization=organization,
        version=version,
        name=name.strip(),
        term=term,
        starts_on=starts_on,
        ends_on=ends_on,
        practice=organization.practicing,
    )
    log(organization=organization, verb="cohort.started", target=f"cohort:{cohort.pk}", actor=actor)
    return cohort


@transaction.atomic
def read_roster(*, cohort: Cohort, name: str, content: bytes, actor: Person) -> RosterImport:
    """Read a roster as a dry run: what each row would do, and why some cannot be taken. No learner is stored.

    Args:
        cohort: for which.
        name: of the file.
        content: CSV or a spreadsheet, at most 5 MiB.
        actor: a program manager or registrar.

    Returns:
        The import, waiting for `confirm_roster`; an earlier one that waited is thrown away.

    Raises:
        Refused: ``permission``; what `roster.read` refuses.
    """
    if not rules.may_enrol(actor, cohort.organization):
        raise Refused("permission", _("Only program managers and registrars take rosters in."))
    rows = roster.read(name, content)
    numbers = [row.values.get("number", "") for row in rows]
    known = {
        x.number: x for x in Learner.objects.filter(organization=cohort.organization, number__in=numbers)
    }
    here = set(cohort.enrolments.values_list("learner__number", flat=True))
    cohort.imports.filter(state=RosterImport.State.PREVIEW).update(state=RosterImport.State.DISCARDED)
    kept = ground.keep_file(name=name, media_type="application/octet-stream", content=content)
    return RosterImport.objects.create(
        cohort=cohort, file=kept, uploaded_by=actor, rows=[_foreseen(row, known, here) for row in rows]
    )


def _foreseen(row: roster.Row, known: dict[str, Learner], here: set[str]) -> dict[str, Any]:
    number = row.values.get("number", "")
    if row.reasons:
        outcome = "error"
    elif number not in known:
        outcome = "new"
    elif _differs(row, known[number]):
        outcome = "changed"
    else:
        outcome = "same" if number in here else "enrol"
    return {
        "line": row.line,
        "values": row.values,
        "outcome": outcome,
        "reasons": row.reasons,
        "hidden": row.hold or row.minor,
    }


def _differs(row: roster.Row, learner: Learner) -> bool:
    said = _fields(row.values, hold=row.hold, minor=row.minor)
    private = row.values.get("private_email", "")
    return any(getattr(learner, name) != said[name] for name in _ROW) or bool(
        private and private != learner.private_email
    )


def _fields(values: dict[str, str], *, hold: bool, minor: bool) -> dict[str, Any]:
    texts = {
        name: values.get(name, "") for name in ("legal_name", "chosen_name", "school_email", "private_email")
    }
    return texts | {"directory_hold": hold, "minor": minor}


@transaction.atomic
def confirm_roster(*, roster_import: RosterImport, actor: Person) -> int:
    """Take in the rows that can be taken; done again, it changes nothing.

    Args:
        roster_import: one that waits.
        actor: a program manager or registrar.

    Returns:
        How many learners of the file are in the cohort now.

    Raises:
        Refused: ``permission``; ``closed``, when it was confirmed or thrown away before.
    """
    waiting = RosterImport.objects.select_for_update().get(pk=roster_import.pk)
    cohort = waiting.cohort
    if not rules.may_enrol(actor, cohort.organization):
        raise Refused("permission", _("Only program managers and registrars take rosters in."))
    if waiting.state != RosterImport.State.PREVIEW:
        raise Refused("closed", _("This file was taken in or thrown away already."))
    count = 0
    for entry in waiting.rows:
        if entry["outcome"] == "error":
            continue
        row = roster.Row(entry["line"], entry["values"])
        learner = people.keep_learner(
            organization=cohort.organization,
            number=entry["values"]["number"],
            actor=actor,
            **_fields(row.values, hold=row.hold, minor=row.minor),
        )
        Enrolment.objects.get_or_create(
            cohort=cohort, learner=learner, defaults={"section": row.values.get("section", "")[:40]}
        )
        count += 1
    waiting.state, waiting.confirmed_at = RosterImport.State.CONFIRMED, timezone.now()
    waiting.save(update_fields=["state", "confirmed_at"])
    log(
        organization=cohort.organization,
        verb="roster.taken-in",
        target=f"cohort:{cohort.pk}",
        actor=actor,
        detail={"rows": count},
    )
    return count


@transaction.atomic
def discard_roster(*, roster_import: RosterImport, actor: Person) -> None:
    """Throw a roster away that waits.

    Args:
        roster_import: which.
        actor: a program manager or registrar.

    Raises:
        Refused: ``permission``.
    """
    if not rules.may_enrol(actor, roster_import.cohort.organization):
        raise Refused("permission", _("Only program managers and registrars take rosters in."))
    RosterImport.objects.filter(pk=roster_import.pk, state=RosterImport.State.PREVIEW).update(
        state=RosterImport.State.DISCARDED
    )


@transaction.atomic
def record_results(
    *,
    cohort: Cohort,
    results: dict[int, str],
    levels: Mapping[int, dict[str, str]] | None = None,
    actor: Person,
) -> int:
    """Note who met the outcomes and who did not.

    Args:
        cohort: of whom.
        results: enrolment to an `Enrolment.Result`, or ``""`` for none yet.
        levels: enrolment to the levels of the rubric that were reached, criterion's key to level's key; those left out
            keep theirs.
        actor: a program manager or assessor.

    Returns:
        How many results changed.

    Raises:
        Refused: ``permission``; ``own-result`` when somebody would assess themself; ``already-issued`` for a result that a
            credential stands on; ``row-invalid``, also for who met the outcomes with a level that is not enough.
    """
    if not rules.may_assess(actor, cohort):
        raise Refused("permission", _("Only program managers and assessors note results."))
    if not set(results.values()) <= {*Enrolment.Result.values, ""}:
        raise Refused("row-invalid", _("A result is met or not met."))
    changed, addresses = 0, persons.proven_addresses(actor)
    for enrolment in queries.enrolments(cohort).filter(pk__in=results):
        result = results[enrolment.pk]
        reached = (levels or {}).get(enrolment.pk, enrolment.levels)
        if (result, reached) == (enrolment.result, enrolment.levels):
            continue
        _must_fit(cohort, enrolment, result, reached)
        if rules.is_own(actor, enrolment, addresses):
            raise Refused("own-result", _("Nobody assesses themself."))
        if enrolment.issued:  # type: ignore[attr-defined]  # annotated by the query
            raise Refused(
                "already-issued",
                _("%(name)s has the credential already; take it back first.")
                % {"name": enrolment.learner.name},
            )
        Enrolment.objects.filter(pk=enrolment.pk).update(
            result=result,
            levels=reached,
            result_by=actor if result else None,
            result_at=timezone.now() if result else None,
        )
        changed += 1
    if changed:
        log(
            organization=cohort.organization,
            verb="results.noted",
            target=f"cohort:{cohort.pk}",
            actor=actor,
            detail={"changed": changed},
        )
    return changed


def _must_fit(cohort: Cohort, enrolment: Enrolment, result: str, reached: dict[str, str]) -> None:
    """Refuse levels that the rubric does not have, and a result that they contradict."""
    criteria = cohort.version.rubric
    if not rubric.fits(criteria, reached):
        raise Refused("row-invalid", _("This level is none of the rubric."))
    short = rubric.below(criteria, reached) if result == Enrolment.Result.MET else []
    if short:
        raise Refused(
            "row-invalid",
            _("%(name)s has not reached what is enough in: %(criteria)s.")
            % {"name": enrolment.learner.name, "criteria": ", ".join(short)},
        )


def _claims(cohort: Cohort, enrolment: Enrolment) -> dict[str, Any]:
    """What a credential says about one learner: the levels of the rubric that were reached."""
    version = cohort.version
    found = judged.results(version.rubric, enrolment.levels, document.url(version))
    return {"result": found} if found else {}


def issue_met(*, cohort: Cohort, actor: Person) -> Batch:
    """Issue the credential to everyone who met the outcomes and has not got it.

    Args:
        cohort: whose results.
        actor: a program manager or registrar.

    Returns:
        The issuing run.

    Raises:
        Refused: ``no-rows`` when nobody waits; what `credentials.actions.start_batch` refuses, the gate above all.
    """
    learners: list[tuple[Learner, dict[str, Any]]] = [
        (enrolment.learner, _claims(cohort, enrolment)) for enrolment in queries.ready(cohort)
    ]
    if not learners:
        raise Refused("no-rows", _("Nobody in this cohort waits for the credential: note results first."))
    return credentials.start_batch(
        version=cohort.version,
        learners=learners,
        reason=queries.reason(cohort),
        label=cohort.name,
        actor=actor,
    )


def remove_practice(*, organization: Organization) -> None:
    """Delete the cohorts made while practicing.

    Args:
        organization: whose.
    """
    Cohort.objects.filter(organization=organization, practice=True).delete()
