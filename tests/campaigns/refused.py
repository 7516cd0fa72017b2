"""Rows of campaigns that the database refuses, by the constraint that does (test_constraints)."""

from collections.abc import Callable
from typing import Any

from directory.models import Campaign, ConfirmationRequest, MailRefusal
from tests import factories as make


def ask(place: Any = None, **fields: Any) -> ConfirmationRequest:
    """Add an e-mail to a campaign."""
    campaign = Campaign.objects.get_or_create(name="Printemps")[0]
    place = place or make.PlaceFactory.create()
    return ConfirmationRequest.objects.create(campaign=campaign, place=place, **fields)


def ask_twice() -> None:
    """Add two e-mails to one place."""
    place = make.PlaceFactory.create()
    for _time in range(2):
        ask(place)


def refuse_twice() -> None:
    """Leave an address alone twice."""
    place = make.PlaceFactory.create()
    for _time in range(2):
        MailRefusal.objects.create(place=place, address_hash="0" * 64, reason="asked")


OF_CAMPAIGNS: dict[str, Callable[[], object]] = {
    "campaign_one_territory": lambda: Campaign.objects.create(
        name="Printemps",
        region=make.RegionFactory.create(),
        department=make.DepartmentFactory.create(),
    ),
    "campaign_known_state": lambda: Campaign.objects.create(name="Printemps", state="lost"),
    "request_once_per_campaign": ask_twice,
    "request_known_state": lambda: ask(state="lost"),
    "request_sending_has_lease": lambda: ask(state="sending"),
    "mailrefusal_once_per_address": refuse_twice,
}
