"""Writes of the ground: work rows, links and codes, stored files, what was seen elsewhere."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.program.ground.digests import code_digest, place_digest, token_digest
from gradatim.program.ground.models import Link, Seen, StoredFile, Work
from gradatim.program.ground.refused import Refused

LEASE = timedelta(minutes=5)  # how long a claimed row is nobody else's
MAX_ATTEMPTS = 8  # then the row is failed and waits for a person
FILE_LIMIT = 5 * 1024 * 1024  # bytes
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # no I, L, O, 0, 1: they are misread
CODE_LENGTH = 8  # 31^8: 8.5e11 codes
CODE_TRIES = 5  # wrong codes before a link opens by its token only
CODE_PAGE = "/code/"  # where the codes of mails are typed in
SEEN_WHOLE = 256 * 1024 * 1024  # bytes of all that was seen elsewhere
SEEN_OF_HOST = 16 * 1024 * 1024  # bytes of one host
SEEN_LEAST = 4 * 1024  # bytes that a short one is counted as
SEEN_FOR = timedelta(days=90)  # how long the place of one is kept although others have none
CODE_OPENS = timedelta(hours=1)  # how long the page that a code opened can be used


def enqueue(*, kind: str, key: str, payload: dict[str, Any], due_at: datetime | None = None) -> Work:
    """Write a work row, once per kind and key.

    Args:
        kind: what has to be done, e.g. ``"mail"``; the roof maps it to an action.
        key: unique within the kind; a second call with the same key changes nothing.
        payload: JSON for the action.
        due_at: not before; now if left out.

    Returns:
        The row, new or as it was.
    """
    row, _new = Work.objects.get_or_create(
        kind=kind, key=key, defaults={"payload": payload, "due_at": due_at or timezone.now()}
    )
    return row


def claim(*, kinds: list[str], limit: int = 20) -> list[Work]:
    """Take due rows for work, with a lease, so that no other worker takes them.

    Args:
        kinds: the kinds the caller knows how to do.
        limit: at most so many rows.

    Returns:
        The rows, oldest first, already marked running. Rows whose lease ran out count as due.
    """
    now = timezone.now()
    due = Q(state=Work.State.WAITING, due_at__lte=now) | Q(state=Work.State.RUNNING, lease_until__lt=now)
    taken = []
    for row in Work.objects.filter(due, kind__in=kinds).order_by("due_at", "id")[:limit]:
        changed = Work.objects.filter(due, pk=row.pk).update(
            state=Work.State.RUNNING, lease_until=now + LEASE, attempts=F("attempts") + 1
        )
        if changed:
            row.refresh_from_db()
            taken.append(row)
    return taken


def perform(*, row: Work, do: Callable[[dict[str, Any]], None]) -> bool:
    """Do one claimed row; its effect and its end are one transaction.

    Args:
        row: a row from `claim`.
        do: called with the payload; an exception puts the row back with a growing delay.

    Returns:
        Whether it was done.
    """
    try:
        with transaction.atomic():
            do(row.payload)
            Work.objects.filter(pk=row.pk).update(
                state=Work.State.DONE, done_at=timezone.now(), last_error=""
            )
    except Exception as error:  # noqa: BLE001 - whatever went wrong is kept on the row for a person to see
        final = row.attempts >= MAX_ATTEMPTS
        Work.objects.filter(pk=row.pk).update(
            state=Work.State.FAILED if final else Work.State.WAITING,
            due_at=timezone.now() + timedelta(seconds=2**row.attempts),
            last_error=f"{type(error).__name__}: {error}"[:2000],
        )
        return False
    return True


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link just made; token and code exist only here, the row keeps digests."""

    row: Link
    token: str
    code: str


def make_link(*, purpose: str, key: str, email: str = "", valid: timedelta = timedelta(days=30)) -> NewLink:
    """Make a link with a short code for a mail or a slip.

    Args:
        purpose: what it opens, e.g. ``"invitation"``.
        key: the primary key of the row it opens.
        email: the address it goes to, if any; using it proves that address.
        valid: how long.

    Returns:
        The row with its token (43 characters, URL-safe) and code (8 letters and digits, shown as XXXX-XXXX).
    """
    token = secrets.token_urlsafe(32)
    code = "".join(secrets.choice(CODE_LETTERS) for _n in range(CODE_LENGTH))
    row = Link.objects.create(
        purpose=purpose,
        key=key,
        email=email,
        token_digest=token_digest(token),
        code_digest=code_digest(purpose, key, code),
        expires_at=timezone.now() + valid,
    )
    return NewLink(row=row, token=token, code=f"{code[:4]}-{code[4:]}")


def code_sentence(link: NewLink) -> str:
    """What a mail says for those whose link is damaged on the way: where to type which code."""
    return _("If the link does not work, open %(page)s and type this code: %(code)s") % {
        "page": settings.SITE_URL + CODE_PAGE,
        "code": link.code,
    }


def link_by_code(*, email: str, code: str) -> tuple[str, str]:
    """Turn the short code of a mail into a link that opens the same page.

    Args:
        email: where the mail went.
        code: as in the mail; dashes, spaces and letter case do not matter.

    Returns:
        The purpose, and the token of a new link that is good for an hour.

    Raises:
        Refused: ``not-found``; a wrong code is counted, and after five nothing opens by code, only by the mailed link.
    """
    waiting = Link.objects.filter(
        email__iexact=email.strip(), used_at=None, expires_at__gt=timezone.now(), tries__lt=CODE_TRIES
    )
    for link in waiting:
        if hmac.compare_digest(link.code_digest, code_digest(link.purpose, link.key, code)):
            made = make_link(purpose=link.purpose, key=link.key, email=link.email, valid=CODE_OPENS)
            return link.purpose, made.token
    waiting.update(tries=F("tries") + 1)
    raise Refused(
        "not-found",
        _("Nothing that waits fits this address and code. Compare both with the message, letter by letter."),
        field="code",
    )


def use_link(*, token: str, purpose: str) -> Link:
    """Use a link up; only ever called by a POST.

    Args:
        token: from the address.
        purpose: what the caller is about to do.

    Returns:
        The row, marked used.

    Raises:
        Refused: ``not-found``, ``expired`` or ``closed`` (used already).
    """
    with transaction.atomic():
        row = (
            Link.objects.select_for_update().filter(token_digest=token_digest(token), purpose=purpose).first()
        )
        if row is None:
            raise Refused(
                "not-found", "This link is not known. Please open it again from the message, whole."
            )
        if row.used_at is not None:
            raise Refused("closed", "This link has been used already.")
        if row.expires_at <= timezone.now():
            raise Refused("expired", "This link has run out. Ask for a new one.")
        row.used_at = timezone.now()
        row.save(update_fields=["used_at"])
    return row


def close_links(*, purpose: str, key: str) -> None:
    """Close every link to one thing, once one of them has done its work.

    Args:
        purpose: of the links.
        key: what they open.
    """
    Link.objects.filter(purpose=purpose, key=key, used_at=None).update(used_at=timezone.now())


def write_mail(
    *, key: str, to: str, subject: str, text: str, organization_name: str = "", stop: str = ""
) -> Work:
    """Write a mail into the outbox, once per key; the worker sends it, at least once.

    Args:
        key: unique, e.g. ``"claim:0b6e…"``; the Message-ID follows from it, so a mail sent twice can be dropped.
        to: one address.
        subject: one line.
        text: the plain text; a line that is an address alone is also shown as the button of the HTML form.
        organization_name: whom the mail comes from.
        stop: of a mail that comes again and again, the address that ends it by a POST without a question (RFC 8058).

    Returns:
        The work row, new or as it was.
    """
    return enqueue(
        kind="mail",
        key=key,
        payload={
            "to": to,
            "subject": " ".join(subject.split()),
            "text": text,
            "from_name": organization_name,
            "stop": stop,
            "message_id": f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{urlsplit(settings.SITE_URL).hostname}>",
        },
    )


def keep_file(*, name: str, media_type: str, content: bytes) -> StoredFile:
    """Keep a small file under a name the server made (its row); the given name is only shown.

    Args:
        name: as the person called it.
        media_type: what the server found it to be.
        content: at most `FILE_LIMIT` bytes.

    Returns:
        The row.

    Raises:
        Refused: ``too-large``.
    """
    if len(content) > FILE_LIMIT:
        raise Refused("too-large", f"The file has {len(content):,} bytes; the limit is {FILE_LIMIT:,}.")
    return StoredFile.objects.create(
        name=name[-200:], media_type=media_type, digest=hashlib.sha256(content).hexdigest(), content=content
    )


def remember(*, place: str, host: str, text: str) -> None:
    """Keep what was seen elsewhere, so that an older edition is not taken for a newer one.

    What is kept of one host never makes room for another's: where there is no room, the newcomer is not kept.

    Args:
        place: where it was, as the engine calls it.
        host: whose room it takes up.
        text: what was seen there.
    """
    now, key, owner = timezone.now(), place_digest(place), place_digest(host)
    if "\0" in place + text:  # no address and no document that counts; PostgreSQL takes none
        return
    size = max(len(text.encode()), SEEN_LEAST)
    if size > SEEN_OF_HOST:
        return
    fresh = Seen.objects.filter(digest=key, text=text, at__gt=now - timedelta(days=1))
    if fresh.exists():
        return
    with transaction.atomic():
        others = Seen.objects.exclude(digest=key)
        while _size(others.filter(host=owner)) + size > SEEN_OF_HOST:
            others.filter(pk=others.filter(host=owner).order_by("at").values("pk")[:1]).delete()
        if _size(others) + size > SEEN_WHOLE:
            others.filter(at__lt=now - SEEN_FOR).delete()
        if _size(others) + size <= SEEN_WHOLE:
            values = {"place": place, "host": owner, "text": text, "size": size, "at": now}
            Seen.objects.update_or_create(digest=key, defaults=values)


def _size(rows: QuerySet[Seen]) -> int:
    return int(rows.aggregate(bytes=Sum("size", default=0))["bytes"])
