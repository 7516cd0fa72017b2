"""On a shared computer: empty the browser of what this site left in it."""

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from directory.views.same_site import is_from_elsewhere

CLEARED = '"cache", "storage"'
"""Of Clear-Site-Data (W3C). Not "cookies": it would reach the sites of neighbouring names; ours are
named one by one."""


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Ask before erasing, then erase. Nothing is stored here: no token, hence no cookie."""
    if request.method != "POST":
        return render(request, "erase.html")
    if is_from_elsewhere(request):
        return HttpResponseRedirect(reverse("directory:erase"))
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        logout(request)
    response = HttpResponseRedirect(reverse("directory:erased"))
    response.delete_cookie(settings.CSRF_COOKIE_NAME)
    response["Clear-Site-Data"] = CLEARED
    return response


@never_cache
def erased(request: HttpRequest) -> HttpResponse:
    """Say what is erased and what only the person can erase."""
    return render(request, "erased.html")
