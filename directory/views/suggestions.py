"""Suggestions while typing: communes for the place, needs for the rest. An enhancement only."""

from django.http import HttpRequest, JsonResponse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from directory.models import Commune
from directory.search import choices
from directory.search.atlas import atlas
from directory.search.filters import TEXT_MAX
from directory.search.gazetteer import gazetteer
from directory.search.territory import text_for
from directory.vocabularies.normalization import normalize, normalize_place_name

LIMIT = 7
"""Suggestions at once: what a small screen shows above the keyboard."""

SHORTEST = 2


def suggestions(request: HttpRequest) -> JsonResponse:
    """Answer what may complete `q`, for the field `champ`; 400 when the field is unknown."""
    text = request.GET.get("q", "")[:TEXT_MAX]
    field = request.GET.get("champ", "")
    if field not in {"ou", "dit"}:
        return JsonResponse({"error": _("Champ inconnu\u00a0: ou, dit.")}, status=400)
    found = _communes(text) if field == "ou" else _needs(text)
    answer = JsonResponse({"suggestions": found})
    answer["Cache-Control"] = "public, max-age=300"
    return answer


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
