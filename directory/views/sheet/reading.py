"""What the database holds of the places of a sheet, read in a few queries."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import prefetch_related_objects

from directory.models import Need, NeedTranslation, Place, ServiceNeed, ServiceTerm
from directory.models.places import Closure, Stop
from directory.views import hours_words
from directory.views.hours_words import OrdinaryWeek
from directory.views.sheet.facts import CLOSURES_AHEAD, CLOSURES_MAX, Known
from directory.vocabularies.names import Basis, State, Vocabulary


def known_places(
    places: Sequence[Place], needs: Sequence[Need], language: str, now: datetime
) -> list[Known]:
    """Return what is known of these places, whose commune and department are loaded.

    `language` is the person's, "" when French. Five queries, whatever the number of places.
    """
    prefetch_related_objects(list(places), "closures", "stops__commune")
    declared, speaking = _declared(places, needs), _speaking(places, language)
    return [
        _known(
            place,
            now,
            any((place.pk, need.pk) not in declared for need in needs),
            speaking.get(place.pk),
        )
        for place in places
    ]


def translations(needs: Sequence[Need], language: str) -> dict[int, NeedTranslation]:
    """Return the translations of these needs by their key, in their order."""
    if not language or not needs:
        return {}
    found = {
        row.need_id: row
        for row in NeedTranslation.objects.filter(need__in=needs, language=language)
    }
    return {need.pk: found[need.pk] for need in needs if need.pk in found}


def _declared(places: Sequence[Place], needs: Sequence[Need]) -> set[tuple[int, int]]:
    """Return the keys of places and of the needs that they say themselves they help with."""
    if not needs:
        return set()
    rows = ServiceNeed.objects.filter(
        service__place__in=[place.pk for place in places],
        service__state=State.PUBLISHED,
        need__in=needs,
        basis=Basis.DECLARED,
    )
    return {
        (place, need)
        for place, need in rows.values_list("service__place_id", "need_id")
        if place is not None
    }


def _speaking(places: Sequence[Place], language: str) -> dict[int, str]:
    """Return the places where this language is spoken, and on which days when they say so."""
    if not language:
        return {}
    rows = (
        ServiceTerm.objects.filter(
            service__place__in=[place.pk for place in places],
            service__state=State.PUBLISHED,
            term__vocabulary=Vocabulary.LANGUAGE,
            term__code=language,
        )
        .order_by("pk")
        .values_list("service__place_id", "days")
    )
    return {place: days for place, days in rows if place}


def _known(place: Place, now: datetime, confirms: bool, speaks: str | None) -> Known:
    zone = place.commune.department.time_zone
    today = now.astimezone(ZoneInfo(zone)).date()
    return Known(
        place=place,
        week=hours_words.ordinary_week(place.opening_hours, zone, today),
        stops=_coming_stops(place, zone, today),
        closures=_coming_closures(place, today),
        today=today,
        confirms=confirms,
        speaks=speaks,
    )


def _coming_stops(place: Place, zone: str, today: date) -> list[tuple[Stop, OrdinaryWeek | None]]:
    """Return the stops still to come, dated ones first, with the week of the recurring ones."""
    stops = [stop for stop in place.stops.all() if not stop.on or stop.on >= today]
    stops.sort(key=lambda stop: (stop.on is None, stop.on or today, stop.pk))
    return [
        (s, None if s.on else hours_words.ordinary_week(s.opening_hours, zone, today))
        for s in stops
    ]


def _coming_closures(place: Place, today: date) -> list[Closure]:
    coming = [
        closure
        for closure in place.closures.all()
        if closure.ends_on >= today and closure.starts_on <= today + CLOSURES_AHEAD
    ]
    return coming[:CLOSURES_MAX]
