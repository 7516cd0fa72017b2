"""The point of a place: the centre of its commune, or an address found, put in what was typed.

Buttons of the form send it whole: it is drawn again with the point, nothing is saved.
"""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from directory.admin.autocomplete import is_key
from directory.models import Commune
from directory.search.geocoder import GeocoderUnavailableError, geocoder
from directory.vocabularies.names import PositionPrecision
from mediation import public_pages

CENTRE, SEARCH = "_centre", "_adresse"
Told = tuple[int, str]


def asked(request: HttpRequest) -> Told | None:
    """Do what a button of the map asks; return what is told, None when none was pressed."""
    if CENTRE in request.POST:
        return _to_centre(request)
    if SEARCH in request.POST and settings.GEOCODER:
        return _to_address(request)
    return None


def context(request: HttpRequest, form: Any) -> dict[str, Any]:
    """Return what the map needs; the commune is that of the form as it stands."""
    code = form["commune"].value() if "commune" in form.fields else None
    is_held = form.instance.pk and str(code) == form.instance.commune_id
    commune = form.instance.commune if is_held else _commune(code)
    return {
        "map": public_pages.map_background(),
        "map_centre": commune.point if commune else None,
        "may_search": settings.GEOCODER,
    }


def _commune(code: Any) -> Commune | None:
    is_readable = bool(code) and is_key(Commune._meta.pk, str(code))
    return Commune.objects.filter(pk=str(code)).first() if is_readable else None


def _to_centre(request: HttpRequest) -> Told:
    commune = _commune(request.POST.get("commune", "")[:5])
    if commune is None:
        return messages.WARNING, _("Choisissez d’abord la commune.")
    if commune.point is None:
        return messages.WARNING, _("Nous ne connaissons pas le centre de cette commune.")
    _write(request, commune.point, PositionPrecision.COMMUNE)
    return messages.INFO, _("Le point est au centre de la commune. Rien n’est encore enregistré.")


def _to_address(request: HttpRequest) -> Told:
    commune = _commune(request.POST.get("commune", "")[:5])
    typed = [request.POST.get(name, "").strip()[:240] for name in ("address", "postcode")]
    if not typed[0]:
        return messages.WARNING, _("Écrivez d’abord l’adresse.")
    text = " ".join(filter(None, [*typed, commune.name if commune else ""]))
    try:
        found = geocoder.find(text)
    except GeocoderUnavailableError:
        return messages.WARNING, _(
            "La recherche d’adresses ne répond pas\u00a0: placez le point sur la carte."
        )
    if found is None:
        return messages.WARNING, _("Adresse non trouvée\u00a0: placez le point sur la carte.")
    _write(request, (found.latitude, found.longitude), PositionPrecision.ADDRESS)
    return messages.INFO, _(
        "Le point est à l’adresse trouvée\u00a0: %(address)s. Rien n’est encore enregistré."
    ) % {"address": found.label}


def _write(request: HttpRequest, point: tuple[float, float], precision: PositionPrecision) -> None:
    data = request.POST.copy()
    data["latitude"], data["longitude"] = (f"{degrees:.6f}" for degrees in point)
    data["position_precision"] = precision
    request.POST = data  # type: ignore[assignment]
