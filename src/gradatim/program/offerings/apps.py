"""Offerings as a Django app."""

from django.apps import AppConfig


class OfferingsConfig(AppConfig):
    """Offerings."""

    name = "gradatim.program.offerings"
    label = "offerings"
