"""What the site writes of itself: errors, never what a person searched."""

from typing import Any

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    # Django logs the full path of a failed request, query string included: that would tell what a
    # person searched. `django.request` is filtered to the bare path.
    "filters": {"bare_path": {"()": "mediation.middleware.BarePathFilter"}},
    "loggers": {
        "django.request": {
            "handlers": ["console"],
            "level": "ERROR",
            "filters": ["bare_path"],
            "propagate": False,
        },
        "directory": {"handlers": ["console"], "level": "INFO"},
    },
}
