"""The page that explains the API, made of its own description: it cannot tell another one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.text import slugify
from django.utils.translation import gettext as _

from directory.api.description import ROOT


@dataclass(frozen=True)
class ParameterView:
    """A parameter: its name, what it takes, what it is for."""

    name: str
    is_required: bool
    values: str
    description: str


@dataclass(frozen=True)
class OperationView:
    """An address: `call` is how it is asked, `example` a command to try."""

    anchor: str
    title: str
    call: str
    path: str
    description: str
    media: str
    example: str
    parameters: list[ParameterView]


@dataclass(frozen=True)
class Chapter:
    """Addresses about one thing."""

    anchor: str
    title: str
    operations: list[OperationView]


def command(url: str) -> str:
    """Return the command that asks an address."""
    return f'curl "{url}"'


def chapters(description: dict[str, Any], root: str) -> list[Chapter]:
    """Return the addresses of a description, by what they are about; `root` begins them."""
    by_tag: dict[str, list[OperationView]] = {}
    for path, item in description["paths"].items():
        operation = item["get"]
        by_tag.setdefault(operation["tags"][0], []).append(_operation(path, operation, root))
    return [Chapter(slugify(tag), tag, operations) for tag, operations in by_tag.items()]


def _operation(path: str, operation: dict[str, Any], root: str) -> OperationView:
    short = path.removeprefix(ROOT)
    told = [one for one in operation["parameters"] if one["in"] == "query"]
    return OperationView(
        anchor=slugify(short.replace("/", "-").replace(".", "-")),
        title=operation["summary"],
        call=f"GET {short}",
        path=short,
        description=operation.get("description", ""),
        media=next(iter(operation["responses"]["200"]["content"])),
        example=command(root + _example(short, told)),
        parameters=[_parameter(one) for one in told],
    )


EXAMPLES = {"{number}": "1", "{slug}": "anct", "{code}": "23"}
TRIED = 2
"""Parameters at most in an example."""


def _example(path: str, parameters: list[dict[str, Any]]) -> str:
    for name, value in EXAMPLES.items():
        path = path.replace(name, value)
    if path.endswith("communes/23"):
        path = path.removesuffix("23") + "23096"
    tried = list(_tried(parameters))
    needed = [pair for pair in tried if pair[2]] or tried[:TRIED]
    query = urlencode([(name, value) for name, value, _needed in needed])
    return f"{path}?{query}" if query else path


def _tried(parameters: list[dict[str, Any]]) -> Iterator[tuple[str, str, bool]]:
    for one in parameters:
        if "example" in one:
            value = one["example"]
            yield one["name"], value[0] if isinstance(value, list) else value, one["required"]


def _parameter(told: dict[str, Any]) -> ParameterView:
    schema = told["schema"].get("items", told["schema"])
    schema = schema.get("anyOf", [schema])[0]
    values = ", ".join(map(str, schema.get("enum", ())))
    if "minimum" in schema:
        bounds = {"least": schema["minimum"], "most": schema["maximum"]}
        values = _("de %(least)s à %(most)s") % bounds
    return ParameterView(told["name"], told["required"], values, told["description"])
