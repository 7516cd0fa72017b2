"""Drawn campaigns with their e-mails, and imports with their reports."""

import hashlib
import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from directory.exchange import import_files
from directory.exchange.report import Entry, Kind, Report
from directory.models import (
    Campaign,
    ConfirmationRequest,
    ImportRun,
    MailRefusal,
    RequestState,
    Source,
)
from directory.models.import_runs import RunMode, RunState

CAMPAIGNS, MESSAGES, REFUSALS, RUNS = 40, 20_000, 500, 60
PREVIEWED = 25_000
"""Rows of the import that waits to be read."""


def fill(rng: random.Random, places: Sequence[int], users: Sequence[Any]) -> None:
    """Write them."""
    _campaigns(rng, places, users)
    _imports(users)


def _campaigns(rng: random.Random, places: Sequence[int], users: Sequence[Any]) -> None:
    made = Campaign.objects.bulk_create(
        Campaign(name=f"Campagne {n}", state="done" if n else "previewed", created_by=users[n])
        for n in range(CAMPAIGNS)
    )
    each = MESSAGES // (CAMPAIGNS - 1)
    states = [RequestState.SENT, RequestState.CONFIRMED, RequestState.EXPIRED]
    for number, campaign in enumerate(made[1:]):
        moment = timezone.now() - timedelta(days=10 * number)
        ConfirmationRequest.objects.bulk_create(
            ConfirmationRequest(
                campaign=campaign, place_id=key, state=rng.choice(states), tried_at=moment
            )
            for key in rng.sample(places, each)
        )
    MailRefusal.objects.bulk_create(
        MailRefusal(
            place_id=key, address_hash=hashlib.sha256(str(key).encode()).hexdigest(), reason="asked"
        )
        for key in rng.sample(places, REFUSALS)
    )


def _imports(users: Sequence[Any]) -> None:
    report = _report()
    source = Source.objects.order_by("pk").values_list("slug", flat=True)[0]
    ImportRun.objects.bulk_create(
        ImportRun(
            source=source,
            file_name=f"lieux-{number}.csv",
            digest="0" * 64,
            created_by=users[number],
            mode=RunMode.RUN if number else RunMode.DRY,
            state=RunState.DONE if number else RunState.READY,
            total=PREVIEWED,
            counts={"rows": PREVIEWED, "kinds": {Kind.CHANGED.value: PREVIEWED}},
            report_name=report,
        )
        for number in range(RUNS)
    )


def _report() -> str:
    report = Report()
    for line in range(1, PREVIEWED + 1):
        report.journal.append(
            Entry(Kind.CHANGED, line, f"Mairie n° {line}", "horaires", "", "Mo-Fr 09:00-12:00")
        )
    return import_files.keep_report(report)
