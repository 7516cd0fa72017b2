"""Sending places to someone: a text that can be changed, and links that open one's own programs.

A changed text comes by POST, so that it is in no address and no log, and goes back in the page; it
is stored nowhere.
"""

from dataclasses import dataclass
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.formats import number_format
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from directory.models import Need, NeedTranslation
from directory.search.kept import PlaceFacts
from directory.views import selection, share_texts, short_links, sms
from directory.views.carnet import read_need
from directory.views.carnet_links import CarnetLinks
from directory.views.same_site import is_from_elsewhere
from directory.views.selection import PARAMETER
from directory.views.sheet.content import FRENCH, LANGUAGES

TEXT_MAX = 5_000
"""Characters of a changed text: twenty places with all their lines take some 3,000."""


@dataclass(frozen=True)
class Language:
    """A language of the text; `is_current` when it is the one shown."""

    code: str
    label: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Texts:
    """What is sent: the subject of an e-mail, the letter, the short text."""

    subject: str
    letter: str
    sms: str


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest) -> HttpResponse:
    """Show the texts and the links that send them; POST takes texts as changed by the person."""
    chosen = selection.read_kept(request.GET.getlist(PARAMETER))
    need, need_problems = read_need(request)
    language, language_problems = _read_language(request)
    problems = chosen.problems + need_problems + language_problems
    texts = _texts(request, chosen, need, language)
    status = 200
    if request.method == "POST" and not is_from_elsewhere(request):
        texts, refused = _changed(request, texts)
        problems += refused
        status = 400 if refused else 200
    addresses = CarnetLinks(tuple(chosen.numbers), need.code if need else "")
    context = {
        "problems": problems,
        "places": chosen.places,
        "links": addresses,
        "texts": texts,
        "send": _send_links(texts),
        "sms_count": sms.segments(texts.sms),
        "sms_most": sms.MOST,
        "text_max": TEXT_MAX,
        "languages": _languages(request, addresses, language),
        "language": get_language_info(language),
    }
    return render(request, "share.html", context, status=status)


def _read_language(request: HttpRequest) -> tuple[str, list[str]]:
    code = request.GET.get("langue", "").strip() or FRENCH
    if code in LANGUAGES:
        return code, []
    return FRENCH, [_("Nous n’avons pas encore cette langue. Voici le texte en français.")]


def _texts(
    request: HttpRequest, chosen: selection.Selection[PlaceFacts], need: Need | None, language: str
) -> Texts:
    now = timezone.now()
    link = short_links.carnet_url(request, chosen.places) if chosen.places else ""
    with translation.override(language):
        places = [
            share_texts.shared_place(place, short_links.place_url(request, place), now)
            for place in chosen.places
        ]
        if not places:
            return Texts("", "", "")
        bring = _what_to_bring(need, language) if need else []
        return Texts(
            share_texts.subject(places),
            share_texts.letter(places, link, bring),
            share_texts.short(places, link),
        )


def _what_to_bring(need: Need, language: str) -> list[str]:
    if language == FRENCH:
        return list(need.bring)
    translated = NeedTranslation.objects.filter(need=need, language=language).first()
    return list(translated.bring) if translated else []


def _changed(request: HttpRequest, texts: Texts) -> tuple[Texts, list[str]]:
    """Return the texts that were sent, and what to say when one is too long."""
    letter = _sent(request, "texte", texts.letter)
    short = _sent(request, "sms", texts.sms)
    problems = []
    if max(len(letter), len(short)) > TEXT_MAX:
        problems.append(
            _("Le texte est trop long\u00a0: %(limit)s caractères au plus. Raccourcissez-le.")
            % {"limit": number_format(TEXT_MAX)}
        )
    return Texts(texts.subject, letter, short), problems


def _sent(request: HttpRequest, name: str, default: str) -> str:
    # Browsers send the ends of lines of a field as CR LF.
    return request.POST.get(name, default).replace("\r\n", "\n").replace("\x00", "")


def _send_links(texts: Texts) -> dict[str, str]:
    """Return the addresses that open the person's own programs with the text."""
    letter = quote(texts.letter, safe="")
    return {
        # "?&" is read by iPhones, which want "&", and by the others, which want "?".
        "sms": f"sms:?&body={quote(sms.plain(texts.sms), safe='')}",
        "whatsapp": f"https://wa.me/?text={letter}",
        # RFC 6068: the ends of lines are CR LF.
        "mail": f"mailto:?subject={quote(texts.subject, safe='')}"
        f"&body={letter.replace('%0A', '%0D%0A')}",
    }


def _languages(request: HttpRequest, addresses: CarnetLinks, current: str) -> list[Language]:
    return [
        Language(
            code,
            name,
            addresses.share_url + (f"&langue={code}" if code != FRENCH else ""),
            code == current,
        )
        for code, name in LANGUAGES.items()
    ]
