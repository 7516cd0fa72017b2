"""Records for tests: small, published, and valid as they come.

Territories are found again by their code, so that a test may name the same one twice. A phone is of
those that the regulator keeps for fiction.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

import factory
from factory.django import DjangoModelFactory

from directory import models
from directory.search import gazetteer
from directory.vocabularies.names import (
    ActorCategory,
    Basis,
    ContributionKind,
    Level,
    Licence,
    PositionPrecision,
    State,
    Vocabulary,
)
from directory.vocabularies.normalization import (
    normalize,
    normalize_place_name,
    without_article,
)

FICTION_PHONE = "+33199001234"
SAINT_DENIS = (48.9362, 2.3574)
"""Latitude and longitude of the centre where places are put when a test does not care."""


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
    normalized_name = factory.LazyAttribute(lambda made: normalize(made.name))
    region = factory.SubFactory(RegionFactory)
    time_zone = "Europe/Paris"


class CommuneFactory(DjangoModelFactory):
    """A commune with its official name's row and, unless `postcode=""`, one postcode.

    Several postcodes: `postcode=("93200", "93210")`.
    """

    class Meta:
        model = models.Commune
        django_get_or_create = ("code",)
        skip_postgeneration_save = True

    class Params:
        number = factory.Sequence(lambda n: n % 900)

    department = factory.SubFactory(DepartmentFactory)
    code = factory.LazyAttribute(
        lambda made: made.department.code + f"{made.number:05d}"[len(made.department.code) :]
    )
    name = factory.Sequence(lambda n: f"Bourg {_letters(n)}")
    population = 10_000
    latitude, longitude = SAINT_DENIS
    position_source = models.Commune.PositionSource.HEXASMAL

    @factory.post_generation
    def postcode(self: Any, create: bool, given: Any, **kwargs: Any) -> None:
        """Write the postcodes given, else the first of the department."""
        if given is None:
            given = f"{self.department_id.replace('2A', '20').replace('2B', '20')}000"[:5]
        for code in [given] if isinstance(given, str) else given:
            if code:
                models.Postcode.objects.get_or_create(commune=self, code=code)

    @factory.post_generation
    def official_name(self: Any, create: bool, given: Any, **kwargs: Any) -> None:
        """Write the names under which the geography's loader makes a commune found."""
        full = normalize_place_name(self.name)
        names = {models.CommuneName.Kind.OFFICIAL: full}
        if (short := without_article(full)) != full:
            names[models.CommuneName.Kind.SHORT] = short
        for kind, normalized in names.items():
            models.CommuneName.objects.get_or_create(
                commune=self, normalized=normalized, kind=kind, defaults={"name": self.name}
            )
        gazetteer.clear()


class CommuneNameFactory(DjangoModelFactory):
    """Another name of a commune: by default the one it bore before a merger."""

    class Meta:
        model = models.CommuneName

    commune = factory.SubFactory(CommuneFactory)
    name = factory.Sequence(lambda n: f"Ancien bourg {_letters(n)}")
    normalized = factory.LazyAttribute(lambda made: normalize_place_name(made.name))
    kind = models.CommuneName.Kind.DELEGATED


class SourceFactory(DjangoModelFactory):
    """A producer's list under an open licence."""

    class Meta:
        model = models.Source
        django_get_or_create = ("slug",)

    slug = "liste"
    name = "Une liste"
    licence = Licence.LO2


class TermFactory(DjangoModelFactory):
    """A value of a vocabulary, a kind of place unless told otherwise."""

    class Meta:
        model = models.Term
        django_get_or_create = ("vocabulary", "code")

    vocabulary = Vocabulary.KIND
    code = "RFS"
    label = factory.LazyAttribute(lambda made: f"Libellé de {made.code}")


class HelplineFactory(DjangoModelFactory):
    """A phone line; not proposed when nothing is found, unless `is_general=True`."""

    class Meta:
        model = models.Helpline

    code = factory.Sequence(lambda n: f"ligne-{n}")
    name = factory.Sequence(lambda n: f"Ligne {n}")
    phone = FICTION_PHONE
    display = "01 99 00 12 34"


class NeedFactory(DjangoModelFactory):
    """A need without parent."""

    class Meta:
        model = models.Need
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"besoin-{n}")
    label = factory.LazyAttribute(lambda made: f"Faire {made.code}")
    short_label = factory.LazyAttribute(lambda made: made.code[:28])


class SynonymFactory(DjangoModelFactory):
    """Another way to say a need."""

    class Meta:
        model = models.Synonym

    need = factory.SubFactory(NeedFactory)
    text = factory.Sequence(lambda n: f"autre mot {n}")


class NeedMappingFactory(DjangoModelFactory):
    """A published code that suggests a need."""

    class Meta:
        model = models.NeedMapping

    need = factory.SubFactory(NeedFactory)
    vocabulary = Vocabulary.PROGRAMME
    code = "france-services"


class ActorFactory(DjangoModelFactory):
    """A published local structure."""

    class Meta:
        model = models.Actor
        django_get_or_create = ("slug",)

    slug = factory.Sequence(lambda n: f"acteur-{n}")
    name = factory.Sequence(lambda n: f"Acteur {n}")
    category = ActorCategory.LOCAL_STRUCTURE
    level = Level.LOCAL
    state = State.PUBLISHED


class PlaceFactory(DjangoModelFactory):
    """A published place at its commune's centre. `terms=[…]` sets its properties."""

    class Meta:
        model = models.Place
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"lieu-{n}")
    name = factory.Sequence(lambda n: f"Lieu {n}")
    commune = factory.SubFactory(CommuneFactory)
    latitude = factory.LazyAttribute(lambda made: made.commune.latitude)
    longitude = factory.LazyAttribute(lambda made: made.commune.longitude)
    position_precision = PositionPrecision.ADDRESS
    phone = FICTION_PHONE
    state = State.PUBLISHED

    @factory.post_generation
    def terms(self: Any, create: bool, given: Iterable[Any] | None, **kwargs: Any) -> None:
        """Set the place's properties."""
        self.terms.set(given or ())


class ServiceFactory(DjangoModelFactory):
    """A published service of a place. `needs=[…]`: needs, or codes of needs, declared."""

    class Meta:
        model = models.Service
        skip_postgeneration_save = True

    place = factory.SubFactory(PlaceFactory)
    name = factory.Sequence(lambda n: f"Service {n}")
    state = State.PUBLISHED

    @factory.post_generation
    def needs(self: Any, create: bool, given: Iterable[Any] | None, **kwargs: Any) -> None:
        """Declare that the service covers these needs."""
        for one in given or ():
            need = NeedFactory(code=one) if isinstance(one, str) else one
            ServiceNeedFactory(service=self, need=need)


class AreaServiceFactory(ServiceFactory):
    """A published service without a place, of an actor. `areas=[{"is_national": True}]`."""

    place = None
    actor = factory.SubFactory(ActorFactory)

    @factory.post_generation
    def areas(self: Any, create: bool, given: Iterable[Any] | None, **kwargs: Any) -> None:
        """Write the territories it covers."""
        for area in given or ():
            models.ServiceArea.objects.create(service=self, **area)


class ServiceNeedFactory(DjangoModelFactory):
    """A declared need."""

    class Meta:
        model = models.ServiceNeed

    service = factory.SubFactory(ServiceFactory)
    need = factory.SubFactory(NeedFactory)
    basis = Basis.DECLARED


class ServiceTermFactory(DjangoModelFactory):
    """A property of a service."""

    class Meta:
        model = models.ServiceTerm

    service = factory.SubFactory(ServiceFactory)
    term = factory.SubFactory(TermFactory, vocabulary=Vocabulary.COST, code="gratuit")


class ClosureFactory(DjangoModelFactory):
    """A closure of the first fortnight of August 2026."""

    class Meta:
        model = models.Closure

    place = factory.SubFactory(PlaceFactory)
    starts_on = date(2026, 8, 1)
    ends_on = date(2026, 8, 15)


class StopFactory(DjangoModelFactory):
    """A stop every Tuesday morning."""

    class Meta:
        model = models.Stop

    place = factory.SubFactory(PlaceFactory)
    commune = factory.SelfAttribute("place.commune")
    opening_hours = "Tu 09:00-12:00"


class ContributionFactory(DjangoModelFactory):
    """A pending report about hours."""

    class Meta:
        model = models.Contribution

    place = factory.SubFactory(PlaceFactory)
    kind = ContributionKind.HOURS


def _letters(number: int) -> str:
    """Return a number in letters: a name with digits would be read as a name and a postcode."""
    return "".join("abcdefghij"[int(digit)] for digit in str(number)).capitalize()
