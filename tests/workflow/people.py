"""A moderator of Normandy, places of both sides of the border, and pages of the admin."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from directory.models import RoleKind
from directory.models.history_rows import history_of
from directory.models.revisions import recording
from directory.vocabularies.names import State
from tests import factories
from tests.accounts import make_user, national, sign_in

make: Any = factories


@dataclass
class World:
    """Who moderates, and the communes of home and of elsewhere."""

    user: User
    client: Client
    home: Any
    abroad: Any

    def places(self, count: int, **fields: Any) -> list[Any]:
        """Draft places of home."""
        given = {"commune": self.home, "state": State.DRAFT} | fields
        return make.PlaceFactory.create_batch(count, **given)


def world(client: Client, everywhere: bool = False) -> World:
    """A moderator of Normandy, or a national administrator, signed in."""
    communes = []
    for region, department in (("28", "14"), ("53", "35")):
        land = make.RegionFactory(code=region, name=f"Région {region}")
        county = make.DepartmentFactory(code=department, name=f"Dép. {department}", region=land)
        communes.append(make.CommuneFactory(department=county, name=f"Bourg {department}"))
    home, abroad = communes
    role = {"kind": RoleKind.REGION, "region": home.department.region}
    user = national() if everywhere else make_user("normande", role)
    return World(user, sign_in(client, user), home, abroad)


def send(here: World, action: str, chosen: list[Any], model: str = "place", **data: Any) -> Any:
    """Choose records in a list and an action."""
    url = reverse(f"admin:directory_{model}_changelist")
    keys = [one.pk for one in chosen]
    return here.client.post(
        url, {"action": f"bulk_{action}", "_selected_action": keys, "index": 0, **data}
    )


def confirm(here: World, action: str, chosen: list[Any], count: int = -1, **data: Any) -> Any:
    """Confirm an action, as its page does."""
    total = len(chosen) if count < 0 else count
    url = reverse(f"admin:directory_{data.pop('model', 'place')}_changelist")
    keys = [one.pk for one in chosen]
    sent = {"action": f"bulk_{action}", "_selected_action": keys, "confirm": "1", "count": total}
    return here.client.post(url, sent | data)


def page(here: World, record: Any, number: int = 1) -> str:
    """The history page of a record."""
    name = record._meta.model_name
    url = reverse(f"admin:directory_{name}_history", args=[record.pk])
    return here.client.get(url, {"p": number}).content.decode().replace("\u00a0", " ")


def change(record: Any, **fields: Any) -> Any:
    """Save new values in a revision of their own; return the row of history."""
    with recording():
        for name, value in fields.items():
            setattr(record, name, value)
        record.save()
    return history_of(type(record)).objects.latest("history_id")


def revert(here: World, owner: Any, row: Any) -> str:
    """Press the button of a change; return the page that follows."""
    kind = row.instance_type._meta.model_name
    name = f"admin:directory_{owner._meta.model_name}_revert"
    url = reverse(name, args=[owner.pk, kind, row.history_id])
    return here.client.post(url, follow=True).content.decode().replace("\u00a0", " ")
