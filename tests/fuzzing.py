"""Random query strings, right and wrong, over every parameter of docs/url-contract.md."""

from urllib.parse import quote, quote_plus

from hypothesis import strategies as st

from directory.search.criteria import Access, Sort
from directory.search.filters import DAYS, RADII, SearchFilter

PARAMETERS = sorted({*SearchFilter.base_filters, "page", "dit", "phrase", "carnet"})
OTHERS = ("champ", "zoom", "lieux", "id", "recherche", "ou[]", "utm_source", "OU", "besoin ", "")

RIGHT = {
    "ou": ["Guéret", "gueret 23", "23000", "23096", "Creuse", "23", "Saint-Denis", "Geret", "18"],
    "besoin": ["ameli", "css", "rendez-vous"],
    "q": ["relais", "france services", "rue"],
    "lat": ["46.17", "-21.1", "0"],
    "lon": ["1.87", "55.5", "0"],
    "bbox": ["1,45,3,47", "-180,-90,180,90"],
    "rayon": [str(km) for km in RADII],
    "page": ["1", "2", "9999"],
    "prix": ["gratuit"],
    "acces": [access.value for access in Access],
    "jour": list(DAYS),
    "heure": ["14:30", "14h", "9 h 05"],
    "itinerant": ["oui"],
    "verifie": ["oui"],
    "declare": ["oui"],
    "departement": ["23", "2A"],
    "region": ["75"],
    "tri": [sort.value for sort in Sort],
    "dit": ["mot de passe ameli perdu près de Guéret", "kart vital a geret", "arnaque sms 23"],
    "phrase": ["carte vitale"],
    "carnet": ["1,2,3"],
    "champ": ["ou", "dit"],
}  # fmt: skip
"""Values that mean something, by parameter."""

ODD = [
    "", " ", "\t\n", "\u00a0", "\u200b", "\u200d\u200c", "\ufeff", "\u202eمستشفى\u202c", "مستشفى",
    "больница", "病院", "e\u0301" * 40, "🏥👵🏽", "a" * 201, "é" * 5_000, "9" * 400, "-" * 300,
    "saint " * 30, "a b c d e f g " * 14, "0", "-1", "1.5", "1e309", "NaN", "inf", "-0", "٥", "²",
    "null", "None", "true", "[]", "{}", "'\"`;--", "<script>alert(1)</script>", "{{ form }}%(n)s",
    "../../etc/passwd", "${jndi}", "%", "\\", "\x01\x1f\x7f", "\ud800", "\udfff\ud800", "ﷺ" * 60,
]  # fmt: skip
"""Values that people, robots and broken links send."""

JUNK = ["%", "%zz", "%C3", "%E9", "%ff%fe", "%ED%A0%80", "%2500", "%u0041", "+++", "=", "&&&", "#x"]
"""Pieces of a query string that are no right encoding."""

TEXTS = st.text(max_size=40) | st.text(alphabet="abcdefghilmnoprstu ", max_size=200)


def _values(name: str) -> st.SearchStrategy[str]:
    wrong = st.sampled_from(ODD) | TEXTS | st.integers().map(str) | st.floats().map(str)
    if name not in RIGHT:
        return wrong
    right = st.sampled_from(RIGHT[name])
    return st.one_of(right, right, wrong)


NAMES = st.sampled_from(PARAMETERS) | st.sampled_from(OTHERS) | st.text(max_size=6)
PAIRS = NAMES.flatmap(lambda name: st.tuples(st.just(name), _values(name)))


def _encoded(pair: tuple[str, str]) -> str:
    name, value = (quote_plus(text, errors="surrogatepass") for text in pair)
    return f"{name}={value}"


PIECES = st.one_of(
    *[PAIRS.map(_encoded)] * 6,
    st.sampled_from(JUNK),
    st.binary(max_size=20).map(quote),
)
QUERIES = st.lists(PIECES, max_size=10).map("&".join).filter(lambda query: "%00" not in query)
"""Query strings; a NUL byte has its own tests and its own answer."""

WORDS = (
    "mot de passe ameli perdu près de carte vitale kart vital doctolib randévou remboursement saint"
    " sur le la les en chez moi paris lyon marseille 18 75011 93 seine et marne arnaque sms mdph"
    " css zorglub brouzouf chmurtz grompf internet ordinateur pas cher clermon feran monbéliar"
).split()
PHRASES = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join),
    st.lists(st.sampled_from(WORDS), max_size=40).map("".join),
    TEXTS,
    st.sampled_from(ODD),
).map(lambda text: text.replace("\x00", " "))
"""What one may type in a box, 200 characters and more, in and out of sense."""
