"""The rules of the house for templates: no inline code, none unused, every word translated."""

import re
from html.parser import HTMLParser

import pytest
from django.conf import settings

from tests.files import ours, read


def templates() -> list[str]:
    """Paths of the pages' templates; Django's language is for the moderators' side."""
    return [path for path in ours(".html") if re.search(r"(^|/)templates/(?!django/)", path)]


# A block of data is no code: browsers run none of it, and the policy has nothing to refuse.
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?! type=\"application/ld\+json\">)[^>]*>"
    r"|<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:",
    re.IGNORECASE,
)


def test_no_template_holds_an_inline_script_style_or_handler() -> None:
    found = {path: INLINE.findall(read(path)) for path in templates()}
    assert {path: inline for path, inline in found.items() if inline} == {}


# Django looks these up by their name; templates/django/ replaces its own.
FOUND_BY_NAME = re.compile(r"^(?:(?:400|403|403_csrf|404|500)\.html|django/)")


def test_every_template_is_used() -> None:
    sources = "\n".join(read(path) for path in [*ours(".py", ".html"), "pyproject.toml"])
    names = [path.split("templates/", 1)[1] for path in templates()]
    unused = [n for n in names if f'"{n}"' not in sources and f"'{n}'" not in sources]
    assert [name for name in unused if not FOUND_BY_NAME.match(name)] == []


TRANSLATED = re.compile(r"{%-?\s*trans\b.*?{%-?\s*endtrans\s*-?%}", re.DOTALL)
CONSTRUCT = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
SPOKEN_ATTRIBUTES = {"alt", "aria-description", "aria-label", "content", "placeholder", "title"}
UNSPOKEN_META = {
    "viewport",
    "color-scheme",
    "theme-color",
    "robots",
    "referrer",
    "format-detection",
}
WORD = re.compile(r"[^\W\d_]{2,}")


class BareText(HTMLParser):
    """Collects the words a reader sees or hears that no translation tag holds."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.silent += tag in {"script", "style"}
        spoken = SPOKEN_ATTRIBUTES
        if tag == "meta" and (values.get("name") in UNSPOKEN_META or "property" in values):
            spoken = set()
        self.found += [v for name, v in attrs if name in spoken and v and WORD.search(v)]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self.silent and WORD.search(data):
            self.found.append(data.strip())


def bare_text(template: str) -> list[str]:
    """Visible words of a template outside `_()`, `ngettext()` and `{% trans %}`."""
    parser = BareText()
    for pattern in (TRANSLATED, CONSTRUCT):
        template = pattern.sub("", template)
    # A name is the same in every language; 500.html is shown without any context to take it from.
    parser.feed(template.replace(settings.SITE_NAME, ""))
    return parser.found


def test_every_template_translates_its_visible_text() -> None:
    found = {path: bare_text(read(path)) for path in templates()}
    assert {path: texts for path, texts in found.items() if texts} == {}


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>Trouver</p>", ["Trouver"]),
        ('<img alt="Carte">', ["Carte"]),
        ('<p>{{ _("Trouver") }} {{ place }}</p>', []),
        ("<p>{% trans km=km %}À <b>{{ km }}</b> km{% endtrans %} – 3</p>", []),
        ('<p class="big {% if a > b %}x{% endif %}">{# note #}</p>', []),
    ],
)
def test_bare_text_is_seen_and_translated_text_is_not(template: str, found: list[str]) -> None:
    assert bare_text(template) == found


IMPORTED = re.compile(r"{%-?\s*from \"([^\"]+)\" import")
MACRO = re.compile(r"{%-?\s*macro\b.*?{%-?\s*endmacro\s*-?%}", re.DOTALL)


def test_no_imported_template_translates_outside_its_macros() -> None:
    # What is outside is worked out once by process: its first visitor's language would stay.
    names = {name for path in templates() for name in IMPORTED.findall(read(path))}
    assert names
    outside = {name: MACRO.sub("", read(f"templates/{name}")) for name in names}
    found = [name for name, code in outside.items() if re.search(r"\b_\(|gettext\(|trans\b", code)]
    assert found == []
