"""Read the free comment of the France Services list: appointment, contacts, rounds, notes.

One comment mixes everything, people's names and mobiles included. It is cut into segments, and each
segment is classed by a named rule; names, mobiles and nominative e-mails never leave this module.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from directory.exchange.emails import EMAIL, first_names, is_nominative, is_placeholder, plain
from directory.exchange.france_services_comment_patterns import (
    APPOINTMENT_RULES,
    AT_A_SITE,
    CIVILITY,
    CONTACT_WORDS,
    DAY,
    DAYS_AND_HOURS,
    EMPTY,
    FULL_NAME,
    LIMITED,
    MAIL,
    MOBILE_SHAPE,
    MONTH,
    NAMED_AFTER,
    PARTNER,
    PHONE,
    REMOVED,
    ROLE,
    ROUND,
    SEASON,
    SINCE,
    SPLIT,
    STALE,
    STREET,
    USEFUL,
    folded,
    repair,
    tidy,
)
from directory.exchange.phones import CANDIDATE, display, find_numbers, is_mobile


@dataclass(frozen=True, slots=True)
class CommentResult:
    """What one comment says, once cleaned of everything personal.

    `appointment`: None, "required", "recommended", "possible", "partly" or "not_needed";
    `appointment_text` is the sentence to show (always there for "partly"). `dropped` counts what
    was taken out, by kind: "person-name", "mobile", "nominative-email". `rules` names the rules
    applied.
    """

    appointment: str | None = None
    appointment_text: str = ""
    booking_phones: tuple[str, ...] = ()
    booking_emails: tuple[str, ...] = ()
    rounds: str = ""
    notes: str = ""
    outdated: str = ""
    dropped: Mapping[str, int] = field(default_factory=dict)
    rules: tuple[str, ...] = ()


@dataclass(slots=True)
class _Segment:
    text: str
    separator: str
    kind: str = ""
    appointment: str = ""
    rule: str = ""
    contacts: tuple[str, ...] = ()


def read_comment(text: str, department_code: str = "", *, itinerant: bool = False) -> CommentResult:
    """Read one comment. `itinerant`: the row is a bus, a round or a counter on several sites.

    Raises nothing. Every output text is free of names, mobiles and nominative e-mails.
    """
    clean, contacts, dropped = scrub(repair(text), department_code)
    segments = _segments(clean, contacts)
    for segment in segments:
        _classify(segment, itinerant)
    _extend_rounds(segments)
    _extend_rounds(segments[::-1])
    _extend_appointments(segments)
    booking = [c for s in segments if s.kind not in {"rounds", "outdated"} for c in s.contacts]
    appointments = [s for s in segments if s.appointment]
    kind = _appointment(appointments)
    return CommentResult(
        appointment=kind,
        appointment_text=_join(_worth_showing(appointments, kind), contacts_kept=False),
        booking_phones=tuple(dict.fromkeys(c for c in booking if "@" not in c)),
        booking_emails=tuple(dict.fromkeys(c for c in booking if "@" in c)),
        rounds=_join(s for s in segments if s.kind == "rounds"),
        notes=_join((s for s in segments if s.kind == "notes"), contacts_kept=False),
        outdated=_join(s for s in segments if s.kind == "outdated"),
        dropped=dict(dropped),
        rules=tuple(dict.fromkeys(s.rule for s in segments if s.rule)),
    )


def scrub(text: str, department_code: str) -> tuple[str, list[str], Counter[str]]:
    """Take names, mobiles and e-mails out; keep organisations' contacts aside, in reading order."""
    dropped: Counter[str] = Counter()
    contacts: list[str] = []

    def mail(match: re.Match[str]) -> str:
        address = match[0].strip(".").lower()
        if is_placeholder(address) or is_nominative(address, text.replace(match[0], "")):
            dropped["nominative-email"] += 1
            return REMOVED
        contacts.append(address)
        return MAIL

    def phone(match: re.Match[str]) -> str:
        numbers = find_numbers(match[0], department_code)
        if MOBILE_SHAPE.match(re.sub(r"[^\d+()]", "", match[0])) or any(map(is_mobile, numbers)):
            dropped["mobile"] += 1
            return f"{REMOVED} "
        if not numbers:
            return match[0]
        contacts.extend(numbers)
        return f"{PHONE} "

    text = EMAIL.sub(mail, text)
    for pattern in (CIVILITY, ROLE, FULL_NAME):
        text = pattern.sub(lambda match: _without_name(match, dropped), text)
    text = CANDIDATE.sub(phone, text)
    # In the order of the text, so that each placeholder finds its contact again.
    phones = iter([c for c in contacts if "@" not in c])
    mails = iter([c for c in contacts if "@" in c])
    ordered = [
        next(phones if mark == PHONE else mails) for mark in re.findall(f"[{PHONE}{MAIL}]", text)
    ]
    return text, ordered, dropped


def _without_name(match: re.Match[str], dropped: Counter[str]) -> str:
    groups = match.groupdict()
    kept = groups.get("role") or groups.get("before") or ""
    name = groups.get("name")
    if name is not None:
        words = plain(name).split("-")
        if not set(words) & first_names() or NAMED_AFTER.search(plain(groups.get("before") or "")):
            return match[0]
    dropped["person-name"] += 1
    return f"{kept}{REMOVED}"


def _segments(text: str, contacts: list[str]) -> list[_Segment]:
    pieces: list[_Segment] = []
    start, queue = 0, iter(contacts)
    for match in [*SPLIT.finditer(text), None]:
        end = match.start() if match else len(text)
        piece = text[start:end].strip()
        mine = tuple(next(queue) for _ in re.findall(f"[{PHONE}{MAIL}]", piece))
        if piece:
            pieces.append(_Segment(piece, match[0] if match else "", contacts=mine))
        start = match.end() if match else end
    return pieces


def _classify(segment: _Segment, itinerant: bool) -> None:
    """Class one segment; the order of the rules matters: what is past first, nothing last."""
    words = folded(segment.text)
    since = SINCE.search(words)
    if since and re.search(r"\brdv\b|permanence", words):
        segment.text = SINCE.sub("", segment.text).strip(" :")
        words = folded(segment.text)
    dated = STALE.search(re.sub(rf"{STREET} (?:du |de )?\d+ ?(?:er)? {MONTH}(?: \d+)?", "", words))
    if dated and not (SEASON.search(words) and not re.search(r"20\d\d|/\d\d\b", words)):
        segment.kind, segment.rule = "outdated", "outdated"
        return
    bare = re.sub(rf"[{PHONE}{MAIL}{REMOVED}]", " ", words).strip(" .,:/-")
    if EMPTY.fullmatch(bare) and not re.search(rf"\brdv (?!s)|rdv$|\b{DAY}\b.*\d", bare):
        segment.rule = "nothing-said"
        return
    if "domicile" in bare and re.search(r"deplace|visite|incapacite", bare):
        segment.kind, segment.rule = "notes", "home-visits"
    elif segment.contacts and not re.search(r"\brdv\b|[a-z]{3}", _hollowed(bare)):
        segment.rule = "contact-only"
    elif _is_round(bare, itinerant):
        segment.kind, segment.rule = "rounds", "other-places"
    elif re.search(r"\brdv\b|acces libre|ouverture libre", bare):
        segment.kind = "appointment"
        segment.appointment, segment.rule = _appointment_of(bare)
    elif USEFUL.search(bare):
        segment.kind, segment.rule = "notes", "useful-note"
    else:
        segment.rule = "no-useful-word"


def _hollowed(words: str) -> str:
    """What is left once the words of contact are gone; "rdv" stays."""
    return CONTACT_WORDS.sub(lambda match: match[0] if match[0] == "rdv" else "", words)


def _extend_appointments(segments: list[_Segment]) -> None:
    """Bare days and hours after an appointment belong to it; "on appointment" after a round too."""
    for before, segment in itertools.pairwise(segments):
        bare = DAYS_AND_HOURS.fullmatch(folded(segment.text))
        if before.appointment and segment.kind == "notes" and bare:
            segment.kind, segment.appointment = "appointment", before.appointment
        elif before.kind == "rounds" and segment.appointment == "required":
            segment.kind, segment.appointment = "rounds", ""
            segment.rule = "round-on-appointment"


def _extend_rounds(segments: list[_Segment]) -> None:
    """A list of rounds goes on as long as its segments name a day and do not speak of opening."""
    previous = ""
    for segment in segments:
        words = folded(segment.text)
        opening = re.search(r"ferme|ouvert|accueil|horaire|acces", words)
        if (
            previous == "rounds"
            and segment.rule in {"useful-note", "no-useful-word"}
            and re.search(rf"\b{DAY}\b", words)
            and not opening
        ):
            segment.kind, segment.rule = "rounds", "rounds-go-on"
        previous = segment.kind


def _is_round(words: str, itinerant: bool) -> bool:
    if PARTNER.search(words) or "domicile" in words:
        return False
    site, booked = AT_A_SITE.search(words), re.search(r"\brdv\b", words)
    if itinerant and (re.search(rf"\b{DAY}\b", words) or len(words.split()) > 4):
        closing = re.match(r"ferm|structure ferm|espace ferm", words)
        return bool(site or ROUND.search(words)) or not (booked or closing or "hesitez" in words)
    if not ROUND.search(words):
        return bool(site and re.search(rf"\b{DAY}\b", words))
    located = re.search(
        r"\b(?:a|au|aux|en|sur|dans|de|d|du|la|des|:)\b",
        re.sub(rf"\b(?:sur|de) rdv\b|\b(?:du|au|le|les) {DAY}", "", words),
    )
    return bool(located) or not booked


def _appointment_of(words: str) -> tuple[str, str]:
    for kind, rule, pattern in APPOINTMENT_RULES:
        if pattern.search(words):
            both = "sans rdv" in words and re.search(
                r"(?:sur|avec|necessaire|conseill).{0,15}rdv", words
            )
            limited = LIMITED.search(
                re.sub(r"(?:au|par) telephone.*|toutes? (?:les |vos )?demarches\w* ?\w*", "", words)
            )
            if kind in {"required", "not_needed"} and (limited or both):
                return "partly", f"{rule}-at-times"
            strict = re.search(r"(?:exclusivement|uniquement) sur rdv", words)
            return ("partly", f"{rule}-and-only-at-times") if strict and limited else (kind, rule)
    return "possible", "appointment-named"


def _appointment(segments: list[_Segment]) -> str | None:
    kinds = {segment.appointment for segment in segments}
    if {"required", "not_needed"} <= kinds:
        return "partly"
    order = ("partly", "required", "recommended", "possible", "not_needed")
    return next((kind for kind in order if kind in kinds), None)


def _worth_showing(segments: list[_Segment], kind: str | None) -> list[_Segment]:
    """Sentences that say more than the kind itself."""
    detail = re.compile(
        rf"{LIMITED.pattern}|pour |sauf|dehors|affluence|flux|ligne|domicile|https?:"
    )
    shown = []
    for segment in segments:
        words = folded(re.sub(f"[{PHONE}{MAIL}{REMOVED}]", "", segment.text))
        hollow = not re.search(r"[a-z]{3}", CONTACT_WORDS.sub("", words))
        differs = segment.appointment == "not_needed" != kind
        if differs or (not hollow and (kind == "partly" or detail.search(words))):
            shown.append(segment)
    return shown


def _join(segments: Iterable[_Segment], *, contacts_kept: bool = True) -> str:
    """One readable text; a counter's contacts go to their own fields, those of a round stay."""
    text = ""
    for segment in segments:
        piece = re.sub(f"[{PHONE}{MAIL}]", REMOVED, segment.text)
        if contacts_kept:
            piece = segment.text
            for contact in segment.contacts:
                piece = re.sub(f"[{PHONE}{MAIL}]", _shown(contact), piece, count=1)
        piece = tidy(piece, lower_capitals=not contacts_kept)
        if piece and text and text[-1] not in ".!?":
            text += "."
        text = f"{text} {piece}".strip()
    return text if not text or text[-1] in ".!?" else f"{text}."


def _shown(contact: str) -> str:
    return contact if "@" in contact else f"{display(contact)} "
