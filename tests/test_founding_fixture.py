"""The founding documents as data: what they say and nothing more, without a database."""

import csv
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
FOUNDING = FIXTURES / "founding" / "actors.json"

# Lines of each founding document, as the reference texts are kept.
DOCUMENT_LENGTHS = {"000": 1321, "001": 4616, "002": 1452, "003": 149, "004": 158}
CATEGORIES = {
    "state_programme", "administration", "public_interest_group", "national_network", "hub",
    "health_body", "local_structure",
}  # fmt: skip
LEVELS = {"national", "regional", "departmental", "local"}
VOCABULARY_OF = {
    "activities": "activity",
    "support_modes": "support_mode",
    "publics": "public",
    "special_care": "special_care",
    "languages": "language",
    "ways_in": "way_in",
    "costs": "cost",
    "equipment": "equipment",
}
TERRITORIES = {"regions": "regions", "departments": "departments", "communes": "communes"}
# The eleven structures the Fnes interviewed (survey of 2023, annex 7).
INTERVIEWED = [
    "avenir-sante-villejean-beauregard", "centre-sante-communautaire-bron", "comede", "corhesan",
    "cpam-hautes-pyrenees", "guyane-promo-sante", "ireps-auvergne-rhone-alpes",
    "plateforme-sante-precarite-toulouse", "reseau-intermed-drome", "reseda", "tsigane-habitat",
]  # fmt: skip
# The survey's list of structures (annex 6): one line each.
FIRST_SURVEY_LINE, LAST_SURVEY_LINE = 1804, 1915
SURVEY_STRUCTURES = 57
GENERIC_MAILBOXES = {"contact", "santeprecaritemp"}
LANDLINE = re.compile(r"\+33[1-5]\d{8}|\+(?:590590|594594|596596|262262|262269)\d{6}")
MOBILE = re.compile(r"(?<!\d)(?:(?:\+|00)33[\s.]?|0)[67](?:[\s.\-\u00a0]?\d{2}){4}(?!\d)")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
KEBAB = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
RANGES = re.compile(r"\d+(?:-\d+)?(?:, \d+(?:-\d+)?)*")
MISSING_NO_BREAK_SPACE = re.compile(r"(?<!\u00a0)[;!?»]|«(?!\u00a0)|[^\u00a0\d]:(?!//)")


@cache
def fixture() -> dict[str, Any]:
    """The fixture, read once."""
    content: dict[str, Any] = json.loads(FOUNDING.read_text(encoding="utf-8"))
    return content


def actors() -> list[dict[str, Any]]:
    """Every actor of the fixture."""
    return list(fixture()["actors"])


def actor(slug: str) -> dict[str, Any]:
    """One actor; an unknown slug raises StopIteration."""
    return next(one for one in actors() if one["slug"] == slug)


def parts(kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every place or every service, with its actor's slug."""
    for one in actors():
        for part in one[kind]:
            yield one["slug"], part


def vocabulary(name: str) -> set[str]:
    """Codes of one vocabulary."""
    text = (FIXTURES / "vocabularies" / f"{name}.json").read_text(encoding="utf-8")
    return {term["code"] for term in json.loads(text)["terms"]}


def needs() -> set[str]:
    """Codes of the health needs."""
    text = (FIXTURES / "needs.json").read_text(encoding="utf-8")
    return {need["code"] for need in json.loads(text)["needs"]}


@cache
def geography(table: str) -> frozenset[str]:
    """Codes of the regions, departments or communes shipped with the project."""
    path = FIXTURES / "geography" / f"{table}.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as rows:
        return frozenset(row["code"] for row in csv.DictReader(rows))


def citations() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every citation of an actor, a place or a service, and the further ones it holds."""
    owners = [(one["slug"], one) for one in actors()] + list(parts("places"))
    for slug, owner in [*owners, *parts("services")]:
        main = owner["citation"]
        for citation in [main, *main.get("also", [])]:
            yield slug, citation


def bounds(lines: str) -> list[tuple[int, int]]:
    """First and last line of each range of "12-15, 40"."""
    pairs = [piece.partition("-") for piece in lines.split(", ")]
    return [(int(first), int(last or first)) for first, _, last in pairs]


def texts() -> Iterator[tuple[str, str]]:
    """Every sentence the screen shows, with the slug it belongs to."""
    shown = {
        "name", "short_name", "legal_status", "description", "how_it_works", "mediation_actions",
        "partnerships", "area_note", "how_to_book", "address", "complement",
    }  # fmt: skip
    owners = [(one["slug"], one) for one in actors()]
    for slug, owner in [*owners, *parts("places"), *parts("services")]:
        for key in sorted(shown & owner.keys()):
            yield f"{slug}.{key}", owner[key]


def survey_actors() -> Counter[int]:
    """Line of the survey's list of structures, to how many actors cite it."""
    return Counter(
        first
        for one in actors()
        if one["citation"]["document"] == "001"
        for first, last in bounds(one["citation"]["lines"])
        if FIRST_SURVEY_LINE <= first == last <= LAST_SURVEY_LINE
    )


# --- Shape ----------------------------------------------------------------------------------------


def test_five_documents_are_described() -> None:
    documents = {document["code"]: document for document in fixture()["documents"]}
    assert documents.keys() == DOCUMENT_LENGTHS.keys()
    assert [d["code"] for d in documents.values() if not (d["title"] and d["publisher"])] == []


def test_slugs_are_unique_and_kebab() -> None:
    for slugs in (
        [one["slug"] for one in actors()],
        [place["slug"] for _, place in parts("places")],
    ):
        assert [slug for slug, times in Counter(slugs).items() if times > 1] == []
        assert [slug for slug in slugs if not KEBAB.fullmatch(slug)] == []


def test_file_is_sorted_by_slug() -> None:
    slugs = [one["slug"] for one in actors()]
    assert slugs == sorted(slugs)


def test_category_and_level_are_known() -> None:
    assert {one["category"] for one in actors()} == CATEGORIES
    assert {one["level"] for one in actors()} == LEVELS


def test_member_of_names_an_actor_of_the_file() -> None:
    slugs = {one["slug"] for one in actors()}
    unknown = {(one["slug"], net) for one in actors() for net in one["member_of"]}
    assert {pair for pair in unknown if pair[1] not in slugs or pair[0] == pair[1]} == set()


def test_every_actor_is_named_and_described() -> None:
    assert [one["slug"] for one in actors() if not (one["name"] and one["description"])] == []


# --- Vocabularies and territories -----------------------------------------------------------------


def test_needs_belong_to_the_needs_fixture() -> None:
    declared = {code for _, service in parts("services") for code in service["needs"]}
    assert declared - needs() == set()


@pytest.mark.parametrize(("field", "name"), sorted(VOCABULARY_OF.items()))
def test_codes_of_a_service_belong_to_their_vocabulary(field: str, name: str) -> None:
    used = {code for _, service in parts("services") for code in service[field]}
    assert used - vocabulary(name) == set()


def test_kinds_of_place_belong_to_the_standard() -> None:
    assert {kind for _, place in parts("places") for kind in place["kinds"]} <= vocabulary("kind")


@pytest.mark.parametrize("field", sorted(TERRITORIES))
def test_territory_codes_exist(field: str) -> None:
    areas = [service["area"] or {} for _, service in parts("services")]
    used = {code for owner in [*actors(), *areas] for code in owner.get(field, [])}
    if field == "communes":
        used |= {place["commune"] for _, place in parts("places")}
    assert used - geography(TERRITORIES[field]) == set()


def test_area_is_the_country_or_a_list_of_territories() -> None:
    for slug, service in parts("services"):
        area = service["area"]
        if area is None or area == {"national": True}:
            continue
        assert area.keys() == TERRITORIES.keys(), slug
        assert any(area.values()), slug


def test_a_service_has_a_place_of_its_actor_or_an_area() -> None:
    for one in actors():
        slugs = {place["slug"] for place in one["places"]}
        for service in one["services"]:
            assert service["place"] is None or service["place"] in slugs, one["slug"]
            assert service["place"] or service["area"], (one["slug"], service["name"])


# --- Sources --------------------------------------------------------------------------------------


def test_every_citation_falls_inside_its_document() -> None:
    for slug, citation in citations():
        assert RANGES.fullmatch(citation["lines"]), slug
        for first, last in bounds(citation["lines"]):
            assert 1 <= first <= last <= DOCUMENT_LENGTHS[citation["document"]], slug


@pytest.mark.parametrize("slug", INTERVIEWED)
def test_an_interviewed_structure_declares_a_health_need(slug: str) -> None:
    services = actor(slug)["services"]
    assert any(service["needs"] for service in services)
    assert {service["citation"]["document"] for service in services} == {"001"}


def test_each_structure_of_the_survey_is_an_actor_of_its_own() -> None:
    lines = survey_actors()
    assert len(lines) == SURVEY_STRUCTURES
    assert set(lines.values()) == {1}


def test_a_structure_only_listed_by_the_survey_has_no_service() -> None:
    listed = [
        one for one in actors()
        if one["slug"] not in INTERVIEWED and one["citation"]["document"] == "001"
        and FIRST_SURVEY_LINE <= bounds(one["citation"]["lines"])[0][0] <= LAST_SURVEY_LINE
    ]  # fmt: skip
    assert len(listed) == SURVEY_STRUCTURES - len(INTERVIEWED) + 1  # the Comede is not listed
    assert [one["slug"] for one in listed if one["services"] or one["places"]] == []


# --- Privacy and typography -----------------------------------------------------------------------


def test_no_mobile_is_published() -> None:
    assert MOBILE.findall(FOUNDING.read_text(encoding="utf-8")) == []


def test_every_mailbox_is_an_organisations() -> None:
    addresses = EMAIL.findall(FOUNDING.read_text(encoding="utf-8"))
    assert {address.partition("@")[0] for address in addresses} <= GENERIC_MAILBOXES


def test_every_phone_is_a_landline() -> None:
    phones = [owner["phone"] for owner in actors()] + [p["phone"] for _, p in parts("places")]
    assert [phone for phone in phones if phone and not LANDLINE.fullmatch(phone)] == []


def test_text_follows_french_typography() -> None:
    faults = {
        where: text
        for where, text in texts()
        if "'" in text or '"' in text or MISSING_NO_BREAK_SPACE.search(text) or text != text.strip()
    }
    assert faults == {}
