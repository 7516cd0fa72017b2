"""Values of a place and of its lines, as a moderator reads them."""

from typing import Any

from django.db.models import ForeignKey, Model
from django.utils.translation import gettext as _

from directory.admin.place_form import version
from directory.exchange.place_state import shown
from directory.models import Actor, Commune, Need, Place, Term
from directory.moderation.values import PHONES, phone_display
from directory.vocabularies.names import State

NOTHING = "–"


def told_value(name: str, value: Any) -> str:
    """Return the value of a field in words; keys are told by their names."""
    if name in version.MANY:
        model: type[Model] = Term if name == "terms" else Actor
        keys = [getattr(one, "pk", one) for one in value or ()]
        found = model._default_manager.filter(pk__in=keys)
        return ", ".join(sorted(map(str, found))) or NOTHING
    field: Any = Place._meta.get_field(name)
    if isinstance(field, ForeignKey) and value not in (None, ""):
        key = getattr(value, "pk", value)
        return str(field.related_model._default_manager.filter(pk=key).first() or key)
    if isinstance(value, float):
        return f"{value:.5f}".replace(".", ",")
    if name in PHONES and value:
        return phone_display(str(value))
    return shown(value, name) or NOTHING


def told_line(prefix: str, row: dict[str, Any] | None, missing: str = "") -> str:
    """Return a line in words, `missing` when there is none."""
    if row is None:
        return missing or _("(supprimé)")
    told = [_told(name, row.get(name)) for name in (*version.LINES[prefix][1], "covered")]
    return ", ".join(filter(None, told)) or NOTHING


def _told(name: str, value: Any) -> str:
    if value in (None, "", []):
        return ""
    if name == "commune":
        return str(Commune.objects.filter(pk=value).first() or value)
    if name == "state":
        return str(dict(State.choices).get(value, value))
    if name == "covered":
        keys = [one.partition(":")[2] for one in value]
        return ", ".join(Need.objects.filter(pk__in=keys).values_list("short_label", flat=True))
    text = str(value)
    return text if len(text) < 80 else f"{text[:79]}…"
