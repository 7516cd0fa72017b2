"""Tell an organisation's e-mail from one that carries a person's name, by written rules.

Conservative on purpose: an address that looks like a person's is taken for one. The directory
publishes only the generic addresses of organisations.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

EMAIL = re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")

# The boxes of the label are named after the place; a first name before a dot is still a person's.
LABEL_DOMAIN = re.compile(
    r"@frances?[.-]?ser[a-z]*ces?\.gouv\.fr$|@pimms(?:mediation)?\.(?:fr|org)$"
)
MISSPELT_LABEL_DOMAIN = re.compile(r"@(?:france-serrvices|franceserivces|pimmsmedition)\.")

# Long enough to be read inside a longer word ("franceservicesbourneville").
GENERIC_PARTS = (
    "laposte accesaux accompagn accueil actionsociale administr agence animat annexe antenne assoc "
    "atelier bibliotheque bureau campus centre citoyen clicet collectif commune comcom conseil "
    "contact coordin courrier cyber departement developpement direction emploi enfance epicerie "
    "equipe espace fabrique famille formation forum foyer franceserv francesevice frserv "
    "gestion gouv guichet habitants itiner info insertion inclusion justice ludotheque mairie "
    "maison mediat mediatheque mediation mission mobile multi municipal nepasrepondre noreply "
    "numeri office parent passerelle permanence pepiniere plateforme pointi polesoc prevention "
    "proximite public quartier quot reception relais ressource secretariat seniors serv services "
    "ruralinette social solidair solidari sport syndicat technique territo tiers "
    "tourisme tremplin urba usagers ville"
).split()
# Short words and initials, read only as a whole token.
GENERIC_TOKENS = frozenset(
    "abs adm admin adhco admr afr afs afad agglo aide ais alsh apcis asso bij bus "
    "caf cap cc ccas ccpom cd "
    "cias cidff clic cm cms co codecom com cpie cs csc csi csr css csx cyb ddct "
    "demarches depar dgs dir dirsol "
    "dsu echo ecls ecole efs elus en enm epi epn eps eref esp evs faitout fol fr france fs fsl hdv "
    "kesaco lelien letrefle mcs mda mdap mdd mdf mdr mds mdh mfs mjc mosaic mpt mq msap msp msfs "
    "mfsd net nord ouest est sud oustal pad pass petr pi14 pij pimms plie pmi pms pole poms poste "
    "ppms prox psp puzzle pvs rdv regie rpe rsp sec siege sp spi sru sec souspref stat tous "
    "udaf ufcv ulamir una val vdm".split()
)
# No French surname begins or ends like these.
GENERIC_ENDS = re.compile(
    r"^(?:msap|mfs|msf|efs|mds|mdd|pi\d|mjc|epn|enm|gip|pref|ppv|mesdem)|(?:mfs|efs|msap)$"
)
# These may hide an initial and a surname: they count only before a word of the place.
SHORT_PREFIX = re.compile(r"(?:fs|cs|cc|mq|msp|psp|rsp|bus|pole|csc)[a-z]?(?=[a-z]{4})")
PLACE_TOKENS = frozenset("saint st sainte ste sur sous les la le en d l du des de".split())
ARTICLES = re.compile(r"(?:les|le|la|aux|au)[a-z]{4,}")
VOWEL = re.compile(r"[aeiouy]")


@cache
def first_names() -> frozenset[str]:
    """Common first names in France, lower case without accents."""
    lines = (Path(__file__).parent / "first_names.txt").read_text(encoding="utf-8").splitlines()
    words = (word for line in lines if not line.startswith("#") for word in line.split())
    return frozenset(words)


def is_nominative(email: str, place_text: str = "") -> bool:
    """Does `email` look like a person's? `place_text` (name, commune) clears the place's words."""
    return bool(nominative_rule(email, place_text))


def nominative_rule(email: str, place_text: str = "") -> str:
    """Name of the rule which takes `email` for a person's address, or "" for a generic one."""
    address = plain(email.strip())
    local, _, domain = address.partition("@")
    tokens = [token for token in re.split(r"[._+\-']+", local) if token]
    if _first_name_and_surname(tokens, local):
        return "first-name-and-surname"
    if LABEL_DOMAIN.search(address) or MISSPELT_LABEL_DOMAIN.search(address):
        return ""
    if _initial_and_surname(tokens, local):
        return "initial-and-surname"
    if not tokens:
        return "no-word"
    # What is known of the place is read last: most addresses say a service.
    if any(map(_is_service_word, tokens)) or _is_place_word(
        tokens[0], squashed(place_text + domain)
    ):
        return ""
    return "unknown-word" if len(tokens) == 1 else "unknown-words"


def is_placeholder(email: str) -> bool:
    """An address nobody reads ("noreply@…"), or no address at all."""
    local = plain(email.strip()).partition("@")[0]
    return not EMAIL.fullmatch(email.strip()) or bool(
        re.search(r"no-?reply|ne-?pas-?repondre|aucun|inconnu", local)
    )


def is_publishable(email: str, place_text: str = "") -> bool:
    """Well-formed, read by someone, and generic."""
    return not is_placeholder(email) and not is_nominative(email, place_text)


def plain(text: str) -> str:
    """Lower case without accents."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def squashed(text: str) -> str:
    """Letters and digits only, lower case without accents."""
    return re.sub(r"[^a-z0-9]", "", plain(text))


def _first_name_and_surname(tokens: list[str], local: str) -> bool:
    """ "prenom.nom", "nom.prenom", "prenom-prenom.nom": a dot or underscore, and a first name."""
    if not 2 <= len(tokens) <= 4 or not re.search(r"[._]", local):
        return False
    if PLACE_TOKENS & set(tokens) or any(_is_service_word(token) for token in tokens):
        return False
    return bool(first_names() & set(tokens))


def _initial_and_surname(tokens: list[str], local: str) -> bool:
    """ "p.nom", "jp.nom", "nom-p", "p.nom.organisation"."""
    if len(tokens) < 2 or not all(token.isalpha() for token in tokens[:2]):
        return False
    first, second = tokens[:2]
    if _is_service_word(first) or _is_service_word(second):
        return False
    if len(tokens) == 2 and len(second) == 1 and len(first) > 2:
        return True
    return len(first) <= 2 and len(second) > 2 and not PLACE_TOKENS & {first, second}


def _is_service_word(token: str) -> bool:
    """A word of an organisation or of a service, alone or inside a longer word."""
    if token in first_names() or token == "famillesrurales":
        return False
    if re.sub(r"\d+$", "", token) in GENERIC_TOKENS or GENERIC_ENDS.search(token):
        return True
    return any(part in token for part in GENERIC_PARTS)


def _is_place_word(token: str, known: str) -> bool:
    """A word of the place's own name, a bare acronym, or an article glued to a noun."""
    if token in first_names():
        return False
    named = re.sub(r"\d+$", "", token)
    short = SHORT_PREFIX.match(named)
    if len(named) > 3 and (named in known or (short and named[short.end() :] in known)):
        return True
    return len(token) <= 3 or not VOWEL.search(token) or bool(ARTICLES.fullmatch(token))
