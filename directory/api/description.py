"""The description of the API (OpenAPI 3.1), for programs and for the page that explains it."""

from functools import cache
from typing import Any

from django.utils.functional import Promise
from ninja import NinjaAPI
from ninja.openapi import get_schema

from directory.api.guard import HTML, JSON
from directory.views.problems import MEDIA_TYPE

ROOT = "/api/v1"


@cache
def describe(api: NinjaAPI) -> dict[str, Any]:
    """Return the description: what ninja gathers, with the types of what is really answered."""
    told: dict[str, Any] = _plain(get_schema(api, path_prefix=ROOT.strip("/")))
    for item in told["paths"].values():
        for operation in item.values():
            media = operation.pop("x-media-type", JSON)
            refused = operation["responses"]["400"]
            operation["responses"]["414"] = {**refused, "description": "URI Too Long"}
            for status, response in operation["responses"].items():
                if "content" not in response:
                    continue
                schema = response["content"][JSON]
                if media == HTML and status == "200":
                    schema = {"schema": {"type": "string"}}
                response["content"] = {media if status == "200" else MEDIA_TYPE: schema}
            operation["responses"]["304"] = {"description": "Not Modified"}
    told["servers"] = [{"url": "/"}]
    return told


def _plain(value: Any) -> Any:
    """Return a copy in plain texts: descriptions are translated when they are read."""
    if isinstance(value, dict):
        return {str(key): _plain(own) for key, own in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(own) for own in value]
    return str(value) if isinstance(value, Promise) else value
