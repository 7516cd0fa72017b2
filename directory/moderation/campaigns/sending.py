"""Sends what campaigns queued: each e-mail at most once, at a pace, by one sender or several.

A row is taken (SENDING, with its new link's digest) and that is committed before the mail server
is spoken to. A row that is SENDING is never taken again: a sender that is killed leaves it there,
and when its lease ends it becomes UNSURE, which only a moderator sends again. Between a lost
e-mail and a second one, the lost one is preferred: another campaign may ask again.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils import timezone, translation

from directory.models import (
    Campaign,
    CampaignState,
    ConfirmationRequest,
    RefusalReason,
    RequestState,
)
from directory.moderation.campaigns import addresses, failures, letters, links, taking
from directory.moderation.campaigns.failures import Verdict
from directory.moderation.campaigns.taking import Taken

log = logging.getLogger(__name__)

MINUTE = timedelta(minutes=1)
WAITS = tuple(timedelta(minutes=count) for count in (10, 30, 120, 480))
"""After a "later" (451, out of order): before the second try, the third…; then it is given up."""
LOCK = 0x636D7061
"""Of PostgreSQL: who takes a row counts first, hence one at a time."""


@dataclass(frozen=True)
class Wait:
    """Something waits, and may leave in so long."""

    delay: timedelta


@dataclass
class Tally:
    """What one run did."""

    sent: int = 0
    failed: int = 0
    later: int = 0
    unsure: int = 0
    is_stopped: bool = False


def run(seconds: float, sleep: Callable[[float], object] = time.sleep) -> Tally:
    """Send what is due, at the pace allowed, for so many seconds at most; return what was done."""
    end, tally = time.monotonic() + seconds, Tally()
    expire()
    while not tally.is_stopped:
        found = take()
        if found is None:
            break
        if isinstance(found, Wait):
            delay = found.delay.total_seconds()
            if time.monotonic() + delay > end:
                break
            sleep(delay)
            continue
        _count(tally, deliver(found))
        if time.monotonic() >= end:
            break
    return tally


def take() -> Taken | Wait | None:
    """Take the next e-mail that may leave, committed; None when nothing waits for its turn."""
    while True:
        with transaction.atomic():
            _alone()
            now = timezone.now()
            _end_leases(now)
            _end_campaigns(now)
            waiting = ConfirmationRequest.objects.filter(state=RequestState.QUEUED).filter(
                Q(campaign__state=CampaignState.SENDING) | Q(is_renewal=True)
            )
            due = waiting.filter(taking.is_due(now))
            full = _full_domains(now)
            if full is None:
                return Wait(MINUTE / 6) if due.exists() else None
            row = (
                due.exclude(domain__in=full)
                .select_for_update(skip_locked=True, of=("self",))
                .select_related("place__commune__department", "campaign")
                .order_by("-is_renewal", "pk")
                .first()
            )
            if row is None:
                return Wait(MINUTE / 6) if due.exists() else None
            taken = taking.take(row, now)
        if taken:
            return taken


def deliver(taken: Taken) -> Verdict:
    """Send an e-mail that was taken, and write what became of it. Raises nothing of the network."""
    row = taken.row
    stop = links.stop_token(row)
    with translation.override(settings.LANGUAGE_CODE):
        asked = [(one.place, token) for one, token in taken.all]
        message = letters.build(asked, row.campaign, taken.address, stop)
    message.extra_headers["Message-ID"] = row.message_id or letters.new_message_id()
    # One connection by message: one kept open while the pace is awaited may be dead when it serves.
    server = get_connection()
    try:
        server.open()
    except OSError as error:
        verdict = Verdict(RequestState.QUEUED, type(error).__name__, stops=True)
    else:
        try:
            server.send_messages([message])
            verdict = Verdict(RequestState.SENT)
        except OSError as error:
            verdict = failures.judge(error)
        finally:
            server.close()
    for one, _token in taken.all:
        _write(one, verdict)
    _tell(row.campaign_id, verdict)
    return verdict


def expire() -> int:
    """Close the e-mails that nobody answered in time; return how many."""
    old = timezone.now() - links.VALID_FOR
    rows = ConfirmationRequest.objects.filter(state=RequestState.SENT, tried_at__lt=old)
    return rows.update(state=RequestState.EXPIRED)


def _write(row: ConfirmationRequest, verdict: Verdict) -> None:
    """Write what became of an e-mail, unless its place has already answered it."""
    now = timezone.now()
    state = verdict.state
    changes: dict[str, Any] = {"reason": verdict.reason, "leased_until": None}
    mine = ConfirmationRequest.objects.filter(pk=row.pk, token_hash=row.token_hash)
    if state == RequestState.SENT:
        mine.update(sent_at=now)
    if state == RequestState.QUEUED:
        # A server that is out of order is no fault of the address: it does not count as a try.
        tries = row.tries - 1 if verdict.stops else row.tries
        changes["tries"] = tries
        if tries > len(WAITS):
            state = RequestState.BOUNCED
        else:
            changes["not_before"] = now + WAITS[max(tries - 1, 0)]
    held = mine.filter(state__in=(RequestState.SENDING, RequestState.UNSURE))
    held.update(state=state, **changes)
    if verdict.is_dead:
        addresses.refuse(row.place_id, row.address_hash, RefusalReason.DEAD)


def _tell(campaign: int, verdict: Verdict) -> None:
    """Say on the campaign's page what keeps e-mails from leaving."""
    rows = Campaign.objects.filter(pk=campaign)
    if not verdict.stops:
        rows.exclude(trouble="").update(trouble="")
        return
    log.warning("the mail server takes no e-mail of campaigns: %s", verdict.reason)
    rows.update(trouble=verdict.reason)
    if verdict.pauses:
        rows.filter(state=CampaignState.SENDING).update(state=CampaignState.PAUSED)


def _alone() -> None:
    """Wait for other senders to have taken theirs; SQLite's transactions do it by themselves."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _full_domains(now: datetime) -> list[str] | None:
    """Return the domains that had their share of this minute; None when everyone had it."""
    rate = settings.CAMPAIGN_RATE
    # Those that leave with another are one e-mail with it.
    last = ConfirmationRequest.objects.filter(tried_at__gt=now - MINUTE, sent_with=None).order_by()
    counts = dict(last.values_list("domain").annotate(count=Count("pk")))
    if sum(counts.values()) >= rate["minute"]:
        return None
    return [domain for domain, count in counts.items() if count >= rate["domain"]]


def _end_leases(now: datetime) -> None:
    """Give up what a sender took and never told of: it may have left, hence nobody sends it."""
    lost = ConfirmationRequest.objects.filter(state=RequestState.SENDING, leased_until__lt=now)
    lost.update(state=RequestState.UNSURE, leased_until=None, reason="envoi interrompu")


def _end_campaigns(now: datetime) -> None:
    left = ConfirmationRequest.objects.filter(
        state__in=(RequestState.QUEUED, RequestState.SENDING), is_renewal=False
    )
    over = Campaign.objects.filter(state=CampaignState.SENDING).exclude(
        pk__in=left.order_by().values("campaign")
    )
    over.update(state=CampaignState.DONE, done_at=now)


def _count(tally: Tally, verdict: Verdict) -> None:
    tally.is_stopped = verdict.stops
    match verdict.state:
        case RequestState.SENT:
            tally.sent += 1
        case RequestState.UNSURE:
            tally.unsure += 1
        case RequestState.QUEUED:
            tally.later += 1
        case _:
            tally.failed += 1
