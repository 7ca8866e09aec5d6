"""The register of decisions as files: CSV for a spreadsheet, Atom for whoever wants to be told."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import Protocol

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from gradatim.program.council import queries
from gradatim.program.council.models import Decision
from gradatim.program.ground.tables import harmless
from gradatim.program.people.models import Organization

COLUMNS = (
    "number",
    "decided",
    "published",
    "body",
    "about",
    "title",
    "outcome",
    "reason",
    "review by",
    "page",
    "resolution",
    "text",
    "looked at by",
)


class _Writable(Protocol):
    def write(self, text: str, /) -> object: ...


def address(decision: Decision, organization: Organization) -> str:
    """The decision's permanent public address."""
    return f"{settings.SITE_URL}{reverse('council:decision', args=[organization.slug, decision.number])}"


def write_csv(out: _Writable, organization: Organization, decisions: Iterable[Decision]) -> None:
    """Write decisions as CSV with a header line.

    Args:
        out: where to.
        organization: whose.
        decisions: published ones, from `queries.with_record`.
    """
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for one in decisions:
        table.writerow(
            harmless(str(cell))
            for cell in (
                one.number,
                one.decided_at.date().isoformat(),
                one.published_at.date().isoformat() if one.published_at else "",
                one.body.name,
                one.get_kind_display(),
                one.title,
                one.get_outcome_display(),
                " ".join(one.rationale.split()),
                one.review_by.isoformat() if one.review_by else "",
                address(one, organization),
                one.resolution.number if hasattr(one, "resolution") else "",
                one.resolution.wording if hasattr(one, "resolution") else "",
                "; ".join(looked.words for looked in queries.looked_at(one)),
            )
        )


def atom(organization: Organization, decisions: Iterable[Decision]) -> str:
    """Decisions as an Atom feed (RFC 4287).

    Args:
        organization: whose.
        decisions: published ones, newest first.

    Returns:
        The document.
    """
    page = f"{settings.SITE_URL}{reverse('council:decisions', args=[organization.slug])}"
    feed = Atom1Feed(
        title=_("Decisions of %(name)s") % {"name": organization.name},
        link=page,
        feed_url=f"{settings.SITE_URL}{reverse('council:feed', args=[organization.slug])}",
        description="",
        author_name=organization.name,
    )
    for one in decisions:
        link = address(one, organization)
        title = _("%(number)s: %(title)s: %(outcome)s") % {
            "number": one.number,
            "title": one.title,
            "outcome": one.get_outcome_display(),
        }
        feed.add_item(
            title=title,
            link=link,
            unique_id=link,
            description=one.rationale,
            pubdate=one.published_at,
            updateddate=one.published_at,
        )
    return str(feed.writeString("utf-8"))
