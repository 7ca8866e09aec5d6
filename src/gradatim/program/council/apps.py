"""Council as a Django app."""

from django.apps import AppConfig


class CouncilConfig(AppConfig):
    """Council."""

    name = "gradatim.program.council"
    label = "council"
