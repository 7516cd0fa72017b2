"""The language of the pages' templates (docs/decisions/0009-jinja2-templates.md)."""

from collections.abc import Callable
from contextvars import ContextVar
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.template import engines
from django.template.backends.jinja2 import Jinja2, Template
from django.templatetags.static import static
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from directory.views import filters
from mediation.quick_jinja import QuickEnvironment

SENTENCES_KEPT = 4096
"""By process: every sentence of the templates in several languages."""


DRAWINGS_KEPT = 16_384
"""By macro and process, some 250 bytes each."""

_language: ContextVar[str | None] = ContextVar("language", default=None)
"""The language of the page being drawn: asking Django for each sentence took a tenth of it."""
_is_plain: ContextVar[bool] = ContextVar("is_plain", default=False)
"""Whether an e-mail is being drawn: what HTML would escape is read as it is written."""
PLAIN = ".txt"


class Templates(Jinja2):
    """Django's backend, which tells the language of a page once, when its drawing begins."""

    def get_template(self, template_name: str) -> Template:
        """Return a template; raises TemplateDoesNotExist."""
        found = super().get_template(template_name)
        return _InOneLanguage(found.template, self)


class _InOneLanguage(Template):
    def render(self, context: Any = None, request: HttpRequest | None = None) -> Any:
        token = _language.set(translation.get_language())
        plain = _is_plain.set(not _is_escaped(self.template.name))
        try:
            return super().render(context, request)
        finally:
            _is_plain.reset(plain)
            _language.reset(token)


def environment(**options: Any) -> Environment:
    """Return Jinja2 as templates/ expects it; `options` are those of Django's backend."""
    house = {
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "extensions": ["jinja2.ext.i18n"],
    }
    env = QuickEnvironment(**(options | house | {"autoescape": _is_escaped}))
    env.install_gettext_callables(  # type: ignore[attr-defined]
        _sentence(translation.gettext),
        plural_sentence,
        newstyle=False,
        pgettext=_sentence(translation.pgettext),
    )
    # The functions above format by themselves; this tells {% trans %} to let them.
    env.newstyle_gettext = True  # type: ignore[attr-defined]
    env.globals |= {
        "_": env.globals["gettext"],
        # For a macro without values, drawn again and again: one drawing by arguments.
        "once": cache,
        # For a macro of plain values drawn again and again with the same ones, in each language.
        "often": _often,
        "get_messages": get_messages,
        "static": _static if settings.DEBUG or settings.TESTING else cache(_static),
        "url": url,
    }
    env.filters |= filters.FILTERS
    return env


def preload() -> None:
    """Compile every template, so that no visitor waits for it."""
    env = engines["jinja2"].env  # type: ignore[attr-defined]
    for name in env.list_templates(["html"]):
        if not name.startswith("django/"):
            env.get_template(name)


def _is_escaped(name: str | None) -> bool:
    return not (name or "").endswith(PLAIN)


def _sentence(translate: Callable[..., str]) -> Callable[..., Markup]:
    """Return a function that translates its arguments, then fills in the named values, escaped.

    Jinja2's own ("newstyle") does the same; here a sentence is looked up once by language, which
    matters on a page that says two hundred.
    """

    @lru_cache(SENTENCES_KEPT)
    def translated(language: str | None, message: tuple[str, ...]) -> Markup:
        return Markup(translate(*message))  # noqa: S704 (our own words)

    def said(*message: str, **values: object) -> Markup:
        text = translated(_language.get() or translation.get_language(), message)
        return _filled(text, values) if values or "%" in text else text

    return said


def _often(macro: Callable[..., Markup]) -> Callable[..., Markup]:
    @lru_cache(DRAWINGS_KEPT)
    def drawn(language: str | None, *values: object) -> Markup:
        return macro(*values)

    def draw(*values: object) -> Markup:
        return drawn(_language.get() or translation.get_language(), *values)

    return draw


def plural_sentence(singular: str, plural: str, number: int, **values: object) -> Markup:
    """Return the sentence for this number, written as the language groups digits in %(num)s."""
    text = translation.ngettext(singular, plural, number)
    return _filled(text, {"num": filters.number(number), **values})


def _filled(text: str, values: dict[str, object]) -> Markup:
    if _is_plain.get():
        return Markup(str.__mod__(text, values))  # noqa: S704 (no HTML)
    escaped = {name: escape(value) for name, value in values.items()}
    # Not Markup's own "%", which would escape them again, more slowly.
    return Markup(str.__mod__(text, escaped))  # noqa: S704 (our own words, and values just escaped)


def _static(path: str) -> Markup:
    return Markup(static(path))  # noqa: S704 (an address of ours, escaped by `static`)


def url(name: str, *args: object, **kwargs: object) -> str:
    """Return the address of a page; the ones without arguments are worked out once."""
    if args or kwargs:
        return reverse(name, args=args, kwargs=kwargs)
    return _fixed_url(name, get_script_prefix(), get_urlconf())


@cache
def _fixed_url(name: str, prefix: str, urlconf: str | None) -> str:
    return reverse(name)
