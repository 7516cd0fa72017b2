"""What every template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from directory.views.carnet_links import CarnetInHand


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the site's name, its contact address ("" when none is set), the carnet in hand."""
    return {
        "SITE_NAME": settings.SITE_NAME,
        "CONTACT_EMAIL": settings.CONTACT_EMAIL,
        "carnet": CarnetInHand(request),
    }
