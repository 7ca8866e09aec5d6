"""Who may see and change achievements."""

from __future__ import annotations

from gradatim.program.achievements.models import Version
from gradatim.program.people.models import Membership

Role = Membership.Role

MAY_SEE = (Role.MANAGER, Role.ADMINISTRATOR, Role.COUNCIL, Role.ISSUER, Role.ASSESSOR)
MAY_CHANGE = (Role.MANAGER, Role.ADMINISTRATOR)


def can_edit(version: Version) -> bool:
    """Only drafts change; everything else is a new version."""
    return version.state == Version.State.DRAFT


def is_written_here(version: Version) -> bool:
    """Whether a draft is written on its own pages; one that a proposal is about is written there, by its proposers."""
    return can_edit(version) and not version.proposal_url
