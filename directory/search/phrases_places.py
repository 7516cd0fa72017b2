"""Finds the part of a phrase that is a place.

Many communes bear the name of a common word (Die, Sens, Eu, L'Hôpital): such a word is a place only
with a cue beside it, "à", a department, or its size.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rapidfuzz.distance import OSA

from directory.search.lexicon_forms import Lexicon
from directory.search.phrases_names import LARGE, TOWN, UNFINISHED, WHOLE_DEPARTMENT
from directory.search.phrases_numbers import NUMBER, POSTCODE, district, numbers
from directory.search.phrases_sounds import as_in_gazetteer, joined, without_elision
from directory.search.phrases_spots import (
    ARTICLES,
    Spot,
    cue_before,
    department_of,
    ends,
    is_district,
    is_edge,
    is_inside,
    starts,
    street,
)
from directory.search.phrases_words import Token
from directory.vocabularies.normalization import normalize_place_name

LONGER = 8
"""Towns looked at whose name goes on after the words typed ("Saint-Ouen 93")."""

LONGEST = 7
"""Words of the longest name looked for."""

HAMLET = 300
"""People under which a name at either end of a phrase is no place without a cue."""

VILLAGE = 1_500
"""People from which a common word written with a capital letter is a place."""

KNOWN_TOWN = 8_000
"""People from which a common word is a place after "à"."""

WITHIN_TOWN = 5.0
"""What the name of a district loses: any town said beside it is likelier."""

CONTRACTED = {"au": "le", "du": "le", "aux": "les", "des": "les"}

SURE = 6.5
"""Score from which a place is one even inside an expression that means something else."""


def find(
    text: str, words: Sequence[Token], expressions: frozenset[int], lexicon: Lexicon
) -> Spot | None:
    """Return the likeliest place written without mistake, with its department when it is said.

    A village is not read inside `expressions`, the words that mean something else together.
    """
    spots = [*numbers(text, words, lexicon), *_names(text, words, lexicon)]
    spots = [
        s
        for s in spots
        if s.score >= SURE or len(s.words) > 2 or not expressions.intersection(s.words)
    ]
    in_street = street(words)
    spots = [s for s in spots if not in_street.issuperset(s.words)]
    spots = [s for s in spots if not any(_is_inside(s, other) for other in spots)]
    if not spots:
        return None
    best = max(spots, key=lambda spot: (spot.score, len(spot.words), -spot.first))
    return _with_department(best, spots, words, text)


def _is_inside(spot: Spot, other: Spot) -> bool:
    is_within = other.first <= spot.first and spot.last <= other.last
    return is_within and len(other.words) > len(spot.words)


def _with_department(best: Spot, spots: Sequence[Spot], words: Sequence[Token], text: str) -> Spot:
    """Join a commune and the department or postcode said elsewhere ("ham carte vitale somme")."""
    pairs = [best, *(s for s in spots if s.last <= best.first or s.first >= best.last)]
    communes = [s for s in pairs if s.commune]
    departments = [s for s in pairs if s.department and not s.commune]
    for commune in communes:
        for other in departments:
            if best not in (commune, other) or other.department not in commune.departments:
                continue
            if commune.is_corrected and other.department == commune.department:
                return commune
            first, last = sorted((commune, other), key=lambda s: s.first)
            if first.last == last.first and not commune.is_corrected:
                whole = text[words[first.first].start : words[last.last - 1].end]
                return replace(best, first=first.first, last=last.last, text=whole)
            return replace(commune, text=f"{commune.text} ({other.department})")
    return best


def _names(text: str, words: Sequence[Token], lexicon: Lexicon) -> Iterator[Spot]:
    plain = [normalize_place_name(token.word) for token in words]
    for first in range(len(words)):
        if arrondissement := district(plain, words, first):
            yield arrondissement
            continue
        for last in range(min(len(words), first + LONGEST), first, -1):
            typed = text[words[first].start : words[last - 1].end]
            name = " ".join(plain[first:last])
            spot = None
            for way, written in _ways(name, typed, plain[first - 1] if first else "", lexicon):
                spot = spot or _named(Spot(first, last, written, 0), way, words, lexicon)
            if spot:
                yield spot
                break


def _ways(name: str, typed: str, before: str, lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    """Yield the names that words may be: "aux Mées" is Les Mées, "dArras" is Arras."""
    names = lexicon.places
    is_territory = name in names.gazetteer.departments or name in names.gazetteer.regions
    article = CONTRACTED.get(before, "")
    if article and not is_territory and f"{article} {name}" in names.bearers:
        yield f"{article} {name}", f"{article.capitalize()} {typed}"
    yield name, typed
    bare = without_elision(name)
    begun = [text.partition(" ")[0] for text in (name, bare)]
    known = begun[0] in lexicon.french or any(map(lexicon.is_known, begun))
    if bare != name and name not in names.bearers and not known:
        if f"l {bare}" in names.bearers:
            yield f"l {bare}", f"L’{typed[1:]}"
        yield bare, typed[1:]


def _named(spot: Spot, name: str, words: Sequence[Token], lexicon: Lexicon) -> Spot | None:
    """Read a name as written: a usual one, a department, a region, a commune, a beginning."""
    names = lexicon.places.gazetteer
    bearers = (*names.bearers(name), *names.beginning_with(name, LONGER))
    departments = frozenset(map(department_of, bearers))
    hinted = _hint(spot, words) in departments
    if not hinted and (place := lexicon.places.other(name)):
        return _judged(replace(spot, text=place), words, LARGE, lexicon)
    code = names.departments.get(name) or names.regions.get(name)
    index = lexicon.places.bearers.get(name)
    if index is None and code is None:
        return _short(spot, name, words, lexicon)
    insee = names.communes[index] if index is not None else ""
    population = lexicon.places.communes[insee][2] if insee in lexicon.places.communes else 0
    department = names.departments.get(name, "")
    if department and population >= LARGE and is_inside(words, spot.first):
        # "dans la Vienne" is no town.
        spot = replace(spot, text=department, department=department)
        return _judged(spot, words, WHOLE_DEPARTMENT, lexicon)
    if code and population < LARGE:
        return _judged(replace(spot, department=department), words, WHOLE_DEPARTMENT, lexicon)
    if names.is_former(name, insee):
        population = min(population, VILLAGE)
    if not hinted and lexicon.places.beginnings.get(name, insee) != insee:
        return _short(spot, name, words, lexicon)
    spot = replace(spot, commune=insee, department=department_of(insee), departments=departments)
    return _judged(spot, words, population, lexicon)


def _short(spot: Spot, name: str, words: Sequence[Token], lexicon: Lexicon) -> Spot | None:
    """Read the usual beginning of a town's name ("amelie les bains", "equeurdreville")."""
    if len(spot.words) > 1 and words[spot.last - 1].word in UNFINISHED:
        return None
    code = lexicon.places.beginnings.get(name, "")
    if name in lexicon.places.beginnings and not code:
        return _judged(spot, words, LARGE, lexicon)
    count = len(spot.words)
    # Three words that sound like a town are no chance; two ordinary ones may be.
    is_told = count > 2 or any(_is_strange(words[i].word, lexicon) for i in spot.words)
    if not code and count > 1 and len(name) >= 8 and is_told:
        code = _heard(name, lexicon)
    if not code:
        return None
    town, department, population = lexicon.places.communes[code]
    spot = replace(
        spot,
        text=f"{town} ({department})",
        commune=code,
        department=department,
        departments=frozenset({department}),
        is_corrected=True,
    )
    return _judged(spot, words, population, lexicon)


def _is_strange(word: str, lexicon: Lexicon) -> bool:
    is_french = word in lexicon.french or word in lexicon.empty
    return not is_french and word not in lexicon.places.words


def _heard(name: str, lexicon: Lexicon) -> str:
    """Return the largest town whose name of several words sounds the same ("st briec")."""
    sounds = (joined(tuple(name.split())), as_in_gazetteer(name))
    found = {i for sound in sounds for i in lexicon.places.heard.get(sound, ())}
    places = [place for i in found if " " in (place := lexicon.places.named(i)).name]
    # More letters away, other towns may be nearer: `phrases_guess` compares them.
    allowed = len(name) // 4 if name.count(" ") > 1 else 1
    places = [place for place in places if OSA.distance(name, place.name) <= allowed]
    size, code = max(((p.size, p.commune) for p in places if p.commune), default=(0, ""))
    return code if size >= math.log10(TOWN) else ""


def _judged(spot: Spot, words: Sequence[Token], population: int, lexicon: Lexicon) -> Spot | None:
    """Score a name by its size and surroundings; None when it is likelier a word than a place."""
    cue = cue_before(words, spot.first)
    hinted = _hint(spot, words) in spot.departments
    if not hinted and not _is_place(spot, words, population, lexicon):
        return None
    size = math.log10(population + 10) + 0.8 * (len(spot.words) - 1)
    if is_district(words, spot.first):
        # "quartier de la Madeleine, Évreux": the town counts, when it is said.
        size -= WITHIN_TOWN
    return replace(spot, score=1.5 * cue + 2 * hinted + is_edge(words, spot, lexicon) + size)


def _hint(spot: Spot, words: Sequence[Token]) -> str:
    """Return the department whose number follows ("Angles 85"), else ""."""
    after = words[spot.last].word if spot.last < len(words) else ""
    if not (NUMBER.match(after) or POSTCODE.match(after)):
        return ""
    return department_of(after) if len(after) == 5 else after.upper()


def _is_place(spot: Spot, words: Sequence[Token], population: int, lexicon: Lexicon) -> bool:
    span = [words[i].word for i in spot.words]
    cue = cue_before(words, spot.first)
    is_name = words[spot.first].is_name
    is_piece = any(w in lexicon.meanings.words for w in span)
    if (len(span) == len(words) and not is_piece) or _is_plainly_place(spot, words, population):
        return True
    telling = [w in lexicon.telling for w in span]
    if all(w in lexicon.empty or w in lexicon.telling for w in span) and (
        len(span) == 1 or any(telling)
    ):
        return is_name and cue == 2 and (span[0] in lexicon.empty or population >= KNOWN_TOWN)
    if all(lexicon.is_known(w) for w in span):
        return _is_common_place(spot, words, population, lexicon, is_piece)
    least = HAMLET if is_edge(words, spot, lexicon) else TOWN
    if len(span) == 1 and cue == 0 and population < least:
        return False
    return len("".join(span)) >= 3 or cue == 2


def _is_plainly_place(spot: Spot, words: Sequence[Token], population: int) -> bool:
    """Tell "dans le Cher" and "La Couronne", whatever else these words mean."""
    if spot.department and not spot.commune and is_inside(words, spot.first):
        return True
    first = words[spot.first]
    has_article = len(spot.words) > 1 and first.word in ARTICLES and first.is_name
    return has_article and population >= VILLAGE


def _is_common_place(
    spot: Spot, words: Sequence[Token], population: int, lexicon: Lexicon, is_piece: bool
) -> bool:
    """Tell whether common words are a place: by a capital, a cue, their size."""
    count = len(spot.words)
    cue = cue_before(words, spot.first)
    is_last, edge = ends(words, spot.last, lexicon), is_edge(words, spot, lexicon)
    is_saint = count > 1 and normalize_place_name(words[spot.first].word).startswith("saint")
    least = {1: TOWN, 2: TOWN, 3: VILLAGE}.get(count, HAMLET)
    if population >= least and (is_saint or (count > 2 and (cue or edge))):
        return True
    if words[spot.first].is_name and population >= VILLAGE:
        return True
    before = words[spot.first - 1].word if spot.first else ""
    if is_last and population >= TOWN and not _is_plain(before, lexicon):
        return True
    if population >= LARGE and not is_piece and starts(words, spot.first, lexicon):
        # "Orange carte vitale": what is asked begins right after.
        after = words[spot.last : spot.last + 1]
        return any(token.word in lexicon.meanings.words for token in after)
    if cue == 2:
        return population >= KNOWN_TOWN or (edge and not is_piece)
    return cue == 1 and population >= WHOLE_DEPARTMENT and not spot.commune


def _is_plain(word: str, lexicon: Lexicon) -> bool:
    """Tell whether a word is ordinary French that means nothing here."""
    means = word in lexicon.meanings.words or word in lexicon.facets.words
    return not word or (lexicon.is_known(word) and not means)
