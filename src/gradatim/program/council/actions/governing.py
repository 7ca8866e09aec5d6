"""Who decides: about the taxonomy, handed down to its room; about bodies and routes, asked around every change of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gradatim.program.council import packs, queries
from gradatim.program.council.models import CharterEdition
from gradatim.program.people.models import Organization, Person
from gradatim.program.taxonomy import actions as taxonomy
from gradatim.program.taxonomy import queries as taxonomy_queries


def hand_down(organization: Organization) -> None:
    """Tell the taxonomy's room which body decides now; nobody, if none could.

    Args:
        organization: whose bodies or seats were changed.
    """
    body = queries.able_body(organization)
    taxonomy.govern(organization=organization, decided_by=body.name if body else "")


@contextmanager
def by_decision(organization: Organization, actor: Person) -> Iterator[None]:
    """Around a change of bodies or routes, in its transaction: refused where the council decides about it, else kept as an edition.

    Who holds a seat is no part of a charter, so appointments pass.

    Args:
        organization: whose.
        actor: who changes something.

    Raises:
        Refused: ``needs-decision``.
    """
    if taxonomy.is_rehearsing():
        yield
        return
    begun, held = queries.in_force(organization), taxonomy_queries.governance(organization)
    if begun:
        keep_editions(organization, None, first=True)
    before = queries.council_text(organization) if begun and held.decided_by else ""
    yield
    if before:
        taxonomy.must_be_direct(held, before, queries.council_text(organization))
    keep_editions(organization, actor, begun=begun)


def keep_editions(
    organization: Organization,
    actor: Person | None,
    by: tuple[str, str] = ("", ""),
    *,
    begun: bool = True,
    first: bool = False,
) -> None:
    """Keep how charters stand now, where they read otherwise than before.

    Args:
        organization: whose.
        actor: who changed something.
        by: number and address of the decision behind it, copies.
        begun: whether the council has begun; until then the first edition is written anew.
        first: only for bodies that have none yet.
    """
    Organization.objects.select_for_update().get(pk=organization.pk)  # one number after the other
    latest: dict[int, CharterEdition] = {}
    for edition in CharterEdition.objects.filter(body__organization=organization).order_by("number"):
        latest[edition.body_id] = edition
    for entry in queries.stored_council(organization).bodies:
        text, last = packs.body_text(entry), latest.get(entry.body.pk)
        if last and (first or last.text == text):
            continue
        number = last.number if last and not begun else last.number + 1 if last else 1
        CharterEdition.objects.update_or_create(
            body=entry.body,
            number=number,
            defaults={"text": text, "made_by": actor, "decision_number": by[0], "decision_url": by[1]},
        )
