"""Fields of the form of a place: what is typed is read as the directory keeps it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from directory.exchange import phones
from directory.exchange.hours_text import to_osm
from directory.search.opening import parse

ANY_ZONE = "Europe/Paris"
"""Whether hours can be read depends on no zone."""
HOURS_HELP = _(
    "Ces horaires ne sont pas lisibles. Écrivez une phrase, comme "
    "«\u00a0du lundi au vendredi 9h-12h et 14h-17h\u00a0», ou le format OSM, comme "
    "Mo-Fr 09:00-12:00,14:00-17:00. Ce qui n’y tient pas va dans la précision sur les horaires."
)


def read_hours(text: str) -> str:
    """Return hours typed as a French sentence or an OSM string; raises ValidationError."""
    text = " ".join(text.split())
    if not text:
        return ""
    found = to_osm(text)
    if found:
        return found
    if parse(text, ANY_ZONE) is None:
        raise ValidationError(HOURS_HELP, code="unreadable")
    return text


class PhoneField(forms.CharField):
    """A number as French people write it, kept in E.164; short numbers as they are."""

    department = ""
    """INSEE code that places the local numbers of overseas collectivities."""

    def prepare_value(self, value: Any) -> Any:
        """Write a kept number in pairs."""
        try:
            return phones.display(value).replace("\u00a0", " ") if value else value
        except ValueError:
            return value

    def to_python(self, value: Any) -> str:
        """Return the number; raises ValidationError."""
        text = super().to_python(value) or ""
        if not text.strip():
            return ""
        result = phones.to_e164(text, self.department)
        number = result.e164 or result.display.replace("\u00a0", "")
        if not number or result.others:
            raise ValidationError(
                _("Écrivez un seul numéro français, comme 01\u00a099\u00a000\u00a012\u00a034."),
                code="invalid",
            )
        return number

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare numbers rather than ways to write them."""
        try:
            return (initial or "") != self.to_python(data or "")
        except ValidationError:
            return True


class LinesField(forms.CharField):
    """A list of short texts, one a line."""

    widget = forms.Textarea(attrs={"rows": 2})
    most = 10

    def __init__(self, encoder: Any = None, decoder: Any = None, **options: Any) -> None:
        # The column is JSON: what reads and writes JSON is of no use to lines.
        super().__init__(**options | {"show_hidden_initial": False})

    def prepare_value(self, value: Any) -> Any:
        """Write one a line."""
        return "\n".join(map(str, value)) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        """Return the list; raises ValidationError."""
        lines = [line.strip() for line in (super().to_python(value) or "").splitlines()]
        found = list(dict.fromkeys(map(self.one, filter(None, lines))))
        if len(found) > self.most:
            raise ValidationError(_("Dix lignes au plus."), code="too_many")
        return found

    def validate(self, value: Any) -> None:
        """Nothing more: each line was read."""

    def run_validators(self, value: Any) -> None:
        """Nothing more: each line was read."""

    def one(self, line: str) -> str:
        """Return one line as it is kept; raises ValidationError."""
        raise NotImplementedError

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare lists, in their order."""
        try:
            return list(initial or []) != self.to_python(data or "")
        except ValidationError:
            return True


class EmailsField(LinesField):
    """Generic addresses of the place."""

    def one(self, line: str) -> str:
        """Return an address."""
        try:
            validate_email(line)
        except ValidationError as error:
            raise ValidationError(
                _("«\u00a0%(line)s\u00a0» n’est pas une adresse de courriel."),
                params={"line": line},
            ) from error
        return line


class SitesField(LinesField):
    """Web addresses; https:// is understood."""

    def one(self, line: str) -> str:
        """Return an address that a browser opens."""
        address = line if "://" in line else f"https://{line}"
        try:
            URLValidator(schemes=["http", "https"])(address)
        except ValidationError as error:
            raise ValidationError(
                _("«\u00a0%(line)s\u00a0» n’est pas une adresse de site."), params={"line": line}
            ) from error
        return address


class Drawn(forms.CheckboxSelectMultiple):
    """Checkboxes drawn by a template of the admin."""

    page = ""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        """Draw the checkboxes."""
        context = self.get_context(name, value, attrs)
        return render_to_string(self.page, context | {"drawn": self})


class TermChoices(Drawn):
    """Properties, folded by vocabulary."""

    page = "admin/directory/place/_terms.html"
