"""What a moderator corrects stays; what a producer then says is proposed and answered at once."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from directory.exchange import locks
from directory.models import (
    FieldProvenance,
    Place,
    RoleKind,
    Service,
    ServiceNeed,
    ServiceTerm,
    Stop,
)
from tests.accounts import make_user, national, sign_in
from tests.factories import SourceFactory, StopFactory
from tests.imports.lists import load, ready, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator(client: Client) -> Client:
    return sign_in(client, national())


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """An imported place."""
    ready()
    load(write(tmp_path, {"formations_labels": "Formé à « Mon Espace Santé »"}))
    return Place.objects.get()


def locked() -> set[str]:
    """Names of the parts that are locked."""
    return set(FieldProvenance.objects.filter(is_locked=True).values_list("field", flat=True))


def form_of(client: Client, url: str) -> dict[str, Any]:
    """What a browser would send back of an admin form, as it is."""
    context = client.get(url).context
    forms = [context["adminform"].form]
    data: dict[str, Any] = {}
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.initial_forms]
    for form in forms:
        for field in form:
            value = field.value()
            data[field.html_name] = "" if value is None else value
            if field.field.show_hidden_initial:
                data[field.html_initial_name] = data[field.html_name]
    return data


def change(client: Client, obj: Any, **values: Any) -> None:
    """Save an object's form with some values changed."""
    url = reverse(f"admin:directory_{obj._meta.model_name}_change", args=[obj.pk])
    answer = client.post(url, form_of(client, url) | values)
    assert answer.status_code == 302, answer.context["errors"]


# --- Every way to correct -------------------------------------------------------------------------


def test_saving_a_place_as_it_is_locks_nothing(moderator: Client, place: Place) -> None:
    change(moderator, place)
    assert locked() == set()


def test_correcting_a_service_locks_those_of_its_place(
    moderator: Client, place: Place, tmp_path: Path
) -> None:
    change(moderator, Service.objects.get(), name="Corrigé")
    assert locked() == {"services"}
    load(write(tmp_path, {"frais_a_charge": "Payant"}))
    assert Service.objects.get().name == "Corrigé"


@pytest.mark.parametrize("model", [Service, ServiceNeed, ServiceTerm])
def test_deleting_what_was_imported_of_a_service_lasts(
    moderator: Client, place: Place, tmp_path: Path, model: Any
) -> None:
    gone = model.objects.first()
    url = reverse(f"admin:directory_{model._meta.model_name}_delete", args=[gone.pk])
    assert moderator.post(url, {"post": "yes"}).status_code == 302
    assert locked() == {"services"}
    left = model.objects.count()
    load(write(tmp_path, {"frais_a_charge": "Payant"}))
    assert model.objects.count() == left


def test_deleting_several_services_from_the_list_lasts(moderator: Client, place: Place) -> None:
    url = reverse("admin:directory_service_changelist")
    keys = list(Service.objects.values_list("pk", flat=True))
    data = {"action": "delete_selected", "_selected_action": keys, "post": "yes"}
    assert moderator.post(url, data).status_code == 302
    assert not Service.objects.exists()
    assert locked() == {"services"}


def test_a_service_of_our_own_locks_nothing(moderator: Client, place: Place) -> None:
    own = Service.objects.create(place=place, name="Le nôtre")
    change(moderator, own, name="Toujours le nôtre")
    assert locked() == set()


def test_correcting_a_recurring_stop_locks_the_stops(moderator: Client, place: Place) -> None:
    stop = StopFactory.create(place=place)
    change(moderator, stop, label="Halle")
    assert locked() == {"stops"}


def test_a_dated_stop_locks_nothing(moderator: Client, place: Place) -> None:
    stop = StopFactory.create(place=place, on="2026-12-01", opening_hours="")
    change(moderator, stop, label="Halle")
    assert locked() == set()


def test_a_stop_corrected_on_the_form_of_its_place_locks_them(
    moderator: Client, place: Place
) -> None:
    StopFactory.create(place=place)
    change(moderator, place, **{"stops-0-label": "Halle"})
    assert locked() == {"stops"}
    assert Stop.objects.get().label == "Halle"


# --- Proposals ------------------------------------------------------------------------------------


@pytest.fixture
def proposal(place: Place, tmp_path: Path) -> FieldProvenance:
    """A new phone number proposed beside a corrected one."""
    place.phone = "3646"
    place.save()
    locks.lock(place, ["phone"])
    load(write(tmp_path, {"telephone": "+33199005678"}))
    return FieldProvenance.objects.get()


def answer(client: Client, proposal: FieldProvenance, what: str) -> Any:
    """Click on an answer."""
    return client.post(reverse(f"admin:directory_fieldprovenance_{what}", args=[proposal.pk]))


def test_the_form_of_a_place_shows_what_is_proposed(
    moderator: Client, proposal: FieldProvenance
) -> None:
    url = reverse("admin:directory_place_change", args=[proposal.place_id])
    page = moderator.get(url).content.decode()
    assert "«&nbsp;3646&nbsp;»" in page
    assert "«&nbsp;+33199005678&nbsp;»" in page


def test_an_accepted_value_is_written_and_follows_its_source(
    moderator: Client, proposal: FieldProvenance, tmp_path: Path
) -> None:
    back = answer(moderator, proposal, "accept")
    assert back["Location"] == reverse("admin:directory_place_change", args=[proposal.place_id])
    assert Place.objects.get().phone == "+33199005678"
    assert not FieldProvenance.objects.exists()
    load(write(tmp_path, {"telephone": "+33199009999"}))
    assert Place.objects.get().phone == "+33199009999"


def test_a_kept_value_is_not_proposed_against_again(
    moderator: Client, proposal: FieldProvenance, tmp_path: Path
) -> None:
    answer(moderator, proposal, "keep")
    assert Place.objects.get().phone == "3646"
    again = load(write(tmp_path, {"telephone": "+33199005678", "adresse": "2 rue du Canal"}))
    assert (again.proposed, again.updated) == (0, 1)
    assert not FieldProvenance.objects.proposed().exists()
    assert load(write(tmp_path, {"telephone": "+33199009999"})).proposed == 1


def test_proposals_are_answered_from_their_list_too(
    moderator: Client, proposal: FieldProvenance
) -> None:
    url = reverse("admin:directory_fieldprovenance_changelist")
    assert "+33199005678" in moderator.get(url, {"proposition": "oui"}).content.decode()
    moderator.post(url, {"action": "keep_chosen", "_selected_action": [proposal.pk]})
    assert "+33199005678" not in moderator.get(url, {"proposition": "oui"}).content.decode()
    assert Place.objects.get().phone == "3646"


def test_a_point_is_accepted_whole(moderator: Client, place: Place, tmp_path: Path) -> None:
    Place.objects.update(latitude=48.94, longitude=2.36)
    locks.lock(place, ["latitude"])
    load(write(tmp_path, {"latitude": "48.93", "longitude": "2.35"}))
    answer(moderator, FieldProvenance.objects.get(field="longitude"), "accept")
    assert Place.objects.get().point == (48.93, 2.35)
    assert not FieldProvenance.objects.exists()


def test_accepted_services_are_written_with_the_next_file(
    moderator: Client, place: Place, tmp_path: Path
) -> None:
    Service.objects.update(name="Corrigé")
    locks.lock(place, ["services"])
    path = write(tmp_path, {"frais_a_charge": "Payant"})
    load(path)
    answer(moderator, FieldProvenance.objects.get(), "accept")
    assert Service.objects.get().name == "Corrigé"
    load(path)
    assert Service.objects.get().name != "Corrigé"


def test_a_value_of_another_source_keeps_its_origin(
    moderator: Client, proposal: FieldProvenance
) -> None:
    Place.objects.update(source=SourceFactory.create(slug="principale"))
    answer(moderator, proposal, "accept")
    told = FieldProvenance.objects.get()
    assert (told.is_locked, told.proposal, told.source_id) == (False, None, proposal.source_id)


def test_an_answer_asks_for_the_permission_and_a_button(
    client: Client, proposal: FieldProvenance
) -> None:
    assert answer(client, proposal, "accept").status_code == 302
    sign_in(client, make_user("lecture", {"kind": RoleKind.OBSERVER}))
    assert answer(client, proposal, "accept").status_code == 403
    assert Place.objects.get().phone == "3646"
    url = reverse("admin:directory_fieldprovenance_accept", args=[proposal.pk])
    assert client.get(url).status_code == 405
