"""The directory: actors, places, services."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Application configuration."""

    name = "directory"
    verbose_name = "Annuaire"

    def ready(self) -> None:
        """Follow what happens to accounts, and how complete places are."""
        # Their models are read once the applications are.
        from directory.accounts import signals  # noqa: F401, PLC0415
        from directory.moderation import completeness  # noqa: F401, PLC0415
