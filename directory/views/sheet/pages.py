"""The two addresses of the orientation sheet: the page made to be printed, and the PDF file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from directory.models import Need
from directory.search import choices
from directory.views import selection, short_links
from directory.views.carnet_links import CarnetLinks
from directory.views.freshness import revalidated
from directory.views.selection import PARAMETER, Selection
from directory.views.sheet import codes, content, pdf
from directory.views.sheet.content import FRENCH, LANGUAGES, Sheet
from directory.views.sheet.layout import lay_out

NEEDS_MAX = 3
"""Needs on a sheet: more would leave no room for a place beside what to bring."""


@dataclass(frozen=True)
class Asked:
    """What an address asks for, and what to say of what could not be read."""

    chosen: Selection
    needs: list[Need]
    language: str
    problems: list[str]

    def address(self, name: str, language: str = "") -> str:
        """Return the address of a page about the same places and needs."""
        pairs = [(PARAMETER, selection.as_text(self.chosen.numbers))]
        pairs += [("besoin", need.code) for need in self.needs]
        pairs.append(("langue", language or self.language))
        shown = [(key, value) for key, value in pairs if value and value != FRENCH]
        query = urlencode(shown, safe=",")
        return f"{reverse(name)}?{query}" if query else reverse(name)


@dataclass(frozen=True)
class LanguageLink:
    """The same sheet in another language."""

    code: str
    name: str
    url: str
    is_current: bool


@require_safe
@revalidated
def sheet(request: HttpRequest) -> HttpResponse:
    """Show the sheet of the places that the address names, made to be printed."""
    asked = _read(request)
    made = _sheet(request, asked, timezone.now())
    numbers, needs = tuple(asked.chosen.numbers), asked.needs
    context = {
        "asked": asked,
        "sheet": made,
        "layout": lay_out(made),
        "codes": {place.key: codes.inline(place.link) for place in made.places},
        "numbers": selection.as_text(numbers),
        "languages": _languages(asked),
        "offered_needs": choices.current().needs,
        "pdf_url": asked.address("directory:sheet-pdf"),
        "links": CarnetLinks(numbers, needs[0].code if needs else ""),
    }
    return render(request, "sheet.html", context)


@require_safe
@revalidated
def sheet_pdf(request: HttpRequest) -> HttpResponse:
    """Send the sheet as a PDF file; without any place, send to the page, which says why."""
    asked = _read(request)
    if not asked.chosen.places:
        query = request.META.get("QUERY_STRING", "")
        return HttpResponseRedirect(f"{reverse('directory:sheet')}{query and '?'}{query}")
    now = timezone.now()
    made = _sheet(request, asked, now)
    response = HttpResponse(pdf.write(made, lay_out(made), now), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{_file_name(asked)}.pdf"'
    response["X-Robots-Tag"] = "noindex"
    return response


def _read(request: HttpRequest) -> Asked:
    chosen = selection.read(request.GET.getlist(PARAMETER))
    needs, about_needs = _needs(request.GET.getlist("besoin"))
    language, about_language = _language(request.GET.get("langue", "").strip())
    return Asked(chosen, needs, language, [*chosen.problems, *about_needs, *about_language])


def _needs(values: Sequence[str]) -> tuple[list[Need], list[str]]:
    written = list(dict.fromkeys(value.strip() for value in values if value.strip()))
    known = choices.current().need_by_code
    needs = [known[code] for code in written if code in known]
    problems = []
    if unknown := len(written) - len(needs):
        problems.append(
            ngettext(
                "La démarche demandée n’existe pas\u00a0: nous l’avons laissée de côté.",
                "%(count)s démarches demandées n’existent pas\u00a0: nous les avons laissées de"
                " côté.",
                unknown,
            )
            % {"count": unknown}
        )
    if len(needs) > NEEDS_MAX:
        problems.append(
            _("Une fiche tient %(limit)s démarches au plus. Les autres n’ont pas été gardées.")
            % {"limit": NEEDS_MAX}
        )
    return needs[:NEEDS_MAX], problems


def _language(code: str) -> tuple[str, list[str]]:
    if not code or code in LANGUAGES:
        return code or FRENCH, []
    return FRENCH, [_("Nous n’avons pas encore cette langue. Voici la fiche en français.")]


def _sheet(request: HttpRequest, asked: Asked, now: datetime) -> Sheet:
    return content.build(
        asked.chosen.places,
        asked.needs,
        asked.language,
        lambda place: short_links.place_url(request, place),
        now,
    )


def _languages(asked: Asked) -> list[LanguageLink]:
    return [
        LanguageLink(code, name, asked.address("directory:sheet", code), code == asked.language)
        for code, name in LANGUAGES.items()
    ]


def _file_name(asked: Asked) -> str:
    places = asked.chosen.places
    return f"fiche-{places[0].slug}" if len(places) == 1 else f"fiche-{len(places)}-lieux"
