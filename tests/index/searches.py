"""Searches drawn by hypothesis over the small worlds."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from directory.search.boxes import Box
from directory.search.criteria import ANYWHERE_KM, Access, Criteria, Facet, Sort
from tests.index.worlds import COMMUNES, DEPARTMENTS, NEEDS, OFFSETS, PARENTS, TERMS, WORDS, pick

CODES = {
    Facet.NEED: NEEDS,
    Facet.SUPPORT_MODE: TERMS["support_mode"],
    Facet.ACTIVITY: TERMS["activity"],
    Facet.PUBLIC: TERMS["public"],
    Facet.SPECIAL_CARE: TERMS["special_care"],
    Facet.LANGUAGE: (*TERMS["language"], "fr"),
    Facet.COST: TERMS["cost"],
    Facet.NETWORK: (*TERMS["programme"], *TERMS["training_label"]),
    Facet.KIND: TERMS["kind"],
    Facet.EQUIPMENT: TERMS["equipment"],
    Facet.ACCESS: tuple(Access),
    Facet.ITINERANT: ("oui",),
    Facet.VERIFIED: ("oui",),
    Facet.DEPARTMENT: tuple(DEPARTMENTS),
    Facet.REGION: ("75", "44"),
}
MOMENTS = st.integers(0, 14 * 24 * 60 * 60).map(
    lambda seconds: datetime(2026, 7, 8, tzinfo=UTC) + timedelta(seconds=seconds)
)


@st.composite
def boxes(draw: Callable[..., Any]) -> Box:
    """Draw a box round a commune, one of whose corners may be a place's very position."""
    latitude, longitude = COMMUNES[draw(st.sampled_from(sorted(COMMUNES)))]["point"]
    north, east = draw(st.sampled_from(OFFSETS[1:]))
    south, west = draw(st.sampled_from([(0.0, 0.0), (0.3, 0.4), (9.0, 9.0)]))
    return Box(longitude - west, latitude - south, longitude + abs(east), latitude + abs(north))


@st.composite
def criteria(draw: Callable[..., Any]) -> Criteria:
    """Draw a search."""
    facets = {
        facet: frozenset(draw(st.lists(st.sampled_from(CODES[facet]), min_size=1, max_size=2)))
        for facet in draw(pick(Facet, 3))
    }
    needs = facets.get(Facet.NEED, frozenset())
    center = COMMUNES[draw(st.sampled_from(sorted(COMMUNES)))]["point"]
    box = draw(st.none() | boxes())
    return Criteria(
        point=draw(st.sampled_from([None, center, center])) or (box and box.center),
        radius=draw(st.sampled_from([5.0, 20.0, 50.0, 100.0, ANYWHERE_KM if box else 20_000.0])),
        department=draw(st.sampled_from(["", "", "23"])),
        region=draw(st.sampled_from(["", "44"])),
        facets=facets,
        words=tuple(draw(pick(WORDS))),
        declared_only=draw(st.booleans()),
        now=draw(MOMENTS),
        day=draw(st.integers(0, 6)),
        minute=draw(st.integers(0, 1439)),
        verified_since=date(2026, 1, 1),
        parents={code: PARENTS[code] for code in needs if code in PARENTS},
        children={
            code: frozenset(child for child, parent in PARENTS.items() if parent == code)
            for code in needs
        },
        sort=draw(st.sampled_from([Sort.DISTANCE, Sort.DISTANCE, Sort.NAME, Sort.VERIFIED])),
        bbox=box,
    )
