"""How far a record may be trusted, in words."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from directory.exchange import locks
from directory.search import filters, ranking
from directory.search.kept import shelf
from directory.views import trust, words
from directory.vocabularies.names import Credit, VerificationMethod
from tests import factories as make
from tests.browser.places import text

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)
CALL = "appelez avant de venir."


@pytest.mark.parametrize(
    ("method", "said"),
    [
        (VerificationMethod.PHONE, "Vérifié par téléphone le 12 octobre 2026."),
        (VerificationMethod.VISIT, "Vérifié sur place le 12 octobre 2026."),
        (VerificationMethod.EMAIL, "Vérifié par courriel le 12 octobre 2026."),
        (VerificationMethod.SELF, "Vérifié par le lieu lui-même le 12 octobre 2026."),
        (VerificationMethod.UNKNOWN, "Vérifié le 12 octobre 2026."),
    ],
)
def test_recent_verification_says_when_and_how(method: str, said: str) -> None:
    assert trust.verification(date(2026, 10, 12), method, TODAY) == said


def test_old_verification_says_for_how_long_and_to_call() -> None:
    said = trust.verification(date(2025, 9, 12), VerificationMethod.PHONE, TODAY)
    assert said == f"Non vérifié depuis 14 mois\u00a0: {CALL}"


def test_hours_grow_old_before_the_rest() -> None:
    said = trust.verification(date(2026, 4, 12), VerificationMethod.PHONE, TODAY)
    assert said == (
        f"Vérifié par téléphone le 12 avril 2026. Les horaires ont pu changer\u00a0: {CALL}"
    )


def test_card_tells_a_recent_verification_and_nothing_else() -> None:
    fresh = make.PlaceFactory.create(verified_on=date(2026, 10, 12), verification_method="phone")
    old = make.PlaceFactory.create(verified_on=date(2024, 10, 12))
    never = make.PlaceFactory.create()
    facts = shelf.get([fresh.pk, old.pk, never.pk])
    told = [trust.on_a_card(facts[one.pk], TODAY) for one in (fresh, old, never)]
    assert told == ["Vérifié par téléphone le 12 octobre 2026.", "", ""]


def test_page_of_a_place_says_when_and_how_it_was_checked() -> None:
    today = timezone.localdate()
    place = make.PlaceFactory.create(verified_on=today, verification_method="phone")
    said = text(Client().get(place.get_absolute_url()))
    assert f"Vérifié par téléphone le {words.long_date(today)}." in said


def test_page_thanks_for_what_a_visitor_corrected() -> None:
    place = make.PlaceFactory.create()
    locks.lock(place, ["opening_hours", "phone"], Credit.CONTRIBUTOR)
    locks.lock(place, ["address"])
    said = text(Client().get(place.get_absolute_url()))
    day = words.long_date(timezone.localdate())
    assert f"Corrigé le {day} grâce à un contributeur\u00a0: les horaires et le téléphone." in said


def test_page_of_the_ranking_says_what_the_ranking_does() -> None:
    said = text(Client().get("/recherche/classement/")).replace("\u00a0", " ")
    shown = {
        ranking.DECLARED_KM: "1 km si le lieu a déclaré lui-même",
        ranking.OPEN_NOW_KM: "500 m s’il est ouvert",
        ranking.RECENT_KM: "300 m si sa fiche a été vérifiée depuis moins d’un an",
        ranking.COMPLETE_KM: "200 m si nous connaissons son téléphone et ses horaires",
    }
    assert sorted(shown) == [0.2, 0.3, 0.5, 1.0]
    assert [words_ for words_ in shown.values() if words_ not in said] == []
    assert ranking.MAX_BONUS_KM == 2.0
    assert "jamais plus de 2 km" in said
    assert filters.RECENT.days == 365
