"""A visitor's form, as a browser would send it."""

import re
import time
from html import unescape
from typing import Any

from django.core import signing
from django.test import Client
from django.utils.crypto import get_random_string

from directory.models import Contribution, Place
from directory.moderation.contributions import guard

MINUTE = 60.0


def ticket(age: float = MINUTE) -> str:
    """A form's ticket, given `age` seconds ago."""
    return signing.dumps([get_random_string(16), time.time() - age], salt=guard.SALT)


def address(place: Place) -> str:
    """Where a place is corrected."""
    return f"{place.get_absolute_url()}signaler/"


def filled(html: str) -> dict[str, Any]:
    """What a form's page holds, by name: its texts, ticked boxes and chosen options."""
    found: dict[str, Any] = {}
    form = html.split('<form method="post" class="panel"', 1)[1].split("</form>", 1)[0]
    for tag in re.findall(r"<input[^>]*>", form):
        values = dict(re.findall(r'(\S+?)="([^"]*)"', tag))
        name, value = values.get("name", ""), unescape(values.get("value", ""))
        if values.get("type") in {"checkbox", "radio"}:
            if " checked" in tag:
                found.setdefault(name, []).append(value)
        else:
            found[name] = value
    for name, text in re.findall(
        r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.DOTALL
    ):
        found[name] = unescape(text)
    for name, options in re.findall(
        r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    found.pop("csrfmiddlewaretoken", None)
    return found


def opened(client: Client, place: Place, says: str = "autre") -> dict[str, Any]:
    """Open a place's form; return what it holds, read for a minute."""
    page = client.get(f"{address(place)}?quoi={says}")
    assert page.status_code == 200
    return {**filled(page.content.decode()), "ticket": ticket()}


def send(client: Client, place: Place, says: str = "autre", **typed: Any) -> Any:
    """Open the form, change what is given, send it."""
    return client.post(address(place), opened(client, place, says) | typed)


def last() -> Contribution:
    """The last contribution."""
    found = Contribution.objects.order_by("-pk").first()
    assert found
    return found
