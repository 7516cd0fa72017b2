"""Writes what a place answers: once for each link, on its own record and on nothing else."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from directory.exchange import locks
from directory.models import (
    Closure,
    ConfirmationRequest,
    Contribution,
    MailRefusal,
    Place,
    RefusalReason,
    RequestState,
    ServiceNeed,
)
from directory.moderation.campaigns import addresses, links
from directory.moderation.campaigns.forms import PlaceForm, extras
from directory.moderation.campaigns.links import Fault, Link
from directory.moderation.contributions import fields, keeping, needs
from directory.vocabularies.names import (
    Basis,
    ContributionKind,
    Credit,
    State,
    VerificationMethod,
)

AGAIN_AFTER = timedelta(hours=1)
AGAIN_MOST = 3
"""Links that a place may ask again in a campaign, and the time between two."""


class NotOpenError(Exception):
    """The link or the session no longer serves."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


class ChangedMeanwhileError(Exception):
    """The record is no longer what the place read."""


def confirm(token: str) -> Place:
    """Write that the place says all is right, today. Raises NotOpenError."""
    with _held(links.read(token)) as row:
        place = _locked(row)
        _verify(place)
        _answer(row, RequestState.CONFIRMED)
    return place


def open_session(token: str) -> str:
    """Use a link to correct the record; return its session's token. Raises NotOpenError."""
    with _held(links.read(token)) as row:
        row.state = RequestState.OPENED
        row.save(update_fields=["state"])
        return links.new_session(row)


def correct(session: str, form: PlaceForm) -> RequestState:
    """Write what a valid form says; what is weightier waits for a moderator.

    Raises NotOpenError, ChangedMeanwhileError; nothing is then written.
    """
    with _held(links.read_session(session)) as row:
        place = _locked(row)
        if form.seen != seen(place):
            raise ChangedMeanwhileError
        _apply(place, form)
        weighty = _pass_on(place, form)
        if not weighty:
            _verify(place)
        changed = bool(form.changes or form.has_extras or form.is_closed or weighty)
        _answer(row, RequestState.CORRECTED if changed else RequestState.CONFIRMED)
    return RequestState(row.state)


def refuse(row: ConfirmationRequest) -> None:
    """Remember that the address of this e-mail is not to be written to for the places it names."""
    with transaction.atomic():
        places = [one.pk for one in named_by(row)]
        for key in places:
            addresses.refuse(key, row.address_hash, RefusalReason.ASKED)
        silent = (*links.WAITS_FOR_ANSWER, RequestState.EXPIRED)
        same = ConfirmationRequest.objects.filter(
            place__in=places, address_hash=row.address_hash, state__in=silent
        )
        same.update(state=RequestState.REFUSED, answered_at=timezone.now(), leased_until=None)


def named_by(row: ConfirmationRequest) -> list[Place]:
    """Return the places that an e-mail names: those that share its address."""
    rows = row.companions.filter(address_hash=row.address_hash).select_related("place")
    return [row.place, *(one.place for one in rows.order_by("pk"))]


def ask_again(row: ConfirmationRequest) -> bool:
    """Queue a new link, to the address on record and to no other; False when none may leave."""
    with transaction.atomic():
        place = Place.objects.select_for_update().get(pk=row.place_id)
        asked = ConfirmationRequest.objects.filter(
            campaign=row.campaign_id, place=place, is_renewal=True
        )
        late = timezone.now() - AGAIN_AFTER
        waits = asked.filter(state__in=(RequestState.QUEUED, RequestState.SENDING))
        if place.state != State.PUBLISHED or asked.count() >= AGAIN_MOST:
            return False
        if waits.exists() or asked.filter(tried_at__gt=late).exists():
            return False
        if not addresses.of_place(place):
            return False
        # The link before this one ends: two never open at once.
        ConfirmationRequest.objects.filter(
            campaign=row.campaign_id, place=place, state=RequestState.OPENED
        ).update(state=RequestState.EXPIRED)
        ConfirmationRequest.objects.create(
            campaign_id=row.campaign_id, place=place, is_renewal=True
        )
    return True


def has_refused(row: ConfirmationRequest) -> bool:
    """Tell whether the address of an e-mail is not written to any more for its place."""
    known = MailRefusal.objects.filter(place=row.place_id, address_hash=row.address_hash)
    return known.exists()


def seen(place: Place) -> str:
    """Return a digest of what the form shows: it changes when somebody writes the record."""
    told = [fields.current(place), extras(place)]
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:24]


@contextmanager
def _held(link: Link) -> Iterator[ConfirmationRequest]:
    """Hold the row of a link that opens, read again once it is held: a link serves once."""
    if link.fault or link.request is None:
        raise NotOpenError(link.fault or Fault.UNKNOWN)
    before = link.request
    with transaction.atomic():
        row = ConfirmationRequest.objects.select_for_update().get(pk=before.pk)
        if row.token_hash != before.token_hash or row.state != before.state:
            raise NotOpenError(Fault.USED)
        yield row


def _locked(row: ConfirmationRequest) -> Place:
    place = Place.objects.select_for_update().get(pk=row.place_id)
    if place.state != State.PUBLISHED:
        raise NotOpenError(Fault.GONE)
    return place


def _answer(row: ConfirmationRequest, state: RequestState) -> None:
    row.state, row.answered_at, row.leased_until = state, timezone.now(), None
    row.save(update_fields=["state", "answered_at", "leased_until"])


def _verify(place: Place) -> None:
    place.verified_on = timezone.localdate()
    place.verification_method = VerificationMethod.SELF
    place.save()


def _apply(place: Place, form: PlaceForm) -> None:
    """Write the fields that a place corrects by itself, locked and credited to it."""
    values = form.plain_values()
    covered = values.pop(fields.NEEDS, None)
    for name, value in values.items():
        setattr(place, name, value)
    place.save()
    written = set(values)
    if _declare(place, form.cleaned_data[fields.NEEDS], covered):
        written.add("services")
    for starts_on, ends_on, reason in form.new_closures:
        Closure.objects.create(place=place, starts_on=starts_on, ends_on=ends_on, reason=reason)
    place.closures.filter(pk__in=form.dropped_closures).delete()
    locks.lock(place, written, Credit.PLACE)


def _declare(place: Place, ticked: list[str], covered: list[str] | None) -> bool:
    """Write what the place says it covers: it says so, hence nothing of it is deduced any more."""
    if covered is not None:
        needs.write(place, covered)
    deduced = ServiceNeed.objects.filter(
        service__place=place,
        service__state=State.PUBLISHED,
        need__code__in=ticked,
        basis=Basis.DEDUCED,
    )
    declared = deduced.update(basis=Basis.DECLARED, rule="")
    return bool(declared) or covered is not None


def _pass_on(place: Place, form: PlaceForm) -> bool:
    """Give moderators what is too weighty to be written at once; tell whether there was any."""
    changes, message = form.weighty_changes(), form.cleaned_data["message"]
    if not changes and not message and not form.is_closed:
        return False
    kind = ContributionKind.CLOSED if form.is_closed else ContributionKind.CORRECTION
    Contribution.objects.create(
        place=place,
        kind=kind,
        changes={} if form.is_closed else changes,
        message="\n".join(filter(None, (_("Envoyé par le lieu lui-même."), message))),
        # Nobody holds its link; it is erased in its time as the others are.
        token_hash=keeping.hashed(get_random_string(32)),
    )
    return form.is_closed or bool(changes)
