"""A server process understands the synonyms that moderators add, without a restart."""

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from directory.models import Need, Synonym
from directory.search import lexicon, memory
from directory.search.follower import KEEP_SECONDS
from directory.search.phrases import read
from tests import factories as make
from tests.accounts import national, sign_in
from tests.serving import as_served

pytestmark = pytest.mark.django_db

SOON = 2.0
"""Seconds within which an edit must be understood."""


@pytest.fixture(autouse=True)
def need() -> Need:
    make.CommuneFactory.create()
    need: Need = make.NeedFactory.create(code="ameli", short_label="Mon compte Ameli")
    return need


def test_small_tables_are_read_often_enough() -> None:
    assert KEEP_SECONDS <= SOON


def test_synonym_added_in_the_admin_is_understood_by_a_running_process(
    client: Client, need: Need
) -> None:
    with as_served():
        memory.keep_all()
        assert read("trucmuche").needs == ()
        page = sign_in(client, national()).post(
            reverse("admin:directory_synonym_add"),
            {"need": need.pk, "text": "trucmuche", "language": "fr"},
        )
        assert page.status_code == 302
        memory.keep_all()
        assert read("trucmuche").needs == ("ameli",)


def test_synonym_changed_or_deleted_is_followed_too(need: Need) -> None:
    synonym = Synonym.objects.create(need=need, text="trucmuche")
    with as_served():
        Synonym.objects.filter(pk=synonym.pk).update(text="zinzin", normalized="zinzin")
        memory.keep_all()
        assert (read("trucmuche").needs, read("zinzin").needs) == ((), ("ameli",))
        synonym.delete()
        memory.keep_all()
        assert read("zinzin").needs == ()


def test_new_label_of_a_need_is_shown_on_its_chip(need: Need) -> None:
    Synonym.objects.create(need=need, text="trucmuche")
    with as_served():
        Need.objects.filter(pk=need.pk).update(short_label="Ameli autrement")
        memory.keep_all()
        assert [part.label for part in read("trucmuche").parts] == ["Ameli autrement"]


def test_lexicon_unchanged_is_not_made_again() -> None:
    with as_served():
        former = lexicon.lexicon()
        memory.keep_all()
        assert lexicon.lexicon() is former


def test_no_request_makes_the_lexicon_again(need: Need) -> None:
    with as_served():
        former = lexicon.lexicon()
        Synonym.objects.create(need=need, text="trucmuche")
        read("trucmuche")
        assert lexicon.lexicon() is former


def test_lexicon_stays_when_the_database_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise OperationalError

    with as_served():
        former = lexicon.lexicon()
        monkeypatch.setattr(lexicon, "_said", gone)
        with pytest.raises(OperationalError):
            memory.keep_all()
        assert lexicon.lexicon() is former
