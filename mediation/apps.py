"""The admin site's configuration."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.contrib.admin.apps import SimpleAdminConfig

WITHOUT_ADMIN = {"allauth.account", "allauth.mfa", "django.contrib.admin", "django.contrib.auth"}
"""Their classes would show secrets, or set permissions that nothing reads."""


class DirectoryAdminConfig(SimpleAdminConfig):
    """Discovers every application's admin module but leaflet's and those of accounts.

    `leaflet.admin` imports GeoDjango, which needs the GDAL system library that we do without
    (see docs/decisions/0001-no-gdal.md).
    """

    default_site = "mediation.admin_site.StaffSite"

    def ready(self) -> None:
        """Import the admin modules."""
        super().ready()
        for config in apps.get_app_configs():
            name = f"{config.name}.admin"
            if config.name not in {"leaflet", *WITHOUT_ADMIN} and find_spec(name):
                import_module(name)
