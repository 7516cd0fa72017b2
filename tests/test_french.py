"""Every public page speaks French, and writes it as French is printed.

Typography: Lexique des règles typographiques en usage à l’Imprimerie nationale.
"""

import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from django.db import transaction
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from directory.search import gazetteer
from directory.views import errors, words
from tests import factories as make
from tests.browser import places
from tests.browser.places import PAGES

pytestmark = pytest.mark.django_db

BLOCKS = frozenset(
    "address article body br button caption dd details div dl dt fieldset footer form h1 h2 h3 "
    "header input label legend li main nav ol option p section select summary table td textarea "
    "th title tr ul".split()
)
UNSPOKEN = frozenset({"code", "script", "style"})
"""What machines read: an address to ask is not in French."""

SPOKEN = frozenset({"alt", "aria-label", "content", "placeholder", "title"})
BREAKABLE_BEFORE = re.compile(r"[^\u00a0\u202f?!…](?:[;?!»]|:(?!//))")
BREAKABLE_AFTER = re.compile("«(?!\u00a0|\u202f)")
BREAKABLE_UNIT = re.compile(r"\d (?:km|m|h|min|€)\b")
TYPEWRITTEN = re.compile(r"['\"]|\.\.\.")
FIRST_OF_MONTH = re.compile(
    r"\b1 (?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)"
)
ENGLISH = re.compile(
    r"\b(?:submit|search|not found|home|next|previous|please|error|required|field|back|click|"
    r"closed|open now|loading|the|this|your|you|with|near|result|unknown|none|null|true|false|"
    r"forbidden|bad request|email|and)\b",
    re.IGNORECASE,
)


class Spoken(HTMLParser):
    """Collects what a reader sees or hears, block by block; breakable spaces are folded."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks = [""]
        self.attributes: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in UNSPOKEN
        if tag in BLOCKS:
            self.blocks.append("")
        if tag != "meta" or ("name", "description") in attrs:
            self.attributes += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in UNSPOKEN
        if tag in BLOCKS:
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.blocks[-1] += data


def spoken(html: str) -> list[str]:
    """The texts of a page, spoken attributes included."""
    parser = Spoken()
    parser.feed(html)
    texts = (
        re.sub(r"[ \n\t]+", " ", text).strip(" ") for text in parser.blocks + parser.attributes
    )
    return [text for text in texts if text]


def faults(pages: dict[str, str], pattern: re.Pattern[str]) -> dict[str, list[str]]:
    """Texts that hold the pattern, with the first page that says them."""
    found: dict[str, list[str]] = {}
    seen: set[str] = set()
    for name, html in pages.items():
        for text in spoken(html):
            if pattern.search(text) and text not in seen:
                seen.add(text)
                found.setdefault(name, []).append(text)
    return found


@pytest.fixture(scope="module")
def pages(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> dict[str, str]:
    """The HTML of every public page, of forms sent back and of what went wrong."""
    with django_db_blocker.unblock(), transaction.atomic():
        html = _rendered()
        transaction.set_rollback(True)
    return html


def _rendered() -> dict[str, str]:
    places.build()
    html = {name: Client().get(url).content.decode() for name, url in PAGES.items()}
    request = RequestFactory().get("/")
    html |= {
        "widened": _results("?ou=Saint-Denis+(974)&besoin=ameli&rayon=5"),
        "district": _results("?ou=97400"),
        "400": _results("?ou=%00"),
        "403": errors.permission_denied(request, PermissionError()).content.decode(),
        "403-forgery": Client(enforce_csrf_checks=True).post(PAGES["report"]).content.decode(),
        "414": _results(f"?ou={'a' * 70_000}"),
        "500": errors.server_error(request).content.decode(),
        "report-refused": Client().post(PAGES["report"], {"kind": "other"}).content.decode(),
        "report-too-long": Client()
        .post(PAGES["report"], {"kind": "x", "message": "a" * 3000})
        .content.decode(),
    }
    return html


def _results(query: str) -> str:
    return Client().get(f"/recherche/{query}").content.decode()


# --- The rules ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "wrong", "right"),
    [
        (BREAKABLE_BEFORE, "Où ?", "Où\u00a0?"),
        (BREAKABLE_BEFORE, "Source: liste", "Source\u00a0: https://liste.example"),
        (BREAKABLE_BEFORE, "« Oui »", "«\u00a0Oui\u00a0»"),
        (BREAKABLE_AFTER, "« Oui\u00a0»", "«\u00a0Oui\u00a0»"),
        (BREAKABLE_UNIT, "à 5 km", "à 5\u00a0km"),
        (TYPEWRITTEN, "l'aide", "l’aide"),
        (TYPEWRITTEN, "etc...", "etc…"),
        (FIRST_OF_MONTH, "le 1 mai", "le 1er mai, le 11 mai"),
        (ENGLISH, "Page not found", "Cette page n’existe pas"),
    ],
)
def test_fault_is_seen_and_its_correction_is_not(
    pattern: re.Pattern[str], wrong: str, right: str
) -> None:
    assert pattern.search(wrong)
    assert not pattern.search(right)


def test_high_punctuation_never_starts_a_line(pages: dict[str, str]) -> None:
    assert faults(pages, BREAKABLE_BEFORE) == {}


def test_opening_guillemet_never_ends_a_line(pages: dict[str, str]) -> None:
    assert faults(pages, BREAKABLE_AFTER) == {}


def test_number_and_its_unit_stay_on_one_line(pages: dict[str, str]) -> None:
    assert faults(pages, BREAKABLE_UNIT) == {}


def test_apostrophes_and_quotes_are_typographic(pages: dict[str, str]) -> None:
    assert faults(pages, TYPEWRITTEN) == {}


def test_first_day_of_a_month_is_an_ordinal(pages: dict[str, str]) -> None:
    assert faults(pages, FIRST_OF_MONTH) == {}


def test_first_day_of_a_month_is_an_ordinal_in_opening_times() -> None:
    today = timezone.localdate().replace(month=12, day=20)
    said = words.day(today.replace(year=today.year + 1, month=1, day=1), today)
    assert "1er janvier" in said


def test_no_page_speaks_english(pages: dict[str, str]) -> None:
    assert faults(pages, ENGLISH) == {}


# --- The pages ------------------------------------------------------------------------------------


def test_every_page_says_that_it_is_in_french(pages: dict[str, str]) -> None:
    assert [name for name, html in pages.items() if '<html lang="fr">' not in html] == []


def test_every_page_has_one_main_heading(pages: dict[str, str]) -> None:
    counts = {name: len(re.findall(r"<h1\b", html)) for name, html in pages.items()}
    assert {name: count for name, count in counts.items() if count != 1} == {}


def test_headings_skip_no_level(pages: dict[str, str]) -> None:
    skipping = {}
    for name, html in pages.items():
        levels = [int(level) for level in re.findall(r"<h([1-6])\b", html)]
        jumps = [b for a, b in pairwise(levels) if b > a + 1]
        if jumps:
            skipping[name] = levels
    assert skipping == {}


def title(html: str) -> str:
    """What the browser's tab says."""
    found = re.search(r"<title>(.*?)</title>", html, re.DOTALL)
    assert found
    return re.sub(r"[ \n\t]+", " ", found[1]).strip()


def test_every_page_has_its_own_title(pages: dict[str, str]) -> None:
    # Both refusals are the same page, both refused reports too, and both wrong searches.
    same = {"403-forgery", "report-too-long", "results-beyond"}
    titles = Counter(title(html) for name, html in pages.items() if name not in same)
    assert [name for name, count in titles.items() if count > 1] == []
    assert [name for name in titles if not name.endswith(" – Coup de main santé")] == []


def test_title_of_a_page_with_errors_says_so_first(pages: dict[str, str]) -> None:
    with_errors = ["results-error", "results-beyond", "report-refused", "report-too-long"]
    with_errors.append("short-code-wrong")
    assert [n for n in with_errors if not title(pages[n]).startswith("Erreur")] == []


def test_title_holds_no_stray_space_before_a_comma(pages: dict[str, str]) -> None:
    assert [title(html) for html in pages.values() if re.search(r" [,.]", title(html))] == []


def test_one_place_is_singular_and_two_are_plural() -> None:
    commune = make.CommuneFactory.create(name="Aubusson")
    gazetteer.clear()
    make.PlaceFactory.create(commune=commune)
    assert "1 lieu près" in _results("?ou=Aubusson")
    make.PlaceFactory.create(commune=commune)
    assert "2 lieux près" in _results("?ou=Aubusson")
