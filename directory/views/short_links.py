"""Short permanent links: `/l/<code>` to a place whatever becomes of its slug, `/c/…` to a list.

The same page answers a mistyped code and lets it be corrected, or typed from a sheet of paper.
"""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from directory.search.kept import shelf
from directory.views import moved, selection, short_codes
from directory.views.selection import AnyPlace
from directory.views.short_codes import UnreadableCodeError

LONGEST = 126
"""Characters of a code shown again: those of 20 numbers of 31 bits."""


def place_url(request: HttpRequest, place: AnyPlace) -> str:
    """Return the whole short address of a place."""
    code = short_codes.encode_one(place.pk)
    return request.build_absolute_uri(reverse("directory:short-place", args=[code]))


def carnet_url(request: HttpRequest, places: Sequence[AnyPlace]) -> str:
    """Return the whole short address of these places; of the place itself when it is alone."""
    if len(places) == 1:
        return place_url(request, places[0])
    code = short_codes.encode_list([place.pk for place in places])
    return request.build_absolute_uri(reverse("directory:short-carnet", args=[code]))


def short_place(request: HttpRequest, code: str) -> HttpResponse:
    """Send to the page of the place that the code names; 404 when no public place has it."""
    try:
        number = short_codes.decode_one(code)
    except UnreadableCodeError:
        return _unreadable(request, code)
    place = shelf.get([number]).get(number)
    if place is None and (now := moved.places_now([number])):
        place = shelf.get(now.values()).get(now[number])
    if place is None:
        said = _("Ce lieu n’est plus dans l’annuaire. Il a peut-être fermé.")
        return _page(request, "", said, status=404)
    return HttpResponseRedirect(_with_need(request, place.get_absolute_url()))


def short_carnet(request: HttpRequest, code: str) -> HttpResponse:
    """Send to the carnet that the code holds."""
    try:
        numbers = short_codes.decode_list(code)
    except UnreadableCodeError:
        return _unreadable(request, code)
    address = f"{reverse('directory:carnet')}?lieux={selection.as_text(numbers)}"
    return HttpResponseRedirect(_with_need(request, address))


def short_code(request: HttpRequest) -> HttpResponse:
    """Take a code typed from paper, of a place or of a carnet, and send to what it names."""
    code = request.GET.get("code", "").strip()
    if not code:
        return _page(request, "", "")
    for decode, name in (
        (short_codes.decode_one, "directory:short-place"),
        (short_codes.decode_list, "directory:short-carnet"),
    ):
        try:
            decode(code)
        except UnreadableCodeError:
            continue
        return HttpResponseRedirect(reverse(name, args=[short_codes.normal(code)]))
    return _unreadable(request, code)


def _with_need(request: HttpRequest, address: str) -> str:
    need = request.GET.get("besoin", "")
    if not need:
        return address
    return f"{address}{'&' if '?' in address else '?'}{urlencode({'besoin': need})}"


def _unreadable(request: HttpRequest, code: str) -> HttpResponse:
    said = _("Ce code est mal recopié. Comparez chaque lettre et chaque chiffre avec votre papier.")
    return _page(request, code[:LONGEST], said, status=404)


def _page(request: HttpRequest, code: str, problem: str, status: int = 200) -> HttpResponse:
    return render(request, "short_code.html", {"code": code, "problem": problem}, status=status)
