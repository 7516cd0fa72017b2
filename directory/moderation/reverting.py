"""Takes back one change of one record: a row of history.

Refuses, and says which, when a later change touched the same field: nobody's work is lost unseen.
What a person puts back is a person's choice: no import overwrites it.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from directory.exchange import locks
from directory.models import Actor, Place, Revision, Service, Stop
from directory.models.history_rows import TRACKED, Changes, history_of, linked_keys, plain
from directory.models.revisions import recording
from directory.moderation import policy, workflow
from directory.moderation.policy import Action
from directory.moderation.values import HIDDEN
from directory.moderation.workflow import RefusedError
from directory.vocabularies.names import Origin, State

BY_NAME: dict[str, Any] = {str(model._meta.model_name): model for model in TRACKED}
WHOLE_PARTS = frozenset({"services", "stops"})
"""Parts that imports write whole: what they deleted is put back by hand, in the form."""


def owner_of(row: Any) -> Place | Actor | None:
    """Return the place, else the actor, whose page shows a row; None when it is gone."""
    if row.place_key:
        return Place.objects.filter(pk=row.place_key).first()
    return Actor.objects.filter(pk=row.actor_key).first()


def may(user: Any, row: Any, owner: Place | Actor) -> bool:
    """Tell whether this person may take back a change: who may write the same by the form."""
    model = row.instance_type
    reserved = policy.reserved_fields(user, model)
    action = {"+": Action.DELETE, "~": Action.CHANGE, "-": Action.ADD}[row.history_type]
    return (
        policy.can(user, Action.CHANGE, owner)
        and policy.can(user, action, model)
        and not reserved & set(row.changes)
    )


def returning(row: Any) -> Changes:
    """Return the changes of a row that one click takes back: all but the parts written whole."""
    whole = WHOLE_PARTS if row.instance_type is Place else frozenset()
    return {name: pair for name, pair in row.changes.items() if name not in whole}


def revert(user: Any, name: str, key: int) -> Revision:
    """Take back a row of history of the model `name`. Raises RefusedError, LookupError."""
    if name not in BY_NAME:
        raise LookupError(name)
    model = BY_NAME[name]
    row = history_of(model).objects.select_related("revision").filter(history_id=key).first()
    owner = owner_of(row) if row else None
    if row is None or owner is None:
        raise LookupError(key)
    if not may(user, row, owner):
        raise RefusedError(_("Votre rôle ne permet pas d’annuler ce changement."))
    day = date_format(timezone.localtime(row.history_date), "j F Y")
    reason = _("Annulation du changement du %(day)s") % {"day": day}
    try:
        with transaction.atomic(), recording(Origin.PERSON, user=user, reason=reason) as now:
            # It may have left this page since, or go back to another one: asked on both sides.
            _refuse_elsewhere(user, model, row.id)
            _refuse_names_of_elsewhere(user, model, row)
            {"~": _put_back, "+": _remove, "-": _restore}[row.history_type](model, row)
            _refuse_elsewhere(user, model, row.id)
            _refuse_elsewhere(user, type(owner), owner.pk)
            _lock(owner, model, row)
            return now.begin()
    except (DatabaseError, ValidationError) as error:
        raise RefusedError(
            _("L’ancienne valeur n’est plus acceptable\u00a0: corrigez la fiche à la main.")
        ) from error


def _refuse_elsewhere(user: Any, model: Any, key: int) -> None:
    """Refuse a record that exists and that this person does not keep."""
    kept = policy.scope(user, model, Action.CHANGE).filter(pk=key)
    if model.objects.filter(pk=key).exists() and not kept.exists():
        raise RefusedError(_("Cette fiche est, ou serait, hors de votre territoire."))


def _refuse_names_of_elsewhere(user: Any, model: Any, row: Any) -> None:
    """Refuse to hang a record on another one whose name this person may not read."""
    for name, (before, _after) in returning(row).items():
        related = model._meta.get_field(name).related_model
        if row.history_type == "~" and related in HIDDEN and before is not None:
            _refuse_elsewhere(user, related, before)


def _later(model: Any, row: Any) -> Any:
    """Return the first later row of the same record that touches the same fields, if any."""
    rows = history_of(model).objects.filter(id=row.id, history_id__gt=row.history_id)
    touched = set(returning(row))
    for one in rows.order_by("history_id"):
        if one.history_type == "-" or touched & set(one.changes):
            return one
    return None


def _refuse_later(later: Any) -> None:
    if later is not None:
        raise RefusedError(
            _(
                "Un changement plus récent, du %(day)s, porte sur la même information. "
                "Regardez-le d’abord\u00a0: il est plus haut dans cette page."
            )
            % {"day": date_format(timezone.localtime(later.history_date), "j F Y à H:i")}
        )


def _put_back(model: Any, row: Any) -> None:
    _refuse_later(_later(model, row))
    back = returning(row)
    if not back:
        raise RefusedError(
            _(
                "Un import a remplacé ces services ou ces passages\u00a0: corrigez-les dans la "
                "fiche, le prochain import ne touchera plus à ce que vous aurez écrit."
            )
        )
    record = model.objects.select_for_update().filter(pk=row.id).first()
    if record is None:
        raise RefusedError(_("Cette ligne n’existe plus."))
    linked = TRACKED[model]
    for name, (before, after) in back.items():
        now = linked_keys(record, name) if name in linked else _json(plain(record, name))
        if now != after:
            raise RefusedError(
                _("Cette information a changé depuis, sans trace. Corrigez la fiche.")
            )
        if name not in linked:
            field = model._meta.get_field(name)
            setattr(record, field.attname, before if field.is_relation else field.to_python(before))
    columns = [name for name in back if name not in linked]
    if "state" in columns:
        record.state_changed_at = timezone.now()
        published = record.state == State.PUBLISHED and isinstance(record, Place | Actor)
        if published and (lacks := workflow.missing(record)):
            raise RefusedError(
                _("Cette fiche ne peut pas être publiée\u00a0: il manque %(what)s.")
                % {"what": workflow.listed(lacks)}
            )
    record.clean_fields(exclude=[f.name for f in model._meta.fields if f.name not in columns])
    record.save()
    for name in set(back) & set(linked):
        getattr(record, name).set(back[name][0])


def _remove(model: Any, row: Any) -> None:
    if model in {Place, Actor}:
        raise RefusedError(_("Une fiche ne s’efface pas d’ici\u00a0: archivez-la."))
    later = history_of(model).objects.filter(id=row.id, history_id__gt=row.history_id)
    _refuse_later(later.order_by("history_id").first())
    record = model.objects.filter(pk=row.id).first()
    if record is None:
        raise RefusedError(_("Cette ligne n’existe plus."))
    record.delete()


def _restore(model: Any, row: Any) -> None:
    if model.objects.filter(pk=row.id).exists():
        raise RefusedError(_("Cette ligne est déjà là."))
    values = {field.attname: getattr(row, field.attname) for field in row.tracked_fields}
    record = model(**values)
    record.full_clean(validate_unique=True)
    record.save(force_insert=True)
    for name in TRACKED[model]:
        getattr(record, name).set(row.changes.get(name, [[], []])[0])


def _lock(owner: Place | Actor, model: Any, row: Any) -> None:
    if not isinstance(owner, Place):
        return
    if model is Place:
        locks.lock(owner, returning(row))
    elif model is Stop:
        locks.lock(owner, ["stops"])
    elif model is Service or "service" in model._meta.model_name:
        locks.lock(owner, ["services"])


def _json(value: Any) -> Any:
    """Return a value as history holds it."""
    return value.isoformat() if hasattr(value, "isoformat") else value
