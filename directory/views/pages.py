"""Pages about the site itself, and the one that tells a supervisor it is alive."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from directory.models import Source
from directory.moderation import completeness
from directory.search.live import live
from directory.views import map_view


def legal(request: HttpRequest) -> HttpResponse:
    """Say who publishes the site."""
    return render(request, "legal.html")


def privacy(request: HttpRequest) -> HttpResponse:
    """Say what is kept and what is not."""
    context = {"tiles": map_view.tiles(), "months": settings.CONTRIBUTION_MONTHS}
    return render(request, "privacy.html", context)


def sources(request: HttpRequest) -> HttpResponse:
    """Say where data come from and under which licences."""
    return render(request, "sources.html", {"sources": Source.objects.all()})


def accessibility(request: HttpRequest) -> HttpResponse:
    """Say how accessible the site is, honestly."""
    return render(request, "accessibility.html")


def ranking(request: HttpRequest) -> HttpResponse:
    """Say how places are ranked."""
    return render(request, "ranking.html", {"recipe": completeness.PARTS})


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers, 503 when it does not; tell the index's state."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"database": False, "index": live.status()}, status=503)
    return JsonResponse({"database": True, "index": live.status()})
