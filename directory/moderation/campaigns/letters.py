"""The e-mail itself: plain text, short, what the page says today and two links.

No HTML: nothing in it needs any, and messages of one kind of text are less often taken for spam.
"""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from directory.models import Campaign, Place
from directory.moderation.campaigns import links
from directory.moderation.contributions import fields, hours

CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
"""What would end a header's line, or start another one."""
SUBJECT_MAX = 150


def one_line(text: str) -> str:
    """Return a text without line breaks nor other controls: fit for a header."""
    return " ".join(word for word in CONTROLS.sub(" ", text).split(" ") if word)


def new_message_id() -> str:
    """Return a name for one message: what comes back when it is not delivered quotes it."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"<{get_random_string(32)}@{host}>"


def subject(places: Sequence[Place]) -> str:
    """Return the subject, on one line."""
    name = places[0].name if len(places) == 1 else _("%(count)s lieux") % {"count": len(places)}
    told = _("%(name)s\u00a0: vos informations sont-elles justes\u00a0?") % {"name": name}
    return one_line(told)[:SUBJECT_MAX]


def body(place: Place, text: str, link: str, stop: str) -> str:
    """Return the words; `link` and `stop` are full addresses."""
    named = {
        "name": one_line(place.name),
        "town": one_line(place.commune.name),
        "site": settings.SITE_NAME,
    }
    parts = [
        _("Bonjour,"),
        text.strip(),
        _(
            "«\u00a0%(name)s\u00a0», à %(town)s, est dans %(site)s, l’annuaire public des lieux "
            "qui aident pour les démarches de santé en ligne. Voici ce que les visiteurs lisent "
            "aujourd’hui\u00a0:"
        )
        % named,
        "\n".join(told(place)),
        _("Est-ce juste\u00a0? Confirmez ou corrigez ici, sans compte, en une minute\u00a0:"),
        link,
        _("Ce lien est pour votre lieu. Il sert une fois, pendant 14 jours."),
        _(
            "Nous écrivons à l’adresse que votre lieu a rendue publique. "
            "Pour ne plus recevoir nos messages\u00a0:"
        ),
        stop,
        f"{settings.SITE_NAME}\n{settings.SITE_URL}/",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def body_of_several(asked: Sequence[tuple[Place, str]], text: str, stop: str) -> str:
    """Return the words for places that share an address, each with the full address of its link."""
    named = {"count": len(asked), "site": settings.SITE_NAME}
    parts = [
        _("Bonjour,"),
        text.strip(),
        _(
            "%(count)s lieux qui donnent votre adresse sont dans %(site)s, l’annuaire public des "
            "lieux qui aident pour les démarches de santé en ligne. Voici ce que les visiteurs "
            "lisent aujourd’hui de chacun. Est-ce juste\u00a0? Confirmez ou corrigez par son lien, "
            "sans compte, en une minute."
        )
        % named,
        *(_one_of_several(place, link) for place, link in asked),
        _("Chaque lien est pour un seul lieu. Il sert une fois, pendant 14 jours."),
        _(
            "Nous écrivons à l’adresse que ces lieux ont rendue publique. "
            "Pour ne plus recevoir nos messages\u00a0:"
        ),
        stop,
        f"{settings.SITE_NAME}\n{settings.SITE_URL}/",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _one_of_several(place: Place, link: str) -> str:
    named = {"name": one_line(place.name), "town": one_line(place.commune.name)}
    title = _("«\u00a0%(name)s\u00a0», à %(town)s") % named
    return "\n".join([title, *told(place), link])


def told(place: Place) -> list[str]:
    """Return what the public page says, a line each; what is not known says so."""
    unknown = _("inconnu")
    is_plain = hours.typed(place.opening_hours) is not None
    week = hours.lines(place.opening_hours) if is_plain else [_("voir la page")]
    told_now = (
        (_("Adresse"), [place.full_address]),
        (_("Téléphone"), fields.shown("phone", place.phone)),
        (_("Horaires"), week if place.opening_hours else []),
        (_("Site"), place.web_addresses),
        (_("Rendez-vous"), fields.shown("appointment", place.appointment)),
        (_("Démarches de santé"), fields.shown(fields.NEEDS, fields.needs_of(place))),
    )
    return [_told(label, lines, unknown) for label, lines in told_now]


def _told(label: str, lines: list[str], unknown: str) -> str:
    """Return a line, or a list under its label when there are several."""
    said = [one_line(line) for line in lines] or [unknown]
    several = "".join(f"\n    {line}" for line in said)
    return f"- {label}\u00a0:{several if len(said) > 1 else f' {said[0]}'}"


def build(
    asked: Sequence[tuple[Place, str]], campaign: Campaign, address: str, stop: str
) -> EmailMessage:
    """Return the message, ready to leave, for places and the tokens of their links.

    RFC 2369 and 8058 for the way out, 3834 for "auto".
    """
    linked = [(place, links.address("my-place", token)) for place, token in asked]
    leave = links.address("my-place-stop", stop)
    headers = {
        "List-Unsubscribe": f"<{leave}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
    sender = settings.DEFAULT_FROM_EMAIL
    return EmailMessage(
        subject([place for place, _link in linked]),
        body(linked[0][0], campaign.text, linked[0][1], leave)
        if len(linked) == 1
        else body_of_several(linked, campaign.text, leave),
        sender if "<" in sender else f"{settings.SITE_NAME} <{sender}>",
        [address],
        reply_to=[settings.CONTACT_EMAIL] if settings.CONTACT_EMAIL else None,
        headers=headers,
    )
