"""The private page that says what became of a contribution."""

import pytest
from django.test import Client
from django.utils import timezone

from directory.models import Contribution, Place
from directory.vocabularies.names import ContributionStatus
from tests import factories as make
from tests.browser.places import text
from tests.contributions.sending import last, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Place:
    """A published place."""
    made: Place = make.PlaceFactory.create(name="Le relais")
    return made


@pytest.fixture
def url(client: Client, place: Place) -> str:
    """The follow-up of a correction of two fields."""
    answer = send(client, place, name="Le grand relais", address="2 rue Neuve", message="Merci")
    return str(answer["Location"])


def test_receipt_says_what_was_sent_and_that_it_waits(url: str) -> None:
    said = text(Client().get(url))
    assert "Merci, c’est bien arrivé" in said
    assert "En attente" in said
    for sent in ("Le grand relais", "2 rue Neuve", "Merci"):
        assert sent in said


@pytest.mark.parametrize(
    ("status", "title"),
    [
        (ContributionStatus.ACCEPTED, "C’est corrigé, merci"),
        (ContributionStatus.PARTLY_ACCEPTED, "C’est corrigé en partie"),
        (ContributionStatus.REFUSED, "Nous n’avons pas changé la fiche"),
    ],
)
def test_answer_of_the_moderator_is_told_without_the_team_s_note(
    url: str, status: str, title: str
) -> None:
    Contribution.objects.update(
        status=status,
        accepted=["name"],
        public_answer="Nous avons appelé.",
        moderation_note="Note secrète",
        moderated_at=timezone.now(),
    )
    said = text(Client().get(url))
    assert title in said
    assert "Nous avons appelé." in said
    assert "secrète" not in said


def test_link_cannot_be_guessed_and_only_its_hash_is_stored(url: str) -> None:
    token = url.rstrip("/").rsplit("/", 1)[1]
    assert len(token) == 32
    assert token not in str(Contribution.objects.values().get())
    assert str(last().token_hash) not in url


@pytest.mark.parametrize("token", ["0" * 32, "x", "é" * 32, "1", "0" * 500])
def test_forged_link_is_not_found(url: str, token: str) -> None:
    answer = Client().get(f"/suivi/{token}/")
    assert answer.status_code == 404
    assert "le suivi est alors effacé" in answer.content.decode()
    assert Client().get(f"/suivi/{last().token_hash}/").status_code == 404
    assert Client().get(f"/suivi/{last().pk}/").status_code == 404


def test_follow_up_has_no_cookie_is_not_kept_nor_indexed_nor_told(url: str) -> None:
    answer = Client().get(url)
    assert not answer.cookies
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert '<meta name="robots" content="noindex">' in answer.content.decode()


def test_follow_up_only_reads(url: str) -> None:
    assert Client().post(url).status_code == 405


def test_follow_up_outlives_an_archived_place(url: str, place: Place) -> None:
    Place.objects.update(state="archived")
    answer = Client().get(url)
    assert answer.status_code == 200
    assert place.get_absolute_url() not in answer.content.decode()
