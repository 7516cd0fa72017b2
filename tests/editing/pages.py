"""The form of a place as a browser sends it."""

from typing import Any

from django.test import Client
from django.urls import reverse

from directory.models import FieldProvenance, Place


def url_of(place: Place) -> str:
    """The address of the form of a place."""
    return reverse("admin:directory_place_change", args=[place.pk])


def sent_by(answer: Any) -> dict[str, Any]:
    """What a browser sends of a form that it was shown, lines included, as it is."""
    context = answer.context
    data: dict[str, Any] = {}
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            if isinstance(value, list | tuple):
                data[bound.html_name] = [getattr(one, "pk", one) for one in value]
            elif value is not None and value is not False:
                data[bound.html_name] = value
    return data


def opened(client: Client, place: Place) -> dict[str, Any]:
    """The form of a place, opened."""
    answer = client.get(url_of(place))
    assert answer.status_code == 200
    return sent_by(answer)


def save(client: Client, place: Place, data: dict[str, Any], **changed: Any) -> Any:
    """Send the form, some values changed; `_continue` stays on the page."""
    return client.post(url_of(place), {**data, **changed})


def saved(client: Client, place: Place, **changed: Any) -> Place:
    """Open, change, save; return the place as it then is."""
    answer = save(client, place, opened(client, place), **changed)
    assert answer.status_code == 302, answer.context["errors"]
    return Place.objects.get(pk=place.pk)


def errors(answer: Any) -> dict[str, list[str]]:
    """What a form refused, by field."""
    assert answer.status_code == 200
    return {name: list(told) for name, told in answer.context["adminform"].form.errors.items()}


def locked(place: Place) -> set[str]:
    """Names of the parts of a place that are locked."""
    rows = FieldProvenance.objects.filter(place=place, is_locked=True)
    return set(rows.values_list("field", flat=True))
