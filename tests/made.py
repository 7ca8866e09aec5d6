"""What several rooms' tests start from."""

from __future__ import annotations

from gradatim.program.people.models import Membership, Organization, Person
from gradatim.program.taxonomy import actions as taxonomy
from gradatim.program.web import work
from gradatim.program.web.demo import lived_in, program


def college() -> tuple[Organization, Person]:
    """A college with its taxonomy and its program manager, without the rooms above."""
    manager = Person.objects.create_user("priya.nair@northfield.example", name="Priya Nair")
    made = Organization.objects.create(
        slug="northfield", name="Northfield College", did="did:web:demo.example"
    )
    Membership.objects.create(organization=made, person=manager, role=Membership.Role.MANAGER)
    taxonomy.set_up(organization=made)
    return made, manager


def filled() -> program.Filled:
    """The demo's whole program, with everything issued and every mail written."""
    made = program.fill()
    work.drain()
    return made


def lived_in_for_months() -> program.Filled:
    """The same with a council that has been at work for long."""
    made = filled()
    lived_in.fill(made.cast)
    work.drain()
    return made
