"""The admin site's configuration."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.contrib.admin.apps import SimpleAdminConfig


class DirectoryAdminConfig(SimpleAdminConfig):
    """Discovers every application's admin module but leaflet's.

    `leaflet.admin` imports GeoDjango, which needs the GDAL system library that we do without
    (see docs/decisions/0001-no-gdal.md).
    """

    def ready(self) -> None:
        """Import the admin modules."""
        super().ready()
        for config in apps.get_app_configs():
            name = f"{config.name}.admin"
            if config.name not in {"leaflet", "django.contrib.admin"} and find_spec(name):
                import_module(name)
