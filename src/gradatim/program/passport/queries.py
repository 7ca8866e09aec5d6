"""Reads of the passport: what waits to be got, what is shared."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from gradatim.program.credentials import queries as credentials
from gradatim.program.credentials.models import Credential
from gradatim.program.ground import queries as ground
from gradatim.program.ground.models import Link
from gradatim.program.passport.models import ShareLink, Slip
from gradatim.program.people.models import Organization

PURPOSE = "claim"


def code_digest(code: str) -> str:
    """What the database keeps of a slip's code: a keyed digest, so that a copy of the database tells no codes."""
    plain = "".join(c for c in code.upper() if c.isalnum())
    return hmac.new(settings.SECRET_KEY.encode(), f"slip:{plain}".encode(), hashlib.sha256).hexdigest()


def find_slip(code: str) -> Slip | None:
    """The slip of a code, while it can be used."""
    slip = (
        Slip.objects.select_related("credential").filter(code_digest=code_digest(code), used_at=None).first()
    )
    return slip if slip is not None and slip.expires_at > timezone.now() else None


def find_waiting(token: str) -> tuple[Link, Credential] | None:
    """The link of a mail and the credential it opens; used or not."""
    link = ground.find_link(token, PURPOSE)
    if link is None:
        return None
    credential = credentials.find_credential_by_key(link.key)
    return (link, credential) if credential is not None else None


def find_share(token: str) -> ShareLink | None:
    """A share link that still shows something: not withdrawn, not run out, and its learner not hidden since."""
    now = timezone.now()
    return (
        ShareLink.objects.filter(Q(expires_at=None) | Q(expires_at__gt=now), token=token, withdrawn_at=None)
        .exclude(credential__learner__directory_hold=True)
        .exclude(credential__learner__minor=True)
        .first()
    )


def shares(credential: Credential) -> QuerySet[ShareLink]:
    """The links by which a credential is shared, newest first."""
    return credential.shares.filter(withdrawn_at=None).order_by("-id")


def slipless(organization: Organization, reason: str) -> QuerySet[Credential]:
    """The credentials issued for a reason that count and that nobody has got yet, by learner."""
    return (
        Credential.objects.filter(organization=organization, intent__reason=reason, claimed_at=None)
        .exclude(state=Credential.State.REVOKED)
        .select_related("learner", "version", "organization")
        .order_by("learner__legal_name")
    )
