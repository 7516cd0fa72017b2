"""Draws places that look like the real ones: spread like the population, silent where they are.

Place number i is the same whatever the count asked for: growing a directory adds to it.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

SEED = 20261122
CHUNK = 5_000
"""Places drawn from one generator and copied together."""

Row = dict[str, Any]

KINDS = {
    "MUNI": (22, "Mairie {of}"),
    "BIB": (16, "Médiathèque {thing}"),
    "CCAS": (13, "CCAS {of}"),
    "ASSO": (12, "Association {thing}"),
    "CS": (8, "Centre social {thing}"),
    "EVS": (5, "Espace de vie sociale {thing}"),
    "EPN": (5, "Espace public numérique {of}"),
    "MDS": (4, "Maison des solidarités {of}"),
    "ML": (4, "Mission locale {of}"),
    "CAF": (3, "Caf, accueil {of}"),
    "LA_POSTE": (3, "La Poste {of}"),
    "CPAM": (2, "Assurance Maladie, accueil {of}"),
    "MQ": (2, "Maison de quartier {thing}"),
    "FABLAB": (1, "Fablab {thing}"),
}
"""Weight and name by kind of place; the weights are rough shares of the national list."""

THINGS = (
    "les Tilleuls|la Passerelle|l’Horizon|le Grand Chêne|le Lavoir|la Fontaine|le Vieux Moulin|"
    "la Rivière|la Confluence|les Peupliers|le Trait d’union|la Boussole|les Quatre Vents|"
    "le Phare|la Parenthèse|les Sources|le Carrefour|la Clairière|le Préau|la Halle|les Coteaux|"
    "l’Escale|le Relais|les Acacias|la Ruche|le Tremplin|l’Étoile|le Marché|la Verrière|les Lilas"
).split("|")
STREETS = "de la Gare|de la Mairie|des Écoles|du Moulin|de l’Église|du Stade|des Lilas".split("|")

SILENT = {"support_mode": 0.83, "special_care": 0.84, "access": 0.68, "public": 0.99}
"""Measured shares of places of the national list that say nothing."""
SILENT |= {"activity": 0.45, "cost": 0.5, "language": 0.95, "equipment": 0.9}
SILENT |= {"kind": 0.05, "programme": 0.6, "training_label": 0.95, "hours": 0.5, "phone": 0.15}
"""Assumed."""

AT_PLACE = ("kind", "access", "programme", "training_label", "equipment")
AT_SERVICE = ("support_mode", "special_care", "public", "activity", "cost", "language")
SINGLE = {"kind", "cost"}

GENERAL_NEED = "demarche-sante"
NEEDS_KNOWN = (("general", 0.35), ("deduced", 0.2), ("declared", 0.1), ("silent", 0.35))
"""Assumed: most producers say « démarches administratives » and no more."""
RULE = "bench"

APPOINTMENTS = ("", "possible", "required", "recommended", "partly", "not_needed")
APPOINTMENT_WEIGHTS = (60, 25, 6, 4, 3, 2)


@dataclass(frozen=True)
class Town:
    """What a place needs to know of its commune."""

    code: str
    name: str
    postcode: str
    population: int
    latitude: float
    longitude: float


@dataclass(frozen=True)
class World:
    """The shipped data that places are drawn from; `terms` and `needs` give keys by code."""

    towns: Sequence[Town]
    hours: Sequence[str]
    terms: dict[str, dict[str, int]]
    needs: dict[str, int]
    operators: Sequence[int]
    cumulated: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.cumulated.extend(accumulate(town.population for town in self.towns))


@dataclass
class Chunk:
    """Rows by table; columns that are absent take the model's defaults."""

    places: list[tuple[Row, Town]] = field(default_factory=list)
    services: list[Row] = field(default_factory=list)
    place_terms: list[Row] = field(default_factory=list)
    service_terms: list[Row] = field(default_factory=list)
    service_needs: list[Row] = field(default_factory=list)


def chunks(world: World, start: int, stop: int) -> Iterator[Chunk]:
    """Draw places `start` to `stop`, chunk by chunk; each place has the key of its number."""
    for first in range(start - start % CHUNK, stop, CHUNK):
        rng = random.Random(SEED + first)
        towns = rng.choices(world.towns, cum_weights=world.cumulated, k=CHUNK)
        chunk = Chunk()
        for number, town in enumerate(towns, first):
            drawn = _Drawing(rng, world, number, town)
            if start <= number < stop:
                drawn.add_to(chunk)
        yield chunk


class _Drawing:
    """One place and its service, which has the same key."""

    def __init__(self, rng: random.Random, world: World, number: int, town: Town) -> None:
        self.rng, self.world, self.number, self.town = rng, world, number, town
        self.codes = {name: self._codes(name) for name in (*AT_PLACE, *AT_SERVICE)}
        self.place = self._place()
        self.needs = self._needs()

    def add_to(self, chunk: Chunk) -> None:
        """Append its rows."""
        key = self.number
        chunk.places.append((self.place, self.town))
        service = {"id": key, "place_id": key, "name": "Aide aux démarches en ligne"}
        chunk.services.append(service | {"state": "published"})
        for name in AT_PLACE:
            terms = self.world.terms[name]
            chunk.place_terms += [{"place_id": key, "term_id": terms[c]} for c in self.codes[name]]
        for name in AT_SERVICE:
            terms = self.world.terms[name]
            chunk.service_terms += [
                {"service_id": key, "term_id": terms[c]} for c in self.codes[name]
            ]
        chunk.service_needs += [{"service_id": key} | need for need in self.needs]

    def _codes(self, name: str) -> list[str]:
        if self.rng.random() < SILENT[name]:
            return []
        if name == "kind":
            weights = [weight for weight, _name in KINDS.values()]
            return self.rng.choices(list(KINDS), weights)
        offered = list(self.world.terms[name])
        count = 1 if name in SINGLE else self.rng.randint(1, min(3, len(offered)))
        return self.rng.sample(offered, count)

    def _place(self) -> Row:
        rng, town = self.rng, self.town
        name = self._name()
        number = rng.randrange(10_000)
        has_phone = rng.random() >= SILENT["phone"]
        return {
            "id": self.number,
            "slug": f"bench-{self.number}",
            "name": name,
            "commune_id": town.code,
            "operator_id": rng.choice(self.world.operators) if rng.random() < 0.1 else None,
            "address": f"{rng.randint(1, 120)} rue {rng.choice(STREETS)}",
            "postcode": town.postcode,
            "latitude": town.latitude + rng.gauss(0, 0.015),
            "longitude": town.longitude + rng.gauss(0, 0.02),
            "position_precision": "address",
            # Numbers that the regulator keeps for fiction.
            "phone": f"+3319900{number:04d}" if has_phone else "",
            "opening_hours": "" if rng.random() < SILENT["hours"] else rng.choice(self.world.hours),
            "appointment": rng.choices(APPOINTMENTS, APPOINTMENT_WEIGHTS)[0],
            "itinerancy": "itinerant" if rng.random() < 0.03 else "fixed",
            "source_updated_on": f"2026-{rng.randint(1, 10):02d}-15",
            "verified_on": f"2026-{rng.randint(1, 10):02d}-20" if rng.random() < 0.1 else None,
            "verification_method": "phone",
            "state": "published" if rng.random() < 0.98 else "draft",
        }

    def _name(self) -> str:
        kind = (self.codes["kind"] or [self.rng.choice(list(KINDS))])[0]
        town = self.town.name
        of = f"d’{town}" if town[0] in "AEIOUÉÈÎ" else f"de {town}"
        return KINDS[kind][1].format(of=of, thing=self.rng.choice(THINGS))

    def _needs(self) -> list[Row]:
        rng, needs = self.rng, self.world.needs
        known = rng.choices([k for k, _ in NEEDS_KNOWN], [w for _, w in NEEDS_KNOWN])[0]
        if known == "silent":
            return []
        if known == "general":
            return [{"need_id": needs[GENERAL_NEED], "basis": "deduced", "rule": RULE}]
        codes = rng.sample(list(needs), rng.randint(2, 6))
        rule = "" if known == "declared" else RULE
        return [{"need_id": needs[code], "basis": known, "rule": rule} for code in codes]
