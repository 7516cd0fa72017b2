"""What is translated is translated whole: catalogs in step with the code, needs with their French.

The commands are in docs/translations.md.
"""

import json
import re
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation

from directory.exchange import vocabulary_loader
from directory.models import NeedTranslation
from directory.views.sheet.content import FRENCH, LANGUAGES
from directory.vocabularies.names import Appointment

LOCALE = settings.BASE_DIR / "directory" / "locale"
FOLDERS = {code: LOCALE / code / "LC_MESSAGES" for code in LANGUAGES if code != FRENCH}
PLACEHOLDER = re.compile(r"%\(\w+\)s")
ARABIC = re.compile("[\u0600-\u06ff]")
NEEDS = json.loads((settings.FIXTURES_DIR / "needs.json").read_text(encoding="utf-8"))["needs"]
TAKEN_AWAY = (
    "directory/views/hours_words.py",
    "directory/views/share_hours.py",
    "directory/views/share_texts.py",
    "directory/views/sheet/content.py",
    "directory/views/sheet/facts.py",
    "directory/views/words.py",
    "directory/vocabularies/names.py",
)
"""Files whose every text a sheet may print, or a message tell."""
BY_CODE = {need["code"]: need for need in NEEDS}


def catalog(language: str) -> Catalog:
    with (FOLDERS[language] / "django.po").open("rb") as po:
        return read_po(po, locale=language)


def texts(language: str) -> dict[str, str]:
    """French to translation, plurals apart; "" for what is not translated or only guessed."""
    return {
        message.id: "" if message.fuzzy else str(message.string)
        for message in catalog(language)
        if message.id and isinstance(message.id, str)
    }


def in_the_code() -> set[str]:
    """Every text marked for translation in these files."""
    keywords = {"_": None, "gettext": None, "gettext_lazy": None}
    found = [
        message
        for path in TAKEN_AWAY
        for _line, message, _comments, _context in extract_from_file(
            "python", settings.BASE_DIR / path, keywords
        )
    ]
    return set(map(str, found))


def shipped(language: str) -> dict[str, Any]:
    path = settings.FIXTURES_DIR / f"need_translations_{language}.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))["needs"])


# --- Catalogs -------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", FOLDERS)
def test_every_text_of_the_sheet_is_translated_and_none_is_a_guess(language: str) -> None:
    said = texts(language)
    assert len(in_the_code()) > 100
    assert {french for french in in_the_code() if not said.get(french)} == set()


@pytest.mark.parametrize("language", FOLDERS)
def test_translation_keeps_what_is_filled_in(language: str) -> None:
    lost = [
        french
        for french, said in texts(language).items()
        if said and sorted(PLACEHOLDER.findall(french)) != sorted(PLACEHOLDER.findall(said))
    ]
    assert lost == []


@pytest.mark.parametrize("language", FOLDERS)
def test_compiled_catalog_is_in_step_with_its_text(language: str) -> None:
    with (FOLDERS[language] / "django.mo").open("rb") as compiled:
        told = {m.id: str(m.string) for m in read_mo(compiled) if isinstance(m.id, str)}
    assert {french: said for french, said in told.items() if french} == {
        french: said for french, said in texts(language).items() if said
    }


def test_each_language_is_written_in_its_letters() -> None:
    proper = {"MIT", "ODbL 1.0", "Licence Ouverte 2.0"}
    latin = {f for f, said in texts("ar").items() if re.search("[a-z]", PLACEHOLDER.sub("", said))}
    assert latin <= proper
    assert [said for said in texts("en").values() if ARABIC.search(said)] == []


@pytest.mark.parametrize(
    ("language", "said"), [("fr", "Seulement"), ("en", "By appointment"), ("ar", "بموعد")]
)
def test_catalog_is_read_by_the_site(language: str, said: str) -> None:
    with translation.override(language):
        assert str(Appointment.REQUIRED.label).startswith(said)


# --- Needs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", FOLDERS)
def test_every_need_is_translated_thing_by_thing(language: str) -> None:
    counts = {code: len(need["bring"]) for code, need in BY_CODE.items()}
    assert {code: len(row["bring"]) for code, row in shipped(language).items()} == counts
    assert [
        code for code, row in shipped(language).items() if not (row["label"] and row["ask"])
    ] == []


@pytest.mark.parametrize("language", FOLDERS)
def test_same_thing_is_said_alike_for_every_need(language: str) -> None:
    said: dict[str, set[str]] = {}
    for code, row in shipped(language).items():
        for french, translated in zip(BY_CODE[code]["bring"], row["bring"], strict=True):
            said.setdefault(french, set()).add(translated)
    assert {french: texts for french, texts in said.items() if len(texts) > 1} == {}


def test_needs_in_arabic_are_in_arabic() -> None:
    said = [text for row in shipped("ar").values() for text in (row["ask"], *row["bring"])]
    assert [text for text in said if not ARABIC.search(text)] == []


@pytest.mark.django_db
def test_translation_follows_its_file_until_someone_has_reviewed_it() -> None:
    vocabulary_loader.load(settings.FIXTURES_DIR)
    NeedTranslation.objects.update(ask="changed")
    NeedTranslation.objects.filter(need__code="css", language="ar").update(is_reviewed=True)
    vocabulary_loader.load(settings.FIXTURES_DIR)
    kept = NeedTranslation.objects.filter(ask="changed")
    assert [(row.need.code, row.language) for row in kept] == [("css", "ar")]
    assert NeedTranslation.objects.count() == len(NEEDS) * len(FOLDERS)
