"""How an operation is declared: its address, parameters and answer, once, for code and readers.

Answers are built as plain dictionaries and written as they are: validating a hundred places costs
more than finding them. Tests check them against the schemas declared here.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema

from directory.api.guard import JSON
from directory.search import choices
from directory.search.live import live
from directory.views.freshness import revalidated_by
from directory.views.problems import Problem, bad_request

View = Callable[..., HttpResponse]


class ProblemError(Schema):
    """What is wrong with one parameter."""

    parameter: str
    reason: str


class ProblemDetails(Schema):
    """What went wrong (RFC 9457), in French."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[ProblemError]


@dataclass(frozen=True)
class Parameter:
    """A parameter of a query string; `several` tells that it may be repeated, meaning OR."""

    name: str
    description: Any
    schema: dict[str, Any] = field(default_factory=lambda: {"type": "string"})
    several: bool = False
    required: bool = False
    example: str = ""

    def told(self) -> dict[str, Any]:
        """Return the parameter as OpenAPI describes it."""
        # An empty value says nothing, as forms send it.
        is_any = self.required or self.schema.keys() <= {"type", "maxLength"}
        own = self.schema if is_any else {"anyOf": [self.schema, {"const": ""}]}
        schema = {"type": "array", "items": own} if self.several else own
        told: dict[str, Any] = {
            "in": "query",
            "name": self.name,
            "description": self.description,
            "required": self.required,
            "schema": schema,
        }
        return told | (
            {"example": [self.example] if self.several else self.example} if self.example else {}
        )


def fault(schema: dict[str, Any], value: str) -> Any:
    """Return why a schema refuses a text, "" when it does not. Numbers are read elsewhere."""
    if len(value) > schema.get("maxLength", len(value)):
        return _("%(most)s caractères au plus.") % {"most": schema["maxLength"]}
    if value and value not in schema.get("enum", (value,)):
        return _("Une de ces valeurs\u00a0: %(values)s.") % {"values": ", ".join(schema["enum"])}
    if value and not re.fullmatch(schema.get("pattern", r"(?s).*"), value):
        return _("Cette valeur n’est pas lisible.")
    return ""


def operation(
    router: Router,
    path: str,
    response: Any,
    *,
    summary: Any,
    description: Any = "",
    parameters: Sequence[Parameter] = (),
    is_strict: bool = True,
    may_have_moved: bool = False,
    media: str = JSON,
) -> Callable[[View], View]:
    """Declare a GET operation; returns the function itself, as other addresses may use it.

    `is_strict` refuses unknown and repeated parameters before the function is called; `media` is
    the type of what it answers; with `may_have_moved`, it may lead elsewhere (301).
    """
    extra = {
        "parameters": [parameter.told() for parameter in parameters],
        "x-media-type": media,
    }
    refusals = dict.fromkeys((400, 404, 406), ProblemDetails)
    moved = {301: None} if may_have_moved else {}

    def declare(function: View) -> View:
        @wraps(function)
        def strict(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            problems = unclear(request.GET, parameters) if is_strict else []
            return bad_request(problems) if problems else function(request, *args, **kwargs)

        # Else the description would be what this code says of itself.
        strict.__doc__ = None
        router.get(
            path,
            response={200: response, **moved, **refusals},
            summary=summary,
            description=description,
            openapi_extra=extra,
        )(strict)
        return function

    return declare


def unclear(query: QueryDict, parameters: Sequence[Parameter]) -> list[Problem]:
    """Return the parameters that are unknown, repeated where one is read, or not as described."""
    known = {parameter.name: parameter for parameter in parameters}
    problems = []
    for name, values in query.lists():
        if name not in known:
            problems.append(Problem(name, _("Ce paramètre n’existe pas.")))
        elif len(list(filter(None, values))) > 1 and not known[name].several:
            problems.append(Problem(name, _("Ce paramètre n’a qu’une valeur.")))
        else:
            said = (fault(known[name].schema, value) for value in values)
            problems += [Problem(name, reason) for reason in said if reason][:1]
    return problems


def answer(told: Any, media: str = JSON) -> HttpResponse:
    """Return an answer, written as it is."""
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text, content_type=media)


def state(*args: object, **kwargs: object) -> str | None:
    """Return the state of all that the API tells: places, needs, terms, sources and licences."""
    version = live.version
    return None if version is None else f"{version}/{choices.current().version}"


revalidated = revalidated_by(state)
"""Let programs keep an answer, and ask each time whether it has changed."""
