"""Ground as a Django app."""

from django.apps import AppConfig


class GroundConfig(AppConfig):
    """Ground."""

    name = "gradatim.program.ground"
    label = "ground"
