"""Where anyone composes the code of the widget, and sees it as it will be."""

from collections.abc import Sequence
from html import escape
from typing import Any, NamedTuple
from urllib.parse import urlencode

from csp.constants import SELF
from csp.decorators import csp_update
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from directory.search.criteria import Facet
from directory.search.filters import RADII, SearchFilter
from directory.search.territory import WhereKind, text_for
from directory.views import links
from directory.views.freshness import revalidated
from directory.views.widget import DISPLAY, FEW, MOST, DisplayForm, where_choices

WIDTHS = (280, 1600)
HEIGHTS = (300, 3000)
"""Pixels: the least in which the list can be read, and the most that any page gives it."""

HEIGHT = 640
"""Pixels unless told otherwise: two cards."""

ONE_OF = {"departement": Facet.DEPARTMENT, "reseau": Facet.NETWORK, "public": Facet.PUBLIC}
FILTERS = ("besoin", "ou", "rayon", *ONE_OF)
"""What may be chosen here; an address written by hand may have any filter of the search."""

SANDBOX = "allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox"
"""What the widget needs: its pictograms, its form, links in a new tab, telephone numbers. Scripts
are left out: whoever embeds it need not trust us."""


def _pixels(label: Any, bounds: tuple[int, int], said: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=bounds[0],
        max_value=bounds[1],
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), said),
    )


class ComposerForm(DisplayForm):
    """What the widget shows, and the room it takes. Without a width: all that its page gives it."""

    largeur = _pixels(
        gettext_lazy("Largeur, en pixels"),
        WIDTHS,
        gettext_lazy("Écrivez une largeur en pixels, entre 280 et 1600."),
    )
    hauteur = _pixels(
        gettext_lazy("Hauteur, en pixels"),
        HEIGHTS,
        gettext_lazy("Écrivez une hauteur en pixels, entre 300 et 3000."),
    )


class Frame(NamedTuple):
    """An iframe; `width` is 0 for all that its page gives it."""

    address: str
    title: str
    width: int
    height: int


@csp_update({"frame-src": [SELF]})
@require_safe
@revalidated
def composer(request: HttpRequest) -> HttpResponse:
    """Show the form, the code and the widget itself; 400 when something cannot be read."""
    display = ComposerForm(request.GET)
    display.is_valid()
    search = SearchFilter(request.GET)
    if problem := _where_problem(search):
        search.form.add_error("ou", problem)
    fields = [*(search.form[name] for name in FILTERS), *display]
    has_errors = any(field.errors for field in fields)
    context: dict[str, Any] = {
        "form": search.form,
        "display": display,
        "fields": fields,
        "has_errors": has_errors,
        "offered": {name: search.offered.labels[facet] for name, facet in ONE_OF.items()},
        "radii": RADII,
        "languages": settings.LANGUAGES,
        "usual": {"cards": FEW, "most_cards": MOST, "height": HEIGHT},
        "where_choices": where_choices(request, search.where, (*FILTERS, *display.fields)),
    }
    if not has_errors:
        frame = _frame(request, search, display)
        context |= {"frame": frame, "code": code(frame, request)}
    return render(request, "composer.html", context, status=400 if has_errors else 200)


def _where_problem(search: SearchFilter) -> str:
    """Say what to do when the place typed is not one place, "" otherwise."""
    if search.where.kind == WhereKind.CHOICES:
        return _("Plusieurs communes portent ce nom. Choisissez la bonne.")
    if search.where.kind == WhereKind.UNKNOWN:
        return _(
            "Nous ne connaissons pas ce lieu. Vérifiez le nom de la commune, ou écrivez son "
            "code postal."
        )
    return ""


def _frame(request: HttpRequest, search: SearchFilter, display: ComposerForm) -> Frame:
    chosen: dict[str, Sequence[str]] = {
        name: [value for value in request.GET.getlist(name) if value]
        for name in (*FILTERS, *DISPLAY)
    }
    where = search.where
    if territory := where.commune or where.department or where.region:
        # As it was understood: the code must not depend on a spelling being corrected.
        chosen["ou"] = [text_for(territory)]
    pairs = [(name, value) for name, values in chosen.items() for value in values]
    return Frame(
        address=links.address(links.page("widget"), urlencode(pairs)),
        title=f"{_('Aide pour vos démarches de santé en ligne')} – {settings.SITE_NAME}",
        width=display.cleaned_data.get("largeur") or 0,
        height=display.cleaned_data.get("hauteur") or HEIGHT,
    )


def code(frame: Frame, request: HttpRequest) -> str:
    """Return the code to paste in a page: HTML, valid in any of them."""
    size, style = f'height="{frame.height}"', "width:100%;border:0"
    if frame.width:
        size, style = f'width="{frame.width}" {size}', "max-width:100%;border:0"
    address = escape(request.build_absolute_uri(frame.address))
    return (
        f'<iframe src="{address}" title="{escape(frame.title)}" {size} style="{style}" '
        f'loading="lazy" referrerpolicy="no-referrer" sandbox="{SANDBOX}"></iframe>'
    )
