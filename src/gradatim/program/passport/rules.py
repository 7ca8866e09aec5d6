"""Who may do what with a credential as its learner."""

from __future__ import annotations

from gradatim.program.credentials import rules as credentials
from gradatim.program.credentials.models import Credential
from gradatim.program.people.models import Person


def may_share(person: Person, credential: Credential) -> bool:
    """The holder shares; nothing of a learner with a hold, and nothing of a minor, goes out."""
    return credentials.is_holder(person, credential) and not credential.learner.hidden
