"""Writes of people: the log, organizations, persons and roles, learners, invitations."""

from gradatim.program.people.actions.invitations import accept_invitation, invite, withdraw_invitation
from gradatim.program.people.actions.learners import keep_learner, link_learner, remove_practice
from gradatim.program.people.actions.log import log
from gradatim.program.people.actions.organizations import (
    change_organization,
    create_organization,
    make_real,
    set_logo,
)
from gradatim.program.people.actions.persons import create_person, give_role, prove_address, take_role

__all__ = [
    "accept_invitation",
    "change_organization",
    "create_organization",
    "create_person",
    "give_role",
    "invite",
    "keep_learner",
    "link_learner",
    "log",
    "make_real",
    "prove_address",
    "remove_practice",
    "set_logo",
    "take_role",
    "withdraw_invitation",
]
