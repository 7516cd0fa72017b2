"""Places with every field filled, for exports and their way back."""

from datetime import date
from typing import Any

from django.conf import settings

from directory.exchange import vocabulary_loader
from directory.exchange.importing import Mode, Request, run
from directory.exchange.report import Report
from directory.models import Actor, Place, PlaceSource, Service, Source, Term
from directory.vocabularies.names import PLACE_VOCABULARIES, Licence, Vocabulary
from tests import factories as make

SIRET = "43493312300029"
TEXT = 'Deux lignes ;\nl’une dit « bonjour », l’autre "au revoir", n°2 : 50 % & plus'
HOURS = "Mo-Fr 09:00-12:00,14:00-18:30; Sa 08:30-12:00; PH off"

FULL: dict[str, Any] = {
    "name": "Médiathèque « L’Œuvre », l'annexe ; étage 2",
    "pivot": SIRET,
    "address": '12 bis rue de l’Église, bâtiment "B"',
    "address_complement": "Porte n° 3 ; sonnez",
    "postcode": "93200",
    "latitude": 48.93621,
    "longitude": -2.5e-05 + 2.3574,
    "emails": ["contact@mediatheque.example", "accueil@mediatheque.example"],
    "websites": ["https://mediatheque.example/?a=1;b=2", "https://mediatheque.example/x|y"],
    "booking_url": "https://rendez-vous.example/saint-denis?a=b",
    "acceslibre_url": "https://acceslibre.beta.gouv.fr/app/93-saint-denis/",
    "opening_hours": HOURS,
    "itinerancy": "both",
    "summary": "Une salle calme ; six ordinateurs.",
    "description": TEXT,
    "other_labels": "Label A, Label B ; Label C",
    "source_updated_on": date(2024, 4, 2),
}


def ready() -> Source:
    """Load the vocabularies, two communes and a source of open licence."""
    vocabulary_loader.load(settings.FIXTURES_DIR)
    make.CommuneFactory(code="93066", name="Saint-Denis", postcode="93200")
    make.CommuneFactory(
        code="93055", name="Pantin", postcode="93500", latitude=48.8966, longitude=2.4017
    )
    return own_source()


def own_source() -> Source:
    """A source of open licence."""
    source: Source = make.SourceFactory.create(slug="ma-liste", name="Ma liste")
    return source


def place(source: Source | None, **changes: Any) -> Place:
    """A place of `source` with every column of the standard filled."""
    commune = make.CommuneFactory(code="93066", name="Saint-Denis", postcode="93200")
    made: Place = make.PlaceFactory.create(
        **({"commune": commune, "source": source, "phone": "+33199001234"} | FULL | changes)
    )
    if source:
        PlaceSource.objects.create(source=source, external_id=f"n{made.pk}", place=made)
    return made


def with_terms(one: Place, source: Source | None, services: int = 2) -> Place:
    """Give a place every value of the standard, shared between itself and several services."""
    terms = list(Term.objects.exclude(published=""))
    one.terms.set(term for term in terms if term.vocabulary in PLACE_VOCABULARIES)
    own = [term for term in terms if term.vocabulary not in PLACE_VOCABULARIES]
    for number in range(services):
        service: Service = make.ServiceFactory.create(place=one, source=source)
        for term in own[number::services]:
            make.ServiceTermFactory(service=service, term=term)
    return one


def emptied() -> None:
    """Leave the territory and the vocabularies only."""
    Place.objects.all().delete()
    Actor.objects.all().delete()
    Source.objects.all().delete()


def loaded(path: Any, source: str = "copie", *, partial: bool = False) -> Report:
    """Import a file, of open licence."""
    report = run(Request(source, (path,), Mode.RUN, partial=partial))
    Source.objects.update(licence=Licence.LO2)
    return report


def term(vocabulary: Vocabulary, code: str) -> Term:
    """A term of the vocabularies."""
    return Term.objects.get(vocabulary=vocabulary, code=code)
