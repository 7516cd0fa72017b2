"""The lines of a form (closures, stops, services) as they were sent, settled after a conflict."""

from typing import Any

from django.http import QueryDict

from directory.admin.place_form.telling import told_line
from directory.models import Place


class Lines:
    """The lines of one prefix. `formset` is the class that the admin makes for them."""

    def __init__(self, data: QueryDict, prefix: str, formset: Any) -> None:
        self.data, self.prefix, self.formset = data, prefix, formset
        self.name = str(formset.model._meta.verbose_name)

    def settle(
        self, key: str, was: dict[str, Any] | None, now: dict[str, Any] | None, place: Place
    ) -> str | None:
        """Take what others saved of a line, unless it was changed here: then return it, in words.

        A line that they deleted goes, or comes back as a new one.
        """
        index = self._index(key)
        if index is None or was is None:
            return None
        mine = self._mine(index, was)
        if now is None:
            self._leave(index, again=mine is not None)
            return None
        if mine is None:
            self.take(key, place)
        return mine

    def take(self, key: str, place: Place) -> None:
        """Put a line as it is saved in the place of what was sent."""
        index = self._index(key)
        row = self.formset.model.objects.filter(place=place, pk=key).first()
        if index is None or row is None:
            return
        form = self.formset.form(instance=row, prefix=f"{self.prefix}-{index}")
        for bound in form:
            # The place that a line hangs on, and its key, stay as they were sent.
            if bound.name in {"place", "id"}:
                continue
            self.data.pop(bound.html_name, None)
            value = bound.value()
            if isinstance(value, list):
                self.data.setlist(bound.html_name, [str(one) for one in value])
            elif value is not None and value is not False:
                self.data[bound.html_name] = str(value)
        self.data.pop(f"{self.prefix}-{index}-DELETE", None)

    def _mine(self, index: int, was: dict[str, Any]) -> str | None:
        """Return what was typed in a line, in words; None when it was left as it was."""
        prefix = f"{self.prefix}-{index}"
        fields = {
            name: value if name == "covered" else self._typed(name, value)
            for name, value in was.items()
        }
        form = self.formset.form(self.data, prefix=prefix, initial=fields)
        deleted = f"{prefix}-DELETE" in self.data
        if deleted:
            return told_line(self.prefix, None)
        if not any(bound._has_changed() for _name, bound in form._bound_items()):
            return None
        return told_line(
            self.prefix,
            {**was, **{name: form[name].value() for name in was if name in form.fields}},
        )

    def _typed(self, name: str, value: Any) -> Any:
        return self.formset.model._meta.get_field(name).to_python(value)

    def _index(self, key: str) -> int | None:
        return next(
            (
                number
                for number in range(self._count("TOTAL_FORMS"))
                if self.data.get(f"{self.prefix}-{number}-id") == key
            ),
            None,
        )

    def _count(self, name: str) -> int:
        value = self.data.get(f"{self.prefix}-{name}", "")
        # A forged count must not make a long loop; the formset refuses it anyway.
        return min(int(value), 1000) if value.isdecimal() else 0

    def _leave(self, index: int, again: bool) -> None:
        """Take a line out of those that exist; put it after the last one when it comes back."""
        rows = [self._values(number) for number in range(self._count("TOTAL_FORMS"))]
        first = self._count("INITIAL_FORMS")
        gone = rows.pop(index)
        if again:
            gone.pop("DELETE", None)
            rows.append({**gone, "id": [""]})
        for key in [one for one in self.data if one.startswith(f"{self.prefix}-")]:
            if key.removeprefix(f"{self.prefix}-")[:1].isdigit():
                del self.data[key]
        for number, row in enumerate(rows):
            for name, values in row.items():
                self.data.setlist(f"{self.prefix}-{number}-{name}", values)
        self.data[f"{self.prefix}-TOTAL_FORMS"] = str(len(rows))
        self.data[f"{self.prefix}-INITIAL_FORMS"] = str(first - (index < first))

    def _values(self, index: int) -> dict[str, list[str]]:
        start = f"{self.prefix}-{index}-"
        return {
            key.removeprefix(start): self.data.getlist(key)
            for key in self.data
            if key.startswith(start)
        }
