"""A college with its taxonomy, without the rooms above."""

import pytest

from gradatim.program.people.models import Membership, Organization, Person
from gradatim.program.taxonomy import actions as taxonomy
from gradatim.program.taxonomy import queries
from tests import kept, made


@pytest.fixture
def college_and_manager(db):
    return kept.again(made.college)


@pytest.fixture
def college(college_and_manager):
    return college_and_manager[0]


@pytest.fixture
def manager(college_and_manager):
    return college_and_manager[1]


@pytest.fixture
def outsider(college):
    person = Person.objects.create_user("olga.petrov@southgate.example", name="Olga Petrov")
    southgate = Organization.objects.create(
        slug="southgate", name="Southgate Institute", did="did:web:southgate.example"
    )
    Membership.objects.create(organization=southgate, person=person, role=Membership.Role.MANAGER)
    taxonomy.set_up(organization=southgate)
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
