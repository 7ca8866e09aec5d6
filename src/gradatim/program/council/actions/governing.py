"""Who decides about the taxonomy: handed down to its room whenever bodies or seats change."""

from __future__ import annotations

from gradatim.program.council import queries
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import actions as taxonomy


def hand_down(organization: Organization) -> None:
    """Tell the taxonomy's room which body decides now; nobody, if none could.

    Args:
        organization: whose bodies or seats were changed.
    """
    body = queries.able_body(organization)
    taxonomy.govern(organization=organization, decided_by=body.name if body else "")
