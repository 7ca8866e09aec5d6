"""A college with its taxonomy, without the rooms above."""

from datetime import UTC, date, datetime

import pytest

from gradatim.program.achievements import actions
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


@pytest.fixture
def draft(college, manager, fields):
    return actions.draft(organization=college, actor=manager, **fields)


@pytest.fixture
def approve():
    """A function that takes a draft through review to approval."""

    def go(version, number="2026-09"):
        version = actions.send_to_review(version=version, actor=None)
        return actions.approve(
            version=version,
            decision_number=number,
            decision_url=f"https://badges.example/o/northfield/decisions/{number}/",
            decided_at=datetime(2026, 3, 12, 15, tzinfo=UTC),
            review_by=date(2029, 3, 12),
        )

    return go


@pytest.fixture
def approved(draft, approve):
    return approve(draft)
