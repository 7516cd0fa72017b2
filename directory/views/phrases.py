"""The one box: what was said with one's own words becomes a plain search that can be undone."""

from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from directory.search import phrases
from directory.search.phrases import Part, PartKind
from directory.search.where import WhereKind, understand
from directory.views import links

PARAMETER = "dit"
KEPT_AS = "phrase"
"""Parameter that carries what was said, only to show it again."""


@dataclass(frozen=True)
class PhrasePart:
    """A part of the phrase that the search holds, and the address of the search without it."""

    kind_label: str
    label: str
    url: str


def understood_url(request: HttpRequest, said: str, beside: QueryDict | None = None) -> str:
    """Return the address of the search that a phrase means; what was typed beside it is kept."""
    phrase = phrases.read(said)
    query = request.GET.copy() if beside is None else beside
    query[KEPT_AS] = said[: phrases.MAX_LENGTH]
    for code in phrase.needs:
        _add(query, "besoin", code)
    for facet, codes in phrase.facets.items():
        for code in sorted(codes):
            _add(query, facet.value, code)
    if phrase.where and not query.get("ou", "").strip():
        query["ou"] = phrase.where
    if phrase.rest:
        query["q"] = " ".join(filter(None, [query.get("q", "").strip(), phrase.rest]))
    return links.results_url(query)


def rescued_url(request: HttpRequest) -> str:
    """Return the address of a search whose place field holds a whole phrase, "" if it holds none.

    People type "paris 18 ameli" where a commune is asked.
    """
    typed = request.GET.get("ou", "")
    place = phrases.read(typed).where
    if not place or understand(place).kind == WhereKind.UNKNOWN:
        return ""
    query = request.GET.copy()
    query["ou"] = ""
    return understood_url(request, typed, query)


def _add(query: QueryDict, name: str, code: str) -> None:
    if code not in query.getlist(name):
        query.appendlist(name, code)


def parts(request: HttpRequest) -> list[PhrasePart]:
    """Return what was understood of the phrase and is still searched."""
    said = request.GET.get(KEPT_AS, "").strip()
    if not said:
        return []
    labels = {
        PartKind.NEED: _("Besoin"),
        PartKind.PLACE: _("Lieu"),
        PartKind.FACET: _("Précision"),
        PartKind.TEXT: _("Mots cherchés"),
    }
    return [
        PhrasePart(labels[part.kind], part.label, url)
        for part in phrases.read(said).parts
        if (url := _without(request, part))
    ]


def _without(request: HttpRequest, part: Part) -> str:
    """Return the address without a part, "" when the search does not hold it any more."""
    single = {PartKind.PLACE: "ou", PartKind.TEXT: "q"}.get(part.kind)
    if single:
        return links.changed(request, **{single: ""}) if request.GET.get(single) else ""
    name = part.facet.value if part.facet else "besoin"
    if part.code not in request.GET.getlist(name):
        return ""
    return links.without(request, name, part.code)
