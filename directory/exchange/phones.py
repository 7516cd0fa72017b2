"""Read French telephone numbers, overseas territories included, and write them in E.164.

Numbering plan: Arcep decision 2018-0881 and the `phonenumbers` metadata. The overseas territories
have their own country code: a number typed "05 90 …" belongs to +590 (Guadeloupe), not to +33.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

NBSP = "\u00a0"
METROPOLE = "FR"
OVERSEAS_REGIONS = {
    "971": "GP",
    "972": "MQ",
    "973": "GF",
    "974": "RE",
    "975": "PM",
    "976": "YT",
    "977": "GP",
    "978": "GP",
    "986": "WF",
    "987": "PF",
    "988": "NC",
}
# The 10-digit overseas numbers name their territory, whatever the department of the counter.
TEN_DIGIT_PREFIXES = {
    "0508": "PM",
    "0590": "GP",
    "0594": "GF",
    "0596": "MQ",
    "0690": "GP",
    "0691": "GP",
    "0694": "GF",
    "0696": "MQ",
    "0697": "MQ",
    "0262": "RE",
    "0263": "RE",
    "0692": "RE",
    "0693": "RE",
    "0269": "YT",
    "0639": "YT",
}
# There, people dial 6 or 8 digits without any prefix.
LOCAL_NUMBER_REGIONS = frozenset({"PM", "WF", "PF", "NC"})
FRENCH_CODES = frozenset({33, 262, 508, 590, 594, 596, 681, 687, 689})
# Country codes whose own numbers carry a leading zero at home (10 digits typed).
TRUNK_ZERO_CODES = frozenset({33, 262, 590, 594, 596, 508})

# Arcep reserves this block for works of fiction: no metadata knows it, examples and tests use it.
FICTION_PREFIX = "063998"

CANDIDATE = re.compile(
    r"(?<![\w.@=-])(?<![a-zA-Z]/)(?!\d\d[/.]\d\d[/.]20\d\d)"
    r"(?:(?:\+|00)\s?\d{2,3}[\s.\-/_]*(?:\(0\))?[\s.\-/_]*(?:\d[\s.\-/_]*){5,9}"
    r"|0\s?\d(?:[\s.\-/_\u2013]{0,4}\d){8}"
    r"|(?:(?:\d\s?){8}|(?:\d\s?){6})(?!\s?\d))"
    r"(?!\d)"
)
LOST_ZERO = re.compile(r"[1-9](?:\s?\d){8}")
SHORT = re.compile(r"(?<!\d)(?:3\d{3}|1[05]\d{2}|116\s?\d{3}|11[0-9])(?!\d)")


@dataclass(frozen=True, slots=True)
class PhoneResult:
    """One cell of numbers: the first number, the others, and what was repaired.

    `e164` is "" when nothing could be read (`problem` says why) and for a short number ("3646"),
    which has no international form: it is then only in `display`.
    """

    e164: str = ""
    display: str = ""
    repairs: tuple[str, ...] = ()
    problem: str = ""
    others: tuple[str, ...] = ()


SHORT_CODE = re.compile(r"\d{2,6}")
"""Short numbers, called as they are: 15, 3646, 118 218."""


def to_e164(text: str, department_code: str = "") -> PhoneResult:
    """Read the first telephone number of `text`; `department_code` ("01", "2A", "974"…) places it.

    Raises nothing: an unreadable cell gives a result with a named `problem`.
    """
    cell = text.strip()
    if not cell:
        return PhoneResult(problem="empty")
    # A spreadsheet which takes a number for a quantity drops its first zero.
    lost_zero = LOST_ZERO.fullmatch(cell) is not None
    numbers = find_numbers(f"0{cell}" if lost_zero else cell, department_code)
    if not numbers:
        short = SHORT.fullmatch(cell.replace(" ", ""))
        if short:
            return PhoneResult(display=short[0], repairs=("short-number",))
        return PhoneResult(problem=_problem(cell))
    first = numbers[0]
    others = tuple(number for number in numbers[1:] if number != first)
    repairs = _repairs(cell, first, department_code, len(numbers))
    if lost_zero:
        repairs = ("leading-zero-restored", *repairs)
    return PhoneResult(first, display(first), repairs, others=others)


def find_numbers(text: str, department_code: str = "") -> tuple[str, ...]:
    """Every valid French number of `text` in E.164, in reading order, without repetition."""
    found = (match_to_e164(match[0], department_code) for match in CANDIDATE.finditer(text))
    return tuple(dict.fromkeys(number for number in found if number))


def match_to_e164(written: str, department_code: str = "") -> str:
    """E.164 of one number as written, or "" when no French territory has such a number."""
    digits = re.sub(r"\(0\)", "", written)
    digits = re.sub(r"[^\d+]", "", digits)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if digits.startswith("+"):
        return _parse(digits, None) or _wrong_country_code(digits)
    if digits.startswith(FICTION_PREFIX) and len(digits) == 10:
        return f"+33{digits[1:]}"
    region = TEN_DIGIT_PREFIXES.get(digits[:4])
    if region:
        return _parse(digits, region) or _parse(digits.removeprefix("0508"), region)
    local = OVERSEAS_REGIONS.get(department_code)
    if len(digits) < 9:
        return _parse(digits, local) if local in LOCAL_NUMBER_REGIONS else ""
    return _parse(digits, METROPOLE)


@lru_cache(maxsize=16_384)
def display(e164: str) -> str:
    """National writing for the screen, "04 50 56 87 49", with U+00A0 between the groups.

    A short number is written in pairs ("36 46"). Raises ValueError when `e164` is neither one nor a
    number of a French territory.
    """
    if SHORT_CODE.fullmatch(e164):
        return _grouped(e164)
    number = _number(e164)
    national = str(number.national_number)
    if number.country_code in TRUNK_ZERO_CODES and len(national) == 9:
        national = f"0{national}"
    elif number.country_code == 508:
        national = f"0508{national}"
    return _grouped(national)


@lru_cache(maxsize=16_384)
def tel_uri(e164: str) -> str:
    """Address of a call link (RFC 3966). Raises ValueError like `display`."""
    if SHORT_CODE.fullmatch(e164):
        return f"tel:{e164}"
    return phonenumbers.format_number(_number(e164), PhoneNumberFormat.RFC3966).replace("-", "")


def is_mobile(e164: str) -> bool:
    """Is it a mobile line, in mainland France or overseas? Raises ValueError like `display`."""
    if e164.startswith(f"+33{FICTION_PREFIX[1:]}"):
        return True
    return phonenumbers.number_type(_number(e164)) == PhoneNumberType.MOBILE


def _grouped(national: str) -> str:
    """Pairs of digits; the 08 numbers keep the usual 4 + 3 + 3 writing of the special tariffs."""
    if len(national) == 10 and national.startswith("08"):
        return NBSP.join((national[:4], national[4:7], national[7:]))
    if len(national) % 2:
        return NBSP.join((national[:3], *re.findall("..", national[3:])))
    return NBSP.join(re.findall("..", national))


def _parse(digits: str, region: str | None) -> str:
    try:
        number = phonenumbers.parse(digits, region)
    except NumberParseException:
        return ""
    if number.country_code not in FRENCH_CODES or not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _wrong_country_code(digits: str) -> str:
    """Rule `country-code-corrected`: "+33 5 90 …" is dialled from Guadeloupe's own code."""
    if not digits.startswith("+33"):
        return ""
    national = digits[3:].removeprefix("0")
    region = TEN_DIGIT_PREFIXES.get(f"0{national[:3]}")
    return _parse(f"0{national}", region) if region else _parse(f"+33{national}", None)


def _repairs(cell: str, first: str, department_code: str, count: int) -> tuple[str, ...]:
    rules = []
    if re.search(r"[A-Za-zÀ-ÿ]", cell):
        rules.append("words-removed")
    if not re.match(r"(?:\d\d ){4}\d\d(?!\d)", cell):
        rules.append("written-form")
    if cell.replace(" ", "").startswith(("+33", "0033")) and not first.startswith("+33"):
        rules.append("country-code-corrected")
    if count > 1:
        rules.append("first-of-several")
    overseas = department_code in OVERSEAS_REGIONS
    if overseas and first.startswith("+33"):
        rules.append("metropolitan-number-overseas")
    return tuple(rules)


def _problem(cell: str) -> str:
    digits = re.sub(r"\D", "", cell)
    if not digits:
        return "no-digits"
    return "wrong-length" if len(digits) != 10 else "not-a-french-number"


def _number(e164: str) -> PhoneNumber:
    try:
        number = phonenumbers.parse(e164, None)
    except NumberParseException as error:
        raise ValueError(f"not an E.164 number: {e164!r}") from error
    if number.country_code not in FRENCH_CODES:
        raise ValueError(f"not a French territory: {e164!r}")
    return number
