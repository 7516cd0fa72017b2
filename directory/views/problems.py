"""Answers that programs read when something is wrong: what, and in which parameter (RFC 9457)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

MEDIA_TYPE = "application/problem+json"
Text = str | Promise
"""A sentence, or one that is translated when it is read."""

API_ROOT = "/api/"
"""What the addresses read by programs begin with: an error there is never a page."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with one parameter of an address."""

    parameter: str
    reason: Text


def problem(
    status: int, title: Text, detail: Text = "", errors: Sequence[Problem] = ()
) -> JsonResponse:
    """Return an answer that tells what is wrong; `errors` name the parameters."""
    told = {
        "type": "about:blank",
        "title": str(title),
        "status": status,
        "detail": str(detail or title),
        "errors": [{"parameter": error.parameter, "reason": str(error.reason)} for error in errors],
    }
    return JsonResponse(
        told,
        status=status,
        content_type=MEDIA_TYPE,
        json_dumps_params={"ensure_ascii": False},
        # A reason that a program cannot read helps no one, wherever the program comes from.
        headers={"Access-Control-Allow-Origin": "*"},
    )


def bad_request(problems: Sequence[Problem]) -> JsonResponse:
    """Return the answer that tells every problem of a request."""
    detail = " ".join(f"{error.parameter}\u00a0: {error.reason}" for error in problems)
    return problem(400, _("Adresse illisible"), detail, problems)


def unreadable() -> JsonResponse:
    """Return the answer to an address that holds no text, or cannot be read at all."""
    return problem(400, _("Adresse illisible"))


def too_long() -> JsonResponse:
    """Return the answer to an address of more bytes than are read."""
    return problem(414, _("Cette adresse est trop longue."))


def not_found() -> JsonResponse:
    """Return the answer to an address where there is nothing, or nothing published."""
    return problem(404, _("Il n’y a rien à cette adresse."))


def broken() -> JsonResponse:
    """Return the answer to a fault of ours."""
    return problem(500, _("Le site a rencontré une erreur. Réessayez dans quelques minutes."))
