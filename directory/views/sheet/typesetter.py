"""A process that draws one sheet and ends: Typst's 35 to 60 MB never stay in a worker.

Run by its path, so that it loads neither Django nor the project: it starts in some 10 ms.
"""

import json
import sys
from typing import Any

import typst


def typeset(template: str, fonts: str, data: str, **options: Any) -> Any:
    """Return what Typst draws of a template given `data`, a JSON text: bytes, or a list by page.

    `template` is a file, `fonts` a folder; `options` are those of `typst.Compiler.compile`.
    Raises typst.TypstError when the template is wrong. No font of the system is used.
    """
    known = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts]
    )
    compiler = typst.Compiler(template, font_paths=known)
    return compiler.compile(sys_inputs={"sheet": data}, **options)


def main() -> None:
    """Read `typeset`'s arguments as JSON from the standard input; write the file drawn."""
    sys.stdout.buffer.write(typeset(**json.load(sys.stdin.buffer)))


if __name__ == "__main__":
    main()
