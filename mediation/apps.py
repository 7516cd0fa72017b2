"""The admin site's configuration."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.contrib.admin.apps import SimpleAdminConfig

LEFT_OUT = frozenset(
    {
        "leaflet",
        "django.contrib.admin",
        "django_tasks_db",
        # Their classes would show secrets, or set permissions that nothing reads.
        "allauth.account",
        "allauth.mfa",
        "django.contrib.auth",
    }
)


class DirectoryAdminConfig(SimpleAdminConfig):
    """Discovers every application's admin module but those of LEFT_OUT.

    `leaflet.admin` imports GeoDjango, which needs the GDAL system library that we do without
    (see docs/decisions/0001-no-gdal.md). The queue of tasks speaks English: what a moderator needs
    of it is said by what waits in it (ImportRun).
    """

    default_site = "mediation.admin_site.StaffSite"

    def ready(self) -> None:
        """Import the admin modules."""
        super().ready()
        for config in apps.get_app_configs():
            name = f"{config.name}.admin"
            if config.name not in LEFT_OUT and find_spec(name):
                import_module(name)
