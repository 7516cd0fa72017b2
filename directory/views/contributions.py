"""What visitors tell us without an account: a correction, a place to add; its follow-up."""

import math
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from directory.models import Place
from directory.moderation.contributions import hours, keeping, reading
from directory.moderation.contributions.forms import ContributionForm
from directory.moderation.contributions.quota import TooManyError
from directory.search import choices
from directory.views import cards, hours_words, words
from directory.views.moved import follows_merges
from directory.views.places import published
from directory.vocabularies.names import ContributionKind, State

SAYS = {
    "correct": ContributionKind.CONFIRMATION,
    "horaires": ContributionKind.HOURS,
    "telephone": ContributionKind.PHONE,
    "autre": ContributionKind.CORRECTION,
    "ferme": ContributionKind.CLOSED,
}
"""Values of `quoi`, and what they mean."""

writes = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@writes
@follows_merges
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask what to say of a place, then show its form; store it for moderators; ask no name."""
    facts = published(slug)
    card = cards.place_card(facts, choices.current())
    asked = request.POST.get("quoi") or request.GET.get("quoi") or ""
    kind = SAYS.get(asked)
    is_sent = request.method == "POST"
    if kind is None or (kind == ContributionKind.CONFIRMATION and not is_sent):
        context = {"card": card, "wait": "", "is_unknown": is_sent}
        return render(request, "report.html", context, status=400 if is_sent else 200)
    place = get_object_or_404(
        Place.objects.published().select_related("commune__department"), pk=facts.id
    )
    if kind == ContributionKind.CONFIRMATION:
        return _confirm(request, place, card)
    said = " ".join(_hours_said(place))
    form = ContributionForm(kind, place, _needs(), request.POST if is_sent else None, said)
    thanks = reverse("directory:report-done", args=[slug])
    return _answer(request, form, {"card": card, "says": asked, "thanks": thanks})


@never_cache
@writes
def propose(request: HttpRequest) -> HttpResponse:
    """Ask what is known of a place that is not here, and store it for moderators."""
    is_sent = request.method == "POST"
    form = ContributionForm(
        ContributionKind.PROPOSAL, None, _needs(), request.POST if is_sent else None
    )
    form.initial["commune"] = request.GET.get("ou", "")[:120]
    thanks = reverse("directory:home")
    return _answer(request, form, {"card": None, "says": "", "thanks": thanks})


@follows_merges
def report_done(request: HttpRequest, slug: str) -> HttpResponse:
    """Thank the visitor."""
    card = cards.place_card(published(slug), choices.current())
    return render(request, "report_done.html", {"card": card})


@never_cache
@require_safe
def follow_up(request: HttpRequest, token: str) -> HttpResponse:
    """Say what became of a contribution, to whoever holds its link."""
    found = keeping.find(token)
    if found is None:
        return render(request, "follow_up_gone.html", status=404)
    place = found.place if found.place and found.place.state == State.PUBLISHED else None
    context = {
        "contribution": found,
        "lines": reading.lines(found),
        "place": place,
        "address": request.build_absolute_uri(),
    }
    answer = render(request, "follow_up.html", context)
    # The link is a secret: no site that the page leads to may learn it.
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _answer(request: HttpRequest, form: ContributionForm, context: dict[str, Any]) -> HttpResponse:
    """Show the form, again with what was typed, or store what it says."""
    status, wait = 200, None
    if form.is_bound and form.is_trapped:
        return HttpResponseRedirect(context["thanks"])
    if form.is_bound and form.is_valid():
        try:
            token = keeping.keep(request, form.data.get("ticket", ""), form.sent())
        except TooManyError as error:
            status, wait = 429, error.wait
        else:
            return HttpResponseRedirect(reverse("directory:follow-up", args=[token]))
    elif form.is_bound:
        status = 400
    shown = {
        "form": form,
        "days": list(hours.NAMES.items()),
        "wait": _told(wait) if wait else "",
        **context,
    }
    answer = render(request, "contribution_form.html", shown, status=status)
    if wait:
        answer["Retry-After"] = str(round(wait.total_seconds()))
    return answer


def _confirm(request: HttpRequest, place: Place, card: cards.PlaceCard) -> HttpResponse:
    try:
        keeping.confirm(request, place)
    except TooManyError as error:
        context = {"card": card, "wait": _told(error.wait), "is_unknown": False}
        answer = render(request, "report.html", context, status=429)
        answer["Retry-After"] = str(round(error.wait.total_seconds()))
        return answer
    return HttpResponseRedirect(reverse("directory:report-done", args=[place.slug]))


def _needs() -> Any:
    return choices.current().needs


def _hours_said(place: Place) -> list[str]:
    """Return the hours that no ordinary week tells, in words."""
    zone = place.commune.department.time_zone
    told = hours_words.ordinary_week(place.opening_hours, zone, timezone.localdate())
    return hours_words.in_words(told) if told else []


def _told(wait: timedelta) -> str:
    """Return "dans 25 minutes, vers 14 h 30"."""
    minutes = math.ceil(wait.total_seconds() / 60)
    at = timezone.localtime() + timedelta(minutes=minutes)
    said = ngettext("dans %(num)s minute", "dans %(num)s minutes", minutes) % {"num": minutes}
    return _("%(wait)s, vers %(hour)s") % {"wait": said, "hour": words.hour(at)}
