"""Where the next page begins: after a place in the order, not at a number.

A cursor is signed text that only this site reads. It belongs to one search. It holds where the last
record stands in the order and, where who is open counts, the moment of the first page: the order is
then that moment's to the last page, or the cursor is refused.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core import signing
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.api.operations import Parameter
from directory.views.problems import Problem

MOST = 100
"""Records at most in a page."""

USUAL = 50

MINUTES = 10
"""How long the order of one moment is followed: who is open then is known without a computation
for two slices of five minutes (`directory.search.index.clock`)."""

LONGEST = 2_000
"""Characters of a cursor that are read: two names of 200 characters need less."""

SALT = "directory.api.cursor"
SHAPE = 1
"""To be raised when what a cursor holds changes."""

LIMIT = Parameter(
    "limit",
    _("Combien de fiches par page, de 1 à %(most)s. Sinon\u00a0: %(usual)s.")
    % {"most": MOST, "usual": USUAL},
    {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
    example="20",
)
CURSOR = Parameter(
    "cursor",
    _("Où commence la page. Prenez l’adresse de la page suivante, telle que la réponse la donne."),
    {"type": "string", "maxLength": LONGEST},
)
PAGING = (LIMIT, CURSOR)
_NAMES = frozenset(parameter.name for parameter in PAGING)


@dataclass(frozen=True)
class Page:
    """What a page asks: `last` is where the record before it stands, () for the first page."""

    limit: int
    last: tuple[Any, ...]
    now: datetime


class UnreadableError(ValueError):
    """The page asked for cannot be told; `problems` say why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(str(problems))
        self.problems = problems


def read(query: QueryDict, *, expires: bool = False) -> Page:
    """Return the page that a query asks for; raises UnreadableError.

    `expires` tells that who is open counts in its order.
    """
    problems = []
    limit, now, last = USUAL, timezone.now(), ()
    typed = query.get("limit", "").strip()
    if typed:
        limit = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 0
        if not 1 <= limit <= MOST:
            said = _("Il faut un nombre entier de %(least)s à %(most)s.")
            problems.append(Problem("limit", said % {"least": 1, "most": MOST}))
    if cursor := query.get("cursor", ""):
        try:
            last, now = _read(cursor, query, expires)
        except ValueError as error:
            problems.append(Problem("cursor", str(error)))
    if problems:
        raise UnreadableError(problems)
    return Page(limit, last, now)


def _read(cursor: str, query: QueryDict, expires: bool) -> tuple[tuple[Any, ...], datetime]:
    try:
        shape, search, moment, last = signing.loads(cursor[:LONGEST], salt=SALT)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise ValueError(
            _("Ce repère n’est pas lisible. Reprenez depuis la première page.")
        ) from error
    if shape != SHAPE:
        raise ValueError(_("Ce repère n’est plus valable. Reprenez depuis la première page."))
    if search != _search(query):
        raise ValueError(_("Ce repère vient d’une autre recherche. Gardez les mêmes paramètres."))
    now = datetime.fromtimestamp(moment, UTC)
    if expires and (timezone.now() - now).total_seconds() > 60 * MINUTES:
        said = _(
            "Ce repère a plus de %(minutes)s minutes. Les lieux ouverts ont changé. "
            "Reprenez depuis la première page."
        )
        raise ValueError(said % {"minutes": MINUTES})
    return tuple(last), now


def following(request: HttpRequest, page: Page, last: tuple[Any, ...]) -> str:
    """Return the address of the page after the record that stands at `last`."""
    told = [SHAPE, _search(request.GET), int(page.now.timestamp()), list(last)]
    query = request.GET.copy()
    query["cursor"] = signing.dumps(told, salt=SALT, compress=True)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def _search(query: QueryDict) -> str:
    """Return what tells a search from another, whatever the order of its parameters."""
    told = sorted((name, values) for name, values in query.lists() if name not in _NAMES)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:12]
