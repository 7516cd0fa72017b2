"""A place answers the e-mail that asks whether its record is right: no account, one link.

Nothing is written by GET: mail scanners open links. The link is the secret that a form would
otherwise carry in a cookie, hence no CSRF token and no cookie at all.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from directory.models import ConfirmationRequest, Place, RequestState
from directory.moderation.campaigns import answers, links
from directory.moderation.campaigns.answers import ChangedMeanwhileError, NotOpenError
from directory.moderation.campaigns.forms import PlaceForm, upcoming
from directory.moderation.campaigns.links import Fault
from directory.moderation.contributions import fields, hours
from directory.search import choices
from directory.views import hours_words

View = Callable[..., HttpResponse]
STATUS = {Fault.UNKNOWN: 404}
"""Of what does not open; 410 for the others."""
AGAIN = frozenset({Fault.USED, Fault.EXPIRED, Fault.REPLACED})
"""Faults after which a place may ask another link."""


def secret(view: View) -> View:
    """Keep the address, which is a key, from search engines, caches and other sites."""

    @csrf_exempt
    @never_cache
    @sensitive_post_parameters()
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        answer["Referrer-Policy"] = "no-referrer"
        answer["X-Robots-Tag"] = "noindex"
        return answer

    return guarded


@secret
@require_http_methods(["GET", "HEAD", "POST"])
def my_place(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the record says; by POST: confirm it, begin to correct it, ask another link."""
    link = links.read(token)
    does = request.POST.get("que") if request.method == "POST" else None
    if does == "renvoyer" and link.request and link.fault in AGAIN:
        return _sent_again(request, link.request)
    if link.fault or link.request is None:
        return _closed(request, link.fault, link.request)
    try:
        if does == "confirmer":
            answers.confirm(token)
            return _done("confirme")
        if does == "corriger":
            return HttpResponseRedirect(
                reverse("directory:my-place-edit", args=[answers.open_session(token)])
            )
    except NotOpenError as error:
        return _closed(request, error.fault, link.request)
    place = link.request.place
    context = {"place": place, "told": _told(place), "is_unknown": does is not None}
    return render(request, "my_place.html", context, status=400 if does is not None else 200)


@secret
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, token: str) -> HttpResponse:
    """Ask what is to be corrected, and write it."""
    link = links.read_session(token)
    if link.fault or link.request is None:
        return _closed(request, link.fault, link.request, is_session=True)
    place, status, has_changed = link.request.place, 200, False
    sent = request.POST if request.method == "POST" else None
    form = PlaceForm(place, _needs(), sent, " ".join(_said(place)))
    if form.is_bound:
        status = 400
        if form.is_valid():
            try:
                state = answers.correct(token, form)
            except NotOpenError as error:
                return _closed(request, error.fault, link.request, is_session=True)
            except ChangedMeanwhileError:
                status, has_changed = 409, True
            else:
                return _done(_outcome(state, form))
    context = {
        "place": place,
        "form": form,
        "days": list(hours.NAMES.items()),
        "closures": upcoming(place),
        "seen": form.seen if form.is_bound and not has_changed else answers.seen(place),
        "told": _told(place) if has_changed else [],
    }
    return render(request, "my_place_form.html", context, status=status)


@secret
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop writing to this address about what its e-mail names; RFC 8058's single POST too."""
    row = links.read_stop(token)
    if row is None:
        return render(request, "my_place_stop.html", {"place": None, "is_done": False}, status=404)
    if request.method == "POST":
        answers.refuse(row)
    names = "\u00a0», «\u00a0".join(place.name for place in answers.named_by(row))
    context = {"place": row.place, "names": names, "is_done": answers.has_refused(row)}
    return render(request, "my_place_stop.html", context)


@never_cache
@require_safe
def done(request: HttpRequest, what: str) -> HttpResponse:
    """Thank the place; the address tells nothing of it."""
    return render(request, "my_place_done.html", {"what": what})


def _closed(
    request: HttpRequest,
    fault: Fault | None,
    row: ConfirmationRequest | None,
    is_session: bool = False,
) -> HttpResponse:
    """Say why a link does not open, and how to get another."""
    why = fault or Fault.UNKNOWN
    context = {"fault": why.value, "row": row, "is_session": is_session, "may_ask": False}
    if row is not None:
        context["may_ask"] = why in AGAIN and not is_session
    return render(request, "my_place_closed.html", context, status=STATUS.get(why, 410))


def _sent_again(request: HttpRequest, row: ConfirmationRequest) -> HttpResponse:
    """Queue another link; say the same whatever was done: it tells nothing of the address."""
    answers.ask_again(row)
    return _done("lien")


def _done(what: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("directory:my-place-done", args=[what]))


def _outcome(state: RequestState, form: PlaceForm) -> str:
    if form.is_closed or form.weighty_changes():
        return "relu"
    return "corrige" if state == RequestState.CORRECTED else "confirme"


def _told(place: Place) -> list[tuple[str, list[str]]]:
    """Return what the public page says, by label; nothing for what is not known."""
    return [
        (_("Adresse"), [one for one in (place.address_complement, place.full_address) if one]),
        (_("Téléphone"), fields.shown("phone", place.phone)),
        (_("Horaires"), [*_said(place), *filter(None, [place.hours_note])]),
        (
            _("Fermetures à venir"),
            [words for _key, words in upcoming(place)] or [_("aucune annoncée")],
        ),
        (_("Rendez-vous"), fields.shown("appointment", place.appointment)),
        (_("Site internet"), place.web_addresses),
        (_("Démarches de santé"), fields.shown(fields.NEEDS, fields.needs_of(place))),
    ]


def _said(place: Place) -> list[str]:
    """Return the hours in words."""
    zone = place.commune.department.time_zone
    told = hours_words.ordinary_week(place.opening_hours, zone, timezone.localdate())
    return hours_words.in_words(told) if told else []


def _needs() -> Any:
    return choices.current().needs
