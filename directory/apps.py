"""The directory: actors, places, services."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Application configuration."""

    name = "directory"
    verbose_name = "Annuaire"
