"""What is written to someone about one place or several, in the language now active.

Two texts: a short one for SMS, where the name, the telephone and the link come first and what does
not fit in two messages is left out; a longer one for the rest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from directory.exchange import phones
from directory.search.kept import PlaceFacts
from directory.views import share_hours, sms

FEW = 5
"""Up to so many places, a letter tells hours and addresses; beyond, a line each."""

LEAST = 12
"""Characters kept of a name before its town."""

NAME_LIMITS = (120, 60, 45, 32, 24)
"""Characters of a name, from whole to the shortest that still tells two places apart."""


@dataclass(frozen=True)
class SharedPlace:
    """What is told of a place; every text is ready to be written, "" when not known."""

    name: str
    town: str
    phone: str
    address: str
    hours: str
    hours_in_short: str
    link: str


def shared_place(place: PlaceFacts, link: str, now: datetime) -> SharedPlace:
    """Return what is told of a place."""
    brief = filter(
        None, [share_hours.in_short(place, now), *share_hours.closures_in_short(place, now)]
    )
    return SharedPlace(
        name=place.name,
        town=place.commune_name,
        phone=_phone(place),
        address=place.full_address,
        hours=" ".join(share_hours.in_words(place, now)),
        hours_in_short="; ".join(brief),
        link=link,
    )


def _phone(place: PlaceFacts) -> str:
    number = place.phone or place.booking_phone
    if not number:
        return ""
    shown = phones.display(number)
    # Among letters written from right to left, groups of digits would change places.
    return shown.replace(phones.NBSP, "") if get_language_bidi() else shown


def _left_to_right(text: str) -> str:
    """Return an address that keeps its order among letters written from right to left."""
    return f"\N{LEFT-TO-RIGHT MARK}{text}" if get_language_bidi() else text


def subject(places: Sequence[SharedPlace]) -> str:
    """Return the subject of an e-mail."""
    if len(places) == 1:
        return places[0].name
    return _("Où trouver de l’aide")


def letter(places: Sequence[SharedPlace], link: str, bring: Sequence[str] = ()) -> str:
    """Return the text for WhatsApp, e-mail or copy; `link` leads to all the places."""
    blocks = [_("Voici où l’on peut vous aider\u00a0:")]
    if len(places) > FEW:
        blocks.append("\n".join(_line(rank, place) for rank, place in enumerate(places, start=1)))
    else:
        numbered = len(places) > 1
        blocks += [_block(rank if numbered else 0, p) for rank, p in enumerate(places, start=1)]
    if bring:
        blocks.append(_("À apporter\u00a0: %(things)s.") % {"things": ", ".join(bring)})
    blocks.append(_("Appelez avant de venir."))
    if len(places) > 1:
        blocks.append(_("Toute la liste\u00a0: %(link)s") % {"link": link})
    return "\n\n".join(blocks)


def _line(rank: int, place: SharedPlace) -> str:
    return f"{rank}. " + ", ".join(filter(None, [place.name, place.town, place.phone]))


def _block(rank: int, place: SharedPlace) -> str:
    lines = [f"{rank}. {place.name}" if rank else place.name]
    if place.phone:
        lines.append(_("Téléphone\u00a0: %(number)s") % {"number": place.phone})
    lines.append(_("Adresse\u00a0: %(address)s") % {"address": _left_to_right(place.address)})
    if place.hours:
        lines.append(_("Horaires\u00a0: %(hours)s") % {"hours": place.hours})
    return "\n".join([*lines, place.link])


def short(places: Sequence[SharedPlace], link: str) -> str:
    """Return the text for SMS: at most sms.MOST messages, with the link whatever is left out."""
    core = next(text for text in _cores(places, link) if sms.fits(text))
    for extra in _extras(places):
        longer = sms.plain(f"{core}\n{extra}")
        if sms.fits(longer):
            core = longer
    return core


def _cores(places: Sequence[SharedPlace], link: str) -> Iterator[str]:
    """Yield names, telephones and link, shorter and shorter; the link alone in the end."""
    for limit in NAME_LIMITS:
        yield _core(places, link, limit)
    for count in reversed(range(1, len(places))):
        yield _core(places[:count], link, NAME_LIMITS[-1], len(places) - count)
    yield link


def _core(places: Sequence[SharedPlace], link: str, limit: int, others: int = 0) -> str:
    between = "\n" if len(places) + others == 1 else " "
    lines = [between.join(filter(None, [named(p, limit), p.phone])) for p in places]
    if others:
        said = _("Autres lieux (%(count)s)\u00a0:") % {"count": others}
        # Letters of another alphabet would halve what two messages hold.
        lines.append(said if sms.is_latin(said) else f"+{others}")
    return sms.plain("\n".join([*lines, link]))


def _extras(places: Sequence[SharedPlace]) -> list[str]:
    """Return what is added while it fits, the most useful first."""
    if len(places) > 1:
        return [_("Appelez avant de venir.")]
    place = places[0]
    return list(filter(None, [place.hours_in_short, place.address, _("Appelez avant de venir.")]))


def named(place: SharedPlace, limit: int) -> str:
    """Return a name of some `limit` characters; a name that is cut tells the town."""
    if len(place.name) <= limit:
        return place.name
    cut = shortened(place.name, max(LEAST, limit - len(place.town) - 1))
    return cut if place.town in cut else f"{cut} {place.town}"


def shortened(name: str, limit: int) -> str:
    """Return a name of at most `limit` characters, cut between words where it can be."""
    if len(name) <= limit:
        return name
    room = name[: limit - 1]
    words = room.rsplit(" ", 1)[0] if " " in room[limit // 2 :] else room
    return f"{words.rstrip(' ,-–')}…"
