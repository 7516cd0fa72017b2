"""Patterns which read the free comments of the France Services list, seen on its 828 comments.

Those of capital names (people) read the text as published; the others read `folded` text: lower
case, without accents, every spelling of "rendez-vous" written "rdv".
"""

import re

from directory.exchange.emails import plain

NBSP = "\u00a0"
# Private-use characters stand for what was taken out, so that a segment keeps its place.
PHONE, MAIL, REMOVED = "\ue000", "\ue001", "\ue002"

DAY = r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)s?"
MONTH = (
    r"(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)\b"
)
DATE = (
    r"(?:(?<![:h\d])\d{1,2}/\d{1,2}/(?:20)?\d\d\b|(?<![:h\d/])[0-3]\d/(?:0[1-9]|1[0-2])(?![h:\d/])"
    rf"|\b\d{{1,2}}(?: ?er)? {MONTH}(?: 20\d\d)?)"
)
STREET = r"(?:rue|place|pl|avenue|av|boulevard|bd|allee|square|cours|impasse|quai)"
SITE = (
    r"(?:mairies?|mediatheque|bibliotheque|centres? soci\w+|salle|maison d|poste|foyer|hotel de v)"
)

SPLIT = re.compile(
    r"(?<=[.!?])\s+(?=[A-ZÀ-ÝŒ*])|\s*\n+\s*|\s*\|\s*|\s*(?<!:)//\s*|\s*;\s+"
    r"|\s+/\s+(?=[A-Za-zÀ-ÿ])(?!sur r)|\s*/\s+(?=[A-ZÀ-Ý])|\s+/(?=[A-ZÀ-Ý])"
    r"|\s+[-–]\s+(?=[A-ZÀ-Ý])(?!(?i:uniquement))|(?<=[a-z\d]{2})\.(?=[A-ZÀ-Ý][a-z])|\s{4,}"
)
WORD = r"[A-ZÀ-Ý][\w'’-]+"
CIVILITY = re.compile(
    rf"\b(?:M\.|Mr\.?|Mme\.?|Mlle|Melle|Madame|Monsieur)\s+{WORD}(?:\s+{WORD}){{0,2}}"
)
ROLE = re.compile(
    rf"(?P<role>\b(?:contact\w*|agente?s?|conseill\w+|animat\w+|interlocut\w+|referente?|responsable"
    rf"|aupres d[e']|demander|voir avec|joindre|avec)\s*:?\s+)(?P<name>{WORD})(?:\s+{WORD})?",
    re.IGNORECASE,
)
FULL_NAME = re.compile(
    rf"(?P<before>(?:[\w'’.-]+\s+){{0,3}})(?P<name>{WORD})\s+(?:[A-ZÀ-Ý]{{2,}}-?)+\b"
)
NAMED_AFTER = re.compile(
    rf"\b(?:{STREET}|espace|centre|quartier|salle|ecole|maison|mpt|parking|site|residence|batiment"
    r"|esplanade|colonel|general|marechal|docteur|collectif|gymnase|saint|st|de|du|des|d|l)\b"
)

MOBILE_SHAPE = re.compile(r"^(?:\+33|0033|0)\(?0?\)?[67]|^(?:\+|00)(?:590|594|596|262)(?:69|639)")

APPOINTMENT_RULES: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (kind, rule, re.compile(pattern))
    for kind, rule, pattern in (
        ("possible", "with-and-without", r"avec (?:ou|et) sans rdv|sans rdv .{0,40}avec rdv"),
        ("partly", "no-appointment-on-a-day", r"pas de rdv"),
        (
            "recommended",
            "advised",
            r"conseill(?!er)|recommand|souhait|preferen|privileg|priorit|eviter l|optimales",
        ),
        (
            "not_needed",
            "without-appointment",
            r"sans (?:prise de )?rdv|acces libre|ouverture libre",
        ),
        (
            "required",
            "only",
            r"uniquement|exclusivement|obligatoire|necessaire|seulement|prealable",
        ),
        (
            "possible",
            "how-to-book",
            (
                r"possib|pris[e]?s? de|prendre|rdv (?:au|par|en|aupres|pris)|pour la prise"
                r"|pour les rdv|contact|convenir"
            ),
        ),
        ("required", "on-appointment", r"\b(?:sur|sous|de|su) rdv|prenons rdv|rdv"),
    )
)
LIMITED = re.compile(
    rf"\b{DAY}\b|\bmatin|apres[- ]?midi|\b\d{{1,2}} ?[h:]|demarches?\b|demandes?\b|carte|ants\b|"
    r"accompagnement|passeport|minutes"
)
USEFUL = re.compile(
    rf"fermee?s?\b|fermeture|ouvert|vacances|horaire|\b{DAY}\b|acces|pmr\b|stationnement|parking|entree"
    r"|domicile|telephoni|libre service|ordinateur|autonomie|atelier|justificatif|papiers|passeport"
    r"|identite|affluence|flux\b|batiment|arriere|bureau de poste|gare\b|partenaire|deplace|https?:"
)
ROUND = re.compile(
    r"(?<!non )(?<!pas )itiner|permanence|antenne|tournee|(?<!en )bus\b|camion\b"
    r"|\bcar\b|planning|circuit"
    r"|parcourt|se deplace|dans (?:les|des) (?:mairies|communes)|lieux? de passage"
    r"|multi-?sites? ?:|[2-9] sites|accueil fixe|annexe"
    r"|communes? (?:suivantes|deleguees|de\b|:)|sites? de |delocalis|decentralis|delocalise"
)
AT_A_SITE = re.compile(
    rf"\b(?:a|au|aux|en|la|de)\b.{{0,12}}\b{SITE}|^{SITE}\b|: {SITE}"
    rf"|\b{DAY} (?:a|au) (?!{DAY})[a-z]"
)
PARTNER = re.compile(
    r"permanences? (?:des? (?:partenaires|impots)|telephonique)|greffier"
    r"|pour les cartes|carte d'identite|telephoniques?\b"
)
# A comment of this list speaks of the past when it names a day of a given year, or an epidemic.
STALE = re.compile(
    rf"sanitaire|covid|masque|exceptionnel|provisoire|temporaire|prochainement|en travaux|changera"
    rf"|changement d|ouverture officielle|{DATE}|\b20(?:19|2\d)\b|prevue a compter"
)
SINCE = re.compile(rf"(?:depuis|[aà] partir|[aà] compter)(?: du| le)? (?:{DATE})", re.IGNORECASE)
SEASON = re.compile(r"horaires? d.ete|saison|estivale?|vacances scolaires")
EMPTY = re.compile(
    r"^(?:oui|non|neant|\W*|commentaire de la structure \d+|(?:structure )?(?:non|pas) itinerante"
    rf"|multi-?\s?sites?|bus itinerant|prendre des rdv|\d+|(?:{DAY}|matin|apres-midi|[ .,/-])+"
    rf"|\d{{0,3}},? ?(?:bis )?"
    rf"{STREET}\b.*|.*\b\d{{5}} [a-z' -]+)$"
)
CONTACT_WORDS = re.compile(
    r"\b(?:adresse|mail|mails|email|e-mail|courriel|telephone|telephones|tel|numero|contact\w*|contacter|"
    r"joignable|appeler|appelant|telephoner|prise|prises|prendre|pris|rdv|possibilite|possible|de|du|"
    r"pour|la|le|les|l|a|au|aux|ou|et|par|nous|vous|pouvez|merci|un|une|en|est|sur|bien|egalement|ligne|"
    r"france|services?|structure|secondaire|toute?|information|informations|renseignement\w*|aupres|"
    r"via|suivante?|dans|place|accueil|n|hesitez|coordonnees?|pas|indique|secretariat|mairie|hotel"
    r"|ville|se|font|peut|faire|fait)\b"
)


RDV = re.compile(r"\b(?:rdv|rv|r\.d\.v\.?|rendez[- ]vous)(?![\w@]|\.\w)", re.IGNORECASE)
HANGING = re.compile(
    r"(?:(?:\b(?:au|aux|à|ou|et|par|de|du|tél\w*|tel|mail|courriel|contact\w*|adresse"
    r"|joignable|contacter le|informations?"
    rf"|renseignements?|numéro|l['’])\b|[:,/@*–-])\s*)*{REMOVED}(?:\s*(?:[,/–-]|ou|et|au)?\s*{REMOVED})*",
    re.IGNORECASE,
)
DAYS_AND_HOURS = re.compile(rf"(?:{DAY}|matin|apres-midi|et|de|a|\d+ ?[h:]? ?\d*|[ ,./-])+")


def repair(text: str) -> str:
    """Decode escaped bytes, mend words broken by a blind replacement, tidy the spaces."""
    text = re.sub(r"\\x([0-9A-Fa-f]{2})", lambda m: chr(int(m[1], 16)), text)
    text = re.sub(r"\\u([0-9A-Fa-f]{4})", lambda m: chr(int(m[1], 16)), text)
    text = text.replace("\\'", "'").replace("\\n", "\n").replace(NBSP, " ")
    # The source once replaced every "rv" by "rendez-vous", inside words too ("serendez-vousices").
    text = re.sub(r"(?<=[A-Za-zÀ-ÿ])rendez-vous(?=[A-Za-zÀ-ÿ])", "rv", text)
    text = re.sub(r"(?<=[a-z])\.(?=\d{2}[. ]\d{2})", ". ", text)
    text = re.sub(r"(?<=\d) ?: ?(?=\d\d(?!\d))", ":", text)
    return re.sub(r"[ \t]+", lambda m: "    " if len(m[0]) > 3 else " ", text).strip()


def folded(text: str) -> str:
    """Lower case, no accents, every spelling of the appointment written "rdv"."""
    text = re.sub(r"\s+", " ", plain(text).replace("’", "'"))
    return re.sub(r"\br(?:endez|dez)[- ]vous\b|\br\.?d\.?v\b\.?|\brv\b", "rdv", text).strip()


def tidy(text: str, *, lower_capitals: bool = False) -> str:
    """Remove the words left hanging by a removal; write "rendez-vous" in full; French spacing."""
    letters = [char for char in text if char.isalpha()]
    if lower_capitals and sum(map(str.isupper, letters)) > len(letters) * 0.6:
        text = text.lower().replace("france services", "France services")
    text = re.sub(r"\bU\w*QUEMENT\b|\bSUR\b", lambda match: match[0].lower(), text)
    text = re.sub(rf"\(\s*{REMOVED}[^)]*\)", "", text)
    text = HANGING.sub(" ", text)
    text = RDV.sub("rendez-vous", text)
    text = re.sub(r"\s+([:;!?])(?!\S*//)", rf"{NBSP}\1", re.sub(r"[^\S\xa0]+", " ", text))
    text = re.sub(r"\s+([.,)])", r"\1", text.replace("'", "’")).strip(" ,;:/-–_*")
    text = text.replace("’ ", "’")
    return text if text.startswith("http") else text[:1].upper() + text[1:]
