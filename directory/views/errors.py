"""Pages for what went wrong: what happened, and what to do now. Programs get JSON."""

from django.core.exceptions import (
    DisallowedHost,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from directory.views import problems

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def _is_for_programs(request: HttpRequest) -> bool:
    return request.path.startswith(problems.API_ROOT)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400 with a readable page, or 413 when what was sent is too much to be read."""
    if _is_for_programs(request):
        return problems.unreadable()
    if isinstance(exception, DisallowedHost):
        # No page that names its own address can be drawn.
        return HttpResponse(render_to_string("400_host.html"), status=400)
    if isinstance(exception, TOO_MUCH):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403 with a readable page."""
    return render(request, "403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404 with a search form."""
    if _is_for_programs(request):
        return problems.not_found()
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 with a page that needs neither database nor context."""
    if _is_for_programs(request):
        return problems.broken()
    return HttpResponse(render_to_string("500.html"), status=500)


def too_long(request: HttpRequest) -> HttpResponse:
    """Answer 414 with a readable page."""
    if _is_for_programs(request):
        return problems.too_long()
    return render(request, "414.html", status=414)
