"""What a search asks, read once from the query string and understood alike by SQL and by the index.

Semantics (docs/url-contract.md tells the parameters):

- OR inside a facet, AND between facets. Facets speak of the place as a whole: a need of one of its
  services and a language of another both count.
- A place that says nothing of a facet is *silent* on it. It matches neither as everyone nor as no
  one: places that match every facet or are silent form a second block, "à vérifier par téléphone".
- A place open to everyone ("tout-public") matches any public.
- A need that has a parent is also matched by the parent alone, after the exact ones.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from directory.search.boxes import Box
from directory.vocabularies.names import Vocabulary


class Facet(StrEnum):
    """Facets of the search. The value is the URL parameter."""

    NEED = "besoin"
    SUPPORT_MODE = "mode"
    ACTIVITY = "activite"
    PUBLIC = "public"
    SPECIAL_CARE = "accueil"
    LANGUAGE = "langue"
    COST = "prix"
    NETWORK = "reseau"
    KIND = "type"
    EQUIPMENT = "materiel"
    ACCESS = "acces"
    ITINERANT = "itinerant"
    VERIFIED = "verifie"
    DEPARTMENT = "departement"
    REGION = "region"


SERVICE_TERMS = {
    Facet.SUPPORT_MODE: (Vocabulary.SUPPORT_MODE,),
    Facet.ACTIVITY: (Vocabulary.ACTIVITY,),
    Facet.PUBLIC: (Vocabulary.PUBLIC,),
    Facet.SPECIAL_CARE: (Vocabulary.SPECIAL_CARE,),
    Facet.LANGUAGE: (Vocabulary.LANGUAGE,),
    Facet.COST: (Vocabulary.COST,),
}
"""Facets read from the terms of a place's published services."""

PLACE_TERMS = {
    Facet.NETWORK: (Vocabulary.PROGRAMME, Vocabulary.TRAINING_LABEL),
    Facet.KIND: (Vocabulary.KIND,),
    Facet.EQUIPMENT: (Vocabulary.EQUIPMENT,),
}
"""Facets read from the place's own terms."""

SILENT_FACETS = frozenset(
    {
        Facet.NEED,
        Facet.SUPPORT_MODE,
        Facet.ACTIVITY,
        Facet.PUBLIC,
        Facet.SPECIAL_CARE,
        Facet.LANGUAGE,
        Facet.COST,
        Facet.EQUIPMENT,
        Facet.ACCESS,
    }
)
"""Facets on which saying nothing is not saying no. The others are known of every place."""

EVERYONE = "tout-public"
"""Code of the public that matches any public."""

YES = "oui"
"""The only value of the yes-or-nothing facets ITINERANT and VERIFIED."""


class Access(StrEnum):
    """Values of the access facet.

    NOW: open at `Criteria.now`. AT: open at the chosen `day` and `minute` of an ordinary week.
    EVENING: open some weekday (Monday to Friday) at 18:00 or later. SATURDAY: open some time on
    Saturdays. NO_APPOINTMENT: `appointment` says it is not needed, possible or only recommended.
    PHONE: has a phone number. A place whose hours are unknown is silent on the first four, one that
    says nothing of appointments on the fifth; a place without a phone is a "no".
    """

    NOW = "maintenant"
    AT = "horaire"
    EVENING = "soir"
    SATURDAY = "samedi"
    NO_APPOINTMENT = "sans-rendez-vous"
    PHONE = "telephone"


class Sort(StrEnum):
    """Orders of results."""

    DISTANCE = "distance"
    NAME = "nom"
    VERIFIED = "verification"


ANYWHERE_KM = 20_100.0
"""A radius that limits nothing: half the Earth's circumference is 20,015 km."""


@dataclass(frozen=True)
class Criteria:
    """A search. `point` is (latitude, longitude) in degrees, `radius` in km.

    Without a point the territory is `department` or `region` (INSEE codes), else the whole country.
    A `bbox` keeps the places inside it; distances are then told, but limit only by an asked radius.
    `facets` holds the chosen codes of each chosen facet, never an empty set. `words` are normalised
    words that must all begin a word of the place's searched text. `now` is aware; `day` is 0 for
    Monday, `minute` counts from midnight; both are set when Access.AT is chosen. `parents` maps a
    chosen need to its general need; `children` to the needs it is the general one of.
    """

    point: tuple[float, float] | None = None
    radius: float = 20.0
    department: str = ""
    region: str = ""
    facets: dict[Facet, frozenset[str]] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    declared_only: bool = False
    now: datetime | None = None
    day: int | None = None
    minute: int | None = None
    verified_since: date | None = None
    parents: dict[str, str] = field(default_factory=dict)
    children: dict[str, frozenset[str]] = field(default_factory=dict)
    sort: Sort = Sort.DISTANCE
    bbox: Box | None = None

    @property
    def circle_km(self) -> float | None:
        """The radius in km when the search is limited to a circle round `point`."""
        is_limited = self.bbox is None or self.radius < ANYWHERE_KM
        return self.radius if self.point and is_limited else None

    @property
    def exact_needs(self) -> frozenset[str]:
        """The needs asked for and those that they are the general one of."""
        chosen = self.facets.get(Facet.NEED, frozenset())
        return chosen.union(*(self.children.get(code, frozenset()) for code in chosen))

    @property
    def accepted_needs(self) -> frozenset[str]:
        """The exact needs and their general ones, which answer too, after them."""
        chosen = self.facets.get(Facet.NEED, frozenset())
        return self.exact_needs | {self.parents[code] for code in chosen if code in self.parents}
