"""The list of places inside somebody else's page: an iframe of a town hall, a hospital, a network.

Whoever embeds it chooses filters, which are those of the search, and what is shown. It sets no
cookie, keeps nothing, runs no script, and its links open the site beside the page that holds it.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from csp.constants import NONE
from csp.decorators import csp_replace
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from directory.models import Commune
from directory.search import finder
from directory.search.filters import SearchFilter
from directory.search.finder import Found
from directory.search.parameters import Parameters
from directory.search.territory import Territory, Where, WhereKind, text_for
from directory.views import cards, links
from directory.views.freshness import revalidated
from directory.views.search import page_number

FEW, MOST = 5, 20
"""Cards of a page of the widget: unless told otherwise, and at most (a page of the site's)."""

NO = "non"
SWITCH = [("oui", "oui"), (NO, NO)]
NOT_YES_OR_NO = {"invalid_choice": gettext_lazy("Écrivez «\u00a0oui\u00a0» ou «\u00a0non\u00a0».")}
NOT_A_COUNT = dict.fromkeys(
    ("invalid", "min_value", "max_value"),
    gettext_lazy("Écrivez un nombre entre 1 et 20."),
)
TYPED = frozenset({"ou", "lat", "lon", "page"})
"""Parameters that the visitor's own form replaces."""


class DisplayForm(forms.Form):
    """What whoever embeds the list shows of it; absent or unreadable, the usual."""

    titre = forms.ChoiceField(
        label=gettext_lazy("Titre"),
        choices=SWITCH,
        required=False,
        error_messages=NOT_YES_OR_NO,
    )
    formulaire = forms.ChoiceField(
        label=gettext_lazy("Champ de recherche"),
        choices=SWITCH,
        required=False,
        error_messages=NOT_YES_OR_NO,
    )
    fiches = forms.IntegerField(
        label=gettext_lazy("Nombre de lieux par page"),
        min_value=1,
        max_value=MOST,
        required=False,
        error_messages=NOT_A_COUNT,
    )
    interface = forms.ChoiceField(
        label=gettext_lazy("Langue du cadre"),
        choices=lambda: settings.LANGUAGES,
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy(
                "Cette langue n’est pas encore là. Le cadre est en français."
            )
        },
    )

    def shows(self, name: str) -> bool:
        """Tell whether a part is shown."""
        return bool(self.cleaned_data.get(name) != NO)

    @property
    def card_count(self) -> int:
        """Cards of a page."""
        return self.cleaned_data.get("fiches") or FEW

    @property
    def language(self) -> str:
        """Code of the language of the widget's own words."""
        return self.cleaned_data.get("interface") or settings.LANGUAGE_CODE


DISPLAY = tuple(DisplayForm.base_fields)
KNOWN = frozenset({*Parameters.base_filters, *DISPLAY})
"""Parameters that mean something here; the page's number apart."""


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"], "script-src": [NONE], "connect-src": [NONE]})
@require_safe
@revalidated
def widget(request: HttpRequest) -> HttpResponse:
    """Show places for the iframes of other sites; statuses are those of `/recherche/`."""
    display = DisplayForm(request.GET)
    display.is_valid()
    with translation.override(display.language):
        search = SearchFilter(request.GET)
        page, page_problem = page_number(request)
        found = finder.find(search, page, display.card_count)
        context = _context(request, search, found, display)
        context["problems"] = [text for text in (page_problem, *_problems(display, search)) if text]
        status = 400 if "bbox" in search.form.errors else 404 if found.is_beyond else 200
        return render(request, "widget.html", context, status=status)


def _context(
    request: HttpRequest, search: SearchFilter, found: Found, display: DisplayForm
) -> dict[str, Any]:
    asked = [need.code for need in search.chosen_needs]
    offered, now = search.offered, timezone.now()
    shown = [(place, False) for place in found.places]
    shown += [(place, True) for place in found.silent_places]
    return {
        "language": display.language,
        "has_title": display.shows("titre"),
        "has_form": display.shows("formulaire"),
        "typed": search.form["ou"].value() or "",
        "where_errors": list(search.form.errors.get("ou", ())),
        "where": search.where,
        "choices": where_choices(request, search.where),
        "kept": _kept(request),
        "cards": [
            cards.place_card(place, offered, asked, now, is_silent) for place, is_silent in shown
        ],
        "silent_total": found.silent_total,
        "total": found.total + found.silent_total,
        "needs": search.chosen_needs,
        "widened_from": found.widened_from if found.total else None,
        "radius": found.radius,
        "helplines": found.helplines,
        "page": found.page,
        "page_count": found.page_count,
        "previous_url": _paged(request, found.page - 1) if found.page > 1 else "",
        "next_url": _paged(request, found.page + 1) if found.page < found.page_count else "",
        "first_url": _paged(request, 1),
        "is_beyond": found.is_beyond,
        "has_asked": finder.asks_something(search),
        "site_url": site_url(request),
    }


def _problems(display: DisplayForm, search: SearchFilter) -> Iterable[str]:
    """Say what could not be read, but for the place: that is said beside its field."""
    for form in (display, search.form):
        for name, errors in form.errors.items():
            if name == "ou":
                continue
            label = form.fields[name].label or name
            for error in errors:
                yield _("%(field)s\u00a0: %(error)s") % {"field": label, "error": error}


def where_choices(
    request: HttpRequest, where: Where, names: Collection[str] = KNOWN
) -> list[tuple[str, str]]:
    """Return the territories that the name typed may mean, with the address of each, here.

    `names` are the parameters of the address that are kept.
    """
    if where.kind not in {WhereKind.CHOICES, WhereKind.UNKNOWN}:
        return []
    return [
        (_name(territory), _address(request, names, ou=[text_for(territory)]))
        for territory in where.choices
    ]


def _name(territory: Territory) -> str:
    if isinstance(territory, Commune):
        return f"{territory.name} ({territory.department.name})"
    return territory.name


def _kept(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the parameters that the visitor's form sends again: filters and display."""
    return [pair for pair in _read(request) if pair[0] not in TYPED]


def _read(request: HttpRequest, names: Collection[str] = KNOWN) -> list[tuple[str, str]]:
    """Return the parameters that mean something here, in the order of the address."""
    return [
        (name, value)
        for name, values in request.GET.lists()
        if name in names
        for value in values
        if value
    ]


def _address(request: HttpRequest, names: Collection[str] = KNOWN, **changes: Sequence[str]) -> str:
    """Return the address of this page with some parameters set, its page number forgotten."""
    pairs = [pair for pair in _read(request, names) if pair[0] not in changes]
    pairs += [(name, value) for name, values in changes.items() for value in values]
    return links.address(request.path, urlencode(pairs, errors="replace"))


def _paged(request: HttpRequest, page: int) -> str:
    return _address(request, page=[str(page)] if page > 1 else [])


def site_url(request: HttpRequest) -> str:
    """Return the same search on the site itself: without what only the widget shows."""
    pairs = [pair for pair in _read(request) if pair[0] not in DISPLAY]
    return links.address(links.page("results"), urlencode(pairs, errors="replace"))
