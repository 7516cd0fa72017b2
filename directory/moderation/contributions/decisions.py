"""Writes what a moderator decides of a contribution: once, on the place as the moderator saw it."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from directory.exchange import locks
from directory.models import Actor, Commune, Contribution, Place
from directory.models.revisions import recording
from directory.moderation import policy
from directory.moderation.contributions import fields, needs, reading
from directory.moderation.policy import Action
from directory.search.opening import parse
from directory.vocabularies.names import (
    ContributionKind,
    ContributionStatus,
    Credit,
    Origin,
    PositionPrecision,
    State,
)


class NotDecidedError(Exception):
    """Nothing was written."""


class AlreadyDecidedError(NotDecidedError):
    """Another moderator answered first."""


class ChangedMeanwhileError(NotDecidedError):
    """The place is no longer what the moderator saw."""


class UnreadableHoursError(NotDecidedError):
    """The hours to write are not in the OpenStreetMap format."""


class OutOfReachError(NotDecidedError):
    """The place is, or would be, outside what this person keeps."""


@dataclass(frozen=True)
class Answer:
    """What a moderator says: to the visitor, to the team; `hours` where nobody could read them."""

    public: str = ""
    note: str = ""
    hours: str = ""


NO_WORDS = Answer()


def accept(
    key: int, names: Collection[str], by: Any, seen: str, answer: Answer = NO_WORDS
) -> Contribution:
    """Write the chosen fields of a contribution, locked and credited to a contributor.

    `seen` is reading.seen() of the page. What proposes a place makes a draft, what tells that one
    is gone archives it. Raises NotDecidedError.
    """
    with _decided(key, by, answer) as one:
        if reading.seen(one) != seen:
            raise ChangedMeanwhileError
        # Whatever the row holds, only what forms ask for is ever written.
        chosen = [name for name in one.changes if name in names and name in fields.LABELS]
        if one.kind == ContributionKind.PROPOSAL:
            one.place = _drafted(one, chosen, answer.hours)
        elif one.place and one.kind == ContributionKind.CLOSED:
            _reach(by, one.place)
            one.place.state = State.ARCHIVED
            one.place.save()
        elif one.place and chosen:
            _reach(by, one.place)
            _write(one, one.place, chosen, answer.hours)
        if one.place:
            _reach(by, one.place)
        whole = len(chosen) == len(one.changes)
        one.status = ContributionStatus.ACCEPTED if whole else ContributionStatus.PARTLY_ACCEPTED
        one.accepted = chosen
    return one


def refuse(key: int, by: Any, answer: Answer) -> Contribution:
    """Refuse a contribution, for a reason that its author may read. Raises NotDecidedError."""
    with _decided(key, by, answer) as one:
        one.status = ContributionStatus.REFUSED
    return one


@contextmanager
def _decided(key: int, by: Any, answer: Answer) -> Iterator[Contribution]:
    """Hold the rows while a contribution is answered: two moderators never answer it twice."""
    with transaction.atomic(), recording(Origin.CONTRIBUTION, user=by):
        one = Contribution.objects.select_for_update().get(pk=key)
        if not one.is_pending:
            raise AlreadyDecidedError
        if one.place_id:
            one.place = Place.objects.select_for_update().get(pk=one.place_id)
        yield one
        one.public_answer, one.moderation_note = answer.public, answer.note
        one.moderated_by, one.moderated_at = by, timezone.now()
        one.save()


def _reach(by: Any, place: Place) -> None:
    """Refuse a place that this person does not keep; asked again once it is written."""
    if not policy.scope(by, Place, Action.CHANGE).filter(pk=place.pk).exists():
        raise OutOfReachError


def _write(one: Contribution, place: Place, names: list[str], hours: str) -> None:
    values = _values(one, names, hours)
    covered = values.pop("needs", None)
    if "commune" in values:
        place.commune = Commune.objects.get(pk=values.pop("commune"))
        # Where it was says nothing of where it is: its new commune's centre, until someone points.
        place.latitude = place.longitude = None
        place.position_precision = PositionPrecision.UNKNOWN
    for name, value in values.items():
        setattr(place, name, value)
    place.save()
    if covered is not None:
        needs.write(place, covered)
    parts = {"services" if name == "needs" else name for name in names}
    moved = {"latitude"} if "commune" in names else set()
    locks.lock(place, parts | moved, Credit.CONTRIBUTOR)


def _drafted(one: Contribution, names: list[str], hours: str) -> Place:
    """Return the draft of a proposed place: a moderator completes and publishes it."""
    values = _values(one, names, hours)
    covered, runner = values.pop("needs", None), values.pop("operator_name", "")
    values.pop("commune", None)
    assert one.commune is not None  # noqa: S101 (a proposal is kept with its commune)
    place = Place(commune=one.commune, state=State.DRAFT, **values)
    place.name = place.name or one.changes["name"]["after"]
    place.slug = _free_slug(f"{place.name} {one.commune.name}")
    place.operator = Actor.objects.filter(name__iexact=runner).first() if runner else None
    place.save()
    if covered:
        needs.write(place, covered)
    parts = {"services" if name == "needs" else name for name in names}
    locks.lock(place, parts, Credit.CONTRIBUTOR)
    return place


def _values(one: Contribution, names: list[str], hours: str) -> dict[str, Any]:
    values = {name: one.changes[name]["after"] for name in names}
    if "opening_hours" in values and one.changes["opening_hours"].get("words"):
        if parse(hours, "Europe/Paris") is None:
            raise UnreadableHoursError
        values["opening_hours"] = hours
    return values


def _free_slug(text: str) -> str:
    stem = slugify(text)[:100] or "lieu"
    taken = set(Place.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    number, slug = 2, stem
    while slug in taken:
        slug, number = f"{stem}-{number}", number + 1
    return slug
