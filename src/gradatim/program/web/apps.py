"""Web as a Django app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Web."""

    name = "gradatim.program.web"
    label = "web"
