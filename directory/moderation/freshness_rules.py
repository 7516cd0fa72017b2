"""After how long what a record says is to be checked again, by kind of field.

The only place where it is decided: the words of the pages, the lists of moderators and the
campaigns of e-mails ask here. The months are settings.FRESHNESS_MONTHS.
"""

from datetime import date
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from directory.models import FieldProvenance, Place
from directory.vocabularies.names import ContributionKind


class Kind(StrEnum):
    """Kinds of fields, from what changes most to what changes least."""

    HOURS = "hours"
    PHONE = "phone"
    RECORD = "record"
    ADDRESS = "address"


FIELDS = {
    Kind.HOURS: ("opening_hours", "hours_note"),
    Kind.PHONE: ("phone", "booking_phone"),
    Kind.ADDRESS: ("address", "commune"),
    Kind.RECORD: (),
}
"""What a kind holds: a correction of one of them, by a person, counts as a check of the kind."""


def months(kind: Kind) -> int:
    """Return the months after which a kind is to be checked again."""
    return int(settings.FRESHNESS_MONTHS[kind])


def months_between(then: date, today: date) -> int:
    """Return the whole months from `then` to `today`, 0 when it is to come."""
    count = (today.year - then.year) * 12 + today.month - then.month
    return max(0, count - (today.day < then.day))


def limit(kind: Kind, today: date) -> date:
    """Return the first day that is still fresh: what was checked before it is stale."""
    return months_before(today, months(kind))


def months_before(today: date, count: int) -> date:
    """Return the same day so many months before, or the last one of a shorter month."""
    years, month = divmod(today.year * 12 + today.month - 1 - count, 12)
    for day in range(today.day, 27, -1):
        try:
            return date(years, month + 1, day)
        except ValueError:
            continue
    return date(years, month + 1, min(today.day, 27))


def is_stale(checked_on: date | None, kind: Kind, today: date) -> bool:
    """Tell whether what was checked on this day, None for never, is to be checked again."""
    return checked_on is None or checked_on < limit(kind, today)


def stale(rows: QuerySet[Place], kind: Kind, today: date) -> QuerySet[Place]:
    """Keep the places of which nobody checked this kind lately: neither the record nor the field.

    A producer's own date is no check: files are dated anew whatever they hold.
    """
    since = limit(kind, today)
    kept = rows.filter(Q(verified_on=None) | Q(verified_on__lt=since))
    if not FIELDS[kind]:
        return kept
    corrected = FieldProvenance.objects.filter(
        place=OuterRef("pk"), field__in=FIELDS[kind], is_locked=True, recorded_at__date__gte=since
    )
    return kept.exclude(Exists(corrected))


def with_confirmations(rows: QuerySet[Place], today: date) -> QuerySet[Any]:
    """Annotate `confirmations`: how many visitors said, within the record's months, all is right.

    A light sign: it verifies nothing and ranks nothing. Moderators call the others first.
    """
    told = Q(
        contributions__kind=ContributionKind.CONFIRMATION,
        contributions__created_at__date__gte=limit(Kind.RECORD, today),
    )
    return rows.annotate(confirmations=Count("contributions", filter=told, distinct=True))
