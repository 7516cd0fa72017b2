"""What others saved since a page was opened, and what becomes of what was typed meanwhile.

What they changed and this person did not is taken into the form and told. What both changed is
asked, with this person's own first. Nothing is saved until the form is sent again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from directory.admin.place_form import version
from directory.admin.place_form.form import EXTRA, HOURS
from directory.admin.place_form.lines import Lines
from directory.admin.place_form.telling import told_line, told_value
from directory.models import Place

KEEP = "garder-"
"""Beginning of the names of what is answered; the value is THEIRS or MINE."""
THEIRS, MINE = "fiche", "moi"


@dataclass(frozen=True)
class Difference:
    """A part that others changed. `mine` is None when this person had not touched it."""

    part: str
    label: str
    before: str
    now: str
    mine: str | None = None

    @property
    def name(self) -> str:
        """The name of the answer."""
        return f"{KEEP}{self.part}"


@dataclass(frozen=True)
class Conflict:
    """Who saved, and what. Nothing is known of it when the page's version could not be read."""

    authors: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    is_unknown: bool = False

    @property
    def asked(self) -> list[Difference]:
        """What both changed."""
        return [one for one in self.differences if one.mine is not None]

    @property
    def taken(self) -> list[Difference]:
        """What others alone changed."""
        return [one for one in self.differences if one.mine is None]


class Sent:
    """A form of a place as it was sent: `data` is what it becomes."""

    def __init__(
        self,
        data: QueryDict,
        place: Place,
        user: Any,
        form_class: Callable[..., Any],
        formsets: dict[str, Any],
    ) -> None:
        self.data, self.place, self.user = data.copy(), place, user
        self.form_class = form_class
        self.lines = {prefix: Lines(self.data, prefix, one) for prefix, one in formsets.items()}
        self.now = version.taken(place)

    def conflict(self) -> Conflict | None:
        """Write what was answered; return what others saved, None when nobody did."""
        before = version.read(self.data.get("version", ""))
        self._answer()
        if before is not None and not version.differ(before, self.now):
            return None
        self.data["version"] = version.signed(self.now)
        if before is None:
            return Conflict(is_unknown=True)
        found = [*self._fields(before["place"]), *self._rows(before)]
        since = datetime.fromisoformat(before["at"])
        return Conflict(authors_since(self.place, since, self.user), tuple(found))

    def _answer(self) -> None:
        """Put what is saved in the place of what was typed, wherever it was chosen."""
        for key in [one for one in self.data if one.startswith(KEEP)]:
            part = key.removeprefix(KEEP)
            if self.data[key] == THEIRS:
                prefix, dash, row = part.partition("-")
                if dash and prefix in self.lines:
                    self.lines[prefix].take(row, self.place)
                else:
                    self._take(part)
            del self.data[key]

    def _fields(self, before: dict[str, Any]) -> Iterator[Difference]:
        now = self.now["place"]
        changed = [name for name in now if now[name] != before.get(name)]
        form = self.form_class(
            self.data, instance=self.place, initial={**_typed(before), "version": ""}
        )
        touched = {name for name, bound in form._bound_items() if bound._has_changed()}
        for name in changed:
            if name not in form.fields:
                continue
            own = {name} | (HOURS if name == "opening_hours" else set())
            mine = self._mine(form, name) if own & touched else None
            told = told_value(name, now[name])
            if mine == told:
                mine = None
            if mine is None:
                self._take(name)
            label = capfirst(str(Place._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
            yield Difference(name, label, told_value(name, before.get(name)), told, mine)

    def _mine(self, form: Any, name: str) -> str:
        """Return what was typed, in words."""
        if name == "opening_hours" and not form[name]._has_changed():
            week = [form[one].value() for one in form.fields if one in HOURS and "week_" in one]
            return ", ".join(str(one) for one in week if one and one is not True)
        value = form[name].value()
        try:
            return told_value(name, form.fields[name].clean(value))
        except Exception:  # noqa: BLE001 (what cannot be read is told as it was typed)
            return str(value)

    def _take(self, name: str) -> None:
        """Put the saved value of a field in the place of the one that was sent."""
        form = self.form_class(instance=self.place, initial={"version": ""})
        if name not in form.fields or name in EXTRA:
            return
        for one in [name, *(sorted(HOURS) if name == "opening_hours" else ())]:
            put(self.data, form[one])

    def _rows(self, before: version.Version) -> Iterator[Difference]:
        for prefix, lines in self.lines.items():
            was, now = before[prefix], self.now[prefix]
            for key in sorted({*was, *now}, key=int):
                if was.get(key) == now.get(key):
                    continue
                mine = lines.settle(key, was.get(key), now.get(key), self.place)
                yield Difference(
                    f"{prefix}-{key}",
                    f"{capfirst(lines.name)} {told_line(prefix, was.get(key) or now[key])}",
                    told_line(prefix, was.get(key), _("(n’y était pas)")),
                    told_line(prefix, now.get(key), _("(supprimé)")),
                    mine if now.get(key) else None,
                )


def put(data: QueryDict, bound: Any) -> None:
    """Write in sent data the value that an unsent field shows."""
    value = bound.value()
    if value is None or value is False:
        data.pop(bound.html_name, None)
    elif isinstance(value, list | tuple):
        data.setlist(bound.html_name, [str(getattr(one, "pk", one)) for one in value])
    else:
        data[bound.html_name] = "on" if value is True else str(value)


def authors_since(place: Place, moment: datetime, user: Any) -> tuple[str, ...]:
    """Return the names of the accounts, others first, that saved a place since a moment."""
    entries = LogEntry.objects.filter(
        Q(content_type=ContentType.objects.get_for_model(Place), object_id=str(place.pk)),
        action_time__gte=moment,
    ).order_by("pk")
    names = {
        (_("vous, dans une autre fenêtre") if entry.user_id == user.pk else str(entry.user)): None
        for entry in entries.select_related("user")
    }
    return tuple(names)


def _typed(before: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a version as a form's first values."""
    return {
        name: value if name in version.MANY else Place._meta.get_field(name).to_python(value)  # type: ignore[union-attr]
        for name, value in before.items()
        if name in version.MANY or name in version.FIELDS
    }
