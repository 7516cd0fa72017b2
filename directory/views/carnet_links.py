"""A carnet as its addresses: page, sheet, share, and the search that goes on with it in hand."""

from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.search.kept import shelf
from directory.views import links
from directory.views.moved import places_now
from directory.views.selection import (
    CARRIED_AS,
    LIMIT,
    PARAMETER,
    as_text,
    too_many,
    written_numbers,
)

SEARCH = "recherche"
SEARCH_MAX = 500
"""Characters of the search to go back to: what a long phrase and a dozen filters take."""


@dataclass(frozen=True)
class CarnetLinks:
    """The addresses of some places, with the need and the search that came with them."""

    numbers: tuple[int, ...] = ()
    need: str = ""
    search: str = ""

    @property
    def url(self) -> str:
        """The page of the carnet."""
        return self._address("carnet", {"besoin": self.need, SEARCH: self.search})

    @property
    def sheet_url(self) -> str:
        """The orientation sheet, to print."""
        return self._address("sheet", {"besoin": self.need})

    @property
    def pdf_url(self) -> str:
        """The orientation sheet as a file."""
        return self._address("sheet-pdf", {"besoin": self.need})

    @property
    def share_url(self) -> str:
        """The text to send."""
        return self._address("share", {"besoin": self.need})

    @property
    def search_url(self) -> str:
        """The search that goes on: where one was, else the home page, the carnet in hand."""
        query = QueryDict(self.search, mutable=True)
        if self.numbers:
            query[CARRIED_AS] = as_text(self.numbers)
        name = "results" if self.search else "home"
        return links.address(links.page(name), query.urlencode())

    def without(self, number: int) -> "CarnetLinks":
        """Return the same carnet without a place."""
        return replace(self, numbers=tuple(n for n in self.numbers if n != number))

    def moved(self, number: int, by: int) -> "CarnetLinks":
        """Return the same carnet with a place moved by so many ranks."""
        kept = [n for n in self.numbers if n != number]
        kept.insert(self.numbers.index(number) + by, number)
        return replace(self, numbers=tuple(kept))

    def _address(self, name: str, others: dict[str, str]) -> str:
        pairs = {PARAMETER: as_text(self.numbers), **others}
        query = urlencode({key: value for key, value in pairs.items() if value}, safe=",")
        return links.address(links.page(name), query)


class CarnetInHand:
    """The carnet that the pages of the search carry (`carnet=12,45`), and links that change it.

    Reads places, kept in memory, only for an address that carries some.
    """

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.limit = LIMIT

    @cached_property
    def numbers(self) -> list[int]:
        """The numbers of its published places, in order."""
        return self._published[:LIMIT]

    @cached_property
    def _published(self) -> list[int]:
        written = written_numbers(self.request.GET.getlist(CARRIED_AS))
        if not written.numbers:
            return []
        asked = [number for number in written.numbers if number]
        known = shelf.get(asked)
        gone = [number for number in asked if number not in known]
        now = places_now(gone) if gone else {}
        return list(dict.fromkeys(now.get(n, n) for n in asked if n in known or n in now))

    @property
    def count(self) -> int:
        """How many places it has."""
        return len(self.numbers)

    @property
    def count_text(self) -> str:
        """Say how many places it has."""
        if not self.count:
            return _("Carnet\u00a0: vide")
        said = ngettext(
            "Carnet\u00a0: %(count)s\u00a0lieu", "Carnet\u00a0: %(count)s\u00a0lieux", self.count
        )
        return said % {"count": self.count}

    @cached_property
    def add_text(self) -> str:
        """What adds a place, looked up once for the twenty cards of a page."""
        return _("Ajouter au carnet")

    @cached_property
    def remove_text(self) -> str:
        """What removes a place."""
        return _("Retirer du carnet")

    @cached_property
    def is_full(self) -> bool:
        """Whether no place can be added."""
        return self.count >= LIMIT

    @cached_property
    def text(self) -> str:
        """The parameter's value, for the hidden fields of forms; "" for none."""
        return as_text(self.numbers)

    @property
    def problem(self) -> str:
        """What to say of an address that carries too many places, "" otherwise."""
        return too_many(len(self._published) - LIMIT)

    @cached_property
    def links(self) -> CarnetLinks:
        """The addresses of this carnet, with the search that goes on."""
        need = next(iter(self.request.GET.getlist("besoin")), "")
        return CarnetLinks(tuple(self.numbers), need, self.search)

    @cached_property
    def search(self) -> str:
        """The query string of the search that the page answers, or that one comes from."""
        results = links.page("results")
        if self.request.path == results:
            query = self.request.GET.copy()
        elif SEARCH in self.request.GET:
            query = QueryDict(self.request.GET[SEARCH], mutable=True)
        else:
            referrer = self.request.headers.get("referer", "")
            start = self.request.build_absolute_uri(results) + "?"
            came = referrer.removeprefix(start) if referrer.startswith(start) else ""
            query = QueryDict(came.partition("#")[0], mutable=True)
        for name in (CARRIED_AS, SEARCH):
            query.pop(name, None)
        search = query.urlencode()
        return search if len(search) <= SEARCH_MAX else ""

    def holds(self, number: int) -> bool:
        """Whether it has this place."""
        return number in self.numbers

    def add_url(self, number: int) -> str:
        """Return the address of this page at this place, the place added."""
        return f"{self._before_added}{number}#{anchor(number)}"

    def remove_url(self, number: int) -> str:
        """Return the address of this page at this place, the place removed."""
        left = as_text([n for n in self.numbers if n != number])
        query = "&".join(filter(None, [self._rest, f"{CARRIED_AS}={left}" if left else ""]))
        return f"{links.address(self.request.path, query)}#{anchor(number)}"

    def carry(self, url: str) -> str:
        """Return an address of the site with the carnet in it."""
        if not self.numbers:
            return url
        return f"{url}{'&' if '?' in url else '?'}{CARRIED_AS}={self.text}"

    @cached_property
    def _before_added(self) -> str:
        """The address of this page up to the number of a place to add, the same for each."""
        rest = f"{self._rest}&" if self._rest else ""
        held = f"{self.text}," if self.numbers else ""
        return links.address(self.request.path, f"{rest}{CARRIED_AS}={held}")

    @cached_property
    def _rest(self) -> str:
        """The query string of this page, but for the carnet."""
        query = self.request.GET.copy()
        query.pop(CARRIED_AS, None)
        if self.search and self.request.path != links.page("results"):
            query[SEARCH] = self.search
        return query.urlencode()


def anchor(number: int) -> str:
    """Return the identifier of a place's card in a page."""
    return f"lieu-{number}"
