"""What is exported, imported into an empty directory and exported again is the same."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from directory.exchange.standard_cells import line_of_text
from directory.models import Place
from directory.vocabularies.names import Itinerancy, PositionPrecision
from tests import factories as make
from tests.exports import reading, rich

pytestmark = pytest.mark.django_db

NASTY = st.text(
    st.one_of(
        st.sampled_from("=+-@\t\r\n'\"’«»;,|&<>*#\\_./:0123456789 ÃéœŒ％＝"),
        st.sampled_from("abcdeZÀ\u00a0\u2028\x85"),
        st.characters(exclude_categories=["Cs"], exclude_characters="\x00"),
    ),
    max_size=40,
)
"""Characters that mean something to CSV, to spreadsheets, to XML or to the reader, and others."""

PLACES = st.fixed_dictionaries(
    {
        "name": NASTY.filter(line_of_text),
        "pivot": st.sampled_from([rich.SIRET, "W751234567", "", "0" * 14, "4349331230002", "x"]),
        "address": NASTY,
        "address_complement": NASTY,
        "postcode": st.sampled_from(["93200", "93500", ""]),
        "latitude": st.floats(48.8, 49.0),
        "longitude": st.floats(2.2, 2.5),
        "position_precision": st.sampled_from(PositionPrecision.values),
        "phone": st.sampled_from(["", "+33199001234", "+33639981234", "+262269612345", "3646"]),
        "emails": st.lists(st.emails(), max_size=2),
        "websites": st.lists(
            st.sampled_from(["https://a.example/", "https://a.example/|=1", "javascript:x", "=1"]),
            max_size=2,
        ),
        "opening_hours": st.sampled_from(
            ["", rich.HOURS, "Mo 14:00-14:00", "du lundi au vendredi : 9h-12h", "=1", "24/7"]
        ),
        "itinerancy": st.sampled_from(Itinerancy.values),
        "group_name": NASTY,
        "summary": NASTY | NASTY.map(lambda text: f"{text} mot" * 90),
        "description": NASTY,
        "other_labels": NASTY,
    }
)


def again(path: Path) -> bytes:
    """Import a file into an empty directory and export it."""
    rich.emptied()
    rich.loaded(path)
    return reading.written(path.name)


@pytest.fixture
def territory(db: None) -> None:
    """The vocabularies and two communes."""
    rich.ready()


@pytest.fixture
def full(tmp_path: Path) -> list[Place]:
    """Places of every kind, of two sources and of none."""
    source = rich.ready()
    town = make.ActorFactory.create(name="Ville de Saint-Denis", slug="ville-de-saint-denis")
    same = make.ActorFactory.create(name="VILLE de Saint-Denis", slug="ville-de-saint-denis-2")
    other = make.SourceFactory.create(slug="autre", name="=2+2 ; autre liste")
    made = [
        rich.with_terms(rich.place(source, operator=town), source),
        rich.with_terms(rich.place(other, operator=same), other, services=1),
        rich.place(source, name="=1+1", itinerancy="itinerant", group_name="Réseau du canal"),
        rich.place(None, name="Sans rien", **dict.fromkeys(EMPTY, ""), emails=[], websites=[]),
        rich.place(source, position_precision=PositionPrecision.COMMUNE),
    ]
    assert all(one.pk for one in made)
    return made


EMPTY = (
    "address_complement", "phone", "booking_url", "acceslibre_url", "opening_hours", "itinerancy",
    "summary", "description", "other_labels",
)  # fmt: skip


@pytest.mark.parametrize("name", reading.NAMES)
def test_round_trip_is_identical(name: str, full: list[Place], tmp_path: Path) -> None:
    path = reading.saved(tmp_path, name)
    before = path.read_bytes()
    assert len(reading.rows()) == len(full)
    assert again(path) == before


def test_places_outside_the_standard_come_back_with_all_its_columns(tmp_path: Path) -> None:
    source = rich.ready()
    rich.with_terms(rich.place(source, pivot="", operator=make.ActorFactory()), source)
    rich.place(source, address="", pivot="0" * 14)
    path = reading.saved(tmp_path, "lieux-hors-standard.csv")
    before = reading.rows(path.name)
    again(path)
    after = reading.rows(path.name)
    columns = [name for name in before[0] if name in {*reading.schema.columns(), "motif"}]
    assert len(columns) == 33
    assert [[row[name] for name in columns] for row in after] == [
        [row[name] for name in columns] for row in before
    ]


@settings(
    max_examples=25,
    deadline=None,
    # Each attempt writes files and a database: making a failure smaller takes minutes.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(drawn=st.lists(PLACES, min_size=1, max_size=3))
def test_round_trip_is_identical_whatever_was_typed(
    territory: None, drawn: list[dict[str, Any]], tmp_path: Path
) -> None:
    rich.emptied()
    source = rich.own_source()
    for changes in drawn:
        rich.with_terms(rich.place(source, **changes), source)
    for name in ("lieux.csv", "lieux-hors-standard.csv"):
        reading.saved(tmp_path, name)
    held, outside = (reading.rows(name) for name in ("lieux.csv", "lieux-hors-standard.csv"))
    rich.emptied()
    rich.loaded(tmp_path / "lieux.csv", partial=True)
    rich.loaded(tmp_path / "lieux-hors-standard.csv", partial=True)
    assert reading.rows("lieux.csv") == held
    columns = reading.schema.columns()
    after = reading.rows("lieux-hors-standard.csv")
    assert [[row[name] for name in columns] for row in after] == [
        [row[name] for name in columns] for row in outside
    ]


def test_second_import_of_an_export_changes_nothing(full: list[Place], tmp_path: Path) -> None:
    path = reading.saved(tmp_path, "lieux.csv")
    rich.emptied()
    rich.loaded(path)
    report = rich.loaded(path)
    assert (report.added, report.updated, report.unchanged) == (0, 0, len(full))
