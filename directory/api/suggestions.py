"""Suggestions while typing: communes for the place, needs for the rest. Also `/suggestions/`."""

from functools import wraps

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe
from ninja import Router, Schema

from directory.api.operations import Parameter, View, operation, state
from directory.models import Commune
from directory.search import choices
from directory.search.atlas import atlas
from directory.search.filters import TEXT_MAX
from directory.search.gazetteer import gazetteer
from directory.search.territory import text_for
from directory.views.freshness import etag
from directory.views.problems import Problem, bad_request
from directory.vocabularies.normalization import normalize, normalize_place_name

LIMIT = 7
"""Suggestions at once: what a small screen shows above the keyboard."""

SHORTEST = 2

router = Router()


def kept_five_minutes(view: View) -> View:
    """Let anyone keep an answer for five minutes, then ask whether it changed."""
    conditional = condition(etag_func=lambda request: etag(request, state()))(view)

    @wraps(view)
    def kept(request: HttpRequest) -> HttpResponse:
        response = conditional(request)
        if response.status_code in {200, 304}:
            response["Cache-Control"] = "public, max-age=300"
        return response

    return kept


class Suggestion(Schema):
    """A text to write in the field, and what tells it from another."""

    text: str
    detail: str


class Suggestions(Schema):
    """What may complete a text, the likeliest first."""

    suggestions: list[Suggestion]


@operation(
    router,
    "/suggestions",
    Suggestions,
    summary=_("Compléter un texte"),
    description=_("%(limit)s propositions au plus, à partir de %(least)s lettres.")
    % {"limit": LIMIT, "least": SHORTEST},
    parameters=[
        Parameter(
            "champ",
            _("«\u00a0ou\u00a0»\u00a0: communes. «\u00a0dit\u00a0»\u00a0: démarches."),
            {"type": "string", "enum": ["ou", "dit"]},
            required=True,
            example="ou",
        ),
        Parameter("q", _("Début du texte."), example="gué"),
    ],
    is_strict=False,
)
@require_safe
@kept_five_minutes
def suggestions(request: HttpRequest) -> HttpResponse:
    """Answer what may complete `q`, for the field `champ`; 400 when the field is unknown."""
    text = request.GET.get("q", "")[:TEXT_MAX]
    field = request.GET.get("champ", "")
    if field not in {"ou", "dit"}:
        return bad_request([Problem("champ", _("Champ inconnu\u00a0: ou, dit."))])
    found = _communes(text) if field == "ou" else _needs(text)
    return JsonResponse({"suggestions": found})


def _communes(text: str) -> list[dict[str, str]]:
    typed = normalize_place_name(text)
    if len(typed) < SHORTEST:
        return []
    codes = gazetteer().completing(typed, LIMIT)
    return [_commune(found) for code in codes if (found := atlas().commune(code))]


def _commune(commune: Commune) -> dict[str, str]:
    inhabitants = ""
    if commune.population:
        inhabitants = _("%(count)s habitants") % {
            "count": number_format(commune.population, force_grouping=True)
        }
    detail = ", ".join(part for part in (commune.department.name, inhabitants) if part)
    return {"text": text_for(commune), "detail": detail}


def _needs(text: str) -> list[dict[str, str]]:
    typed = normalize(text)
    if len(typed) < SHORTEST:
        return []
    found = [
        {"text": need.label, "detail": need.short_label}
        for need in choices.current().needs
        if any(word.startswith(typed) for word in normalize(need.label).split())
        or typed in normalize(need.label)
    ]
    return found[:LIMIT]
