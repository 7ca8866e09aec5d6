"""Achievements as a Django app."""

from django.apps import AppConfig


class AchievementsConfig(AppConfig):
    """Achievements."""

    name = "gradatim.program.achievements"
    label = "achievements"

    def ready(self) -> None:
        """Say what the codes of facts are called, where rules are read."""
        from gradatim.program.achievements.facts import CODES  # noqa: PLC0415 - models are there only now
        from gradatim.program.taxonomy.quality import name_codes  # noqa: PLC0415 - as above

        name_codes(CODES)
