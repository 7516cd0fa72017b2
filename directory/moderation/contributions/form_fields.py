"""Fields of the contributors' forms: what is typed is read as the directory keeps it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from directory.exchange import emails, phones
from directory.exchange.place_state import TEXT_LIMITS
from directory.models.contributions import MESSAGE_MAX

TOO_LONG = _("Ce texte est trop long\u00a0: %(show_value)s caractères au lieu de %(limit_value)s.")
UNKNOWN_CHOICE = _("Choisissez une réponse dans la liste.")
PHONE = _(
    "Ce numéro n’est pas lisible. Il a 10 chiffres, par exemple 01\u00a099\u00a000\u00a012\u00a034."
)
EMAIL = _("Ce courriel n’est pas lisible. Par exemple\u00a0: accueil@mairie.fr.")
PERSONS_EMAIL = _(
    "Ce courriel semble être celui d’une personne. Donnez celui du lieu, ou laissez la case vide."
)
SITE = _("Cette adresse de site n’est pas lisible. Par exemple\u00a0: https://www.mairie.fr.")
MOST = 5
"""E-mails or sites of a place."""


class Text(forms.CharField):
    """A text that says by how much it is too long."""

    def __init__(self, max_length: int, **options: Any) -> None:
        super().__init__(
            max_length=max_length,
            required=False,
            error_messages={"max_length": TOO_LONG},
            **options,
        )


def of_place(name: str) -> Text:
    """Return the field of a text of places, no longer than its column."""
    return Text(TEXT_LIMITS.get(name, MESSAGE_MAX))


class Phone(Text):
    """A telephone number, E.164 or short; `department` places local numbers."""

    department = ""

    def __init__(self) -> None:
        super().__init__(max_length=60)

    def clean(self, value: Any) -> str:
        """Return the number as the directory keeps it; raise ValidationError."""
        text = super().clean(value)
        if not text:
            return ""
        result = phones.to_e164(text, self.department)
        number = result.e164 or result.display
        if not number:
            raise ValidationError(PHONE, code="invalid")
        return number


class Several(Text):
    """A few values on one line, parted by spaces or commas; kept as a list."""

    def __init__(self) -> None:
        super().__init__(max_length=600)

    def clean(self, value: Any) -> Any:
        """Return the list of what was typed, each read by `one`; raise ValidationError."""
        text = super().clean(value).replace(",", " ").replace(";", " ")
        found = list(dict.fromkeys(self.one(part) for part in text.split()))
        if len(found) > MOST:
            raise ValidationError(_("Cinq au plus."), code="too_many")
        return found

    def one(self, typed: str) -> str:
        """Read one of them."""
        raise NotImplementedError


class Emails(Several):
    """Generic e-mails of the place; a person's is refused unless the place had it already."""

    known: tuple[str, ...] = ()
    place_text = ""

    def one(self, typed: str) -> str:
        """Return an e-mail in lower case."""
        if typed in self.known:
            return typed
        if not emails.EMAIL.fullmatch(typed):
            raise ValidationError(EMAIL, code="invalid")
        if emails.is_nominative(typed, self.place_text):
            raise ValidationError(PERSONS_EMAIL, code="personal")
        return typed.lower()


class Sites(Several):
    """Web addresses; https:// is understood."""

    known: tuple[str, ...] = ()

    def one(self, typed: str) -> str:
        """Return an address that a browser opens safely."""
        if typed in self.known:
            return typed
        address = typed if "://" in typed else f"https://{typed}"
        try:
            URLValidator(schemes=["http", "https"])(address)
        except ValidationError as error:
            raise ValidationError(SITE, code="invalid") from error
        return address


class Choice(forms.ChoiceField):
    """One of a list, or nothing."""

    def __init__(self, choices: Any) -> None:
        super().__init__(
            choices=choices, required=False, error_messages={"invalid_choice": UNKNOWN_CHOICE}
        )


class Choices(forms.MultipleChoiceField):
    """Some of a list."""

    def __init__(self, choices: Any) -> None:
        super().__init__(
            choices=choices, required=False, error_messages={"invalid_choice": UNKNOWN_CHOICE}
        )
