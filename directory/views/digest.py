"""The link of the weekly e-mail that stops it: a page with one button, no sign-in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from directory.moderation import digests


# The signed link is the proof: mail programs send it by themselves (RFC 8058), without a page.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the mail on POST; on GET only offer to: programs that read mail open its links."""
    user = digests.find(token)
    is_done = user is not None and request.method == "POST"
    if is_done:
        digests.choose(user, is_wanted=False)
    context = {"is_known": user is not None, "is_done": is_done}
    return render(request, "digest_stop.html", context, status=200 if user else 404)
