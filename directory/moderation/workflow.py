"""States of records, and what each passage asks: no database, no request.

    problems(place, State.PUBLISHED)   why it may not be published, in plain words; [] if it may
    move(place, State.ARCHIVED, "…")   sets the state, its reason and its date; the caller saves

Who may is directory/moderation/policy's: who may change the record and its `state`.
"""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.models import Actor, Place
from directory.vocabularies.names import State

Record = Place | Actor

PASSAGES: dict[str, frozenset[str]] = {
    State.DRAFT: frozenset({State.TO_REVIEW, State.PUBLISHED, State.ARCHIVED}),
    State.TO_REVIEW: frozenset({State.DRAFT, State.PUBLISHED, State.ARCHIVED}),
    State.PUBLISHED: frozenset({State.TO_REVIEW, State.ARCHIVED}),
    State.ARCHIVED: frozenset({State.TO_REVIEW}),
}
"""From each state, those that may follow: what was archived is read again before it is shown."""

NEEDS_A_REASON = frozenset({State.ARCHIVED})
"""States that nobody gives without saying why."""

REACHED_BY = ("phone", "booking_phone", "emails", "websites", "booking_url", "address")
"""Fields of a place by which a visitor reaches it: one is enough."""
ACTOR_REACHED_BY = ("phone", "email", "website")

_WAYS = {
    Place: gettext_lazy("un moyen de joindre le lieu (téléphone, courriel, site ou adresse)"),
    Actor: gettext_lazy("un moyen de joindre la structure (téléphone, courriel ou site)"),
}


class RefusedError(ValueError):
    """What was asked may not be; the message says why and what to do."""


def missing(record: Record) -> list[str]:
    """Return what a visitor needs and this record lacks, in words."""
    lacks = [] if record.name.strip() else [_("le nom")]
    if isinstance(record, Place) and not record.commune_id:
        lacks.append(_("la commune"))
    ways = REACHED_BY if isinstance(record, Place) else ACTOR_REACHED_BY
    if not any(getattr(record, name) for name in ways):
        lacks.append(str(_WAYS[type(record)]))
    return lacks


def may_follow(before: str, after: str) -> bool:
    """Tell whether a state may follow another."""
    return after in PASSAGES[before]


def problems(record: Record, target: str, before: str | None = None) -> list[str]:
    """Return why a record may not pass to a state; `before` is its state, if already changed."""
    now = before or record.state
    if now == target:
        return [_("elle est déjà «\u00a0%(state)s\u00a0»") % {"state": State(now).label.lower()}]
    if not may_follow(now, target):
        return [
            _("une fiche «\u00a0%(before)s\u00a0» ne devient pas «\u00a0%(after)s\u00a0»")
            % {"before": State(now).label.lower(), "after": State(target).label.lower()}
        ]
    if target == State.PUBLISHED and (lacks := missing(record)):
        return [_("il manque %(what)s") % {"what": listed(lacks)}]
    return []


def move(record: Record, target: str, reason: str = "") -> None:
    """Set a state, its reason and its date. Raises RefusedError when it may not follow."""
    if target in NEEDS_A_REASON and not reason.strip():
        raise RefusedError(_("Dites pourquoi\u00a0: la raison reste dans l’historique."))
    if why := problems(record, target):
        raise RefusedError(f"{record}\u00a0: {listed(why)}.")
    record.state = target
    record.state_reason = reason.strip()
    record.state_changed_at = timezone.now()


def listed(parts: Iterable[Any]) -> str:
    """Return parts as a sentence says them: « a, b et c »."""
    *first, last = [str(part) for part in parts]
    return _("%(first)s et %(last)s") % {"first": ", ".join(first), "last": last} if first else last
