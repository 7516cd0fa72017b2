"""Templates compiled in their shortest form say what plain Jinja2 says."""

from typing import Any

import pytest
from django.template import engines
from jinja2 import Environment, StrictUndefined, UndefinedError
from jinja2.utils import _PassArg
from markupsafe import Markup

from mediation.quick_jinja import QuickEnvironment, text_of


class Html:
    """What knows how to write itself."""

    def __html__(self) -> str:
        return "<i>&amp;</i>"


SOURCES = [
    "{{ name }} {{ safe }} {{ number }} {{ html }}",
    "{{ function(name, b=safe) }}",
    "{{ function(*pair) }} {{ function(**named) }} {{ function(name, *[safe]) }}",
    "{% macro m(a, b=2) %}{{ a }}/{{ b }}{% endmacro %}{{ m(name) }}{{ m(safe, b=name) }}",
    "{% macro m(a) %}{{ a }}{{ caller() }}{% endmacro %}{% call m(name) %}{{ name }}{% endcall %}",
    "{% for x in pair %}{{ loop.index }}{{ function(x) }}{{ loop.last }}{% endfor %}",
    "{% for x in [[1, [2]]] recursive %}{{ loop(x) if x is iterable else x }}{% endfor %}",
    "{% autoescape false %}{{ name }}{{ function(name) }}{% endautoescape %}",
    (
        "{% block b %}{{ function(name) }}{{ self.c() }}{% endblock %}"
        "{% block c %}{{ name }}{% endblock %}"
    ),
    "{% set kept %}{{ name }}{% endset %}{{ kept }}{{ kept|length }}",
    "{{ named.a.upper() }} {{ (name ~ safe)|upper }} {{ 'a%s'|format(name) }}",
]

VALUES: dict[str, Any] = {
    "name": "<b>&\"'",
    "safe": Markup("<b>"),
    "number": 12,
    "html": Html(),
    "pair": ["<", Markup("<i>")],
    "named": {"a": "<", "b": 3},
    "function": lambda a="", b="": Markup("[{}|{}]").format(a, b),
}


@pytest.mark.parametrize("source", SOURCES)
def test_it_says_what_plain_jinja_says(source: str) -> None:
    quick, plain = (
        kind(autoescape=True, undefined=StrictUndefined).from_string(source).render(VALUES)
        for kind in (QuickEnvironment, Environment)
    )
    assert quick == plain


def test_calling_what_is_missing_is_an_error() -> None:
    environment = QuickEnvironment(autoescape=True, undefined=StrictUndefined)
    with pytest.raises(UndefinedError):
        environment.from_string("{{ nothing(1) }}").render()


@pytest.mark.parametrize("value", ["<", Markup("<"), 3, None, Html()])
def test_text_is_escaped_once(value: object) -> None:
    assert text_of(value) == Markup.escape(value)


def test_no_function_of_the_templates_wants_the_context() -> None:
    known = engines["jinja2"].env.globals  # type: ignore[attr-defined]
    assert not [name for name, value in known.items() if _PassArg.from_obj(value)]
