"""The addresses asked for, drawn from a seeded list: no two requests in a row ask the same."""

import json
import math
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import django

SEED = 71
COUNT = 1_500
"""Addresses by scenario."""

REVISITED = 20
"""Pages seen again and again, to measure answers "not modified"."""

WORDS = "médiathèque|mairie|centre social|tilleuls|solidarités|association|rue gare|numérique|ccas"
FILTERS = ("mode", "accueil", "prix", "reseau", "type", "acces", "activite")
ACCESS = ("telephone", "samedi", "soir", "sans-rendez-vous")
ZOOMS = range(5, 19)
VIEW = (1280, 800)
"""Pixels of a map on a wide screen: twice what the results page shows beside its list."""

RADII = ("10", "20", "20", "20", "50")

LABELS = {
    "hello": "hello world",
    "home": "home",
    "results": "results, plain",
    "filters": "results, 3 filters",
    "text": "results, text",
    "open": "results, open now",
    "map": "map, zooms 5 to 18",
    "place": "place",
    "sheet": "sheet of 3 places",
    "sheet-pdf": "sheet of 3, PDF",
    "facets": "facets, JSON",
    "api": "API, 100 places",
    "not-modified": "304",
}


def main() -> None:
    """Write every scenario's addresses, by name, to the file `sys.argv[1]`."""
    django.setup()
    Path(sys.argv[1]).write_text(json.dumps(draw()), encoding="utf-8")


def draw() -> dict[str, list[str]]:
    """Return the addresses by scenario; those of pages that do not exist yet are left out."""
    from django.urls import reverse  # noqa: PLC0415 (Django is ready only now)

    drawer = Drawer(random.Random(SEED))
    recherche = reverse("directory:results")
    places = [reverse("directory:place-detail", args=[slug]) for slug in drawer.slugs()]

    def searches(path: str, extra: Callable[[], list[tuple[str, str]]]) -> list[str]:
        return [f"{path}?{urlencode(drawer.plain() + extra())}" for _ in range(COUNT)]

    addresses = {
        "hello": ["/bench/hello"],
        "home": [reverse("directory:home")],
        "results": searches(recherche, list),
        "filters": searches(recherche, drawer.filters),
        "text": searches(recherche, drawer.text),
        "open": searches(recherche, lambda: [("acces", "maintenant")]),
        "map": drawer.maps(reverse("directory:results-map")),
        "place": places,
        "sheet": drawer.sheets(reverse("directory:sheet")),
        "sheet-pdf": drawer.sheets(reverse("directory:sheet-pdf")),
    }
    addresses["facets"] = searches(reverse("directory:facet-counts"), drawer.filters)
    addresses["api"] = searches(
        reverse("directory:api:place_list"), lambda: [*drawer.filters()[:1], ("limit", "100")]
    )
    # What people come back to: results and places alike.
    addresses["not-modified"] = addresses["results"][: REVISITED // 2] + places[: REVISITED // 2]
    return addresses


class Drawer:
    """Draws parameters; communes as often as people live there."""

    def __init__(self, rng: random.Random) -> None:
        from directory.models import Commune, Need, Term  # noqa: PLC0415

        self.rng = rng
        communes = Commune.objects.filter(population__gt=0, latitude__isnull=False).order_by("pk")
        rows = list(
            communes.values_list("name", "department_id", "population", "latitude", "longitude")
        )
        self.communes = [f"{name} ({department})" for name, department, *_ in rows]
        self.weights = [population or 0 for _, _, population, *_ in rows]
        self.points = [(latitude or 0.0, longitude or 0.0) for *_, latitude, longitude in rows]
        self.needs = list(Need.objects.order_by("code").values_list("code", flat=True))
        self.terms: dict[str, list[str]] = {}
        for vocabulary, code in Term.objects.order_by("pk").values_list("vocabulary", "code"):
            self.terms.setdefault(vocabulary, []).append(code)

    def plain(self) -> list[tuple[str, str]]:
        """Draw a commune, a need two times out of three, and a radius."""
        chosen = [("ou", self.rng.choices(self.communes, self.weights)[0])]
        if self.rng.random() < 2 / 3:
            chosen.append(("besoin", self.rng.choice(self.needs)))
        return [*chosen, ("rayon", self.rng.choice(RADII))]

    def filters(self) -> list[tuple[str, str]]:
        """Draw a value of three facets."""
        offered: dict[str, Any] = {
            "mode": self.terms["support_mode"],
            "accueil": self.terms["special_care"],
            "prix": self.terms["cost"],
            "reseau": self.terms["programme"],
            "type": self.terms["kind"][:20],
            "acces": ACCESS,
            "activite": self.terms["activity"],
        }
        names = self.rng.sample(FILTERS, 3)
        return [(name, self.rng.choice(offered[name])) for name in names]

    def text(self) -> list[tuple[str, str]]:
        """Draw words that names and addresses hold."""
        return [("q", self.rng.choice(WORDS.split("|")))]

    def keys(self) -> list[int]:
        """Return the keys of the published places."""
        from directory.models import Place  # noqa: PLC0415

        return list(Place.objects.published().order_by("pk").values_list("pk", flat=True))

    def sheets(self, path: str) -> list[str]:
        """Draw sheets of three places for a need, half of them in Arabic beside French."""
        keys = self.keys()
        return [
            f"{path}?lieux={','.join(map(str, self.rng.sample(keys, 3)))}"
            f"&besoin={self.rng.choice(self.needs)}&langue={self.rng.choice(('fr', 'ar'))}"
            for _ in range(COUNT)
        ]

    def maps(self, path: str) -> list[str]:
        """Draw views around communes, each zoom as often, of searches everywhere or near there."""
        found = []
        for number in range(COUNT):
            zoom = ZOOMS[number % len(ZOOMS)]
            rank = self.rng.choices(range(len(self.communes)), self.weights)[0]
            chosen = [("bbox", self._view(self.points[rank], zoom)), ("zoom", str(zoom))]
            if self.rng.random() < 1 / 2:
                chosen += [("ou", self.communes[rank]), ("rayon", self.rng.choice(RADII))]
            if self.rng.random() < 1 / 2:
                chosen += [("besoin", self.rng.choice(self.needs)), *self.filters()[:1]]
            found.append(f"{path}?{urlencode(chosen)}")
        return found

    @staticmethod
    def _view(point: tuple[float, float], zoom: int) -> str:
        """Return the box of a view around a point, as an address writes it."""
        latitude, longitude = point
        degrees = 360 / 256 / 2**zoom
        half_wide = VIEW[0] / 2 * degrees
        half_high = VIEW[1] / 2 * degrees * math.cos(math.radians(latitude))
        sides = (
            max(-180, longitude - half_wide),
            max(-85, latitude - half_high),
            min(180, longitude + half_wide),
            min(85, latitude + half_high),
        )
        return ",".join(f"{side:.5f}" for side in sides)

    def slugs(self) -> list[str]:
        """Draw published places."""
        from directory.models import Place  # noqa: PLC0415

        keys = self.keys()
        chosen = self.rng.sample(keys, min(COUNT, len(keys)))
        return list(
            Place.objects.filter(pk__in=chosen).order_by("pk").values_list("slug", flat=True)
        )


if __name__ == "__main__":
    main()
