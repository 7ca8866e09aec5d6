"""Permanent addresses of what an issuer publishes; they stand in signed documents."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from gradatim.engine.did import did_web_url
from gradatim.program.credentials.models import SigningKey, StatusList
from gradatim.program.people.models import Organization


def base(organization: Organization) -> str:
    """Scheme and host under which the issuer's documents live: this site, or the host its did:web names."""
    host = urlsplit(did_web_url(organization.did)).netloc
    return settings.SITE_URL if host == urlsplit(settings.SITE_URL).netloc else f"https://{host}"


def credential_url(organization: Organization, credential: UUID) -> str:
    """The credential's id."""
    return base(organization) + reverse("credentials:credential", args=[credential])


def status_url(status_list: StatusList) -> str:
    """Where a status list is served; also its id."""
    arguments = [status_list.organization.slug, status_list.purpose, status_list.number]
    return base(status_list.organization) + reverse("credentials:status_list", args=arguments)


def method_url(key: SigningKey) -> str:
    """The verification method of a key, as Multikey."""
    return f"{key.organization.did}#{key.public_multibase}"


def token_method_url(key: SigningKey) -> str:
    """The verification method of a key, as JWK (``kid`` of tokens)."""
    return f"{key.organization.did}#{key.public_multibase}-jwk"
