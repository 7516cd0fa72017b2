"""The page of a place or of an actor that the directory no longer shows: it says so (410)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from directory.models import Actor, Place
from directory.vocabularies.names import State


def page(request: HttpRequest, model: type[Place] | type[Actor], slug: str) -> HttpResponse:
    """Answer 410 for an archived record, with where else to look; raise Http404 for any other.

    The reason is the moderators': the page does not tell it.
    """
    rows: Any = model._default_manager.filter(slug=slug, state=State.ARCHIVED)
    record = (rows.select_related("commune") if model is Place else rows).first()
    if record is None:
        raise Http404
    since = record.state_changed_at
    context = {
        "name": record.name,
        "commune": record.commune.name if model is Place else "",
        "commune_code": record.commune_id if model is Place else "",
        "since": timezone.localtime(since).date() if since else None,
        "results_url": reverse("directory:results"),
    }
    return render(request, "gone.html", context, status=410)
