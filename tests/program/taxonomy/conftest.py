"""A college with its taxonomy, without the rooms above."""

import pytest

from gradatim.program.people.models import Membership, Organization, Person
from gradatim.program.taxonomy import actions as taxonomy
from gradatim.program.taxonomy import queries


@pytest.fixture
def manager():
    return Person.objects.create_user("priya.nair@northfield.example", name="Priya Nair")


@pytest.fixture
def college(manager):
    made = Organization.objects.create(
        slug="northfield", name="Northfield College", did="did:web:demo.example"
    )
    Membership.objects.create(organization=made, person=manager, role=Membership.Role.MANAGER)
    taxonomy.set_up(organization=made)
    return made


@pytest.fixture
def outsider():
    person = Person.objects.create_user("olga.petrov@southgate.example", name="Olga Petrov")
    made = Organization.objects.create(
        slug="southgate", name="Southgate Institute", did="did:web:southgate.example"
    )
    Membership.objects.create(organization=made, person=person, role=Membership.Role.MANAGER)
    taxonomy.set_up(organization=made)
    return person


@pytest.fixture
def fields(college):
    return {
        "title": "Data literacy for the workplace",
        "description": "Reads, questions and explains workplace data.",
        "criteria": "A case with real data, and a talk of ten minutes.",
        "assessment": "Case with rubric, two assessors.",
        "type": queries.types(college).get(key="skill"),
        "level": queries.levels(college).get(key="intermediate"),
        "outcomes": ["Reads a chart", "Questions a source", "Explains a finding"],
        "workload_hours": 40,
        "participation": "blended",
    }
