"""Rules of reading for the contacts, hours and texts of the national standard, cell by cell."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from directory.exchange import standard_cells as cells
from directory.exchange.report import Report
from directory.exchange.standard_cells import Notes
from directory.vocabularies.names import Itinerancy

KNOWN = "Espace du Canal Saint-Denis"


@pytest.fixture
def notes() -> Notes:
    """Notes of the line 2 of a file."""
    return Notes(Report(), 2)


@pytest.mark.parametrize(
    ("cell", "kept", "repairs"),
    [
        ("+33199001234", "+33199001234", set()),
        ("01 99 00 12 34", "+33199001234", set()),
        ("+269269601234", "+262269601234", {"country-code-corrected"}),
        ("3646", "3646", {"short-number"}),
    ],
)
def test_a_phone_is_written_in_e164(notes: Notes, cell: str, kept: str, repairs: set[str]) -> None:
    assert cells.phone(cell, "93", notes) == kept
    assert (set(notes.report.repairs), notes.report.problems) == (repairs, [])


def test_an_unreadable_phone_is_told_without_showing_it_whole(notes: Notes) -> None:
    assert cells.phone("06 39 98 0", "93", notes) == ""
    [problem] = notes.report.problems
    assert (problem.column, problem.value) == ("telephone", "06 39…")


def test_a_persons_email_is_left_out_and_counted(notes: Notes) -> None:
    cell = "Accueil@lieu.example|sophie.exemple@lieu.example|noreply@lieu.example"
    assert cells.emails(cell, KNOWN, notes) == ["accueil@lieu.example"]
    assert notes.report.dropped == {"courriel nominatif": 1, "courriel que personne ne lit": 1}


def test_an_unreadable_email_is_told_by_its_domain_only(notes: Notes) -> None:
    assert cells.emails("accu(eil@lieu.example", KNOWN, notes) == []
    assert [problem.value for problem in notes.report.problems] == ["…@lieu.example"]


def test_a_site_without_scheme_is_mended(notes: Notes) -> None:
    assert cells.urls("site_web", ["www.lieu.example"], notes) == ["https://www.lieu.example"]
    assert notes.report.repairs == {"url-scheme-added": 1}


@pytest.mark.parametrize(
    "cell", ["à l'accueil", "http:lieu", "javascript:alert(1)", "https://a.example/" + "a" * 400]
)
def test_what_is_not_a_web_address_is_told(notes: Notes, cell: str) -> None:
    assert cells.url("prise_rdv", cell, notes) == ""
    assert [problem.column for problem in notes.report.problems] == ["prise_rdv"]


def test_hours_of_the_standard_are_kept_as_published(notes: Notes) -> None:
    cell = "Mo-Fr 09:00-12:00,14:00-18:30; Sa 08:30-12:00"
    assert cells.hours(cell, KNOWN, "93", notes) == (cell, "")
    assert notes.report.problems == []


@pytest.mark.parametrize(
    ("cell", "note"),
    [
        ("Mo 09:00-12:00-14:00", ""),
        ("Mo 09:00-12:00,14:00-14:00", ""),
        ("Mo 09:00-12:00; " * 40, ""),
        ("Du lundi au jeudi, sauf fériés", "Du lundi au jeudi, sauf fériés"),
    ],
)
def test_unreadable_hours_are_told_and_kept_only_as_text(
    notes: Notes, cell: str, note: str
) -> None:
    assert cells.hours(cell, KNOWN, "93", notes) == ("", note)
    assert [problem.column for problem in notes.report.problems] == ["horaires"]


def test_personal_data_leave_a_text(notes: Notes) -> None:
    text = (
        "Contact : Mme Exemple au 06 39 98 00 01 ou au 01 99 00 12 34. sophie.exemple@lieu.example"
    )
    shown = cells.prose(text, KNOWN, "93", notes)
    assert [word for word in ("Exemple", "39", "@") if word in shown] == []
    assert "01\u00a099\u00a000\u00a012\u00a034" in shown
    assert notes.report.dropped == {
        "texte, nom d’une personne": 1,
        "texte, numéro de portable": 1,
        "texte, courriel nominatif": 1,
    }


def test_a_text_loses_its_mark_up(notes: Notes) -> None:
    text = "**Nos ateliers**&nbsp;:<br>\n\n\n\\- l'accueil <script>alert(1)</script>\x00"
    shown = cells.prose(text, KNOWN, "93", notes)
    assert shown == "Nos ateliers :\n\n- l’accueil alert(1)"


def test_what_is_told_hides_personal_data(notes: Notes) -> None:
    notes.problem("horaires", "Appeler Mme Exemple au 06 39 98 00 01", "illisible")
    [problem] = notes.report.problems
    assert "Exemple" not in problem.value
    assert "39" not in problem.value


@pytest.mark.parametrize(
    ("cell", "day", "told"),
    [
        ("2024-04-02", date(2024, 4, 2), 0),
        ("2024-04-02T10:00:00Z", date(2024, 4, 2), 0),
        ("", None, 0),
        ("02/04/2024", date(2024, 4, 2), 0),
        ("jour inconnu", None, 1),
    ],
)
def test_a_date_is_read_or_told(notes: Notes, cell: str, day: date | None, told: int) -> None:
    assert cells.updated_on(cell, notes) == day
    assert len(notes.report.problems) == told


def test_a_date_to_come_is_told(notes: Notes) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert cells.updated_on(tomorrow.isoformat(), notes) is None
    assert [problem.reason for problem in notes.report.problems] == ["date à venir"]


@pytest.mark.parametrize(
    ("cell", "kept", "told"),
    [
        ("43493312300029", "43493312300029", 0),
        ("00000000000000", "", 0),
        ("434 933 123 00029", "43493312300029", 0),
        ("SIRET inconnu", "", 1),
    ],
)
def test_fourteen_zeros_mean_that_the_siret_is_unknown(
    notes: Notes, cell: str, kept: str, told: int
) -> None:
    assert cells.pivot(cell, notes) == kept
    assert len(notes.report.problems) == told


@pytest.mark.parametrize(("cell", "kept"), [("93200", "93200"), ("1000", "01000"), ("F-93200", "")])
def test_a_postcode_has_five_digits(notes: Notes, cell: str, kept: str) -> None:
    assert cells.postcode(cell, notes) == kept


@pytest.mark.parametrize(
    ("values", "kept", "told"),
    [
        (["Fixe"], Itinerancy.FIXED, 0),
        (["Itinérant", "Fixe"], Itinerancy.BOTH, 0),
        (["Volant"], Itinerancy.UNKNOWN, 1),
    ],
)
def test_itinerance_may_hold_both_values(
    notes: Notes, values: list[str], kept: Itinerancy, told: int
) -> None:
    assert cells.itinerancy(values, notes) == kept
    assert len(notes.report.problems) == told
