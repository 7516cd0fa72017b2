"""The sheet as a PDF file: the same words as the page, tagged, and codes that telephones read."""

import io
import math
import re
import unicodedata
from typing import Any

import pytest
from pypdf import PdfReader

from directory.views.sheet import pdf
from directory.views.sheet.content import Sheet
from directory.views.sheet.layout import lay_out
from directory.views.sheet.typesetter import typeset
from tests import sheets

pytestmark = pytest.mark.django_db

SCAN = 150
"""Dots an inch of an ordinary scan, or of a telephone held over the sheet."""

CODE, TESTED = 26, 20
"""Millimetres of a printed code, and of the smallest that must be read."""


def written(sheet: Sheet) -> PdfReader:
    return PdfReader(io.BytesIO(pdf.write(sheet, lay_out(sheet), sheets.NOW)))


def catalog(reader: PdfReader) -> Any:
    """The root of the file's objects."""
    return reader.trailer["/Root"]


def letters(text: str) -> str:
    """Letters and digits alone, in their plain shapes: lines and spaces are the printer's."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).casefold()


def whole(reader: PdfReader) -> str:
    return letters(" ".join(page.extract_text() for page in reader.pages))


@pytest.mark.parametrize("count", [1, 2, 3, 5, 20])
@pytest.mark.parametrize("language", ["fr", "en", "ar"])
def test_pages_are_those_of_the_plan_and_none_is_blank(count: int, language: str) -> None:
    places = [sheets.ordinary(number) for number in range(count)]
    sheet = sheets.built(
        places, [sheets.need(language="en" if language == "en" else "ar")], language
    )
    reader = written(sheet)
    assert len(reader.pages) == len(lay_out(sheet).pages)
    assert len(reader.pages) <= math.ceil(count / 2) + (language != "fr")
    assert [page.extract_text().strip() for page in reader.pages if not page.extract_text()] == []


@pytest.mark.parametrize("count", [1, 2, 3, 5])
@pytest.mark.parametrize("language", ["fr", "ar"])
def test_longest_places_neither_overflow_nor_leave_a_blank_page(count: int, language: str) -> None:
    sheet = sheets.built([sheets.longest(n) for n in range(count)], [sheets.need()], language)
    reader = written(sheet)
    assert len(reader.pages) == lay_out(sheet).paper
    assert min(len(page.extract_text()) for page in reader.pages) > 100


@pytest.mark.parametrize("language", ["fr", "en"])
def test_pdf_says_all_that_the_sheet_says(language: str) -> None:
    need = sheets.need(language="en")
    sheet = sheets.built([sheets.ordinary(), sheets.longest(1)], [need], language)
    said = whole(written(sheet))
    assert [text for text in sheets.texts(sheet) if letters(text) not in said] == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_sentence_has_its_line(language: str) -> None:
    sheet = sheets.built([sheets.ordinary()], language=language)
    lines = written(sheet).pages[0].extract_text().replace("\u00a0", " ").splitlines()
    assert [line for line in lines if line.startswith("Jours fériés : souvent fermé.")]
    assert [line for line in lines if line.startswith("Du lundi au vendredi : de 9 h")]


def test_arabic_is_written_in_the_order_it_is_read() -> None:
    sheet = sheets.built([sheets.ordinary()], [sheets.need()], "ar")
    said = whole(written(sheet))
    words = {word for text in sheets.texts(sheet) for word in re.findall("[\u0600-\u06ff]+", text)}
    assert len(words) > 20
    assert [word for word in words if letters(word) not in said] == []


def test_pdf_is_tagged_titled_and_in_its_languages() -> None:
    reader = written(sheets.built([sheets.ordinary()], [sheets.need()], "ar"))
    root = catalog(reader)
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("fr")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata
    assert str(reader.metadata.title).startswith("Où trouver de l’aide")
    tree = str(list(_walk(root["/StructTreeRoot"])))
    assert all(name in tree for name in ("/H1", "/H2", "/Figure", "ar"))


def _walk(node: object) -> "list[str]":
    """Names, languages and alternatives of a PDF's structure."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [name for child in node for name in _walk(child)]
    if not isinstance(node, dict):
        return []
    own = [str(node.get(key, "")) for key in ("/S", "/Lang", "/Alt")]
    return own + _walk(node.get("/K", []))


def test_every_code_is_named_for_who_does_not_see_it() -> None:
    sheet = sheets.built([sheets.ordinary()])
    names = _walk(catalog(written(sheet))["/StructTreeRoot"])
    assert any(sheet.places[0].link in name for name in names)


def test_every_code_is_read_at_two_centimetres() -> None:
    places = [sheets.ordinary(number) for number in range(5)]
    sheet = sheets.built(places)
    for ppi in (SCAN, SCAN * TESTED / CODE):
        pictures = typeset(**pdf.source(sheet, lay_out(sheet)), format="png", ppi=ppi)
        found = sheets.codes_on(pictures)
        assert sorted(found) == sorted(place.link.upper() for place in sheet.places)


def test_what_a_place_wrote_is_never_read_as_markup() -> None:
    hostile = '#panic("x") *gras* `code` $x^2$ \\ ] } <étiquette> @lien // fin /* "'
    sheet = sheets.built([sheets.ordinary(name=hostile, hours_note=hostile, address=hostile)])
    text = " ".join(page.extract_text() for page in written(sheet).pages)
    assert text.replace("\n", " ").count('#panic("x") *gras* `code` $x^2$ \\ ] }') == 3


def test_same_sheet_gives_the_same_file() -> None:
    sheet = sheets.built([sheets.ordinary()])
    plan = lay_out(sheet)
    assert pdf.write(sheet, plan, sheets.NOW) == pdf.write(sheet, plan, sheets.NOW)


def test_fonts_are_inside_the_file() -> None:
    reader = written(sheets.built([sheets.ordinary()], [sheets.need()], "ar"))
    pages: list[Any] = list(reader.pages)
    fonts = {
        font.get_object()["/BaseFont"].split("+")[1]
        for page in pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts == {
        f"{family}-{weight}"
        for family in ("NotoSans", "NotoNaskhArabic")
        for weight in ("Regular", "Bold")
    }
