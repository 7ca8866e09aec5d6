"""People as a Django app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People."""

    name = "gradatim.program.people"
    label = "people"
