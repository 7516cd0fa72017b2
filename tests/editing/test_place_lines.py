"""Services, needs, stops and closures under a place, in its form."""

from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from directory.models import Place, RoleKind, ServiceNeed
from directory.vocabularies.names import Basis, Itinerancy, State
from tests import factories as make
from tests.accounts import make_user, sign_in
from tests.editing.pages import locked, opened, save, saved, url_of

pytestmark = pytest.mark.django_db
MAX_QUERIES = 20


# --- Lines ----------------------------------------------------------------------------------------


def test_needs_are_declared_deduced_or_neither(moderator: Client, place: Place) -> None:
    service = make.ServiceFactory.create(
        place=place, needs=["declaree"], source=make.SourceFactory.create()
    )
    for code in ("gardee", "perdue", "confirmee"):
        make.ServiceNeedFactory.create(
            service=service, need=make.NeedFactory.create(code=code), basis=Basis.DEDUCED, rule="r"
        )
    new = make.NeedFactory.create(code="nouvelle")
    keys = {row.need.code: row.need_id for row in service.service_needs.select_related("need")}
    covered = [
        f"declared:{keys['declaree']}",
        f"deduced:{keys['gardee']}",
        f"declared:{keys['confirmee']}",
        f"declared:{new.pk}",
    ]
    saved(moderator, place, **{"services-0-covered": covered})
    told = dict(ServiceNeed.objects.filter(service=service).values_list("need__code", "basis"))
    assert told == {
        "declaree": "declared",
        "gardee": "deduced",
        "confirmee": "declared",
        "nouvelle": "declared",
    }
    assert locked(place) == {"services"}


def test_nobody_makes_a_deduction_by_hand(moderator: Client, place: Place) -> None:
    service = make.ServiceFactory.create(place=place)
    need = make.NeedFactory.create()
    saved(moderator, place, **{"services-0-covered": [f"deduced:{need.pk}"]})
    assert not service.service_needs.exists()


def test_service_added_by_a_moderator_is_published(moderator: Client, place: Place) -> None:
    data = opened(moderator, place) | {"services-TOTAL_FORMS": 1}
    need = make.NeedFactory.create()
    save(
        moderator, place, data,
        **{
            "services-0-name": "Atelier", "services-0-state": State.PUBLISHED,
            "services-0-covered": [f"declared:{need.pk}"],
        },
    )  # fmt: skip
    service = place.services.get()
    assert (service.name, service.state) == ("Atelier", State.PUBLISHED)
    assert list(service.needs.all()) == [need]


def test_hours_of_a_stop_are_typed_in_french(moderator: Client, place: Place) -> None:
    stop = make.StopFactory.create(place=place)
    saved(moderator, place, **{"stops-0-opening_hours": "mercredi 14h-16h"})
    stop.refresh_from_db()
    assert stop.opening_hours == "We 14:00-16:00"
    assert locked(place) == {"stops"}


def test_dated_stop_locks_nothing(moderator: Client, place: Place) -> None:
    make.StopFactory.create(place=place, on=date(2026, 12, 1), opening_hours="")
    saved(moderator, place, **{"stops-0-label": "Place du marché"})
    assert locked(place) == set()


@pytest.mark.parametrize("kind", [RoleKind.NATIONAL, RoleKind.REGION])
def test_form_costs_the_same_queries_for_many_lines(
    kind: RoleKind, place: Place, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    role = {"region": place.commune.department.region} if kind == RoleKind.REGION else {}
    moderator = sign_in(Client(), make_user("a", {"kind": kind, **role}))
    Place.objects.update(itinerancy=Itinerancy.ITINERANT)
    place.operator = make.ActorFactory.create()
    place.save()
    place.networks.add(make.ActorFactory.create())

    def cost() -> int:
        with django_assert_max_num_queries(MAX_QUERIES) as queries:
            moderator.get(url_of(place))
        return len(queries)

    for _ in range(2):
        make.ServiceFactory.create(place=place, needs=["ameli"])
        make.StopFactory.create(place=place)
        make.ClosureFactory.create(place=place)
    few = cost()
    for number in range(20):
        make.ServiceFactory.create(place=place, needs=[f"besoin-{number}"])
        make.StopFactory.create(place=place, commune=make.CommuneFactory.create())
        make.ClosureFactory.create(place=place)
    assert cost() == few
