"""Reads the cells of the national standard: each gives a checked value, or is told and left out."""

import html
import re
from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from opening_hours import validate

from directory.exchange import dates, hours_text, phones
from directory.exchange import emails as addresses
from directory.exchange.france_services_comment_patterns import HANGING, MAIL, PHONE, REMOVED
from directory.exchange.france_services_comments import scrub
from directory.exchange.report import Report
from directory.vocabularies.names import Itinerancy

SPREADSHEET_DECIMALS = re.compile(r"[.,]0+$")
PIVOT = re.compile(r"(?=.*\d)[a-zA-Z0-9]{9,14}")
POSTCODE = re.compile(r"\d{5}")
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]")
"""Those that are no space, and the halves of characters that JSON may hold."""
HOURS_RANGE = re.compile(r"(\d\d:\d\d) ?- ?(\d\d:\d\d)")
WORD = re.compile(r"[A-Za-zÀ-ÿ]{4,}")
"""No day nor state of the OpenStreetMap format ("Mo", "off") is that long."""
MAYOTTE = re.compile(r"^\+269(?=(?:269|639)\d{6}$)")
"""The standard's pattern gives Mayotte the country code of the Comoros; its own is +262."""
BARE_SITE = re.compile(
    r"(?:[a-z0-9-]+\.)+(?:fr|com|org|net|eu|info|gouv|re|bzh)(?:/\S*)?", re.IGNORECASE
)
MAX_HOURS = 400
MAX_SHOWN = 200
"""Characters of a value in a message."""
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
        self.report.leave_out(self.line, self._name(column), _shown(value), reason)

    def reject(self, column: str, value: str, reason: str) -> None:
        """Tell that the whole row is left out."""
        self.report.reject(self.line, self._name(column), _shown(value), reason)

    def repaired(self, rule: str, column: str = "", value: str = "") -> None:
        """Tell a value mended by a rule; `value` must hold nothing personal."""
        self.report.repaired(rule, self.line, self._name(column), value)

    def dropped(self, kind: str, count: int = 1) -> None:
        """Count values left out on purpose."""
        self.report.dropped[kind] += count

    def _name(self, column: str) -> str:
        return self.columns.get(column, column)


def _shown(value: str) -> str:
    return re.sub(f"[{PHONE}{MAIL}{REMOVED}]", "…", scrub(value[:MAX_SHOWN], "")[0])


def line_of_text(cell: str) -> str:
    """Return a cell on one line, without control characters (PostgreSQL refuses NUL)."""
    return " ".join(CONTROLS.sub("", cell).split()) if cell else ""


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
        notes.repaired("country-code-corrected", "telephone")
    result = phones.to_e164(number, department)
    for repair in result.repairs:
        # The standard asks for E.164: grouped digits are not what is expected here.
        if repair != "written-form":
            notes.repaired(repair, "telephone")
    if result.problem:
        notes.problem("telephone", f"{cell[:5]}…", "numéro illisible")
    return result.e164 or result.display


def emails(cell: str, known: str, notes: Notes) -> list[str]:
    """Return the generic addresses of a cell; a person's are left out and counted."""
    kept = []
    for email in re.split(r"[|;,\s]+", cell.lower()):
        if not email:
            continue
        if not addresses.EMAIL.fullmatch(email):
            notes.problem("courriels", f"…@{email.rpartition('@')[2]}", _("courriel illisible"))
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
    if re.match(r"www\.", address) or BARE_SITE.fullmatch(address):
        address = f"https://{address}"
        notes.repaired("url-scheme-added", column, address)
    try:
        _is_web_address(address)
    except ValidationError:
        notes.problem(column, value, _("ce n’est pas une adresse de site"))
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
    read = "" if backwards else hours_text.to_osm(cell)
    if read and len(read) <= MAX_HOURS and validate(read):
        notes.repaired("hours-from-text", "horaires", _shown(cell))
        return read, ""
    readable = WORD.search(cell) is not None
    reason = "une plage finit avant de commencer" if backwards else "horaires illisibles"
    notes.problem("horaires", cell, f"{reason}, gardés comme texte" if readable else reason)
    note = line_of_text(prose(cell, known, department, notes)) if readable else ""
    return "", note


def updated_on(cell: str, notes: Notes, style: str = "") -> date | None:
    """Return the day the producer last changed the row, None and told otherwise.

    `style` is one of dates.STYLES; without it the three French styles are tried.
    """
    if not cell:
        return None
    day = dates.read(cell, style)
    if day is None:
        notes.problem("date_maj", cell, _("date illisible (AAAA-MM-JJ attendu)"))
        return None
    if day > timezone.localdate():
        notes.problem("date_maj", cell, _("date à venir"))
        return None
    if not style and not dates.ISO.match(cell):
        notes.repaired("date-written-form", "date_maj", cell)
    return day


def insee_code(cell: str, notes: Notes) -> str:
    """Return an INSEE code in capitals, the zero that spreadsheets drop put back."""
    code = cell.replace(" ", "").upper()
    if re.fullmatch(r"[1-9]\d{3}", code):
        notes.repaired("insee-zero-restored", "code_insee", cell)
        return f"0{code}"
    return code


def pivot(cell: str, notes: Notes) -> str:
    """Return a SIRET, RNA or RIDET; fourteen zeros mean that the producer does not know it."""
    number = SPREADSHEET_DECIMALS.sub("", cell.replace(" ", "").replace("\u00a0", ""))
    if number != cell.replace(" ", ""):
        notes.repaired("pivot-decimals-removed", "pivot", cell)
    if re.fullmatch(r"[1-9]\d{12}", number):
        notes.repaired("pivot-zero-restored", "pivot", cell)
        number = f"0{number}"
    if not number.strip("0"):
        return ""
    if not PIVOT.fullmatch(number):
        notes.problem("pivot", cell, _("ni SIRET, ni RNA, ni RIDET"))
        return ""
    return number


def postcode(cell: str, notes: Notes) -> str:
    """Return five digits, the leading zero that spreadsheets drop restored and told."""
    code = readable_postcode(cell)
    if cell and not code:
        notes.problem("code_postal", cell, _("cinq chiffres attendus"))
    elif code != cell:
        notes.repaired("postcode-zero-restored", "code_postal", cell)
    return code


def readable_postcode(cell: str) -> str:
    """Return the five digits of a postcode, "" when it cannot be read."""
    code = f"0{cell}" if re.fullmatch(r"[1-9]\d{3}", cell) else cell
    return code if POSTCODE.fullmatch(code) else ""


def itinerancy(values: list[str], notes: Notes) -> Itinerancy:
    """Return whether the place moves; a value outside the standard is told."""
    known = frozenset(values) & {"Fixe", "Itinérant"}
    for value in values:
        if value not in known:
            notes.problem("itinerance", value, _("valeur absente du standard"))
    return ITINERANCY[known]
