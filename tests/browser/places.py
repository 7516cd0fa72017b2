"""A small directory that looks like the real one.

The needs, helplines and vocabularies are those that the project ships; the places are invented.
"""

import re
from dataclasses import dataclass
from datetime import date
from html import unescape
from typing import Any

from django.conf import settings
from django.utils.html import strip_tags

from directory.exchange import vocabulary_loader
from directory.models import Actor, Commune, Need, Place, ServiceNeed, Source, Term
from directory.moderation import completeness
from directory.moderation.contributions import keeping
from directory.search import gazetteer
from directory.vocabularies.names import (
    ActorCategory,
    Appointment,
    Basis,
    Itinerancy,
    Level,
    Licence,
    PositionPrecision,
    VerificationMethod,
    Vocabulary,
)
from tests import factories as make
from tests.browser import copies
from tests.browser.addresses import CENTRE, FIRST, FORMS, NOT_FOUND, PAGES, TOKEN

__all__ = ["CENTRE", "FIRST", "FORMS", "NOT_FOUND", "PAGES", "World", "build", "fill", "text"]

GUERET = (46.1703, 1.8706)
HOURS = "Mo-Fr 09:00-12:00,13:30-17:00; PH off"
SERVICE_TERMS = (
    (Vocabulary.SUPPORT_MODE, "individuel"),
    (Vocabulary.SUPPORT_MODE, "atelier"),
    (Vocabulary.COST, "gratuit"),
    (Vocabulary.PUBLIC, "seniors"),
    (Vocabulary.LANGUAGE, "ar"),
    (Vocabulary.SPECIAL_CARE, "interprete"),
)
STREETS = ("rue de la Mairie", "avenue du Stade", "place du Marché", "route de Limoges")


@dataclass(frozen=True)
class World:
    """The records that tests point at."""

    gueret: Commune
    centre: Place
    bare: Place
    operator: Actor
    network: Actor


@copies.built_once
def build(count: int = 22) -> World:
    """Fill the database: `count` places around Guéret, homonyms, actors, an offer over an area."""
    gazetteer.clear()
    vocabulary_loader.load(settings.FIXTURES_DIR)
    gueret = _territories()
    source = make.SourceFactory.create(
        slug="france-services",
        name="France services, liste des structures",
        publisher="Agence nationale de la cohésion des territoires",
        url="https://www.data.gouv.example/france-services",
        licence=Licence.LO2,
        vintage_on=date(2026, 10, 1),
    )
    operator, network = _actors(gueret)
    centre, *_ = made = [_place(gueret, source, operator, number) for number in range(count)]
    _help(made)
    _complete(centre, network, gueret)
    bare = make.PlaceFactory.create(
        slug="point-relais",
        name="Point relais numérique",
        commune=gueret,
        latitude=GUERET[0] + 0.12,
        position_precision=PositionPrecision.COMMUNE,
        phone="",
    )
    _area_offers(operator, gueret)
    make.ContributionFactory.create(
        place=centre,
        kind="phone",
        message="Le numéro a changé.",
        changes={"phone": {"before": centre.phone, "after": "+33199005678"}},
        token_hash=keeping.hashed(TOKEN),
    )
    return World(gueret, centre, bare, operator, network)


def _territories() -> Commune:
    creuse = make.DepartmentFactory.create(
        code="23",
        name="Creuse",
        region=make.RegionFactory.create(code="75", name="Nouvelle-Aquitaine"),
    )
    reunion = make.DepartmentFactory.create(
        code="974",
        name="La Réunion",
        time_zone="Indian/Reunion",
        region=make.RegionFactory.create(code="04", name="La Réunion"),
    )
    miquelon = make.DepartmentFactory.create(
        code="975", name="Saint-Pierre-et-Miquelon", region=None, time_zone="America/Miquelon"
    )
    seine = make.DepartmentFactory.create()
    make.CommuneFactory.create(
        code="93066", name="Saint-Denis", department=seine, population=113_000
    )
    make.CommuneFactory.create(
        code="97411",
        name="Saint-Denis",
        department=reunion,
        population=155_000,
        latitude=-20.9329,
        longitude=55.4472,
        postcode="97400",
    )
    langlade = make.CommuneFactory.create(
        code="97501",
        name="Miquelon-Langlade",
        department=miquelon,
        population=600,
        latitude=None,
        longitude=None,
        postcode="97500",
    )
    make.PlaceFactory.create(slug="maison-de-miquelon", name="Maison de Miquelon", commune=langlade)
    commune: Commune = make.CommuneFactory.create(
        code="23096",
        name="Guéret",
        department=creuse,
        population=13_000,
        latitude=GUERET[0],
        longitude=GUERET[1],
        postcode="23000",
    )
    return commune


def _actors(gueret: Commune) -> tuple[Actor, Actor]:
    network = make.ActorFactory.create(
        slug="france-services",
        name="France services",
        category=ActorCategory.STATE_PROGRAMME,
        level=Level.NATIONAL,
        description="Des lieux d’accueil pour les démarches de tous les jours.",
    )
    operator = make.ActorFactory.create(
        slug="association-du-pays-de-gueret",
        name="Association du pays de Guéret",
        short_name="APG",
        legal_status="Association loi 1901",
        how_it_works="Elle tient quatre lieux et fait des tournées.",
        mediation_actions="Des ateliers pour apprendre à utiliser Mon espace santé.",
        partnerships="La caisse d’assurance maladie de la Creuse.",
        phone=make.FICTION_PHONE,
        email="accueil@pays-gueret.example",
        website="https://pays-gueret.example/",
        citation="Annuaire des acteurs, lignes 12 à 18",
    )
    operator.member_of.add(network)
    operator.departments.add(gueret.department)
    return operator, network


def _place(gueret: Commune, source: Source, operator: Actor, number: int) -> Place:
    place: Place = make.PlaceFactory.create(
        pk=FIRST + number,
        slug=f"france-services-gueret-{number}",
        name=f"France services de Guéret, {STREETS[number % 4]} ({number})",
        commune=gueret,
        operator=operator,
        address=f"{number + 1} {STREETS[number % 4]}",
        postcode="23000",
        latitude=GUERET[0] + number * 0.003,
        longitude=GUERET[1],
        opening_hours=HOURS,
        appointment=Appointment.RECOMMENDED,
        source=source,
        source_updated_on=date(2026, 9, 15),
        terms=[_term(Vocabulary.KIND, "RFS"), _term(Vocabulary.PROGRAMME, "france-services")],
    )
    return place


def _help(places: list[Place]) -> None:
    """Two declared needs, two deduced ones, at every place."""
    needs = Need.objects.in_bulk(field_name="code")
    ServiceNeed.objects.bulk_create(
        ServiceNeed(
            service=service,
            need=needs[code],
            basis=Basis.DEDUCED if rule else Basis.DECLARED,
            rule=rule,
        )
        for service in [
            make.ServiceFactory.create(place=place, name="Aide aux démarches en ligne")
            for place in places
        ]
        for code, rule in (
            ("demarche-sante", ""),
            ("bases", ""),
            ("ameli", "france-services-label"),
            ("css", "france-services-label"),
        )
    )
    completeness.refresh([place.pk for place in places])
    for place in places:
        place.refresh_from_db(fields=["completeness"])


def _complete(place: Place, network: Actor, gueret: Commune) -> None:
    """Give a place everything that a page can show."""
    fill(
        place,
        address_complement="Bâtiment B, à côté de la bibliothèque",
        booking_phone="+33199005678",
        booking_url="https://rendez-vous.example/gueret",
        acceslibre_url="https://acceslibre.example/gueret",
        emails=["gueret@france-services.example"],
        websites=["https://france-services.example/gueret", "https://gueret.example/"],
        hours_note="Fermeture à 16\u00a0h le vendredi pendant les vacances.",
        appointment_note="Le rendez-vous dure une heure.",
        itinerancy=Itinerancy.BOTH,
        rounds="Le camion passe dans les villages le jeudi.",
        notes="Entrée par la cour. Prenez l’ascenseur.",
        summary="Un accueil pour toutes les démarches de santé.",
        description="Deux conseillers vous reçoivent.\n\nIls parlent aussi arabe.",
        verified_on=date(2026, 11, 2),
        verification_method=VerificationMethod.PHONE,
    )
    place.networks.add(network)
    make.StopFactory.create(place=place, commune=gueret, label="Place du village")
    make.ClosureFactory.create(
        place=place, starts_on=date(2099, 1, 1), ends_on=date(2099, 1, 10), reason="Travaux."
    )
    make.PlaceFactory.create(
        slug="antenne-de-gueret", name="Antenne de Guéret", commune=gueret, principal=place
    )
    service = make.ServiceFactory.create(
        place=place,
        name="Atelier Mon espace santé",
        description="Six personnes au plus.",
        how_to_book="Inscription à l’accueil.",
        citation="Annuaire des acteurs, ligne 20",
        needs=["mon-espace-sante"],
    )
    for vocabulary, code in SERVICE_TERMS:
        make.ServiceTermFactory.create(service=service, term=_term(vocabulary, code))


def _area_offers(operator: Actor, gueret: Commune) -> None:
    for name, area in (
        ("Le bus du département", {"department": gueret.department}),
        ("La permanence de la mairie", {"commune": gueret}),
    ):
        make.AreaServiceFactory.create(actor=operator, name=name, areas=[area], needs=["ameli"])
    service = make.AreaServiceFactory.create(
        actor=operator,
        name="Visite à domicile d’un médiateur",
        description="Une personne vient chez vous, avec une tablette.",
        how_to_book="Appelez l’association.",
        areas=[{"is_national": True}],
        needs=["ameli"],
    )
    make.ServiceTermFactory.create(service=service, term=_term(Vocabulary.SUPPORT_MODE, "domicile"))


def _term(vocabulary: Vocabulary, code: str) -> Term:
    return Term.objects.get(vocabulary=vocabulary, code=code)


def fill(place: Place, **values: Any) -> Place:
    """Change fields of a place and store it."""
    for name, value in values.items():
        setattr(place, name, value)
    place.save()
    return place


def text(answer: Any) -> str:
    """Return what a page says, without its markup; breakable spaces are folded into one."""
    apart = re.sub(r"<(?!/?(?:a|span|strong)\b)", " <", answer.content.decode())
    return re.sub(r"[ \n\t]+", " ", unescape(strip_tags(apart))).strip()
