"""What pages say to machines: schema.org as JSON-LD, from the very facts that the page shows.

A deduced need is not among them: a machine would read it as a fact. The text is data, which the
content security policy lets through, and can close no tag: see `written`.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from directory.models import Actor, Department, Region
from directory.search.choices import Choices
from directory.search.criteria import Facet
from directory.search.index.hours import DAY, week_spans
from directory.search.index.plain_hours import plain_week
from directory.search.kept import ActorRef, PlaceFacts, ServiceFacts
from directory.search.opening import OFF_ON_HOLIDAYS
from directory.views import links
from directory.vocabularies.names import PositionPrecision, Vocabulary

CONTEXT = "https://schema.org"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
FREE = "gratuit"
"""The code of the vocabulary of costs that means no money at all."""

UNSAFE = {character: f"\\u{ord(character):04X}" for character in "<>&\u2028\u2029"}
"""What would end a script's text or a line of it, as JSON writes it instead."""

Node = dict[str, Any]


def written(told: Node) -> SafeString:
    """Return the JSON text to put between the tags of a page's data block."""
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    # Five times faster than `str.translate`.
    for character, instead in UNSAFE.items():
        text = text.replace(character, instead)
    return mark_safe(text)  # noqa: S308 (it holds no markup any more)


def origin(request: HttpRequest) -> str:
    """Return the site's address without its final slash."""
    return f"{request.scheme}://{request.get_host()}"


# --- Places ---------------------------------------------------------------------------------------


def place(request: HttpRequest, facts: PlaceFacts, offered: Choices) -> SafeString:
    """Return a place and its services."""
    site = origin(request)
    url = f"{site}{facts.get_absolute_url()}"
    graph = [_place(facts, url, offered)]
    graph += [_service(facts, service, site, url, offered) for service in facts.services]
    return written({"@context": CONTEXT, "@graph": graph})


def _place(facts: PlaceFacts, url: str, offered: Choices) -> Node:
    labels = _by_vocabulary(offered, facts.terms)
    told: Node = {
        "@type": "Place",
        "@id": f"{url}#lieu",
        "name": facts.name,
        "url": url,
        "address": _told(
            {
                "@type": "PostalAddress",
                "streetAddress": facts.address,
                "postalCode": facts.postcode,
                "addressLocality": facts.commune_name,
                "addressCountry": "FR",
            }
        ),
        "description": facts.summary,
        "telephone": facts.phone,
        "keywords": labels.get(Vocabulary.KIND),
        "openingHoursSpecification": weekly(facts.opening_hours),
        "specialOpeningHoursSpecification": [
            _closed(starts, ends) for starts, ends in facts.closed_days
        ],
        "amenityFeature": [_feature(label) for label in labels.get(Vocabulary.EQUIPMENT, ())],
    }
    if facts.point and facts.position_precision != PositionPrecision.COMMUNE:
        latitude, longitude = facts.point
        told["geo"] = {"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude}
    if facts.acceslibre_url:
        told["amenityFeature"].append(_feature(_("Accessibilité"), facts.acceslibre_url))
    return _told(told)


def _service(
    facts: PlaceFacts, service: ServiceFacts, site: str, url: str, offered: Choices
) -> Node:
    labels = _by_vocabulary(offered, service.terms)
    needs = (offered.need_by_key.get(key) for key, is_declared in service.needs if is_declared)
    public = [*labels.get(Vocabulary.PUBLIC, ()), *labels.get(Vocabulary.SPECIAL_CARE, ())]
    channel: Node = {
        "@type": "ServiceChannel",
        "serviceLocation": {"@id": f"{url}#lieu"},
        "servicePhone": _phone(facts.booking_phone or facts.phone),
        "serviceUrl": service.booking_url or facts.booking_url,
        "availableLanguage": _languages(offered, labels.get(Vocabulary.LANGUAGE, ())),
    }
    return _told(
        {
            "@type": "Service",
            "@id": f"{url}#service-{service.id}",
            "name": service.name,
            "description": service.description,
            "serviceType": [need.label for need in needs if need],
            "provider": _provider(facts.operator, site),
            "areaServed": service.area_note,
            "audience": [{"@type": "Audience", "audienceType": label} for label in public],
            "offers": _offers(offered, labels.get(Vocabulary.COST, ())),
            "hoursAvailable": weekly(service.opening_hours),
            "availableChannel": _told(channel),
        }
    )


def _told(told: Node) -> Node:
    """Leave out what is not known."""
    return {name: value for name, value in told.items() if value}


def _by_vocabulary(offered: Choices, terms: Iterable[int]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key in terms:
        if told := offered.terms.get(key):
            found.setdefault(told[0], []).append(told[1])
    return found


def _phone(number: str) -> Node | None:
    return {"@type": "ContactPoint", "telephone": number} if number else None


def _provider(operator: ActorRef | None, site: str) -> Node | None:
    if operator is None:
        return None
    url = f"{site}{operator.get_absolute_url()}"
    return {"@type": "Organization", "@id": f"{url}#structure", "name": operator.name, "url": url}


def _feature(label: str, value: bool | str = True) -> Node:
    return {"@type": "LocationFeatureSpecification", "name": label, "value": value}


def _languages(offered: Choices, labels: Sequence[str]) -> list[str]:
    """Return the codes of languages (BCP 47), as schema.org asks."""
    codes = _codes(offered.labels[Facet.LANGUAGE]) if labels else {}
    return [codes.get(label, label) for label in labels]


def _offers(offered: Choices, labels: Sequence[str]) -> list[Node]:
    """Return what it costs: no price but "free" is known."""
    codes = _codes(offered.labels[Facet.COST]) if labels else {}
    return [
        {"@type": "Offer", "description": label}
        | ({"price": 0, "priceCurrency": "EUR"} if codes.get(label) == FREE else {})
        for label in labels
    ]


def _codes(labels: Mapping[str, str]) -> dict[str, str]:
    return {label: code for code, label in labels.items()}


# --- Hours ----------------------------------------------------------------------------------------


def weekly(opening_hours: str) -> list[Node]:
    """Return when it is open in an ordinary week, [] when not known.

    Hours that change with the week or the season are those of this week, and say so.
    """
    if not opening_hours:
        return []
    today = timezone.localdate()
    return _weekly(opening_hours, today - timedelta(days=today.weekday()))


@lru_cache(maxsize=8192)
def _weekly(opening_hours: str, monday: date) -> list[Node]:
    days: dict[tuple[int, int], list[str]] = {}
    for start, end in week_spans(opening_hours, monday) or ():
        day = start // DAY
        days.setdefault((start - day * DAY, end - day * DAY), []).append(DAYS[day])
    told = [_hours(names, *times) for times, names in days.items()]
    if plain_week(opening_hours) is None:
        sunday = monday + timedelta(days=6)
        told = [one | _during(monday, sunday) for one in told]
    if told and OFF_ON_HOLIDAYS in opening_hours:
        told.append(_hours(["PublicHolidays"], 0, 0))
    return told


def _hours(days: list[str], start: int, end: int) -> Node:
    return {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": [f"{CONTEXT}/{day}" for day in days],
        "opens": _clock(start),
        "closes": _clock(end),
    }


def _clock(minute: int) -> str:
    """Return "09:00"; midnight at the end of a day is its last minute, as search engines ask."""
    return f"{minute // 60:02d}:{minute % 60:02d}" if minute < DAY else "23:59"


def _closed(first: date, last: date) -> Node:
    """Return a closure: hours that open and close at midnight, as search engines ask."""
    hours = {"@type": "OpeningHoursSpecification", "opens": "00:00", "closes": "00:00"}
    return hours | _during(first, last)


def _during(first: date, last: date) -> Node:
    return {"validFrom": first.isoformat(), "validThrough": last.isoformat()}


# --- Other pages ----------------------------------------------------------------------------------


def actor(
    request: HttpRequest,
    told: Actor,
    networks: Iterable[Actor],
    territories: Iterable[Region | Department],
) -> SafeString:
    """Return an organisation, from rows already read."""
    site = origin(request)
    url = f"{site}{told.get_absolute_url()}"
    return written(
        _told(
            {
                "@context": CONTEXT,
                "@type": "Organization",
                "@id": f"{url}#structure",
                "name": told.name,
                "alternateName": told.short_name if told.short_name != told.name else "",
                "url": url,
                "sameAs": told.website,
                "description": told.description,
                "telephone": told.phone,
                "email": told.email,
                "memberOf": [
                    {"@type": "Organization", "name": network.name,
                     "url": f"{site}{network.get_absolute_url()}"}
                    for network in networks
                ],
                "areaServed": [
                    {"@type": "AdministrativeArea", "name": territory.name}
                    for territory in territories
                ],
            }
        )
    )  # fmt: skip


def website(request: HttpRequest) -> SafeString:
    """Return the site, and how to search it."""
    site = origin(request)
    target = f"{site}{links.page('results')}?dit={{search_term_string}}"
    return written(
        {
            "@context": CONTEXT,
            "@type": "WebSite",
            "name": settings.SITE_NAME,
            "url": f"{site}/",
            "inLanguage": settings.LANGUAGE_CODE,
            "potentialAction": {
                "@type": "SearchAction",
                "target": {"@type": "EntryPoint", "urlTemplate": target},
                "query-input": "required name=search_term_string",
            },
        }
    )
