"""One action on many records: what it would do, then doing it, in one transaction and one revision.

plan = bulk.plan(user, Place, BulkAction.PUBLISH, queryset, given)
plan.keys, plan.refused        what will change, and what will not, with why
revision = bulk.apply(plan)    raises workflow.RefusedError when nothing may change
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.models import FieldProvenance, Place, Revision, Term
from directory.models.history_rows import record_many
from directory.models.revisions import Recording, recording
from directory.moderation import assignees, policy, workflow
from directory.moderation.policy import Action
from directory.moderation.workflow import RefusedError
from directory.vocabularies.names import BulkAction, Origin, State

MAX_ROWS = 5_000
"""Records that one action may touch: some seconds, and a history that can be read."""
NAMED_MAX = 200
"""Refused records that a plan names; the others are counted."""

TARGETS = {
    BulkAction.PUBLISH: State.PUBLISHED,
    BulkAction.REVIEW: State.TO_REVIEW,
    BulkAction.ARCHIVE: State.ARCHIVED,
}
PLACES_ONLY = frozenset({BulkAction.VERIFY, BulkAction.TAG, BulkAction.UNTAG})


@dataclass
class Plan:
    """What an action will do. `given` holds the form's values, `outside` counts others' records."""

    user: Any
    model: Any
    action: BulkAction
    given: dict[str, Any]
    keys: list[int] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    refused_count: int = 0
    outside: int = 0

    def refuse(self, record: Any, why: str) -> None:
        """Leave a record out, and say why."""
        self.refused_count += 1
        if len(self.refused) < NAMED_MAX:
            self.refused.append((str(record), why))


def plan(
    user: Any, model: Any, action: BulkAction, chosen: QuerySet, given: dict[str, Any]
) -> Plan:
    """Return what `action` would do to the chosen rows: two queries, nothing written.

    Raises RefusedError beyond MAX_ROWS, and when this person never does this.
    """
    made = Plan(user, model, action, given)
    if not offered(user, model, action):
        raise RefusedError(_("Votre rôle ne permet pas cette action."))
    keys = list(chosen.order_by().values_list("pk", flat=True).distinct()[: MAX_ROWS + 1])
    if len(keys) > MAX_ROWS:
        raise RefusedError(
            _("Une action porte sur %(max)s fiches au plus\u00a0: réduisez la liste par un filtre.")
            % {"max": MAX_ROWS}
        )
    allowed = policy.scope(user, model, Action.CHANGE).filter(pk__in=keys)
    records = list(allowed.order_by("name", "pk"))
    made.outside = len(keys) - len(records)
    target = TARGETS.get(action)
    reached = set()
    if action == BulkAction.ASSIGN and (assignee := given.get("assignee")):
        reached = assignees.reached(assignee, model, keys)
    for record in records:
        if target and (why := workflow.problems(record, target)):
            made.refuse(record, workflow.listed(why))
        elif action == BulkAction.ASSIGN and given.get("assignee") and record.pk not in reached:
            made.refuse(record, _("hors du territoire de cette personne ou de cette équipe"))
        else:
            made.keys.append(record.pk)
    return made


def offered(user: Any, model: Any, action: BulkAction) -> bool:
    """Tell whether this person may do this action at all: those of moderators, on their records."""
    if action in PLACES_ONLY and model is not Place:
        return False
    return policy.can(user, Action.CHANGE, model) and not policy.reserved_fields(user, model)


def apply(made: Plan) -> Revision:
    """Do what was planned; return the revision, which may be undone."""
    reason = str(made.given.get("reason", "")).strip()
    if TARGETS.get(made.action) in workflow.NEEDS_A_REASON and not reason:
        raise RefusedError(_("Dites pourquoi\u00a0: la raison reste dans l’historique."))
    if not made.keys:
        raise RefusedError(_("Aucune des fiches choisies ne peut changer ainsi."))
    with (
        transaction.atomic(),
        recording(Origin.PERSON, user=made.user, reason=reason, action=made.action) as now,
    ):
        revision = now.begin()
        # Between the page that asked and this moment, nobody moved them.
        rows = policy.scope(made.user, made.model, Action.CHANGE).filter(pk__in=made.keys)
        held = made.model.objects.filter(pk__in=list(rows.values_list("pk", flat=True)))
        list(held.order_by("pk").select_for_update().values_list("pk"))
        DOING[made.action](made, held, now)
        revision.target = made.model._meta.model_name
        revision.count = held.count()
        revision.save()
    return revision


def _verify(made: Plan, rows: QuerySet, now: Recording) -> None:
    rows.update(
        verified_on=timezone.localdate(),
        verification_method=made.given["method"],
        updated_at=timezone.now(),
    )


def _move(made: Plan, rows: QuerySet, now: Recording) -> None:
    target = TARGETS[made.action]
    sources = [state for state in State.values if workflow.may_follow(state, target)]
    rows.filter(state__in=sources).update(
        state=target,
        state_reason=now.reason,
        state_changed_at=timezone.now(),
        updated_at=timezone.now(),
    )


def _assign(made: Plan, rows: QuerySet, now: Recording) -> None:
    rows.update(**assignees.columns(made.given.get("assignee")))


def _tag(made: Plan, rows: QuerySet, now: Recording) -> None:
    """Add or remove a term, and lock the terms: the next import leaves a person's choice alone."""
    term: Term = made.given["term"]
    links = Place.terms.through.objects.filter(place__in=rows.values("pk"))
    before: dict[int, list[int]] = {}
    for place, key in links.order_by("term_id").values_list("place_id", "term_id"):
        before.setdefault(place, []).append(key)
    adds = made.action == BulkAction.TAG
    changed = [place for place in rows if (term.pk in before.get(place.pk, ())) != adds]
    set_term(term.pk, [place.pk for place in changed], adds)
    record_many(
        (place, "~", {"terms": [old, sorted({*old, term.pk} if adds else {*old} - {term.pk})]})
        for place in changed
        for old in (before.get(place.pk, []),)
    )
    now.begin().details = {"locked": _lock_terms([place.pk for place in changed])}


def set_term(term: int, places: list[int], present: bool) -> None:
    """Add a term to places, or remove it; the caller writes the history."""
    through = Place.terms.through
    if present:
        through.objects.bulk_create(
            (through(place_id=place, term_id=term) for place in places), ignore_conflicts=True
        )
    else:
        through.objects.filter(place__in=places, term=term).delete()


def _lock_terms(places: list[int]) -> list[int]:
    known = FieldProvenance.objects.filter(place__in=places, field="terms")
    kept = set(known.values_list("place_id", flat=True))
    known.filter(is_locked=False).update(is_locked=True, source=None, proposal=None)
    fresh = [key for key in places if key not in kept]
    FieldProvenance.objects.bulk_create(
        FieldProvenance(place_id=key, field="terms", is_locked=True) for key in fresh
    )
    return fresh


DOING: dict[str, Callable[[Plan, QuerySet, Recording], None]] = {
    BulkAction.VERIFY: _verify,
    BulkAction.PUBLISH: _move,
    BulkAction.REVIEW: _move,
    BulkAction.ARCHIVE: _move,
    BulkAction.TAG: _tag,
    BulkAction.UNTAG: _tag,
    BulkAction.ASSIGN: _assign,
}
