"""What looks wrong in a place without being refused: told to who edits it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from directory.exchange.emails import nominative_rule
from directory.models import Place
from directory.models.querysets import haversine_km
from directory.search.opening import parse
from directory.vocabularies.names import State
from directory.vocabularies.normalization import normalize

FAR = 25.0
"""Kilometres from its commune's centre beyond which a point is doubted."""
TOLD_MAX = 5
"""Twins named at most."""


@dataclass(frozen=True)
class Warned:
    """A doubt: the field that it is about, what is said, a page to look at."""

    field: str
    text: str
    url: str = ""


def warnings_of(place: Place, seen: QuerySet[Place]) -> list[Warned]:
    """Return the doubts about a saved place; twins are looked for among those `seen`. One query."""
    found = []
    if place.opening_hours and parse(place.opening_hours, "Europe/Paris") is None:
        found.append(
            Warned(
                "opening_hours",
                _("les horaires ne sont pas lisibles\u00a0: le public ne les voit pas."),
            )
        )
    distance = _distance(place)
    if distance > FAR:
        text = _("le point est à %(km)d\u00a0km du centre de la commune.") % {"km": round(distance)}
        found.append(Warned("latitude", text))
    if not place.phone:
        found.append(Warned("phone", _("le téléphone manque.")))
    for email in place.emails:
        if nominative_rule(str(email), place.name):
            text = _("«\u00a0%(email)s\u00a0» semble être l’adresse d’une personne.")
            found.append(Warned("emails", text % {"email": email}))
    return [*found, *(_twin(place, other) for other in _twins(place, seen))]


def _distance(place: Place) -> float:
    if place.point is None or place.commune.point is None:
        return 0.0
    return haversine_km(place.point, place.commune.point)


def _twins(place: Place, seen: QuerySet[Place]) -> list[dict[str, Any]]:
    """Return the other places of the commune that have the same name or the same number."""
    others = seen.filter(commune=place.commune_id).exclude(pk=place.pk)
    rows = others.exclude(state=State.ARCHIVED).order_by("name", "pk").values("pk", "name", "phone")
    name = normalize(place.name)
    return [
        dict(row)
        for row in rows
        if normalize(row["name"]) == name or (place.phone and row["phone"] == place.phone)
    ][:TOLD_MAX]


def _twin(place: Place, other: dict[str, Any]) -> Warned:
    same_name = normalize(other["name"]) == normalize(place.name)
    text = (
        _("un autre lieu de la commune a le même nom\u00a0: %(name)s.")
        if same_name
        else _("un autre lieu de la commune a le même téléphone\u00a0: %(name)s.")
    )
    return Warned(
        "name" if same_name else "phone",
        text % {"name": other["name"]},
        reverse("admin:directory_place_change", args=[other["pk"]]),
    )
