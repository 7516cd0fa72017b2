"""Recognise who runs a France Services counter, from its name, its address and its e-mail.

Each rule has a name, kept with the match, so that a moderator can see why. The name of the counter
speaks first: it is what the producer chose to publish; then the e-mail's domain; then the address.
"""

import re
from dataclasses import dataclass

from directory.exchange.emails import plain

LABEL_NETWORK = "france-services"
LABEL_KIND = "RFS"
MOBILE_KIND = "ENM"


@dataclass(frozen=True, slots=True)
class OperatorMatch:
    """Who runs the counter. `rule` names the rule; `operator_name` is clean, ready for an actor.

    `operator_name` is "" when the rule tells the kind of body but not which one. `network_slugs`
    always holds "france-services", the label itself; `kind_codes` are typologies of the national
    standard, RFS first. `category` is company, association, local-authority, state,
    social-security or social-centre.
    """

    rule: str
    operator_name: str
    network_slugs: tuple[str, ...]
    category: str
    kind_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    scope: str
    operator: str
    category: str
    kind: str
    network: str
    pattern: re.Pattern[str]


# Sub-domains of msa.fr that name a regional fund.
MSA_FUNDS = {
    "alpesvaucluse": "Alpes-Vaucluse",
    "alsace": "Alsace",
    "ardechedromeloire": "Ardèche Drôme Loire",
    "languedoc": "Languedoc",
    "mam": "Marne Ardennes Meuse",
    "mayenne-orne-sarthe": "Mayenne-Orne-Sarthe",
    "mpn": "Midi-Pyrénées Nord",
    "picardie": "Picardie",
    "poitou": "Poitou",
}
PREFIX = re.compile(
    r"^(?:bus |espace |maison )?france services? (?:(?:multisites|itinerante) )?"
    r"(?:de la |de l'|du |des |de |d')?"
)
MOBILE = re.compile(r"^bus\b|\bitinerante?\b|\bmobile\b")

# One rule a line: name | read in | operator | category | typology | network | pattern.
# The patterns read text without accents or capitals, the name without "France services" in front;
# {place} is what the pattern caught, as published.
TABLE = r"""
la-poste-name       |name   |La Poste                 |company        |LA_POSTE|la-poste         |\bla poste\b
pimms-name          |name   |Pimms Médiation          |association    |PIMMS   |pimms-mediation  |\bpimms\b
udaf-name           |name   |Udaf {place}             |association    |UDAF    |unaf             |\budaf (?P<place>(?:de |du |des |d')[\w' -]+?)(?: nord| sud|$)
familles-rurales-name|name  |Familles Rurales {place} |association    |ASSO    |familles-rurales |\bfamilles rurales\b(?: (?P<place>(?:de |du |d').+))?
croix-rouge-name    |name   |Croix-Rouge française    |association    |ASSO    |croix-rouge      |\bcroix[- ]rouge\b
sub-prefecture-name |name   |Sous-préfecture {place}  |state          |PREF    |                 |\bsous-? ?prefecture (?P<place>(?:de |du |d').+?)(?: et itinerance.*|$)
prefecture-name     |name   |Préfecture {place}       |state          |PREF    |                 |(?<!sous-)(?<!sous )\bprefecture (?P<place>(?:de |du |d').+)
msa-name            |name   |MSA                      |social-security|MSA     |msa              |\bmsa\b
ccas-name           |name   |CCAS {place}             |local-authority|CCAS    |unccas           |\bccas\b(?: (?P<place>.+))?
cias-name           |name   |CIAS {place}             |local-authority|CIAS    |unccas           |\bcias\b(?: (?P<place>.+))?
county-house-name   |name   |Conseil départemental {department}|local-authority|CD|             |\bmaisons? (?:du departement|du rhone|de l'essonne|des alpes maritimes)|\bdepartementale?\b|\bdepartement d
urban-community-name|name   |Communauté d’agglomération {place}|local-authority|EPCI|           |\b(?:communaute d'agglomeration|ca) (?P<place>.+?)(?: [-–] |$)
community-name      |name   |Communauté de communes {place}|local-authority|CC  |               |\bcommunaute (?:de|des) communes (?P<place>.+?)(?: [-–] |$)
community-short-name|name   |Communauté de communes {place}|local-authority|CC  |               |\bcc (?P<place>[a-z].+?)(?: [-–] |$)
urban-area-name     |name   |{place}                  |local-authority|EPCI    |                 |^(?P<place>(?!relais|ouest)(?:agglomeration .+?|[^-]+(?:-[^- ]+)* agglo(?:meration)?))(?: - |$)
community-last-name |name   |{place}                  |local-authority|EPCI    |                 |^(?P<place>[^-]+ communaute)(?: [-–] |$)
social-centre-name  |name   |{place}                  |social-centre  |CS      |                 |(?P<place>\bcentre soci(?:al|o ?-? ?culturel)\b.*)
town-hall-name      |name   |Commune {place}          |local-authority|MUNI    |                 |\bmairie(?: (?P<place>(?:de |du |d')(?!proximite).+?)(?: - | quartier.*|$))?
mutual-name         |name   |Mutualité française      |association    |ASSO    |                 |\bmutualite francaise\b
admr-name           |name   |ADMR                     |association    |ASSO    |                 |\badmr\b
local-mission-name  |name   |Mission locale {place}   |association    |ML      |                 |\bmission locale\b(?: (?P<place>(?:de |du |d').+))?
joint-body-name     |name   |{place}                  |local-authority|EPCI    |                 |(?P<place>\b(?:petr|sivom|sivu|syndicat mixte)\b.+)
association-name    |name   |{place}                  |association    |ASSO    |                 |(?P<place>\bassociation [a-z].+?)(?: - |$)
la-poste-email      |email  |La Poste                 |company        |LA_POSTE|la-poste         |@laposte\.fr$
pimms-email         |email  |Pimms Médiation          |association    |PIMMS   |pimms-mediation  |@pimms(?:mediation)?\.(?:fr|org)$
familles-rurales-email|email|Familles Rurales         |association    |ASSO    |familles-rurales |@famillesrurales\.org$
udaf-email          |email  |                         |association    |UDAF    |unaf             |@udaf\d{2,3}\.(?:fr|org)$
msa-email           |email  |MSA                      |social-security|MSA     |msa              |[@.]msa\.fr$
sub-prefecture-email|email  |Sous-préfecture {commune}|state          |PREF    |                 |^sp-[a-z-]+@[a-z-]+\.gouv\.fr$
ccas-email          |email  |CCAS {commune}           |local-authority|CCAS    |unccas           |^ccas[@.-]|@ccas-
cias-email          |email  |                         |local-authority|CIAS    |unccas           |^cias@|@cias[.-]
county-email        |email  |Conseil départemental {department}|local-authority|CD|             |@(?:departement06|rhone|lenord|loiret|allier|yonne|puy-de-dome|tarnetgaronne)\.fr$
community-email     |email  |                         |local-authority|CC      |                 |@cc-[a-z0-9-]+\.(?:fr|com|bzh)$|@comcom-?[a-z-]+\.(?:fr|com|bzh)$
town-email          |email  |Commune {commune}        |local-authority|MUNI    |                 |@(?:mairie|ville)-[a-z0-9-]+\.(?:fr|com|bzh|re|yt)$|^mairie@
post-office-address |address|La Poste                 |company        |LA_POSTE|la-poste         |^bureau de poste\b
"""  # noqa: E501


def _rules() -> tuple[_Rule, ...]:
    """The lines of `TABLE`; a pattern may hold bars, so it comes last."""
    rules = []
    for line in TABLE.strip().splitlines():
        cells = [cell.strip() for cell in line.split("|", 6)]
        name, scope, operator, category, kind, network, pattern = cells
        rules.append(_Rule(name, scope, operator, category, kind, network, re.compile(pattern)))
    return tuple(rules)


RULES = _rules()


def recognise_operator(
    name: str, address: str = "", email: str = "", *, commune: str = "", department: str = ""
) -> OperatorMatch | None:
    """Who runs the counter called `name`, or None when no rule applies. Raises nothing.

    `commune` and `department` (their names) qualify a local body the rule does not name itself.
    """
    texts = {"name": _fold(name), "email": _fold(email), "address": _fold(address)}
    mobile = bool(MOBILE.search(texts["name"]))
    start = match.end() if (match := PREFIX.match(texts["name"])) else 0
    published = {"name": name[start:], "email": email, "address": address}
    texts["name"] = texts["name"][start:]
    for rule in RULES:
        found = rule.pattern.search(texts[rule.scope])
        if found:
            place = _place(found, published[rule.scope])
            title = _title(rule, place, commune, department, texts["email"])
            return OperatorMatch(
                rule=rule.name,
                operator_name=title,
                network_slugs=tuple(dict.fromkeys((LABEL_NETWORK, rule.network or LABEL_NETWORK))),
                category=rule.category,
                kind_codes=(LABEL_KIND, rule.kind, *((MOBILE_KIND,) if mobile else ())),
            )
    return None


def of_place(name: str) -> str:
    """ "de Bondy", "d’Albi", "du Mans", "des Abymes"; arrondissements left out; "" for ""."""
    name = re.sub(r" \d+er?$", "", name.strip())
    if not name:
        return ""
    for article, contracted in (("Le ", "du "), ("Les ", "des "), ("L'", "de L’"), ("L’", "de L’")):
        if name.startswith(article):
            return contracted + name.removeprefix(article)
    return f"d’{name}" if plain(name[0]) in "aeiouy" else f"de {name}"


def _place(found: re.Match[str], published: str) -> str:
    """The part of the published text the rule caught, accents and capitals kept."""
    if "place" not in found.re.groupindex or found.start("place") < 0:
        return ""
    return published[found.start("place") : found.end("place")].strip(" -–")


def _title(rule: _Rule, place: str, commune: str, department: str, email: str) -> str:
    if rule.kind == "MSA":
        fund = MSA_FUNDS.get(email.partition("@")[2].removesuffix(".msa.fr"), "")
        return f"MSA {fund}".strip()
    if rule.kind in {"CCAS", "CIAS", "MUNI"}:
        has_article = re.match(r"(?:de |du |des |d['’])", place, re.IGNORECASE)
        place = place if has_article else of_place(place or commune)
    title = rule.operator.format(
        place=place,
        commune=of_place(commune),
        department=f"({department})" if department else "",
    )
    title = re.sub(r"\s+", " ", title).replace("'", "’").strip()
    return title[:1].upper() + title[1:]


def _fold(text: str) -> str:
    """Lower case without accents, straight apostrophes, as long as the published text."""
    return "".join(plain(char)[:1] or char for char in text.replace("’", "'"))
