"""Credentials as a Django app."""

from django.apps import AppConfig


class CredentialsConfig(AppConfig):
    """Credentials."""

    name = "gradatim.program.credentials"
    label = "credentials"
