"""Writes the cells of the national standard: what is written is what its own reader would keep.

Every value goes through the reader's rule until it no longer changes: a file that is imported gives
the same file again, and nothing that the reader would leave out (a person's e-mail, hours that
nobody can read) leaves the directory either.
"""

from collections.abc import Callable
from datetime import date
from functools import lru_cache

from directory.exchange import positions, standard_wording
from directory.exchange import standard_cells as reader
from directory.exchange.report import silent
from directory.exchange.standard_cells import Notes, line_of_text, typography
from directory.exchange.standard_reader import clip
from directory.exchange.table_csv import mended
from directory.models import Commune
from directory.vocabularies.names import Itinerancy, PositionPrecision

NOBODY = Notes(silent(), 0)
TRIES = 6
"""Readings after which a text that still changes is left out: none is known."""
ITINERANCY: dict[str, str] = {
    Itinerancy.FIXED: "Fixe",
    Itinerancy.ITINERANT: "Itinérant",
    Itinerancy.BOTH: "Fixe|Itinérant",
}


def settled(text: str, read: Callable[[str], str]) -> str:
    """Return a text that `read` leaves as it is, "" when there is none."""
    if not text:
        return ""
    for _attempt in range(TRIES):
        after = read(text)
        if after == text:
            return text
        text = after
    return ""


def line(text: str) -> str:
    """Return a text on one line."""
    return settled(text, lambda value: line_of_text(mended(value)))


def title(text: str) -> str:
    """Return a name or an address as the reader writes it."""
    return typography(line(text))


def prose(text: str, known: str, department: str, field: str) -> str:
    """Return a free text; `field` is the place's own, whose length counts."""

    def read(value: str) -> str:
        return clip(field, reader.prose(mended(value), known, department, NOBODY))

    return settled(text, read)


def one_line_prose(text: str, known: str, department: str, field: str) -> str:
    """Return a free text on one line."""

    def read(value: str) -> str:
        return clip(field, reader.prose(line_of_text(mended(value)), known, department, NOBODY))

    return settled(text, read)


def shortened(text: str, longest: int | None) -> str:
    """Return a text cut between two words, and told to be."""
    if longest is None or len(text) <= longest:
        return text
    cut = text[: longest - 1].rpartition(" ")[0] or text[: longest - 1]
    return f"{cut.rstrip(' ,;:.')}…"


@lru_cache(maxsize=16_384)
def pivot(text: str) -> str:
    """Return a SIRET, RNA or RIDET; "" for none, and for one repeated digit: nobody's number."""
    number = settled(line(text), lambda value: reader.pivot(value, NOBODY))
    return "" if len(set(number)) < 2 else number


@lru_cache(maxsize=16_384)
def phone(number: str, department: str) -> str:
    """Return a number in E.164, or a short one."""
    return settled(number, lambda value: reader.phone(value, department, NOBODY))


@lru_cache(maxsize=16_384)
def hours(text: str) -> str:
    """Return hours in the OpenStreetMap format, "" when they cannot be read."""
    return settled(line(text), lambda value: reader.hours(value, "", "", NOBODY)[0])


def emails(found: list[str], known: str) -> str:
    """Return the generic addresses."""
    text = "|".join(map(str, found))
    return settled(text, lambda value: "|".join(reader.emails(value, known, NOBODY)))


def urls(found: list[str]) -> str:
    """Return the sites; a vertical bar inside an address is percent-encoded."""
    text = "|".join(str(address).replace("|", "%7C") for address in found)
    return settled(
        text, lambda value: "|".join(reader.urls("site_web", reader.parts(value), NOBODY))
    )


def url(text: str) -> str:
    """Return one address."""
    return settled(line(text), lambda value: reader.url("prise_rdv", value, NOBODY))


def labels(text: str) -> str:
    """Return labels that no list holds."""

    def read(value: str) -> str:
        return clip("other_labels", ", ".join(reader.parts(mended(value))))

    return settled(text, read)


def parent(text: str, commune: Commune, actors_by_slug: dict[str, str]) -> str:
    """Return the body or the group that a place belongs to, under the name the directory has."""

    def read(value: str) -> str:
        operator, group = standard_wording.parent(line(value), commune, NOBODY)
        if operator:
            return actors_by_slug.get(operator.slug, operator.name)
        return clip("group_name", group)

    return settled(line(text), read) if text else ""


def point(
    latitude: float | None, longitude: float | None, precision: str, commune: Commune
) -> tuple[str, str]:
    """Return the degrees of a place, both "" when they are only its commune's centre.

    The standard has no column to tell them apart, and a centre would be taken for the address.
    """
    if latitude is None or longitude is None or precision == PositionPrecision.COMMUNE:
        return "", ""
    if not positions.believable((latitude, longitude), commune):
        return "", ""
    return repr(latitude), repr(longitude)


def day(*days: date | None, today: date) -> str:
    """Return the last of the days that are known and not to come, "" without any."""
    known = [one for one in days if one and one <= today]
    return max(known).isoformat() if known else ""
