"""Whether two records are one place: a score out of 100, its reasons, and whether it is certain.

Pure: no database, no clock. The weights were tuned on two thirds of bench/duplicates/pairs.csv.
"""

from dataclasses import dataclass

from rapidfuzz import fuzz

from directory.exchange.duplicates.names import Name
from directory.exchange.duplicates.record import Record
from directory.models.querysets import haversine_km
from directory.vocabularies.duplicates import DuplicateReason as Reason

REVIEW = 50
"""Score from which a moderator is asked."""
CERTAIN = 100
"""Score of what is merged by rule."""

SAME_NAME = 90
LIKE_NAME = 70
"""Likeness of names, out of 100, from which they are the same, or alike."""
SAME_WAY = 88
"""Likeness of streets from which they are the same."""
NEAR_KM = 0.15
FAR_KM = 1.0
TYPOS = 94
"""Likeness of whole names that differ by a letter or a word of no weight."""

NAME, LIKE, PHONE, ADDRESS, STREET, PIVOT, NEAR, HOST = 40, 25, 35, 30, 15, 20, 15, 20
OTHER_PHONE, OTHER_NUMBER, OTHER_WAY, FAR, OTHER_BODY = -12, -5, -20, -20, -25


HOSTS = frozenset({"town", "town_welfare", "community", "social_centre", "post", "youth_work"})
"""Bodies that run most France Services, and under whose name lists give them again."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two records have in common. `score` is 0 when they cannot be one place."""

    score: int = 0
    reasons: tuple[Reason, ...] = ()
    is_certain: bool = False


NOTHING = Comparison()


def compare(a: Record, b: Record) -> Comparison:
    """Compare two records; the order does not matter.

    Certain: a same identifier in two lists; or a same name, a same address and a same phone, where
    nothing says two counters.
    """
    if a.town != b.town and not _is_near(a, b):
        return NOTHING
    if a.identifiers & b.identifiers and not a.sources & b.sources:
        return Comparison(CERTAIN, (Reason.SAME_IDENTIFIER,), is_certain=True)
    if _are_two(a, b):
        return NOTHING
    points, reasons = 0, []
    for part, reason in (_name(a, b), _place(a, b), _phone(a, b), _pivot(a, b)):
        points += part
        reasons += [reason] if reason else []
    if _other_bodies(a, b):
        points += OTHER_BODY
    elif _may_host(a, b) and Reason.SAME_ADDRESS in reasons and not (a.phone and b.phone):
        points += HOST
    certain = (
        {Reason.SAME_NAME, Reason.SAME_ADDRESS, Reason.SAME_PHONE} <= set(reasons)
        and _is_one_name(a.name, b.name)
        and not _other_bodies(a, b)
    )
    score = CERTAIN if certain else max(0, min(CERTAIN - 1, points))
    return Comparison(score, tuple(reasons), certain)


def _are_two(a: Record, b: Record) -> bool:
    """Tell what no likeness outweighs: a bus and a counter, a principal and its antenna."""
    if a.is_mobile != b.is_mobile:
        return True
    if b.principal == a.key or a.principal == b.key:
        return True
    return bool(a.principal and a.principal == b.principal)


def _name(a: Record, b: Record) -> tuple[int, Reason | None]:
    likeness = likeness_of_names(a.name, b.name)
    if likeness >= SAME_NAME:
        return NAME, Reason.SAME_NAME
    if likeness >= LIKE_NAME or _names_the_operator(a, b):
        return LIKE, Reason.LIKE_NAME
    return 0, None


def likeness_of_names(a: Name, b: Name) -> float:
    """Return how much two names say the same thing, from 0 to 100.

    Names that hold nothing but their body and their town are the same when their bodies are.
    """
    if a.own and b.own:
        return max(fuzz.token_sort_ratio(a.own, b.own), 0.9 * fuzz.token_set_ratio(a.own, b.own))
    if not a.bodies & b.bodies:
        return float(fuzz.token_sort_ratio(a.plain, b.plain))
    return 100.0 if a.own == b.own else 80.0


def _names_the_operator(a: Record, b: Record) -> bool:
    return any(
        one.operator and fuzz.token_set_ratio(one.operator, other.name.plain) >= SAME_NAME
        for one, other in ((a, b), (b, a))
    )


def _is_one_name(a: Name, b: Name) -> bool:
    """Tell whether names differ by nothing that could name another counter."""
    return (
        a.bodies == b.bodies
        and a.is_site == b.is_site
        and (a.own == b.own or fuzz.token_sort_ratio(a.own, b.own) >= TYPOS)
        and _digits(a.own) == _digits(b.own)
    )


def _digits(text: str) -> list[str]:
    return [word for word in text.split() if word.isdigit()]


def _other_bodies(a: Record, b: Record) -> bool:
    """Tell whether each name tells of a body, and they have none in common.

    A France Services is run by a town, a fund, a post office: it is no other body.
    """
    own_a, own_b = a.name.bodies, b.name.bodies
    runs = "france_services"
    return bool(own_a and own_b and not own_a & own_b and runs not in own_a | own_b)


def _may_host(a: Record, b: Record) -> bool:
    """Tell whether one is a France Services and the other a body that may run it."""
    return any(
        "france_services" in one.name.bodies
        and "france_services" not in other.name.bodies
        and other.name.bodies & HOSTS
        for one, other in ((a, b), (b, a))
    )


def _place(a: Record, b: Record) -> tuple[int, Reason | None]:
    way = fuzz.token_set_ratio(a.address.own, b.address.own)
    far = _is_far(a, b)
    if a.address.own and b.address.own and way >= SAME_WAY:
        numbers = {a.address.number, b.address.number}
        if len(numbers) == 1:
            return ADDRESS, Reason.SAME_ADDRESS
        if 0 in numbers:
            return ADDRESS - 8, Reason.SAME_STREET
        return STREET + OTHER_NUMBER + (NEAR if _is_near(a, b) else 0), Reason.SAME_STREET
    if _is_near(a, b):
        return NEAR, Reason.NEAR
    if not a.address.own or not b.address.own:
        return (FAR if far else 0), None
    return OTHER_WAY + (FAR if far else 0), Reason.OTHER_ADDRESS


def _phone(a: Record, b: Record) -> tuple[int, Reason | None]:
    if not a.phone or not b.phone:
        return 0, None
    if a.phone == b.phone:
        return PHONE, Reason.SAME_PHONE
    return OTHER_PHONE, Reason.OTHER_PHONE


def _pivot(a: Record, b: Record) -> tuple[int, Reason | None]:
    return (PIVOT, Reason.SAME_PIVOT) if a.pivot and a.pivot == b.pivot else (0, None)


def _is_near(a: Record, b: Record) -> bool:
    return bool(a.point and b.point and haversine_km(a.point, b.point) <= NEAR_KM)


def _is_far(a: Record, b: Record) -> bool:
    return bool(a.point and b.point and haversine_km(a.point, b.point) > FAR_KM)
