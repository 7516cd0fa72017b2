"""The admin holds every model and stays usable on a large directory."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from directory.models import Place
from directory.models.history_rows import TRACKED, history_of
from directory.moderation.policy.rules import Action, rule_of
from tests.accounts import sign_in
from tests.factories import PlaceFactory, ServiceFactory

READ_ELSEWHERE = {history_of(model) for model in TRACKED}
"""Rows of history: read by the history page of their place or actor, with its permissions."""
MODELS = sorted(
    set(apps.get_app_config("directory").get_models()) - READ_ELSEWHERE, key=lambda m: m.__name__
)
WRITTEN = [model for model in MODELS if Action.ADD in rule_of(model).national]
NAMES = [model.__name__ for model in MODELS]
MAX_QUERIES = 12
"""Session, user, page of rows, filters: constant whatever the number of rows."""


@pytest.fixture
def moderator(client: Client) -> Client:
    """A browser signed in as an administrator."""
    user = get_user_model().objects.create_superuser("moderation", password="a long passphrase")
    return sign_in(client, user)


@pytest.mark.parametrize("model", MODELS, ids=NAMES)
def test_every_model_has_a_list_with_search_and_filters(model: type[Model]) -> None:
    registered = admin.site._registry[model]
    assert registered.search_fields
    assert registered.list_filter or model.__name__ in {"Region", "Postcode"}
    assert registered.show_full_result_count is False


@pytest.mark.django_db
def test_front_page_offers_every_list_once_under_a_name_of_its_own(moderator: Client) -> None:
    groups = moderator.get(reverse("admin:index")).context["app_list"]
    offered = [model for group in groups for model in group["models"]]
    found = [model["object_name"] for model in offered]
    assert sorted(set(found)) == sorted(found)
    assert set(NAMES) <= set(found)
    names = [str(model["name"]) for model in offered]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=NAMES)
def test_every_list_opens_and_answers_a_search(model: type[Model], moderator: Client) -> None:
    PlaceFactory.create()
    url = reverse(f"admin:directory_{model._meta.model_name}_changelist")
    assert moderator.get(url).status_code == 200
    assert moderator.get(url, {"q": "guéret"}).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("model", WRITTEN, ids=[model.__name__ for model in WRITTEN])
def test_every_form_opens(model: type[Model], moderator: Client) -> None:
    url = reverse(f"admin:directory_{model._meta.model_name}_add")
    assert moderator.get(url).status_code == 200


@pytest.mark.django_db
def test_list_of_places_costs_the_same_queries_for_2_and_40_rows(
    moderator: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    url = reverse("admin:directory_place_changelist")
    PlaceFactory.create_batch(2)
    moderator.get(url)
    with django_assert_max_num_queries(MAX_QUERIES) as few:
        moderator.get(url)
    PlaceFactory.create_batch(38)
    with django_assert_max_num_queries(MAX_QUERIES) as many:
        moderator.get(url)
    assert len(few) == len(many)


@pytest.mark.django_db
def test_form_of_a_place_lists_no_commune(moderator: Client) -> None:
    place = PlaceFactory.create()
    other = PlaceFactory.create()
    url = reverse("admin:directory_place_change", args=[place.pk])
    page = moderator.get(url).content.decode()
    assert place.commune.name in page
    assert f'value="{other.commune.pk}"' not in page


@pytest.mark.django_db
def test_unknown_visitor_is_sent_to_the_login_page(client: Client) -> None:
    answer = client.get(reverse("admin:directory_place_changelist"))
    assert answer.status_code == 302
    assert reverse("admin:login") in answer["Location"]


@pytest.mark.django_db
def test_saving_a_place_keeps_its_searched_text_in_step(moderator: Client) -> None:
    place = PlaceFactory.create(name="Ancien nom")
    place.name = "Maison des Aînés"
    place.save()
    assert "maison des aines" in Place.objects.get(pk=place.pk).search_text


@pytest.mark.django_db
def test_service_form_opens_with_its_needs(moderator: Client) -> None:
    service = ServiceFactory.create()
    url = reverse("admin:directory_service_change", args=[service.pk])
    assert moderator.get(url).status_code == 200
