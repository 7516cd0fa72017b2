"""Orientation sheets for tests: places of every length, and what a printed page looks like."""

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import zxingcpp
from PIL import Image

from directory.models import Need, Place
from directory.views.sheet import content
from directory.views.sheet.content import Sheet
from directory.vocabularies.names import Appointment, Itinerancy
from tests import factories as make

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
HOST = "https://annuaire.example"
BRING = [
    "Votre carte Vitale, ou une attestation de droits",
    "Une pièce d’identité (carte d’identité, passeport ou titre de séjour)",
    "Votre téléphone portable, pour recevoir les SMS",
]
TRANSLATIONS: dict[str, dict[str, Any]] = {
    "ar": {"label": "حسابي", "ask": "مساعدة في حسابي", "bring": ["بطاقتي", "هويتي", "هاتفي"]},
    "en": {"label": "My account", "ask": "help with it", "bring": ["A card", "A paper", "A phone"]},
}
MANY_HOURS = (
    "Mo 09:00-12:00,13:30-17:00; Tu 09:15-12:15,14:00-18:45; We 10:00-12:30,13:30-16:15; "
    "Th 08:30-11:45,13:45-17:30; Fr 09:30-12:00,14:15-16:45; Sa 09:00-11:30; PH off"
)


def ordinary(number: int = 0, **values: Any) -> Place:
    """A place such as most of them are."""
    given = {
        "name": f"France services du Bourg {number}",
        "address": f"{number + 1} rue de la Mairie",
        "postcode": "23000",
        "opening_hours": "Mo-Fr 09:00-12:00,13:30-17:00; PH off",
        "appointment": Appointment.RECOMMENDED,
    }
    place: Place = make.PlaceFactory.create(**(given | values))
    return place


def longest(number: int = 0) -> Place:
    """A place that says as much as the database holds."""
    place = ordinary(
        number,
        name=f"Maison intercommunale des services au public et du numérique solidaire {number} "
        * 2,
        address="12 bis avenue du Maréchal de Lattre de Tassigny, résidence des Grands Chênes",
        address_complement="Bâtiment B, deuxième étage, à gauche au fond du couloir. " * 4,
        booking_phone="+33199005678",
        opening_hours=MANY_HOURS,
        hours_note="Fermé une semaine à Noël et trois semaines en août. " * 7,
        appointment_note="Apportez tous vos papiers, le rendez-vous dure une heure. " * 9,
        itinerancy=Itinerancy.BOTH,
        verified_on=date(2026, 3, 1),
    )
    for village in range(6):
        make.StopFactory.create(place=place, label=f"Place de l’église, village {village}")
    make.ClosureFactory.create(
        place=place, starts_on=date(2026, 12, 24), ends_on=date(2027, 1, 3), reason="Congés."
    )
    return place


def need(code: str = "ameli", language: str = "ar") -> Need:
    """A need with what to ask and to bring, in French and in another language."""
    made: Need = make.NeedFactory.create(
        code=code, label="Créer mon compte Ameli", ask="une aide pour mon compte", bring=BRING
    )
    made.translations.create(language=language, **TRANSLATIONS[language])
    return made


def link(place: Place) -> str:
    """A short address like the site's own."""
    return f"{HOST}/l/{place.pk:04d}"


def built(places: Sequence[Place], needs: Sequence[Need] = (), language: str = "fr") -> Sheet:
    """The sheet of these places, made on a Sunday of November."""
    return content.build(places, needs, language, link, NOW)


def texts(sheet: Sheet) -> list[str]:
    """Everything a sheet says, in the order of its places."""
    said = [sheet.texts["title"], sheet.texts["stamp"], *sheet.asks]
    if sheet.bring:
        said.append(sheet.texts["bring"])
    found = [text for one in said for text in (one.fr, one.other)]
    found += [*sheet.bring, *sheet.bring_other, sheet.made_on]
    for place in sheet.places:
        found.append(f"{place.number}. {place.name}")
        found += [text for p in place.phones for text in (p.label.fr, p.label.other, p.display)]
        for fact in (place.address, *place.facts):
            found += [text for line in fact.lines for text in (line.fr, line.other)]
            found += fact.words
        found += [place.shown_link, sheet.texts["day"].fr, sheet.texts["hour"].fr]
    return [text for text in found if text]


def codes_on(pictures: Iterable[bytes]) -> list[str]:
    """What the QR codes on these PNG pictures say, in the order of the pictures."""
    found = []
    for picture in pictures:
        with Image.open(io.BytesIO(picture)) as image:
            found += [code.text for code in zxingcpp.read_barcodes(image.convert("L"))]
    return found
