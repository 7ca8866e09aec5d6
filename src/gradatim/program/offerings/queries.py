"""Reads of offerings."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from gradatim.program.credentials.models import Intent
from gradatim.program.offerings.models import Cohort, Enrolment, RosterImport
from gradatim.program.people.models import Organization


def reason(cohort: Cohort) -> str:
    """What the credentials of a cohort are issued for; nobody gets one twice for it."""
    return f"cohort:{cohort.pk}"


def cohorts(organization: Organization) -> QuerySet[Cohort]:
    """The cohorts with how many are in them and how many met, newest first."""
    met = Q(enrolments__result=Enrolment.Result.MET)
    return (
        organization.cohorts.select_related("version__achievement")
        .annotate(size=Count("enrolments"), met=Count("enrolments", filter=met))
        .order_by("-id")
    )


def find_cohort(organization: Organization, cohort: int) -> Cohort | None:
    """One cohort with its counts."""
    found = cohorts(organization).select_related("version__achievement__organization", "organization")
    return found.filter(pk=cohort).first()


def enrolments(cohort: Cohort) -> QuerySet[Enrolment]:
    """Who is in a cohort, by name, and whether they have the credential or it is on its way."""
    issued = Intent.objects.filter(
        learner=OuterRef("learner"), version=cohort.version_id, reason=reason(cohort)
    )
    return (
        cohort.enrolments.select_related("learner", "result_by")
        .annotate(issued=Exists(issued))
        .order_by("learner__legal_name", "id")
    )


def ready(cohort: Cohort) -> QuerySet[Enrolment]:
    """Those who met the outcomes and were not issued the credential yet."""
    issued = Intent.objects.filter(
        learner=OuterRef("learner"), version=cohort.version_id, reason=reason(cohort)
    )
    return enrolments(cohort).filter(~Exists(issued), result=Enrolment.Result.MET)


def ready_cohorts(organization: Organization) -> list[Cohort]:
    """Cohorts in which somebody waits for the credential to be issued."""
    waiting = Enrolment.objects.filter(cohort__organization=organization, result=Enrolment.Result.MET)
    issued = Intent.objects.filter(learner=OuterRef("learner"), version=OuterRef("cohort__version"))
    keys = waiting.filter(~Exists(issued)).values("cohort")
    return list(organization.cohorts.filter(pk__in=keys).select_related("version"))


def find_import(cohort: Cohort, roster: int) -> RosterImport | None:
    """One roster file that was read."""
    return cohort.imports.filter(pk=roster).first()


def open_import(cohort: Cohort) -> RosterImport | None:
    """The roster file that waits for a yes, if there is one."""
    return cohort.imports.filter(state=RosterImport.State.PREVIEW).order_by("-id").first()
