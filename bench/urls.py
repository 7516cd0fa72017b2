"""The site's addresses and a page that does nothing, behind the same middleware."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from mediation import urls as site


def hello(request: HttpRequest) -> HttpResponse:
    """Answer eleven letters: what the server and the middleware cost by themselves."""
    return HttpResponse("hello world")


urlpatterns = [path("bench/hello", hello), path("", include(site))]
handler400 = site.handler400
handler403 = site.handler403
handler404 = site.handler404
handler500 = site.handler500
