"""Taxonomy as a Django app."""

from django.apps import AppConfig


class TaxonomyConfig(AppConfig):
    """Taxonomy."""

    name = "gradatim.program.taxonomy"
    label = "taxonomy"
