"""Widgets that propose while typing, and survive a key that is none."""

from typing import Any

from django.contrib.admin.widgets import AutocompleteMixin
from django.core.exceptions import ValidationError
from django.forms import ModelMultipleChoiceField


def is_key(field: Any, value: Any) -> bool:
    """Tell whether a value that was sent may be one of a field's, which PostgreSQL could hold."""
    try:
        field.run_validators(field.to_python(value))
    except ValidationError:
        return False
    return "\x00" not in str(value)


class ReadableKeys(AutocompleteMixin):
    """Draws again what was sent, less what no record can be named by: the field says so.

    Django asks the database for whatever was sent, which fails for text in place of a number.
    """

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        """Return the chosen rows alone."""
        key = self.field.remote_field.get_related_field()
        return super().optgroups(name, [one for one in value if is_key(key, one)], attr)


class ReadableChoices(ModelMultipleChoiceField):
    """Refuses keys that no record has before asking: numbers too long break the question."""

    def _check_values(self, value: Any) -> Any:
        rows: Any = self.queryset
        for one in value:
            if not is_key(rows.model._meta.pk, one):
                raise ValidationError(
                    self.error_messages["invalid_pk_value"],
                    code="invalid_pk_value",
                    params={"pk": str(one)[:40]},
                )
        return super()._check_values(value)  # type: ignore[misc]
