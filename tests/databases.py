"""What PostgreSQL runs again after SQLite: every test that could find a difference between the two.

Two kinds of tests are left out there, and nothing else:
- those that ask no database, found by their marks and fixtures;
- those of the files below, which read what factories wrote to draw pages from it, or draw thousands
  of cases answered from memory. A file that writes by the site's own hand (imports, moderation,
  locks, constraints) has no place here: tests/test_databases.py refuses it. Only a test of it may
  have one, where others write the same way on both.
"""

from collections.abc import Iterable
from typing import Any

FRANCE_SERVICES = "tests/test_france_services_import.py"
ONCE = {
    "pages and files, drawn from records that the search, tested on both, finds": (
        "tests/test_actor_pages.py",
        "tests/test_api_surface.py",
        "tests/test_calendar_files.py",
        "tests/test_carnet_page.py",
        "tests/test_composer.py",
        "tests/test_contact_card.py",
        "tests/test_french.py",
        "tests/test_home.py",
        "tests/test_map_page.py",
        "tests/test_place_page.py",
        "tests/test_privacy.py",
        "tests/test_results_page.py",
        "tests/test_security_headers.py",
        "tests/test_share_page.py",
        "tests/test_sheet_content.py",
        "tests/test_sheet_layout.py",
        "tests/test_sheet_page.py",
        "tests/test_sheet_pdf.py",
        "tests/test_static_budget.py",
        "tests/test_static_pages.py",
        "tests/test_structured_data.py",
        "tests/test_translations.py",
        "tests/test_widget.py",
    ),
    "thousands of drawn cases; tests/test_bad_input.py and tests/index name those that count": (
        "tests/index/test_clusters.py",
        "tests/index/test_index_agreement.py",
        "tests/test_api_schemathesis.py",
        "tests/test_fuzz.py",
    ),
    "the whole country in memory, which tests/test_geography.py loads on both": (
        "tests/test_phrases.py",
        "tests/test_query_set.py",
        "tests/test_where.py",
    ),
    "a whole list, of which tests/exports/test_real_list.py imports a part on both": (
        f"{FRANCE_SERVICES}::test_the_shipped_list_is_wholly_stored_and_the_same_when_read_again",
    ),
}
"""Files and tests by the reason to run them on SQLite only."""

DATABASE = {"db", "transactional_db", "live_server", "django_db_setup"}
"""Fixtures of the tests that ask a database."""


def split(items: Iterable[Any]) -> tuple[list[Any], list[Any]]:
    """Part pytest's items: those to run on a second database, those to leave out."""
    once = {name for names in ONCE.values() for name in names}
    kept: list[Any] = []
    left: list[Any] = []
    for item in items:
        asks = item.get_closest_marker("django_db") or DATABASE & set(item.fixturenames)
        is_once = {item.nodeid, item.nodeid.split("::")[0]} & once
        (kept if asks and not is_once else left).append(item)
    return kept, left
