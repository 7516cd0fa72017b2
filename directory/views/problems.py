"""Answers "400" that programs read: what is wrong, and in which parameter (RFC 9457)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.http import JsonResponse
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Problem:
    """What is wrong with one parameter of an address."""

    parameter: str
    reason: str


def bad_request(problems: Sequence[Problem]) -> JsonResponse:
    """Return the answer that tells every problem of a request."""
    told = {
        "type": "about:blank",
        "title": _("Adresse illisible"),
        "status": 400,
        "detail": " ".join(f"{problem.parameter}\u00a0: {problem.reason}" for problem in problems),
        "errors": [asdict(problem) for problem in problems],
    }
    return JsonResponse(
        told,
        status=400,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )
