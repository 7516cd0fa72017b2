"""Jinja2 without what these templates never use: docs/decisions/0009-jinja2-templates.md.

A results page makes some 650 calls and 1,100 escapes. Jinja2 asks of each called object whether it
wants the context, makes a `Markup` of each text that it then joins to others, and looks, at each
import of a macro, for globals that the importing template would not share. Here no function wants
the context (a test keeps it so), texts that are joined stay plain, and all globals are shared.
"""

from io import StringIO
from typing import Any

from jinja2 import Environment, Template, nodes
from jinja2.compiler import CodeGenerator, Frame, optimizeconst
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from markupsafe import Markup, escape

# What `escape` calls before it makes a `Markup`, which cost more than the rest, to throw it away.
from markupsafe import _escape_inner as escape_text  # type: ignore[attr-defined]


def text_of(value: Any) -> str:
    """Return a value escaped for HTML, to be joined at once: what is marked safe stays as it is."""
    kind = type(value)
    if kind is Markup:
        return value
    return escape_text(value) if kind is str else escape(value)


class QuickCode(CodeGenerator):
    """Writes calls and outputs in their shortest form."""

    @optimizeconst
    def visit_Call(  # noqa: N802 (Jinja2's name)
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        """Write `function(…)`: without the context, nor the variables of loops and blocks."""
        self.visit(node.node, frame)
        stream, self.stream = self.stream, StringIO()
        self.signature(node, frame, {"caller": "caller"} if forward_caller else None)
        arguments, self.stream = self.stream.getvalue(), stream
        self.write(f"({arguments.removeprefix(', ')})")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.text_of(")


class QuickTemplate(Template):
    """A template whose macros are made once."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


class QuickEnvironment(Environment):
    """An environment whose templates are compiled by `QuickCode`."""

    code_generator_class = QuickCode
    template_class = QuickTemplate
    text_of = staticmethod(text_of)
