"""The language of templates: what it forgives, escapes, translates, and when it translates."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.template import engines
from django.template.backends import django, jinja2
from django.template.loader import get_template, render_to_string
from django.utils import translation
from jinja2 import UndefinedError

from tests.files import ROOT


def said(source: str, **context: object) -> str:
    """What a template says; an unexpected space shows."""
    return engines["jinja2"].from_string(source).render(context)


def test_missing_value_is_an_error_never_a_blank() -> None:
    with pytest.raises(UndefinedError):
        said("{{ place }}")


@pytest.mark.parametrize(
    "source",
    [
        "{{ name }}",
        '{{ _("%(name)s", name=name) }}',
        '{{ ngettext("%(name)s", "%(name)s", 2, name=name) }}',
        '{{ pgettext("titre", "%(name)s", name=name) }}',
        "{% trans name=name %}{{ name }}{% endtrans %}",
        "{{ [name]|join }}",
    ],
)
def test_value_is_escaped_wherever_it_is_said(source: str) -> None:
    assert said(source, name="<b>&") == "&lt;b&gt;&amp;"


def test_paragraphs_escape_what_they_hold() -> None:
    assert said("{{ note|linebreaks }}", note="<b>") == "<p>&lt;b&gt;</p>"


def test_markup_of_a_sentence_is_kept() -> None:
    assert said('{{ _("<strong>%(n)s</strong>", n=1) }}') == "<strong>1</strong>"


@pytest.mark.parametrize(
    "source",
    [
        '{{ ngettext("%(num)s lieu", "%(num)s lieux", n) }}',
        "{% trans num=n %}{{ num }} lieu{% pluralize %}{{ num }} lieux{% endtrans %}",
    ],
)
def test_number_decides_the_plural_and_is_grouped_by_thousands(source: str) -> None:
    assert [said(source, n=n) for n in (1, 2, 12345)] == ["1 lieu", "2 lieux", "12\u00a0345 lieux"]


@pytest.mark.parametrize(
    ("number", "written"), [(999, "999"), (1000, "1\u00a0000"), (-1000, "-1\u00a0000")]
)
def test_number_is_written_as_the_french_do(number: int, written: str) -> None:
    assert said("{{ n|number }}", n=number) == written


def test_sentence_is_said_in_the_language_of_the_request() -> None:
    # A sentence that Django itself translates.
    template = engines["jinja2"].from_string('{{ _("Monday") }}')
    assert template.render() == "lundi"
    with translation.override("de"):
        assert template.render() == "Montag"
    assert template.render() == "lundi"


def test_moderators_templates_are_not_taken_for_pages() -> None:
    assert isinstance(get_template("admin/base_site.html"), django.Template)
    assert isinstance(get_template("base.html"), jinja2.Template)


def test_page_of_a_failure_needs_no_context() -> None:
    assert "<h1>Le site est en panne</h1>" in render_to_string("500.html")


def test_sentences_of_pages_and_code_are_gathered_for_translators(tmp_path: Path) -> None:
    gathered = tmp_path / "django.pot"
    command = "babel.messages.frontend --quiet extract --no-wrap --mapping-file pyproject.toml -o"
    subprocess.run([sys.executable, "-m", *command.split(), gathered, "."], cwd=ROOT, check=True)
    said = gathered.read_text(encoding="utf-8")
    assert '\nmsgid "Voir la fiche"\n' in said
    assert '\nmsgid_plural "%(num)s lieux en France"\n' in said
    assert '\nmsgid "Fermé en ce moment"\n' in said
