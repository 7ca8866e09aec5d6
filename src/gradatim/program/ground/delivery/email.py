"""Mail: what a "mail" work row says becomes a message."""

from __future__ import annotations

import re
from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

ADDRESS = re.compile(r"https?://\S+")


def send(payload: dict[str, Any]) -> None:
    """Send one mail of the outbox.

    Args:
        payload: as `ground.actions.write_mail` wrote it.

    Raises:
        OSError: the mail server did not take it; the row is tried again later.
    """
    headers = {"Message-ID": payload["message_id"], "Auto-Submitted": "auto-generated"}
    if stop := payload.get("stop"):
        headers |= {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    message = EmailMultiAlternatives(
        subject=payload["subject"],
        body=payload["text"],
        from_email=formataddr((payload["from_name"], settings.DEFAULT_FROM_EMAIL)),
        to=[payload["to"]],
        headers=headers,
    )
    message.attach_alternative(as_html(payload["text"], payload["from_name"]), "text/html")
    message.send()


def as_html(text: str, organization_name: str) -> str:
    """The same words as HTML: paragraphs, and the first line that is an address alone as the one button.

    Args:
        text: paragraphs separated by empty lines.
        organization_name: whom the mail comes from.
    """
    paragraphs: list[dict[str, object]] = []
    button = ""
    for paragraph in text.strip().split("\n\n"):
        lines = paragraph.splitlines()
        address = "" if button else next((line for line in lines if ADDRESS.fullmatch(line)), "")
        button = button or address
        paragraphs.append({"lines": [line for line in lines if line != address], "button": address})
    return render_to_string("ground/mail.html", {"paragraphs": paragraphs, "name": organization_name})
