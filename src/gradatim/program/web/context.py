"""What every page needs to draw its frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from gradatim.program.people.models import Membership, Organization

Role = Membership.Role
ROOMS = ("people", "taxonomy", "achievements", "credentials", "passport", "offerings", "council")
ROOM_SHEETS = tuple(f"css/rooms/{room}.css" for room in ROOMS if finders.find(f"css/rooms/{room}.css"))
STAFF = frozenset({Role.MANAGER, Role.ADMINISTRATOR, Role.ISSUER, Role.ASSESSOR, Role.COUNCIL})


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the main navigation."""

    name: str
    url: str
    current: bool


def page(request: HttpRequest) -> dict[str, Any]:
    """The frame: organization, navigation, language."""
    organization: Organization | None = getattr(request, "organization", None)
    return {
        "page": {
            "organization": organization,
            "places": places(request, organization) if organization else [],
            "room_sheets": ROOM_SHEETS,
            "language": get_language() or "en",
            "direction": "rtl" if get_language_bidi() else "ltr",
        }
    }


def places(request: HttpRequest, organization: Organization) -> list[Place]:
    """Where this person can go inside the organization, by role."""
    held: frozenset[str] = getattr(request, "roles", frozenset())
    entries: list[tuple[str, str, frozenset[str]]] = [
        (_("Program"), "web:board", STAFF),
        (_("Waits for you"), "council:work", frozenset({Role.PARTNER}) if not held & STAFF else frozenset()),
        (_("Proposals"), "council:proposals", STAFF),
        (_("Taxonomy"), "taxonomy:overview", frozenset({Role.MANAGER, Role.ADMINISTRATOR, Role.COUNCIL})),
        (_("Achievements"), "achievements:list", frozenset({Role.MANAGER, Role.ADMINISTRATOR})),
        (
            _("Cohorts"),
            "offerings:cohorts",
            frozenset({Role.MANAGER, Role.ADMINISTRATOR, Role.ISSUER, Role.ASSESSOR}),
        ),
        (_("Credentials"), "credentials:list", frozenset({Role.MANAGER, Role.ADMINISTRATOR, Role.ISSUER})),
        (_("People"), "people:people", frozenset({Role.ADMINISTRATOR})),
    ]
    shown = []
    for name, view, roles in entries:
        if held & roles:
            url = reverse(view, args=[organization.slug])
            current = request.path == url if view == "web:board" else request.path.startswith(url)
            shown.append(Place(name, url, current=current))
    return shown
