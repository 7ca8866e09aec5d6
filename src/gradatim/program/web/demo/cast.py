"""The fixed cast of the demo, the tests and the documentation: seven people of Northfield, one outsider."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet

from gradatim.program.council import actions as council
from gradatim.program.council.models import Body, Seat
from gradatim.program.credentials import actions as credentials
from gradatim.program.people import actions as people
from gradatim.program.people.models import Learner, Membership, Organization, Person
from gradatim.program.taxonomy import actions as taxonomy

Role = Membership.Role
DID = "did:web:demo.example"
DOMAINS = ("northfield.example", "southgate.example")  # .example is reserved: nobody's mail is ever at risk


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is who."""

    northfield: Organization
    southgate: Organization
    council: Body
    chair: Person
    member: Person
    second_member: Person
    manager: Person
    assessor: Person
    employer: Person
    administrator: Person
    learner: Person
    learner_record: Learner
    outsider: Person

    @property
    def everyone(self) -> dict[str, Person]:
        """The cast by part."""
        parts = ("chair", "member", "manager", "assessor", "employer", "administrator", "learner", "outsider")
        return {part: getattr(self, part) for part in parts}


@transaction.atomic
def make(*, seated: bool = True) -> Cast:
    """Make both organizations with their people, seats, keys and taxonomy.

    Args:
        seated: whether the seats of the council are filled; else `seat` does it, once the policy stands.

    Returns:
        The cast, everything practice.
    """
    administrator = _person("Sam Whitaker", "sam.whitaker@northfield.example")
    northfield = people.create_organization(
        name="Northfield College",
        kind=Organization.Kind.POSTSECONDARY,
        slug="northfield",
        did=DID,
        url="https://northfield.example/",
        email="microcredentials@northfield.example",
        country="US",
        description="A two-year college in a river town. Its short credentials are asked for by employers and decided by its council.",
        administrator=administrator,
    )
    people.give_role(organization=northfield, person=administrator, role=Role.ISSUER, actor=administrator)
    chair = _member("Ruth Alvarez", northfield, Role.COUNCIL, administrator)
    member = _member("Ben Okafor", northfield, Role.COUNCIL, administrator)
    second_member = _member("Mei Tanaka", northfield, Role.COUNCIL, administrator)
    manager = _member("Priya Nair", northfield, Role.MANAGER, administrator)
    assessor = _member("Tom Lindqvist", northfield, Role.ASSESSOR, administrator)
    employer = _member("Dana Cole", northfield, Role.PARTNER, administrator)
    learner = _member("Amina Yusuf", northfield, Role.LEARNER, administrator)
    record = people.keep_learner(
        organization=northfield,
        number="N-1001",
        legal_name="Amina Yusuf",
        school_email="amina.yusuf@northfield.example",
        actor=administrator,
    )
    people.link_learner(learner=record, person=learner)
    taxonomy.set_up(organization=northfield)
    credentials.make_key(organization=northfield, actor=administrator)
    body = council.found_body(
        organization=northfield,
        name="Microcredential Council",
        charter="Decides about every microcredential of the college. More than half of the voting seats must be present.",
        actor=administrator,
    )
    outsider = _person("Olga Petrov", "olga.petrov@southgate.example")
    southgate = people.create_organization(
        name="Southgate Institute",
        kind=Organization.Kind.WORKFORCE,
        slug="southgate",
        did="did:web:southgate.example",
        administrator=outsider,
    )
    people.give_role(organization=southgate, person=outsider, role=Role.MANAGER, actor=outsider)
    taxonomy.set_up(organization=southgate)
    credentials.make_key(organization=southgate, actor=outsider)
    cast = Cast(
        northfield=northfield,
        southgate=southgate,
        council=body,
        chair=chair,
        member=member,
        second_member=second_member,
        manager=manager,
        assessor=assessor,
        employer=employer,
        administrator=administrator,
        learner=learner,
        learner_record=record,
        outsider=outsider,
    )
    if seated:
        seat(cast)
    return cast


def seat(cast: Cast) -> None:
    """Fill the seats of the council; from then on it decides about the taxonomy too.

    Args:
        cast: whose.
    """
    for person, role, unit in (
        (cast.chair, Seat.Role.CHAIR, "Academic affairs"),
        (cast.member, Seat.Role.VOTING, "Business and data"),
        (cast.second_member, Seat.Role.VOTING, "Health and trades"),
        (cast.manager, Seat.Role.VOTING, "Microcredential office"),
    ):
        council.fill_seat(
            body=cast.council, person=person, role=role, constituency=unit, actor=cast.administrator
        )


def players() -> QuerySet[Person]:
    """The people of the demo, if it was filled in; nobody else has such addresses."""
    known = Q()
    for domain in DOMAINS:
        known |= Q(email__endswith=f"@{domain}")
    return (
        Person.objects.filter(known, is_staff=False)
        .prefetch_related("memberships__organization", "seats")
        .order_by("pk")
    )


def _person(name: str, email: str) -> Person:
    return people.create_person(name=name, email=email, verified=True)


def _member(name: str, organization: Organization, role: str, administrator: Person) -> Person:
    person = _person(name, f"{name.lower().replace(' ', '.')}@{DOMAINS[0]}")
    people.give_role(organization=organization, person=person, role=role, actor=administrator)
    return person
