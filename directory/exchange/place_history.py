"""What an import tells of the places it changed: one row of history each, part by part.

Imports replace what hangs on a place whole: their history is that of the place, not of the services
and stops that they delete and write again.
"""

from typing import Any

from directory.exchange.place_children import ChildrenWriter
from directory.exchange.place_state import UNTOLD, Parts
from directory.models import Place
from directory.models.history_rows import Changes, plain


def changes(place: Place, before: Parts, parts: Parts, writer: ChildrenWriter) -> Changes:
    """Return what `parts`, just written, changed in a place; its operator aside.

    Terms and networks become keys, as everywhere in history; services are told by identifier.
    """
    found: Changes = {}
    for name, value in parts.items():
        if name in UNTOLD or name == "operator":
            continue
        if name == "services":
            found[name] = _services(before[name], value)
        elif name == "stops":
            found[name] = [_listed(before[name]), _listed(value)]
        elif name == "terms":
            found[name] = _terms(place, before[name], value, writer)
        elif name == "networks":
            keys = [_actors(value, writer), _actors(before[name], writer)]
            own = place.source_id == writer.source.pk
            found[name] = [keys[1], keys[0] if own else sorted({*keys[0], *keys[1]})]
        else:
            found[name] = [before[name], plain(place, name)]
    return {name: pair for name, pair in found.items() if pair[0] != pair[1]}


def _services(before: dict[str, Any], after: dict[str, Any]) -> list[Any]:
    keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    return [{key: _listed(side[key]) for key in keys if key in side} for side in (before, after)]


def _terms(place: Place, before: Parts, spoken: Parts, writer: ChildrenWriter) -> list[Any]:
    own = place.source_id == writer.source.pk
    after = dict(before)
    for vocabulary, codes in spoken.items():
        after[vocabulary] = codes if own else before.get(vocabulary, frozenset()) | codes
    return [
        sorted(writer.terms[name, code] for name, codes in side.items() for code in codes)
        for side in (before, after)
    ]


def _actors(slugs: Any, writer: ChildrenWriter) -> list[int]:
    return sorted(writer.actors[slug].pk for slug in slugs if slug in writer.actors)


def _listed(value: Any) -> Any:
    """Return a part as JSON holds it."""
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, list | tuple):
        return [_listed(one) for one in value]
    return value
