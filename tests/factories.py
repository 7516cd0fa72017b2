"""Records for tests: small, published, and valid as they come.

Territories are found again by their code, so that a test may name the same one twice.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from factory.declarations import (
    LazyAttribute,
    LazyAttributeSequence,
    SelfAttribute,
    Sequence,
    SubFactory,
)
from factory.django import DjangoModelFactory
from factory.helpers import post_generation

from directory import models
from directory.search import gazetteer
from directory.vocabularies import names
from directory.vocabularies.normalization import normalize, normalize_place_name, without_article

FICTION_PHONE = "+33199001234"
"""Of the numbers that the regulator keeps for fiction."""

SAINT_DENIS = (48.9362, 2.3574)
"""Latitude and longitude of communes and places, when a test does not care."""


class RegionFactory(DjangoModelFactory):
    """A region, Île-de-France unless told otherwise."""

    class Meta:
        model = models.Region
        django_get_or_create = ("code",)

    code = "11"
    name = "Île-de-France"


class DepartmentFactory(DjangoModelFactory):
    """A department, Seine-Saint-Denis unless told otherwise."""

    class Meta:
        model = models.Department
        django_get_or_create = ("code",)

    code = "93"
    name = "Seine-Saint-Denis"
    normalized_name = LazyAttribute(lambda made: normalize(made.name))
    region = SubFactory(RegionFactory)
    time_zone = "Europe/Paris"


class CommuneFactory(DjangoModelFactory):
    """A commune with its official name's row and, unless `postcode=""`, one postcode.

    Several postcodes: `postcode=("93200", "93210")`.
    """

    class Meta:
        model = models.Commune
        django_get_or_create = ("code",)
        skip_postgeneration_save = True

    department = SubFactory(DepartmentFactory)
    code = LazyAttributeSequence(lambda made, n: _commune_code(made.department.code, n))
    name = Sequence(lambda n: f"Bourg {_letters(n)}")
    population = 10_000
    latitude, longitude = SAINT_DENIS
    position_source = models.Commune.PositionSource.HEXASMAL

    @post_generation
    def postcode(self: Any, create: bool, given: Any, **kwargs: Any) -> None:
        first = f"{self.department_id.replace('A', '0').replace('B', '0')[:3]}000"[:5]
        codes = (given,) if isinstance(given, str) else given
        for code in filter(None, (first,) if given is None else codes):
            models.Postcode.objects.get_or_create(commune=self, code=code)

    @post_generation
    def known_names(self: Any, create: bool, given: Any, **kwargs: Any) -> None:
        """Write its names as the geography's loader does: official, and without its article."""
        kinds = models.CommuneName.Kind
        full = normalize_place_name(self.name)
        known = {without_article(full): kinds.SHORT, full: kinds.OFFICIAL}
        for normalized, kind in known.items():
            models.CommuneName.objects.get_or_create(
                commune=self, normalized=normalized, kind=kind, defaults={"name": self.name}
            )
        gazetteer.clear()


class CommuneNameFactory(DjangoModelFactory):
    """Another name of a commune: by default the one it bore before a merger."""

    class Meta:
        model = models.CommuneName

    commune = SubFactory(CommuneFactory)
    name = Sequence(lambda n: f"Ancien bourg {_letters(n)}")
    normalized = LazyAttribute(lambda made: normalize_place_name(made.name))
    kind = models.CommuneName.Kind.DELEGATED


class SourceFactory(DjangoModelFactory):
    """A producer's list under an open licence."""

    class Meta:
        model = models.Source
        django_get_or_create = ("slug",)

    slug = "liste"
    name = "Une liste"
    licence = names.Licence.LO2


class TermFactory(DjangoModelFactory):
    """A value of a vocabulary, a kind of place unless told otherwise."""

    class Meta:
        model = models.Term
        django_get_or_create = ("vocabulary", "code")

    vocabulary = names.Vocabulary.KIND
    code = "RFS"
    label = LazyAttribute(lambda made: f"Libellé de {made.code}")


class HelplineFactory(DjangoModelFactory):
    """A phone line, not a general one."""

    class Meta:
        model = models.Helpline

    code = Sequence(lambda n: f"ligne-{n}")
    name = Sequence(lambda n: f"Ligne {n}")
    phone = FICTION_PHONE
    display = "01 99 00 12 34"


class NeedFactory(DjangoModelFactory):
    """A need without parent."""

    class Meta:
        model = models.Need
        django_get_or_create = ("code",)

    code = Sequence(lambda n: f"besoin-{n}")
    label = LazyAttribute(lambda made: f"Faire {made.code}")
    short_label = LazyAttribute(lambda made: made.code[:28])


class SynonymFactory(DjangoModelFactory):
    """Another way to say a need."""

    class Meta:
        model = models.Synonym

    need = SubFactory(NeedFactory)
    text = Sequence(lambda n: f"autre mot {n}")


class NeedMappingFactory(DjangoModelFactory):
    """A published code that suggests a need."""

    class Meta:
        model = models.NeedMapping

    need = SubFactory(NeedFactory)
    vocabulary = names.Vocabulary.PROGRAMME
    code = "france-services"


class ActorFactory(DjangoModelFactory):
    """A published local structure."""

    class Meta:
        model = models.Actor
        django_get_or_create = ("slug",)

    slug = Sequence(lambda n: f"acteur-{n}")
    name = Sequence(lambda n: f"Acteur {n}")
    category = names.ActorCategory.LOCAL_STRUCTURE
    level = names.Level.LOCAL
    state = names.State.PUBLISHED


class PlaceFactory(DjangoModelFactory):
    """A published place at its commune's centre. `terms=[…]` sets its properties."""

    class Meta:
        model = models.Place
        skip_postgeneration_save = True

    slug = Sequence(lambda n: f"lieu-{n}")
    name = Sequence(lambda n: f"Lieu {n}")
    commune = SubFactory(CommuneFactory)
    latitude = LazyAttribute(lambda made: made.commune.latitude)
    longitude = LazyAttribute(lambda made: made.commune.longitude)
    position_precision = names.PositionPrecision.ADDRESS
    phone = FICTION_PHONE
    state = names.State.PUBLISHED

    @post_generation
    def terms(self: Any, create: bool, given: Iterable[Any] | None, **kwargs: Any) -> None:
        self.terms.set(given or ())


class ServiceFactory(DjangoModelFactory):
    """A published service of a place. `needs=[…]`: needs, or codes of needs, declared."""

    class Meta:
        model = models.Service
        skip_postgeneration_save = True

    place: Any = SubFactory(PlaceFactory)
    name = Sequence(lambda n: f"Service {n}")
    state = names.State.PUBLISHED

    @post_generation
    def needs(self: Any, create: bool, given: Iterable[Any] | None, **kwargs: Any) -> None:
        for one in given or ():
            need = NeedFactory(code=one) if isinstance(one, str) else one
            ServiceNeedFactory(service=self, need=need)


class AreaServiceFactory(ServiceFactory):
    """A published service of an actor, without place. `areas=[{"is_national": True}]`."""

    place = None
    actor = SubFactory(ActorFactory)

    @post_generation
    def areas(self: Any, create: bool, given: Iterable[Any] | None, **kwargs: Any) -> None:
        for area in given or ():
            models.ServiceArea.objects.create(service=self, **area)


class ServiceNeedFactory(DjangoModelFactory):
    """A declared need."""

    class Meta:
        model = models.ServiceNeed

    service = SubFactory(ServiceFactory)
    need = SubFactory(NeedFactory)
    basis = names.Basis.DECLARED


class ServiceTermFactory(DjangoModelFactory):
    """A property of a service."""

    class Meta:
        model = models.ServiceTerm

    service = SubFactory(ServiceFactory)
    term = SubFactory(TermFactory, vocabulary=names.Vocabulary.COST, code="gratuit")


class ClosureFactory(DjangoModelFactory):
    """A closure of the first fortnight of August 2026."""

    class Meta:
        model = models.Closure

    place = SubFactory(PlaceFactory)
    starts_on = date(2026, 8, 1)
    ends_on = date(2026, 8, 15)


class StopFactory(DjangoModelFactory):
    """A stop every Tuesday morning."""

    class Meta:
        model = models.Stop

    place = SubFactory(PlaceFactory)
    commune = SelfAttribute("place.commune")
    opening_hours = "Tu 09:00-12:00"


class ContributionFactory(DjangoModelFactory):
    """A pending report about hours."""

    class Meta:
        model = models.Contribution

    place = SubFactory(PlaceFactory)
    kind = names.ContributionKind.HOURS


def _letters(number: int) -> str:
    """Return a number in letters: a name with digits would be read as a name and a postcode."""
    return "".join("abcdefghij"[int(digit)] for digit in str(number)).capitalize()


def _commune_code(department: str, number: int) -> str:
    return department + f"{number % 900:05d}"[len(department) :]
