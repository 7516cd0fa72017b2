"""The contact card of a place: vCard 3.0 (RFC 2426), which telephones of ten years ago still read.

vCard writes its lines as iCalendar does (escapes, folding at 75 octets): one library does both.
"""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import AdrFields, Component, NFields, Parameters, vAdr, vN, vOrg, vText, vUri

from directory.search.kept import PlaceFacts
from directory.views import share_hours, short_links
from directory.views.freshness import revalidated_by
from directory.views.moved import follows_merges
from directory.views.places import published, state_of
from directory.vocabularies.names import PositionPrecision

EXACT = frozenset({PositionPrecision.ADDRESS, PositionPrecision.STREET})
"""Precisions worth a point: the centre of a commune would lead people to the wrong door."""


class ContactCard(Component):
    """A vCard, as a component of content lines."""

    name = "VCARD"


@follows_merges
@revalidated_by(state_of)
def contact_card(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer the contact card of one published place, to be kept by a telephone."""
    place = published(slug)
    content = write(place, short_links.place_url(request, place), timezone.now())
    return as_file(content, "text/vcard; charset=utf-8", f"{place.slug}.vcf")


def write(place: PlaceFacts, link: str, now: datetime) -> bytes:
    """Return the card."""
    card = ContactCard()
    card.add("version", "3.0")
    card.add("prodid", vText("-//Coup de main sante//FR"))
    card.add("fn", vText(place.name))
    # A place has no family name: the property is required, its parts are empty.
    card.add("n", vN(NFields("", "", "", "", "")))
    card.add("org", vOrg((place.name,)))
    card.add("x-abshowas", vText("COMPANY"))
    for number in filter(None, dict.fromkeys((place.phone, place.booking_phone))):
        card.add("tel", vText(number), parameters=Parameters(TYPE=["WORK", "VOICE"]))
    for email in place.emails:
        card.add("email", vText(email), parameters=Parameters(TYPE=["INTERNET", "WORK"]))
    card.add("adr", vAdr(_address(place)), parameters=Parameters(TYPE="WORK"))
    if place.point and place.position_precision in EXACT:
        card.add("geo", tuple(round(degrees, 5) for degrees in place.point))
    card.add("url", vUri(link))
    card.add("note", vText("\n".join(_notes(place, now))))
    card.add("uid", vText(link))
    return card.to_ical(sorted=False)


def as_file(content: bytes, content_type: str, name: str) -> HttpResponse:
    """Answer a file to be kept, under a name without accents."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _address(place: PlaceFacts) -> AdrFields:
    return AdrFields(
        "",
        place.address_complement,
        place.address,
        place.commune_name,
        "",
        place.postcode,
        "France",
    )


def _notes(place: PlaceFacts, now: datetime) -> list[str]:
    hours = share_hours.in_words(place, now)
    return [*hours, _("Appelez avant de venir.")]
