"""What may be a place in a phrase, and what stands around it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from directory.search.lexicon_forms import Lexicon
from directory.search.phrases_words import Token

STRONG = frozenset(
    """a au aux vers ver pres proche habite habites habit abite jabite habitant habitons reside
    residant vis vit in near at around ville commune cote ds cerca perto в у біля возле около في
    قرب lângă langa in к secteur""".split()
)
WEAK = frozenset("de du d en dans sur le la les l em na no pe к под de des entre chez".split())
ARTICLES = frozenset({"le", "la", "les", "l"})
STREETS = frozenset("rue avenue av boulevard bd bld allee impasse quai square faubourg".split())
_STREET_SMALL = ARTICLES | {"de", "du", "des", "d", "docteur", "dr", "general", "saint"}
_DISTRICTS = frozenset("quartier cite residence lotissement zac hameau".split())
_DISTRICT_SMALL = ARTICLES | {"de", "du", "des", "d"}


@dataclass(frozen=True)
class Spot:
    """A place in a phrase: words `first` to `last` (excluded), what to put in `ou`, how likely.

    `department` is that of `commune`, the largest bearer of the name; `departments` those of every
    bearer.
    """

    first: int
    last: int
    text: str
    score: float
    commune: str = ""
    department: str = ""
    departments: frozenset[str] = frozenset()
    is_corrected: bool = False
    cue: float = 0

    @property
    def words(self) -> range:
        """Places of its words in the phrase."""
        return range(self.first, self.last)


def cue_before(words: Sequence[Token], first: int) -> float:
    """Return 2 after "à" or "près de", 1 after "de" or "en", 0 after anything else."""
    if first == 0:
        return 0
    before = words[first - 1].word
    if before in STRONG:
        return 2
    if before in ("de", "d", "du", "des", "от") and first > 1:
        return 2 if words[first - 2].word in STRONG else 1
    if before in ARTICLES and first > 1:
        return {"dans": 2, "ds": 2, "sur": 1}.get(words[first - 2].word, 0)
    return 1 if before in WEAK else 0


def is_inside(words: Sequence[Token], first: int) -> bool:
    """Tell whether "dans le", "dans la"… stands before: a department, an arrondissement."""
    before = [token.word for token in words[max(0, first - 2) : first]]
    return (
        len(before) == 2 and before[0] in ("dans", "ds") and before[1] in ("le", "la", "les", "l")
    )


def is_district(words: Sequence[Token], first: int) -> bool:
    """Tell whether "quartier", "cité"… stands before, small words aside."""
    while first > 0 and words[first - 1].word in _DISTRICT_SMALL:
        first -= 1
    return first > 0 and words[first - 1].word in _DISTRICTS


def starts(words: Sequence[Token], first: int, lexicon: Lexicon) -> bool:
    """Tell whether only small words stand before ("bonjour je cherche à")."""
    return all(token.word in lexicon.polite for token in words[:first])


def ends(words: Sequence[Token], last: int, lexicon: Lexicon) -> bool:
    """Tell whether only small words stand after ("s’il vous plaît merci")."""
    return all(token.word in lexicon.polite for token in words[last:])


def is_edge(words: Sequence[Token], spot: Spot, lexicon: Lexicon) -> bool:
    """Tell whether it stands at either end of the phrase, politeness aside."""
    return starts(words, spot.first, lexicon) or ends(words, spot.last, lexicon)


def department_of(code: str) -> str:
    """Return the department of a postcode or an INSEE code (not Corsica's postcodes)."""
    return code[:3] if code.startswith(("97", "98")) else code[:2].upper()


def street(words: Sequence[Token]) -> frozenset[int]:
    """Return the places of the words of a street's name: "rue de la Santé" is no need."""
    found: set[int] = set()
    for i, token in enumerate(words):
        if token.word in STREETS:
            last = i + 1
            while last < len(words) - 1 and words[last].word in _STREET_SMALL:
                last += 1
            found.update(range(i, min(last + 1, len(words))))
    return frozenset(found)


def with_initials(
    words: Sequence[Token], in_place: frozenset[int], lexicon: Lexicon
) -> list[Token]:
    """Return the words, those of `lexicon.capitals` that nothing follows read as initials.

    "activation mes rodez" is about Mon espace santé: "mes" has no word to go with.
    """
    found = list(words)
    for i, token in enumerate(words):
        alone = i + 1 == len(words) or i + 1 in in_place
        if token.word in lexicon.capitals and i > 0 and alone:
            found[i] = replace(token, is_capitals=True)
    return found
