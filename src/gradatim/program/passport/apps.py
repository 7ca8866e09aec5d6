"""Passport as a Django app."""

from django.apps import AppConfig


class PassportConfig(AppConfig):
    """Passport."""

    name = "gradatim.program.passport"
    label = "passport"
