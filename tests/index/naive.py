"""The search, told place by place over plain dicts: what the index must answer.

Slow and plain on purpose. It shares with the index neither code nor data: only the criteria, the
way texts are normalised, and the page's own reading of opening hours.
"""

import math
from datetime import UTC, date, datetime
from typing import Any

from directory.search.criteria import Access, Criteria, Facet, Sort
from directory.search.opening import opening_at, week
from directory.vocabularies.normalization import normalize

TERM_FACETS = {
    Facet.SUPPORT_MODE: ["support_mode"],
    Facet.ACTIVITY: ["activity"],
    Facet.PUBLIC: ["public"],
    Facet.SPECIAL_CARE: ["special_care"],
    Facet.LANGUAGE: ["language"],
    Facet.COST: ["cost"],
    Facet.NETWORK: ["programme", "training_label"],
    Facet.KIND: ["kind"],
    Facet.EQUIPMENT: ["equipment"],
}
MAY_BE_SILENT = {
    Facet.NEED,
    Facet.SUPPORT_MODE,
    Facet.ACTIVITY,
    Facet.PUBLIC,
    Facet.SPECIAL_CARE,
    Facet.LANGUAGE,
    Facet.COST,
    Facet.EQUIPMENT,
    Facet.ACCESS,
}
SPELLINGS = {"saint": "st", "st": "saint", "sainte": "ste", "ste": "sainte"}
YES, NO, SILENT = "yes", "no", "silent"


def km_between(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Great-circle distance by the arctangent form, on IUGG's mean sphere."""
    lat1, lng1, lat2, lng2 = map(math.radians, (*first, *second))
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin((lng2 - lng1) / 2) ** 2
    return 2 * 6371.0088 * math.atan2(math.sqrt(half), math.sqrt(1 - half))


class Naive:
    """Answers over a world: dicts of communes, departments, actors, needs, terms and places."""

    def __init__(self, world: dict[str, Any], criteria: Criteria, monday: date) -> None:
        self.world, self.criteria, self.monday = world, criteria, monday
        self.places = [p for p in world["places"] if p["state"] == "published"]

    def is_shown(self, actor: str | None) -> bool:
        return actor is None or self.world["actors"][actor]["state"] == "published"

    def services(self, place: dict[str, Any]) -> list[dict[str, Any]]:
        return [
            service
            for service in place["services"]
            if service["state"] == "published" and self.is_shown(service["actor"])
        ]

    def needs(self, place: dict[str, Any], declared: bool) -> set[str]:
        return {
            code
            for service in self.services(place)
            for code, basis in service["needs"].items()
            if basis == "declared" or not declared
        }

    def department(self, place: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = self.world["departments"][self.commune(place)["department"]]
        return found

    def commune(self, place: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = self.world["communes"][place["commune"]]
        return found

    def values(self, place: dict[str, Any], facet: Facet) -> set[str]:
        """Values of a place that do not depend on the search."""
        if facet == Facet.NEED:
            return self.needs(place, self.criteria.declared_only)
        if facet == Facet.DEPARTMENT:
            return {self.commune(place)["department"]}
        if facet == Facet.REGION:
            return {self.department(place)["region"]} - {None}
        if facet == Facet.ITINERANT:
            moves = place["itinerancy"] in {"itinerant", "both"} or place["has_stop"]
            return {"oui"} if moves else set()
        pairs = list(place["terms"])
        for service in self.services(place):
            pairs += service["terms"]
        return {code for vocabulary, code in pairs if vocabulary in TERM_FACETS[facet]}

    def says(self, place: dict[str, Any], facet: Facet, code: str) -> str:
        """Whether a place has one value: yes, no, or nothing said of it."""
        if facet == Facet.ACCESS:
            return self.access(place, code)
        if facet == Facet.VERIFIED:
            since = self.criteria.verified_since
            return YES if place["verified"] and since and place["verified"] >= since else NO
        values = self.values(place, facet)
        if not values and facet in MAY_BE_SILENT:
            return SILENT
        wanted = {code}
        if facet == Facet.PUBLIC:
            wanted.add("tout-public")
        if facet == Facet.NEED:
            parents = self.world["parents"]
            wanted |= {child for child, parent in parents.items() if parent == code}
            wanted |= {parents.get(code, code)}
        return YES if values & wanted else NO

    def access(self, place: dict[str, Any], code: str) -> str:
        if code == Access.PHONE:
            return YES if place["phone"] else NO
        if code == Access.NO_APPOINTMENT:
            if not place["appointment"]:
                return SILENT
            free = place["appointment"] in {"not_needed", "possible", "recommended"}
            return YES if free else NO
        if code == Access.NOW:
            return {True: YES, False: NO, None: SILENT}[self.is_open(place)]
        return self.in_week(place, code)

    def in_week(self, place: dict[str, Any], code: str) -> str:
        """Whether a place is open at a time of an ordinary week."""
        days = week(place["hours"], "Europe/Paris", self.monday)
        if days is None:
            return SILENT
        spans = [[(_minutes(a), _minutes(b) or 24 * 60) for a, b in day] for day in days]
        if code == Access.SATURDAY:
            return YES if spans[5] else NO
        if code == Access.EVENING:
            return YES if any(end > 18 * 60 for day in spans[:5] for _start, end in day) else NO
        day, minute = self.criteria.day, self.criteria.minute
        assert day is not None
        assert minute is not None
        return YES if any(start <= minute < end for start, end in spans[day]) else NO

    def is_open(self, place: dict[str, Any]) -> bool | None:
        now = self.criteria.now
        assert now is not None
        start = datetime.fromtimestamp(now.timestamp() // 300 * 300, UTC)
        department = self.department(place)
        return opening_at(
            place["hours"],
            department["zone"],
            start,
            self.commune(place)["department"],
            place["closures"],
        ).is_open

    def matches(self, place: dict[str, Any], facet: Facet, codes: set[str]) -> str:
        said = {self.says(place, facet, code) for code in codes}
        return YES if YES in said else SILENT if SILENT in said else NO

    def others(self, place: dict[str, Any], but: Facet | None) -> str:
        """Whether a place matches every facet but one."""
        said = {
            self.matches(place, facet, set(codes))
            for facet, codes in self.criteria.facets.items()
            if facet != but
        }
        return NO if NO in said else SILENT if SILENT in said else YES

    def words(self, place: dict[str, Any]) -> set[str]:
        actors, labels = self.world["actors"], self.world["labels"]
        texts = [place["name"], place["group"], place["address"], self.commune(place)["name"]]
        texts.append(self.department(place)["name"])
        texts += [actors[place["operator"]]["name"]] if place["operator"] else []
        texts += [actors[one]["name"] for one in place["networks"] if self.is_shown(one)]
        texts += [service["name"] for service in self.services(place)]
        texts += [labels[code] for code in self.needs(place, declared=False)]
        texts += [labels[code] for code in self.values(place, Facet.NETWORK)]
        words = set(normalize(" ".join(texts)).split())
        return words | {SPELLINGS[word] for word in words & SPELLINGS.keys()}

    def bears(self, place: dict[str, Any], word: str) -> bool:
        own = self.words(place)
        is_plural = len(word) > 3 and word[-1] in "sx"
        return any(other.startswith(word) for other in own) or (is_plural and word[:-1] in own)

    def is_inside(self, place: dict[str, Any], km: float | None = None) -> bool:
        """Whether a place is in the searched territory and bears the searched words."""
        criteria = self.criteria
        if not all(self.bears(place, word) for word in criteria.words):
            return False
        if criteria.bbox and not self.is_in_box(place):
            return False
        if criteria.point:
            radius = criteria.radius if km is None else km
            if place["point"] is None or self.distance(place) > radius:
                return False
            if not criteria.bbox:
                return True
        if criteria.department:
            return self.commune(place)["department"] == criteria.department
        return not criteria.region or self.department(place)["region"] == criteria.region

    def is_in_box(self, place: dict[str, Any]) -> bool:
        box, point = self.criteria.bbox, place["point"]
        assert box
        return bool(
            point and box.south <= point[0] <= box.north and box.west <= point[1] <= box.east
        )

    def distance(self, place: dict[str, Any]) -> float:
        assert self.criteria.point
        return km_between(self.criteria.point, place["point"])

    def is_exact(self, place: dict[str, Any]) -> bool:
        if Facet.NEED not in self.criteria.facets:
            return True
        return bool(self.values(place, Facet.NEED) & self.criteria.exact_needs)

    def is_declared(self, place: dict[str, Any]) -> bool:
        if Facet.NEED not in self.criteria.facets:
            return True
        asked = self.criteria.exact_needs if self.is_exact(place) else self.criteria.accepted_needs
        return bool(self.needs(place, declared=True) & asked)

    def effective(self, place: dict[str, Any]) -> float:
        criteria, km = self.criteria, self.distance(place)
        if Facet.NEED in criteria.facets and self.is_declared(place):
            km -= 1.0
        if criteria.now and self.is_open(place):
            km -= 0.5
        if self.says(place, Facet.VERIFIED, "oui") == YES:
            km -= 0.3
        if place["phone"] and week(place["hours"], "Europe/Paris", self.monday) is not None:
            km -= 0.2
        return km

    def order(self, place: dict[str, Any]) -> tuple[Any, ...]:
        criteria, name = self.criteria, normalize(place["name"])
        if criteria.sort == Sort.NAME:
            return name, place["id"]
        if criteria.sort == Sort.VERIFIED:
            day = -place["verified"].toordinal() if place["verified"] else 0
            return day, (self.distance(place) if criteria.point else name), place["id"]
        commune = normalize(self.commune(place)["name"])
        near = (round(self.effective(place), 9),) if criteria.point else (commune, name)
        return not self.is_exact(place), *near, place["id"]

    def blocks(self) -> tuple[list[int], list[int]]:
        """Keys of the places that match, and of those to check by phone, in order."""
        inside = sorted(filter(self.is_inside, self.places), key=self.order)
        told = [(self.others(place, None), place["id"]) for place in inside]
        return [pk for said, pk in told if said == YES], [pk for said, pk in told if said == SILENT]

    def codes(self, facet: Facet) -> set[str]:
        criteria = self.criteria
        chosen = set(criteria.facets.get(facet, ()))
        if facet == Facet.ACCESS:
            always = {Access.EVENING, Access.SATURDAY, Access.NO_APPOINTMENT, Access.PHONE}
            return chosen | always | ({Access.NOW} if criteria.now else set())
        if facet == Facet.ITINERANT:
            return {"oui"}
        if facet == Facet.VERIFIED:
            return {"oui"} if criteria.verified_since else set()
        return chosen.union(*(self.values(place, facet) for place in self.places))

    def counts(self, facet: Facet) -> dict[str, int]:
        inside = [
            place
            for place in self.places
            if self.is_inside(place) and self.others(place, facet) == YES
        ]
        return {
            str(code): sum(self.says(place, facet, code) == YES for place in inside)
            for code in self.codes(facet)
        }

    def silent_count(self, facet: Facet) -> int:
        chosen = set(self.criteria.facets.get(facet, ()))
        count = 0
        for place in self.places:
            if self.is_inside(place) and self.others(place, facet) == YES:
                if facet == Facet.ACCESS and not chosen:
                    is_mute = week(place["hours"], "Europe/Paris", self.monday) is None
                    count += is_mute and not place["appointment"]
                elif chosen:
                    count += self.matches(place, facet, chosen) == SILENT
                else:
                    count += not self.values(place, facet)
        return count

    def radius_count(self, km: int) -> int:
        return sum(
            self.is_inside(place, km) and self.others(place, None) == YES for place in self.places
        )


def _minutes(moment: Any) -> int:
    return int(moment.hour * 60 + moment.minute)
