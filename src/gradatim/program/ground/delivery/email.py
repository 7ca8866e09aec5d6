"""Mail: what a "mail" work row says becomes a message."""

from __future__ import annotations

from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives


def send(payload: dict[str, Any]) -> None:
    """Send one mail of the outbox.

    Args:
        payload: as `ground.actions.write_mail` wrote it.

    Raises:
        OSError: the mail server did not take it; the row is tried again later.
    """
    message = EmailMultiAlternatives(
        subject=payload["subject"],
        body=payload["text"],
        from_email=formataddr((payload["from_name"], settings.DEFAULT_FROM_EMAIL)),
        to=[payload["to"]],
        headers={"Message-ID": payload["message_id"], "Auto-Submitted": "auto-generated"},
    )
    if payload["html"]:
        message.attach_alternative(payload["html"], "text/html")
    message.send()
