"""Achievements as a Django app."""

from django.apps import AppConfig


class AchievementsConfig(AppConfig):
    """Achievements."""

    name = "gradatim.program.achievements"
    label = "achievements"
