"""Small worlds of places, drawn by hypothesis, and how they are written to the database."""

from collections.abc import Callable
from datetime import date
from typing import Any

from hypothesis import strategies as st

from directory import models
from directory.vocabularies.names import ActorCategory, Level

World = dict[str, Any]

DEPARTMENTS = {
    "23": {"name": "Creuse", "zone": "Europe/Paris", "region": "75"},
    "67": {"name": "Bas-Rhin", "zone": "Europe/Paris", "region": "44"},
    "974": {"name": "La Réunion", "zone": "Indian/Reunion", "region": "04"},
}
COMMUNES: dict[str, Any] = {
    "23096": {"name": "Guéret", "department": "23", "point": (46.1702, 1.8712)},
    "23176": {"name": "La Souterraine", "department": "23", "point": (46.2371, 1.4868)},
    "67482": {"name": "Strasbourg", "department": "67", "point": (48.5733, 7.7523)},
    "97411": {"name": "Saint-Denis", "department": "974", "point": (-20.8823, 55.4504)},
}
OFFSETS = (
    (0.0, 0.0),
    (0.0021, 0.0017),
    (-0.0048, 0.0031),
    (0.0113, 0.0207),
    (-0.0411, 0.0089),
    (0.1307, -0.2011),
    (0.4013, 0.3019),
)
"""Degrees from the commune's centre, so that no two distances are equal by symmetry."""

PARENTS = {"ameli": "demarche-sante", "css": "demarche-sante"}
NEEDS = ("demarche-sante", "ameli", "css", "bases")
TERMS = {
    "kind": ("RFS", "BIB"),
    "programme": ("france-services", "aidants-connect"),
    "training_label": ("duplex",),
    "equipment": ("wifi", "scanner"),
    "standard_service": ("parentalite",),
    "support_mode": ("atelier", "domicile"),
    "activity": ("loisirs", "evaluation"),
    "public": ("tout-public", "seniors", "jeunes"),
    "special_care": ("surdite",),
    "language": ("ar", "en"),
    "cost": ("gratuit", "payant"),
}
OF_PLACES = ("kind", "programme", "training_label", "equipment", "standard_service")
LABELS = {
    "demarche-sante": "Une démarche de santé",
    "ameli": "Créer mon compte Ameli",
    "css": "Avoir la complémentaire solidaire",
    "bases": "Apprendre les bases",
    "france-services": "France services",
    "aidants-connect": "Aidants Connect",
    "duplex": "Duplex",
}
ACTORS = {
    "caisse": {"name": "Caisse primaire", "state": "published"},
    "ccas": {"name": "CCAS de Guéret", "state": "published"},
    "retrait": {"name": "Structure retirée", "state": "draft"},
}
HOURS = (
    "",
    "n’importe quoi",
    "24/7",
    "Mo-Fr 09:00-12:00,13:30-18:00; PH off",
    "Mo-Fr 09:00-18:30; Sa 10:00-12:05",
    "Fr 22:00-02:00; Sa off",
    "Tu 08:55-09:03,14:00-24:00",
    "Jul-Aug Mo-Su 10:00-19:00",
    'We 09:00-12:00 "sur rendez-vous"',
    "Sa 09:00-12:00 unknown",
)
WORDS = ("gue", "saint", "st", "maisons", "mairie", "france", "amel", "caisse", "reunion", "rue")


def pick(values: Any, most: int = 2) -> st.SearchStrategy[list[Any]]:
    """Draw a few distinct values."""
    return st.lists(st.sampled_from(list(values)), max_size=most, unique=True)


def pairs(vocabularies: Any) -> st.SearchStrategy[list[Any]]:
    """Draw a few terms of these vocabularies, as (vocabulary, code)."""
    return pick([(name, code) for name in vocabularies for code in TERMS[name]], 4)


STATES = st.sampled_from(["published", "published", "published", "draft"])
SERVICES = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Aide en ligne", "Atelier santé"]),
        "state": STATES,
        "actor": st.sampled_from([None, None, "caisse", "retrait"]),
        "needs": st.dictionaries(
            st.sampled_from(NEEDS), st.sampled_from(["declared", "deduced"]), max_size=2
        ),
        "terms": pairs([name for name in TERMS if name not in OF_PLACES]),
    }
)
CLOSURES = st.tuples(st.integers(0, 9), st.integers(0, 9)).map(
    lambda days: (date(2026, 7, 10 + min(days)), date(2026, 7, 10 + max(days)))
)


@st.composite
def places(draw: Callable[..., Any]) -> dict[str, Any]:
    """Draw a place, without its key."""
    commune = draw(st.sampled_from(sorted(COMMUNES)))
    offset = draw(st.sampled_from([None, *OFFSETS, *OFFSETS]))
    center = COMMUNES[commune]["point"]
    return {
        "name": draw(st.sampled_from(["Maison", "Mairie", "Mairie annexe", "Équipe St-Roch"])),
        "operator": draw(st.sampled_from([None, *ACTORS])),
        "group": draw(st.sampled_from(["", "La Poste"])),
        "address": draw(st.sampled_from(["", "3 rue des Œillets", "Place Saint Guénolé"])),
        "commune": commune,
        "point": offset and (center[0] + offset[0], center[1] + offset[1]),
        "phone": draw(st.booleans()),
        "hours": draw(st.sampled_from(HOURS)),
        "appointment": draw(st.sampled_from(["", "not_needed", "recommended", "required"])),
        "itinerancy": draw(st.sampled_from(["", "fixed", "both"])),
        "has_stop": draw(st.integers(0, 5)) == 0,
        "verified": draw(
            st.sampled_from([None, date(2025, 3, 1), date(2026, 3, 1), date(2026, 7, 1)])
        ),
        "state": draw(STATES),
        "closures": draw(st.lists(CLOSURES, max_size=2)) if draw(st.integers(0, 3)) == 0 else [],
        "terms": draw(pairs(OF_PLACES)),
        "networks": draw(pick(ACTORS)),
        "services": draw(st.lists(SERVICES, max_size=2)),
    }


@st.composite
def worlds(draw: Callable[..., Any], most: int = 12) -> World:
    """Draw a world of at most `most` places."""
    return world_of(draw(st.lists(places(), min_size=1, max_size=most)))


def world_of(drawn: list[dict[str, Any]]) -> World:
    """Return the world of these places, keyed from 1."""
    return {
        "departments": DEPARTMENTS,
        "communes": COMMUNES,
        "actors": ACTORS,
        "parents": PARENTS,
        "labels": LABELS,
        "places": [{"id": number, **place} for number, place in enumerate(drawn, 1)],
    }


class Writer:
    """Writes worlds to the database; the vocabularies once."""

    def __init__(self) -> None:
        for code, one in DEPARTMENTS.items():
            region, _ = models.Region.objects.get_or_create(
                code=one["region"], defaults={"name": f"Région {one['region']}"}
            )
            models.Department.objects.create(
                code=code, name=one["name"], region=region, time_zone=one["zone"]
            )
        for code, town in COMMUNES.items():
            models.Commune.objects.create(
                code=code, name=town["name"], department_id=town["department"]
            )
        self.needs = {
            code: models.Need.objects.create(code=code, label=LABELS[code], short_label=code)
            for code in NEEDS
        }
        for code, parent in PARENTS.items():
            models.Need.objects.filter(code=code).update(parent=self.needs[parent])
        self.terms = {
            (vocabulary, code): models.Term.objects.create(
                vocabulary=vocabulary, code=code, label=LABELS.get(code, code)
            )
            for vocabulary, codes in TERMS.items()
            for code in codes
        }
        self.actors = {
            slug: models.Actor.objects.create(
                slug=slug, category=ActorCategory.HUB, level=Level.LOCAL, **one
            )
            for slug, one in ACTORS.items()
        }

    def write(self, world: World) -> None:
        """Write all places of a world."""
        for place in world["places"]:
            self.write_place(place)

    def write_place(self, place: dict[str, Any]) -> None:
        """Write a place with all that hangs on it."""
        latitude, longitude = place["point"] or (None, None)
        made = models.Place(
            pk=place["id"],
            slug=f"lieu-{place['id']}",
            name=place["name"],
            operator=self.actors.get(place["operator"]),
            group_name=place["group"],
            address=place["address"],
            commune_id=place["commune"],
            latitude=latitude,
            longitude=longitude,
            phone="+33199001234" if place["phone"] else "",
            opening_hours=place["hours"],
            appointment=place["appointment"],
            itinerancy=place["itinerancy"],
            verified_on=place["verified"],
            state=place["state"],
        )
        models.Place.objects.bulk_create([made])
        made.terms.set([self.terms[tuple(pair)] for pair in place["terms"]])
        made.networks.set([self.actors[slug] for slug in place["networks"]])
        for first, last in place["closures"]:
            models.Closure.objects.create(place=made, starts_on=first, ends_on=last)
        if place["has_stop"]:
            models.Stop.objects.create(
                place=made, commune_id=place["commune"], opening_hours="Tu 09:00-12:00"
            )
        for service in place["services"]:
            self._write_service(made, service)

    def _write_service(self, place: models.Place, drawn: dict[str, Any]) -> None:
        service = models.Service.objects.create(
            place=place,
            name=drawn["name"],
            state=drawn["state"],
            actor=self.actors.get(drawn["actor"]),
        )
        models.ServiceNeed.objects.bulk_create(
            models.ServiceNeed(
                service=service,
                need=self.needs[code],
                basis=basis,
                rule="" if basis == "declared" else "label",
            )
            for code, basis in drawn["needs"].items()
        )
        models.ServiceTerm.objects.bulk_create(
            models.ServiceTerm(service=service, term=self.terms[tuple(pair)])
            for pair in drawn["terms"]
        )
