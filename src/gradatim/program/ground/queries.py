"""Reads of the ground: links by token or code, work that waits."""

from __future__ import annotations

from django.utils import timezone

from gradatim.program.ground.digests import place_digest, token_digest
from gradatim.program.ground.models import Link, Seen, Work


def find_link(token: str, purpose: str) -> Link | None:
    """The link of a token, used or not, or ``None``; opening a page by it changes nothing."""
    return Link.objects.filter(token_digest=token_digest(token), purpose=purpose).first()


def is_open(link: Link) -> bool:
    """Whether the link can still be used."""
    return link.used_at is None and link.expires_at > timezone.now()


def waiting_work() -> int:
    """How many work rows wait or run."""
    return Work.objects.filter(state__in=[Work.State.WAITING, Work.State.RUNNING]).count()


def seen(place: str) -> str | None:
    """What was seen there last, if it is remembered."""
    return Seen.objects.filter(digest=place_digest(place)).values_list("text", flat=True).first()
