"""Draft the stops of a round (bus, counter on several sites) from its French description.

Precision before recall: a stop is kept only when its days and one commune-like name are read for
sure together. Alternate weeks and anything else stay text, for a person to read. The caller still
has to check the commune against the geography; an article may be missing
("au Luart" gives "Luart").
"""

import re
from dataclasses import dataclass

from directory.exchange.french_hours import UnreadableHoursError, read_ranges

DAY_CODES = {
    "lundi": "Mo",
    "mardi": "Tu",
    "mercredi": "We",
    "jeudi": "Th",
    "vendredi": "Fr",
    "samedi": "Sa",
    "dimanche": "Su",
}
DAY = re.compile(rf"\b({'|'.join(DAY_CODES)})s?\b", re.IGNORECASE)
DAY_LIST = re.compile(
    rf"{DAY.pattern}(?:(?: ?, ?(?:et )?| et | ?/ ?| ?- ?| )(?:les? )?{DAY.pattern})*", re.IGNORECASE
)
ORDINAL = re.compile(r"\b([1-4]) ?(?:ers?|ères?|nde?|e|è|[èeé]m[èe]s?)\b", re.IGNORECASE)
TIME = r"\d{1,2} ?[hH:](?: ?\d{2})?(?!\d)"
RANGE = re.compile(
    rf"(?:\b(?:de|entre) )?({TIME}|\d{{1,2}}) ?(?:-|–|à|/|et) ?({TIME}|\d{{1,2}}\b)", re.IGNORECASE
)
ALTERNATE = re.compile(
    r"semaines?\s*\(?(?:paires?|impaires?|paries)|(?:ère|er|ème|eme|e) sem|tous les 15",
    re.IGNORECASE,
)
# Every other week, on demand, or over: no plain weekly rule can say it.
IRREGULAR = re.compile(
    r"semaines?\b|\bsem\b|sur (?:deux|2)\b|quinz|15 jours|fois|par mois|1/2|dernier|vacances"
    r"|demande|ferm|exceptionnel|report|jusqu|à partir|selon|\bsauf\b|\bou\b|\bpas\b|du lundi"
    r"|du 1er|d['’] ?1|autres",
    re.IGNORECASE,
)
SITE_WORD = (
    r"(?:[Mm]airies?(?: annexe| déléguée)?|MAIRIE|[Mm]édiathèque|[Bb]ibliothèque|[Aa]gence postale"
    r"|[Hh]ôtel de ville|(?<!de )[Cc]ommune|[Aa]ntenne|[Cc]entre [Ss]ocial"
    r"|CIAS|CCAS|CSC|CLAAC|ADMR)"
)
LINK = r"(?:de|du|des|la|le|les|lès|lez|sur|sous|en|et|aux?|à|l['’]|d['’])"
WORD = r"(?:[A-ZÀ-Ý][\w’']*)"
NAME = rf"(?:(?:[Ll]a|[Ll]es?|[Ll]['’]) ?)?{WORD}(?:[ -]+(?:{LINK}[ -]?)*{WORD})*"
NOT_A_COMMUNE = re.compile(
    r"^(?:la |les? |l['’])?(?:mairies?|médiathèque|bibliothèque|centre|salle|place|rue|route"
    r"|parking"
    r"|espace|maison|marché"
    r"|quartier|permanences?|itinérance|antenne|site|bus|tournée|rendez|france|secteur|pôle|boutique"
    r"|résidence|hôtel|foyer|mds|msd|ccas|cias|cms|csf|csc|evs|mjc|admr|agence|communauté|tiers|point"
    r"|bâtiment|accueil|chaque|tous|matin|après|prise|contact|ouvert|patronage)\b",
    re.IGNORECASE,
)
PLACED = tuple(
    (rule, re.compile(pattern))
    for rule, pattern in (
        ("commune-then-site", rf"(?P<name>{NAME}) ?\((?P<place>[^)]+)\)"),
        (
            "site-of-commune",
            rf"(?P<place>{SITE_WORD}) (?:de la |de |du |des |d['’])(?P<name>{NAME})",
        ),
        ("commune-slash-site", rf"(?P<name>{NAME})/(?P<place>[A-ZÀ-Ý][^/]+)$"),
        ("name-alone", rf"^(?P<name>{NAME})$"),
        ("at-commune", rf"(?:\bà|\bau|\bsur|\bA) (?P<name>{NAME})"),
    )
)
SENTENCE = re.compile(r"\s*[;\n|]\s*|\s*//\s*|\.\s+|\.$|\s*/\s+(?=[A-ZÀ-Ý])|\s+/\s*(?=[A-ZÀ-Ý])")
BETWEEN_STOPS = re.compile(r",\s*(?:et )?|\s+et (?=à |le |les |en )|\s+[-–] ?(?=[A-ZÀ-Ý])")
TIME_WORDS = re.compile(
    r"(?<![\w’'-])(?:de chaque mois|du mois|chaque|tous les|toute la|journée|matins?"
    r"|après[ -]?midis?"
    r"|l['’]après[ -]midi|les?|permanences?|itinérance|et de|de|du)(?![\w’'-])"
    r"(?= *(?:[:,+–-]|\(|\)|$|à |au |en |les? |du |de chaque|sur |[Mm]airie))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class StopDraft:
    """A stop to check: commune name as written, place (""), OSM hours ("" when no hour is said).

    `days` always holds the OSM days ("We", "Mo,Tu", "Tu[1]"); `confidence` is "high" when days,
    hours and commune are all written, "medium" without hours; `rule` names how the commune was
    read.
    """

    commune: str
    place: str
    days: str
    opening_hours: str
    confidence: str
    rule: str


def read_stops(text: str) -> list[StopDraft]:
    """Stops of `text` read for sure, in reading order, same stop once. Raises nothing."""
    text = re.sub(r"[ \t\u00a0]+", " ", text).strip()
    text = re.sub(r" ?- ?(les?|la|lès|sur|sous|en) ?- ?", r"-\1-", text)
    if ALTERNATE.search(text):
        return []
    drafts = (draft for sentence in SENTENCE.split(text) if sentence for draft in _read(sentence))
    return list(dict.fromkeys(drafts))


def _read(sentence: str) -> list[StopDraft]:
    """All the stops of a sentence, or none: a part not understood may belong to its neighbour."""
    if IRREGULAR.search(sentence):
        return []
    groups = list(DAY_LIST.finditer(sentence))
    if len(groups) < 2:
        pieces = [sentence]
    else:
        # A comma inside brackets or inside a list of days parts no stops.
        kept = re.sub(r"\([^)]*\)", lambda match: match[0].replace(",", "\x00"), sentence)
        kept = DAY_LIST.sub(lambda match: match[0].replace(",", "\x01"), kept)
        pieces = [re.sub(r"[\x00\x01]", ",", piece) for piece in BETWEEN_STOPS.split(kept)]
    drafts = [read_clause(piece) for piece in pieces if DAY.search(piece)]
    # "matin" after the list of days tells two halves of a day which the list itself cannot.
    return [] if None in drafts else [draft for draft in drafts if draft]


def read_clause(clause: str) -> StopDraft | None:
    """One stop, or None as soon as anything is doubtful."""
    groups = list(DAY_LIST.finditer(clause))
    if len(groups) != 1 or IRREGULAR.search(clause):
        return None
    rest, ranges = _take_hours(clause)
    if ranges is None:
        return None
    ordinals = ORDINAL.findall(rest)
    days = [DAY_CODES[day.lower()] for day in DAY.findall(groups[0][0])]
    if ordinals and (len(days) > 1 or not re.search(r"\bmois\b|\btous\b", clause)):
        return None
    code = ",".join(days) + (f"[{','.join(ordinals)}]" if ordinals else "")
    named = _commune(_without_time_words(rest))
    if not named:
        return None
    rule, commune, place = named
    hours = f"{code} {','.join(ranges)}" if ranges else ""
    return StopDraft(commune, place, code, hours, "high" if ranges else "medium", rule)


def _take_hours(clause: str) -> tuple[str, list[str] | None]:
    """The clause without its hours, and the hours; None when they cannot be read for sure."""
    written = [f"{match[1]}-{match[2]}" for match in RANGE.finditer(clause) if _is_range(match)]
    rest = RANGE.sub(lambda match: " " if _is_range(match) else match[0], clause)
    if re.search(rf"\b{TIME}", rest):
        return rest, None
    if not written:
        return rest, []
    try:
        ranges, repairs = read_ranges(" / ".join(written).lower().replace(" ", ""))
    except UnreadableHoursError:
        return rest, None
    if set(repairs) - {"missing-minutes"}:
        return rest, None
    return rest, [f"{s // 60:02d}:{s % 60:02d}-{e // 60:02d}:{e % 60:02d}" for s, e in ranges]


def _is_range(match: re.Match[str]) -> bool:
    return any(mark in (match[1] + match[2]).lower() for mark in "h:")


def _without_time_words(text: str) -> str:
    text = re.sub(r"\bet(?= *\))|\bet *$", " ", ORDINAL.sub(" ", DAY_LIST.sub(" ", text)))
    for _ in range(3):
        text = re.sub(r"\s+", " ", TIME_WORDS.sub(" ", text)).strip()
    text = re.sub(r"\( *\)", " ", re.sub(r"^(?:les?|l['’]après[ -]midi|matins?|et) ", "", text))
    text = re.sub(r"\b(?:après[ -]midi|matins?)(?= |$)", " ", text, flags=re.IGNORECASE)
    return re.sub(r"\s+", " ", text).strip(" :,.–-+=/")


def _commune(text: str) -> tuple[str, str, str] | None:
    for rule, pattern in PLACED:
        found = list(pattern.finditer(text))
        if len(found) > 1:
            return None
        if found:
            name = re.sub(r"^A (?=[A-Z])", "", found[0]["name"]).strip(" -")
            place = (found[0].groupdict().get("place") or "").strip(" /–-,:")
            place = re.sub(r"^à (?:la |l['’])| les?$", "", place)
            if re.search(r"rendez-vous|rdv|\d\d \d\d", place, re.IGNORECASE):
                place = ""
            if NOT_A_COMMUNE.match(name) or len(name) < 3:
                return None
            return rule, name, "" if place.lower() == "commune" else place
    return None
