"""Council as a Django app."""

from django.apps import AppConfig


class CouncilConfig(AppConfig):
    """Council."""

    name = "gradatim.program.council"
    label = "council"

    def ready(self) -> None:
        """Say how charters and routes are called, where change lists are read."""
        from gradatim.program.council import words  # noqa: PLC0415 - models are there only now

        words.teach()
