"""Text that is LaTeX already, and the template environment that escapes everything else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..notation import safe

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES: Final = Path(__file__).parent / "templates"


class Tex(str):
    """LaTeX that a printer has made; any other string is escaped on its way into a template."""

    __slots__ = ()


def prose(text: str) -> Tex:
    """Somebody's plain text with ``$mathematics$``, as LaTeX."""
    return Tex(safe.prose(text))


def heading(text: str) -> Tex:
    """The same for a section's title: mathematics in it has a plain reading for the PDF's bookmarks."""
    latex = safe.prose(text)
    return Tex(rf"\texorpdfstring{{{latex}}}{{{safe.escape(text.replace('$', ''))}}}" if "$" in latex else latex)


def row(*cells: Any) -> Tex:
    """The cells of a table. Each begins with an empty group: pandoc drops a digit that a cell begins with."""
    return Tex(" & ".join("{}" + _finished(cell) for cell in cells) + r" \\")


def _finished(value: Any) -> str:
    return value if isinstance(value, Tex) else safe.escape(str(value))


def environment() -> Environment:
    """The templates: ((( value ))), ((* statement *)), ((# comment #)); an undefined name is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        block_start_string="((*",
        block_end_string="*))",
        variable_start_string="(((",
        variable_end_string=")))",
        comment_start_string="((#",
        comment_end_string="#))",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        finalize=_finished,
        autoescape=False,  # noqa: S701 - what is not Tex is escaped by ``finalize``
        loader=FileSystemLoader(TEMPLATES),
    )
    made.globals |= {"row": row, "tex": Tex}
    return made
