"""The form of a place: what is typed is read, kept on error, saved whole, and locked."""

import pytest
from django.test import Client
from django.urls import reverse

from directory.models import Place
from directory.vocabularies.names import State
from tests import factories as make
from tests.editing.pages import errors, locked, opened, save, saved, url_of

pytestmark = pytest.mark.django_db
MAX_QUERIES = 20


# --- Reading --------------------------------------------------------------------------------------


def test_sections_follow_the_task(moderator: Client, place: Place) -> None:
    page = moderator.get(url_of(place))
    names = [str(section.name) for section in page.context["adminform"]]
    assert names == [
        "Identité", "Où", "Contacts", "Horaires", "Ce qu’on y fait", "Accès", "Suivi",
    ]  # fmt: skip


def test_every_column_of_a_place_has_its_section(moderator: Client, place: Place) -> None:
    told = set(moderator.get(url_of(place)).context["adminform"].form.fields)
    columns = {one.name for one in Place._meta.get_fields() if getattr(one, "editable", False)}
    assert columns - told == {"id", "created_at", "updated_at"} & columns


def test_saving_an_untouched_form_changes_and_locks_nothing(
    moderator: Client, place: Place
) -> None:
    place.emails, place.websites = ["accueil@lieu.example"], ["https://lieu.example"]
    place.terms.add(make.TermFactory.create())
    place.save()
    make.ClosureFactory.create(place=place)
    make.StopFactory.create(place=place)
    make.ServiceFactory.create(place=place, needs=["ameli"], source=make.SourceFactory.create())
    before = Place.objects.filter(pk=place.pk).values().get()
    after = saved(moderator, place)
    assert {**before, "updated_at": None} == {
        **Place.objects.filter(pk=after.pk).values().get(),
        "updated_at": None,
    }
    assert locked(place) == set()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("01 99 00 56 78", "+33199005678"),
        ("+33 1 99 00 56 78", "+33199005678"),
        ("3646", "3646"),
        ("36 46", "3646"),
        ("", ""),
    ],
)
def test_phone_is_typed_as_people_write_it(
    moderator: Client, place: Place, typed: str, kept: str
) -> None:
    assert saved(moderator, place, phone=typed).phone == kept


@pytest.mark.parametrize("typed", ["douze", "12"])
def test_phone_nobody_can_read_is_refused_and_everything_typed_is_kept(
    moderator: Client, place: Place, typed: str
) -> None:
    data = opened(moderator, place)
    answer = save(moderator, place, data, phone=typed, name="Nouveau nom", notes="Au fond")
    assert list(errors(answer)) == ["phone"]
    page = answer.content.decode()
    assert f'value="{typed}"' in page
    assert 'value="Nouveau nom"' in page
    assert "Au fond" in page
    assert Place.objects.get(pk=place.pk).name == place.name


def test_emails_and_sites_are_one_a_line(moderator: Client, place: Place) -> None:
    after = saved(
        moderator,
        place,
        emails="accueil@lieu.example\n\nmairie@lieu.example",
        websites="lieu.example",
    )
    assert after.emails == ["accueil@lieu.example", "mairie@lieu.example"]
    assert after.websites == ["https://lieu.example"]


@pytest.mark.parametrize(
    ("field", "text"), [("emails", "pas un courriel"), ("websites", "javascript://x")]
)
def test_line_that_is_no_contact_is_refused(
    moderator: Client, place: Place, field: str, text: str
) -> None:
    answer = save(moderator, place, opened(moderator, place), **{field: text})
    assert list(errors(answer)) == [field]


def test_identifier_is_made_from_the_name(moderator: Client, place: Place) -> None:
    make.PlaceFactory.create(slug="maison-des-aines")
    assert saved(moderator, place, name="Maison des Aînés", slug="").slug == "maison-des-aines-2"


def test_properties_offered_are_those_of_places_and_those_held(
    moderator: Client, place: Place
) -> None:
    ours = make.TermFactory.create(code="BIB")
    make.TermFactory.create(vocabulary="cost", code="payant", label="Payant")
    page = moderator.get(url_of(place)).content.decode()
    assert ours.label in page
    assert "Payant" not in page
    assert list(saved(moderator, place, terms=[ours.pk]).terms.all()) == [ours]
    assert locked(place) == {"terms"}


# --- Preview --------------------------------------------------------------------------------------


def test_preview_shows_what_is_typed_and_saves_nothing(moderator: Client, place: Place) -> None:
    Place.objects.update(state=State.DRAFT)
    service = make.ServiceFactory.create(place=place, name="Ancien atelier")
    data = opened(moderator, place)
    answer = save(
        moderator, place, data,
        _preview="1", name="Nouveau nom", week_su="10h-11h", **{"services-0-name": "Bel atelier"},
    )  # fmt: skip
    page = answer.content.decode()
    assert answer.status_code == 200
    for told in ("Aperçu", "<h1>Nouveau nom</h1>", "10 h", "Bel atelier"):
        assert told.replace(" h", "\u00a0h") in page
    kept = Place.objects.get(pk=place.pk)
    assert (kept.name, kept.state, kept.opening_hours) == (
        place.name,
        State.DRAFT,
        place.opening_hours,
    )
    service.refresh_from_db()
    assert service.name == "Ancien atelier"
    assert locked(place) == set()


def test_preview_of_a_form_with_errors_says_them(moderator: Client, place: Place) -> None:
    answer = save(moderator, place, opened(moderator, place), _preview="1", phone="douze")
    assert list(errors(answer)) == ["phone"]


def test_place_to_add_is_previewed(moderator: Client) -> None:
    commune = make.CommuneFactory.create()
    url = reverse("admin:directory_place_add")
    lines = {
        f"{prefix}-{name}_FORMS": 0
        for prefix in ("closures", "stops", "services")
        for name in ("TOTAL", "INITIAL")
    }
    data = {
        "name": "À venir",
        "commune": commune.pk,
        "state": "draft",
        "position_precision": "unknown",
    }
    answer = moderator.post(url, {**data, **lines, "_preview": "1"})
    assert "À venir" in answer.content.decode()
    assert not Place.objects.exists()
