"""Takes back a whole bulk action, for settings.UNDO_DAYS days.

A field that somebody changed since keeps its newer value: it is told, and the rest is taken back.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.models import FieldProvenance, Place, Revision
from directory.models.history_rows import Changes, history_of, record_many
from directory.models.revisions import recording, silent
from directory.moderation import policy
from directory.moderation.bulk import set_term
from directory.moderation.policy import Action
from directory.moderation.workflow import RefusedError
from directory.vocabularies.names import Origin


@dataclass(frozen=True)
class Undone:
    """What was taken back; how many records kept something newer, or are no longer theirs."""

    revision: Revision
    count: int
    kept: int


def may_see(user: Any, revision: Revision) -> bool:
    """Tell whether this person may read and undo a bulk action: theirs, or any for a national."""
    return bool(revision.action) and (revision.user_id == user.pk or policy.is_national(user))


def refusal(revision: Revision) -> str:
    """Return why an action may no longer be undone; "" when it may."""
    if revision.undone_by_id:
        return _("Cette action est déjà annulée.")
    if revision.at < timezone.now() - timedelta(days=settings.UNDO_DAYS):
        return _(
            "Cette action a plus de %(days)s jours\u00a0: elle ne s’annule plus d’un coup."
        ) % {"days": settings.UNDO_DAYS}
    return ""


def undo(user: Any, key: int) -> Undone:
    """Take back a bulk action. Raises RefusedError, saying why, when nothing may be."""
    with transaction.atomic():
        revision = Revision.objects.select_for_update(of=("self",)).get(pk=key)
        if not may_see(user, revision):
            raise RefusedError(_("Cette action n’est pas la vôtre."))
        if why := refusal(revision):
            raise RefusedError(why)
        model: Any = apps.get_model("directory", revision.target)
        rows = history_of(model).objects.filter(revision=revision, history_type="~")
        told: dict[int, Changes] = dict(rows.values_list("id", "changes"))
        newer = _newer(model, revision, told)
        allowed = policy.scope(user, model, Action.CHANGE)
        theirs = set(allowed.filter(pk__in=list(told)).values_list("pk", flat=True))
        back = {
            pk: {name: pair for name, pair in changes.items() if name not in newer[pk]}
            for pk, changes in told.items()
            if pk in theirs
        }
        back = {pk: changes for pk, changes in back.items() if changes}
        if not back:
            raise RefusedError(
                _("Toutes ces fiches ont changé depuis\u00a0: il n’y a plus rien à annuler.")
            )
        reason = _("Annulation de l’action n° %(key)s") % {"key": revision.pk}
        with recording(Origin.PERSON, user=user, reason=reason) as now:
            _write(model, back)
            revision.undone_by = now.begin()
            revision.save(update_fields=["undone_by"])
        # A lock whose import has left a proposal since stays: somebody has to look at it.
        locked = [pk for pk in revision.details.get("locked", ()) if pk in back]
        FieldProvenance.objects.filter(
            place__in=locked, field="terms", is_locked=True, proposal__isnull=True
        ).delete()
        whole = sum(1 for pk, changes in back.items() if len(changes) == len(told[pk]))
    return Undone(revision, len(back), len(told) - whole)


def _newer(model: Any, revision: Revision, told: dict[int, Changes]) -> dict[int, set[str]]:
    """Return by record the fields that something changed since."""
    found: dict[int, set[str]] = defaultdict(set)
    later = history_of(model).objects.filter(revision__gt=revision.pk, id__in=list(told))
    for pk, changes in later.values_list("id", "changes"):
        found[pk] |= set(changes)
    return found


def _write(model: Any, back: dict[int, Changes]) -> None:
    """Give records their former values, those that share them together; write the history."""
    groups: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for pk, changes in back.items():
        columns = {name: pair[0] for name, pair in changes.items() if name != "terms"}
        groups[tuple(sorted(columns.items()))].append(pk)
    with silent():
        for shared, keys in groups.items():
            values: dict[str, Any] = {
                model._meta.get_field(name).attname: value for name, value in shared
            }
            if "state" in values:
                values["state_changed_at"] = timezone.now()
            model.objects.filter(pk__in=keys).update(**values, updated_at=timezone.now())
    if model is Place:
        _write_terms(back)
    records = model.objects.filter(pk__in=list(back))
    record_many(
        (one, "~", {name: pair[::-1] for name, pair in back[one.pk].items()}) for one in records
    )


def _write_terms(back: dict[int, Changes]) -> None:
    moves: dict[tuple[int, bool], list[int]] = defaultdict(list)
    for pk, changes in back.items():
        before, after = changes.get("terms", ((), ()))
        for term in set(before) ^ set(after):
            moves[term, term in before].append(pk)
    for (term, present), places in moves.items():
        set_term(term, places, present)
