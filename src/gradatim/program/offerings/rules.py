"""Who may do what with cohorts."""

from __future__ import annotations

from gradatim.program.offerings.models import Cohort, Enrolment
from gradatim.program.people import rules as people
from gradatim.program.people.models import Membership, Organization, Person

Role = Membership.Role
MAY_SEE = (Role.MANAGER, Role.ADMINISTRATOR, Role.ISSUER, Role.ASSESSOR)
MAY_ENROL = (Role.MANAGER, Role.ISSUER)
MAY_ISSUE = (Role.MANAGER, Role.ISSUER)


def may_enrol(person: Person, organization: Organization) -> bool:
    """Program managers and registrars start cohorts and take rosters in."""
    return people.has_role(person, organization, *MAY_ENROL)


def may_assess(person: Person, cohort: Cohort) -> bool:
    """Program managers and assessors note results."""
    return people.has_role(person, cohort.organization, Role.MANAGER, Role.ASSESSOR)


def is_own(person: Person, enrolment: Enrolment, addresses: frozenset[str]) -> bool:
    """Whether somebody would assess themself: as the learner, or as who will be the learner when the mail is opened.

    Args:
        person: who assesses.
        enrolment: whom.
        addresses: the person's, from `people.queries.proven_addresses`.
    """
    learner = enrolment.learner
    if learner.person_id is not None:
        return learner.person_id == person.pk
    return not addresses.isdisjoint(address.lower() for address in learner.addresses)
