"""Needs and vocabularies: every code that the other addresses take and give."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema

from directory.api.operations import answer, operation, revalidated
from directory.models import Need
from directory.search import choices
from directory.search.criteria import Facet

router = Router()


class NeedRecord(Schema):
    """A health task. `parent` is the code of the general need it belongs to."""

    code: str
    parent: str | None
    label: str
    short_label: str
    explanation: str | None
    ask: str | None
    bring: list[str]


class NeedList(Schema):
    """All needs, in the site's order."""

    items: list[NeedRecord]


class CodeLabel(Schema):
    """A code and what it is called."""

    code: str
    label: str


class Vocabularies(Schema):
    """By search parameter the codes it takes; by vocabulary those that records give."""

    parameters: dict[str, list[CodeLabel]]
    terms: dict[str, list[CodeLabel]]


@operation(
    router,
    "/needs",
    NeedList,
    summary=_("Lister les démarches de santé"),
    description=_("Leurs codes servent dans «\u00a0besoin\u00a0»."),
)
@revalidated
def need_list(request: HttpRequest) -> HttpResponse:
    """Answer every need."""
    return answer({"items": [_record(need) for need in choices.current().needs]})


def _record(need: Need) -> dict[str, object]:
    return {
        "code": need.code,
        "parent": need.parent.code if need.parent else None,
        "label": need.label,
        "short_label": need.short_label,
        "explanation": need.explanation or None,
        "ask": need.ask or None,
        "bring": list(need.bring),
    }


@operation(
    router,
    "/vocabularies",
    Vocabularies,
    summary=_("Lister les codes"),
    description=_("Les codes de chaque critère, et ceux des fiches, avec leur libellé."),
)
@revalidated
def vocabularies(request: HttpRequest) -> HttpResponse:
    """Answer the codes of every facet and vocabulary."""
    offered = choices.current()
    terms: dict[str, list[dict[str, str]]] = {}
    for key, (vocabulary, label) in offered.terms.items():
        terms.setdefault(vocabulary, []).append({"code": offered.term_codes[key], "label": label})
    told = {
        str(facet): [{"code": code, "label": str(label)} for code, label in labels.items()]
        for facet, labels in offered.labels.items()
        if facet != Facet.NEED
    }
    return answer({"parameters": told, "terms": terms})
