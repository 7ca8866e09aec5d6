"""Who may see and change the taxonomy."""

from __future__ import annotations

from gradatim.program.people.models import Membership

Role = Membership.Role

MAY_SEE = (Role.MANAGER, Role.ADMINISTRATOR, Role.COUNCIL)
MAY_CHANGE = (Role.MANAGER, Role.ADMINISTRATOR)
