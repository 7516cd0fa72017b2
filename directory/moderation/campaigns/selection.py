"""Which places a campaign writes to, and why others are left out."""

import hashlib
import json
import math
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from directory.models import (
    Campaign,
    ConfirmationRequest,
    Gap,
    MailRefusal,
    Place,
    RefusalReason,
    RequestState,
    ServiceNeed,
)
from directory.moderation import freshness_rules, policy
from directory.moderation.campaigns import addresses
from directory.moderation.policy import Action
from directory.vocabularies.names import Basis, State

REST_MONTHS = 6
"""Between two e-mails to the same place."""
TOGETHER_MAX = 20
"""Places that one e-mail asks about, when they share their address: some 300 lines."""
NEVER_LEFT = frozenset({RequestState.QUEUED, RequestState.SKIPPED})


@dataclass(frozen=True)
class Chosen:
    """A place to write to."""

    key: int
    name: str
    town: str
    address: str


@dataclass(frozen=True)
class Selection:
    """What a preview tells: who is written to, and how many are not, by reason."""

    chosen: list[Chosen] = field(default_factory=list)
    without_address: int = 0
    refused: int = 0
    lately: int = 0

    @property
    def asked(self) -> int:
        """How many places meet the criteria."""
        return len(self.chosen) + self.without_address + self.refused + self.lately

    @property
    def shared(self) -> int:
        """How many of the places share their address with another one of them."""
        return sum(count for count in self._by_address.values() if count > 1)

    @property
    def letters(self) -> int:
        """How many e-mails leave: one for the places that share an address."""
        return sum(math.ceil(count / TOGETHER_MAX) for count in self._by_address.values())

    @property
    def first(self) -> list[Chosen]:
        """The places of the first e-mail."""
        own = self.chosen[0].address.lower() if self.chosen else ""
        return [one for one in self.chosen if one.address.lower() == own][:TOGETHER_MAX]

    @cached_property
    def _by_address(self) -> Counter[str]:
        return Counter(one.address.lower() for one in self.chosen)


def matching(campaign: Campaign) -> QuerySet[Place]:
    """Return the published places that meet a campaign's criteria."""
    rows = Place.objects.published()
    if campaign.region_id:
        rows = rows.filter(commune__department__region=campaign.region_id)
    if campaign.department_id:
        rows = rows.filter(commune__department=campaign.department_id)
    if campaign.months:
        since = freshness_rules.months_before(timezone.localdate(), campaign.months)
        rows = rows.filter(Q(verified_on=None) | Q(verified_on__lt=since))
    if campaign.gap == Gap.HOURS:
        return rows.filter(opening_hours="")
    if campaign.gap == Gap.PHONE:
        return rows.filter(phone="", booking_phone="")
    if campaign.gap == Gap.NEEDS:
        declared = ServiceNeed.objects.filter(
            service__place=OuterRef("pk"), service__state=State.PUBLISHED, basis=Basis.DECLARED
        )
        return rows.exclude(Exists(declared))
    return rows


def choose(campaign: Campaign, by: Any, action: Action = Action.CHANGE) -> Selection:
    """Return whom a campaign writes to, among the places that `by` keeps. Four queries."""
    rows = matching(campaign).filter(pk__in=policy.scope(by, Place, action).order_by().values("pk"))
    lately, own, dead = asked_lately(), _own_refusals(), _dead()
    chosen: list[Chosen] = []
    counts = {"without_address": 0, "refused": 0, "lately": 0}
    told = rows.order_by("commune__department", "name", "pk").values_list(
        "pk", "name", "commune__name", "emails"
    )
    for key, name, town, emails in told:
        if key in lately:
            counts["lately"] += 1
            continue
        if not emails:
            counts["without_address"] += 1
            continue
        text = f"{name} {town}"
        address = addresses.usable(emails, text, (own.get(key, ()), dead))
        if address:
            chosen.append(Chosen(key, name, town, address))
        elif addresses.generic(emails, text):
            counts["refused"] += 1
        else:
            counts["without_address"] += 1
    return Selection(chosen, **counts)


def digest(campaign: Campaign, selection: Selection) -> str:
    """Return what changes when the places, the addresses or the words do."""
    told = [
        campaign.text,
        [campaign.region_id, campaign.department_id, campaign.months, campaign.gap],
        [[one.key, one.address] for one in selection.chosen],
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:24]


def recent_since() -> datetime:
    """Return the moment since which a place is not asked again."""
    now = timezone.localtime()
    day = freshness_rules.months_before(now.date(), REST_MONTHS)
    return now.replace(year=day.year, month=day.month, day=day.day)


def asked_lately() -> set[int]:
    """Return the places that an e-mail left for within the months of rest, or is about to."""
    left = Q(tried_at__gte=recent_since()) & ~Q(state__in=NEVER_LEFT)
    rows = ConfirmationRequest.objects.filter(left | Q(state=RequestState.QUEUED))
    return set(rows.order_by().values_list("place_id", flat=True))


def _own_refusals() -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for key, digest_ in MailRefusal.objects.order_by().values_list("place_id", "address_hash"):
        found.setdefault(key, set()).add(digest_)
    return found


def _dead() -> set[str]:
    rows = MailRefusal.objects.filter(reason=RefusalReason.DEAD).order_by()
    return set(rows.values_list("address_hash", flat=True))
