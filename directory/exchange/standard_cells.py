"""Reads the cells of the national standard: each gives a checked value, or is told and left out."""

import html
import re
import unicodedata
from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from opening_hours import validate

from directory.exchange import emails as addresses
from directory.exchange import phones
from directory.exchange.drafts import Rejection, Report
from directory.exchange.france_services_comment_patterns import HANGING, MAIL, PHONE, REMOVED
from directory.exchange.france_services_comments import scrub
from directory.vocabularies.names import Itinerancy

UNKNOWN_PIVOT = "0" * 14
PIVOT = re.compile(r"(?=.*\d)[a-zA-Z0-9]{9,14}")
POSTCODE = re.compile(r"\d{5}")
HOURS_RANGE = re.compile(r"(\d\d:\d\d) ?- ?(\d\d:\d\d)")
WORD = re.compile(r"[A-Za-zÀ-ÿ]{4,}")
"""No day nor state of the OpenStreetMap format ("Mo", "off") is that long."""
MAYOTTE = re.compile(r"^\+269(?=(?:269|639)\d{6}$)")
"""The standard's pattern gives Mayotte the country code of the Comoros; its own is +262."""
MAX_HOURS = 400
MAX_URL = 400
ITINERANCY = {
    frozenset(): Itinerancy.UNKNOWN,
    frozenset({"Fixe"}): Itinerancy.FIXED,
    frozenset({"Itinérant"}): Itinerancy.ITINERANT,
    frozenset({"Fixe", "Itinérant"}): Itinerancy.BOTH,
}
PERSONAL = {
    "person-name": "nom d’une personne",
    "mobile": "numéro de portable",
    "nominative-email": "courriel nominatif",
}
_is_web_address = URLValidator(schemes=["http", "https"])


class Notes:
    """What is told of one row. `columns` gives the file's own name of a column of v1.0.2."""

    def __init__(self, report: Report, line: int, columns: dict[str, str] | None = None) -> None:
        self.report = report
        self.line = line
        self.columns = columns or {}

    def problem(self, column: str, value: str, reason: str) -> None:
        """Tell a value left out; what may be a person's is hidden from the message."""
        shown = re.sub(f"[{PHONE}{MAIL}{REMOVED}]", "…", scrub(value, "")[0])
        name = self.columns.get(column, column)
        self.report.problems.append(Rejection(self.line, name, shown, reason))

    def repaired(self, name: str) -> None:
        """Count a value mended."""
        self.report.repairs[name] += 1

    def dropped(self, kind: str, count: int = 1) -> None:
        """Count values left out on purpose."""
        self.report.dropped[kind] += count


def line_of_text(cell: str) -> str:
    """Return a cell on one line, without control characters (PostgreSQL refuses NUL)."""
    kept = "".join(char for char in cell if char.isspace() or unicodedata.category(char) != "Cc")
    return " ".join(kept.split())


def parts(cell: str, separator: str = "|") -> list[str]:
    """Return the values of a cell that may hold several, each once."""
    values = (line_of_text(value) for value in cell.split(separator))
    return list(dict.fromkeys(value for value in values if value))


def typography(text: str) -> str:
    """Write the apostrophe as French books do."""
    return text.replace("'", "’")


def prose(cell: str, known: str, department: str, notes: Notes) -> str:
    """Return a free text without mark-up nor anything personal.

    `known` (name of the place, commune) clears the generic addresses that bear its words.
    """
    paragraphs = [line_of_text(line) for line in _without_markup(cell).split("\n")]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(paragraphs)).strip()
    text = re.sub(f"[{PHONE}{MAIL}{REMOVED}]", "", text)

    def own(match: re.Match[str]) -> str:
        if addresses.is_publishable(match[0], known):
            return match[0]
        notes.dropped(f"texte, {PERSONAL['nominative-email']}")
        return REMOVED

    clean, contacts, dropped = scrub(addresses.EMAIL.sub(own, text), department)
    if REMOVED not in clean:
        return typography(text)
    for kind, count in dropped.items():
        notes.dropped(f"texte, {PERSONAL[kind]}", count)
    remaining = iter(contacts)
    clean = re.sub(f"[{PHONE}{MAIL}]", lambda _mark: _written(next(remaining)), clean)
    return typography(HANGING.sub(" ", clean).replace(REMOVED, "").strip())


def _without_markup(text: str) -> str:
    text = re.sub(r"(?i)<br\s*/?>|</(?:p|li|div|h\d)>", "\n", html.unescape(text))
    text = re.sub(r"</?[A-Za-z][^<>]*>", "", text)
    return re.sub(r"(?m)\*\*|^#+ |\\(?=[-_*#.])", "", text)


def _written(contact: str) -> str:
    return contact if "@" in contact else f"{phones.display(contact)} "


def phone(cell: str, department: str, notes: Notes) -> str:
    """Return the first number of a cell in E.164, or a short number; "" and told otherwise."""
    if not cell:
        return ""
    number = MAYOTTE.sub("+262", cell)
    if number != cell:
        notes.repaired("country-code-corrected")
    result = phones.to_e164(number, department)
    for repair in result.repairs:
        # The standard asks for E.164: grouped digits are not what is expected here.
        if repair != "written-form":
            notes.repaired(repair)
    if result.problem:
        notes.problem("telephone", f"{cell[:5]}…", f"numéro illisible ({result.problem})")
    return result.e164 or result.display


def emails(cell: str, known: str, notes: Notes) -> list[str]:
    """Return the generic addresses of a cell; a person's are left out and counted."""
    kept = []
    for email in re.split(r"[|;,\s]+", cell.lower()):
        if not email:
            continue
        if not addresses.EMAIL.fullmatch(email):
            notes.problem("courriels", f"…@{email.rpartition('@')[2]}", "courriel illisible")
        elif addresses.is_placeholder(email):
            notes.dropped("courriel que personne ne lit")
        elif addresses.is_nominative(email, known):
            notes.dropped("courriel nominatif")
        else:
            kept.append(email)
    return list(dict.fromkeys(kept))


def url(column: str, value: str, notes: Notes) -> str:
    """Return a web address as published, "https://" added when it lacks; "" and told otherwise."""
    if not value:
        return ""
    address = value
    if re.match(r"www\.", address):
        address = f"https://{address}"
        notes.repaired("url-scheme-added")
    try:
        _is_web_address(address)
    except ValidationError:
        notes.problem(column, value, "ce n’est pas une adresse de site")
        return ""
    if len(address) > MAX_URL:
        notes.problem(column, value, f"adresse de plus de {MAX_URL} caractères")
        return ""
    return address


def urls(column: str, values: Iterable[str], notes: Notes) -> list[str]:
    """Return the web addresses that can be read, in the file's order."""
    return [address for value in values if (address := url(column, value, notes))]


def hours(cell: str, known: str, department: str, notes: Notes) -> tuple[str, str]:
    """Return hours in the OpenStreetMap format, and a text to show when they are only readable.

    Both "" when the cell is empty or says nothing for sure. "14:00-14:00" means a whole day in that
    format: a counter that wrote it made a slip, so the cell is left out.
    """
    if not cell:
        return "", ""
    backwards = any(end <= start for start, end in HOURS_RANGE.findall(cell))
    if len(cell) <= MAX_HOURS and not backwards and validate(cell):
        return cell, ""
    readable = WORD.search(cell) is not None
    reason = "une plage finit avant de commencer" if backwards else "horaires illisibles"
    notes.problem("horaires", cell, f"{reason}, gardés comme texte" if readable else reason)
    note = line_of_text(prose(cell, known, department, notes)) if readable else ""
    return "", note


def updated_on(cell: str, notes: Notes) -> date | None:
    """Return the day the producer last changed the row (ISO 8601), None and told otherwise."""
    if not cell:
        return None
    try:
        day = date.fromisoformat(cell[:10])
    except ValueError:
        notes.problem("date_maj", cell, "date illisible (AAAA-MM-JJ attendu)")
        return None
    if day > timezone.localdate():
        notes.problem("date_maj", cell, "date à venir")
        return None
    return day


def pivot(cell: str, notes: Notes) -> str:
    """Return a SIRET, RNA or RIDET; fourteen zeros mean that the producer does not know it."""
    number = cell.replace(" ", "")
    if number in {"", UNKNOWN_PIVOT}:
        return ""
    if not PIVOT.fullmatch(number):
        notes.problem("pivot", cell, "ni SIRET, ni RNA, ni RIDET")
        return ""
    return number


def postcode(cell: str, notes: Notes) -> str:
    """Return five digits, the leading zero that spreadsheets drop restored."""
    if re.fullmatch(r"[1-9]\d{3}", cell):
        notes.repaired("postcode-zero-restored")
        return f"0{cell}"
    if cell and not POSTCODE.fullmatch(cell):
        notes.problem("code_postal", cell, "cinq chiffres attendus")
        return ""
    return cell


def itinerancy(values: list[str], notes: Notes) -> Itinerancy:
    """Return whether the place moves; a value outside the standard is told."""
    known = frozenset(values) & {"Fixe", "Itinérant"}
    for value in values:
        if value not in known:
            notes.problem("itinerance", value, "valeur absente du standard")
    return ITINERANCY[known]
