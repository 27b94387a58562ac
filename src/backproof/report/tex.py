"""Words and formulas as LaTeX, and the template environment that escapes everything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..notation import safe
from . import scripts
from .words import Break, Code, Emphasis, Items, Link, Math, Number, Piece, Words

if TYPE_CHECKING:
    from jinja2 import Environment

    from .model import Report

TEMPLATES: Final = Path(__file__).parent / "templates"


class Tex(str):
    """LaTeX that a printer has made; any other string is escaped on its way into a template."""

    __slots__ = ()


def words(given: Words) -> Tex:
    """Prose as LaTeX."""
    return Tex("".join(map(_piece, given)))


def _piece(piece: Piece) -> str:
    return scripts.marked(safe.escape(piece)) if isinstance(piece, str) else _PIECES[type(piece)](piece)


def _link(link: Link) -> str:
    if link.to.startswith(("#def:", "#net:")):  # the equations of a network have no numbers on paper
        return words(link.parts)
    if link.to.startswith("#bib:"):
        return rf"\hyperlink{{{link.to[1:]}}}{{{words(link.parts)}}}"
    if link.to.startswith("#"):
        return rf"\hyperref[{link.to[1:]}]{{{words(link.parts)}}}"
    return rf"\href{{{safe.escape(link.to).replace('--', '-{}-')}}}{{{words(link.parts)}}}"


_PIECES: Final[dict[type, Callable[[Any], str]]] = {
    Math: lambda p: f"${p.latex}$",
    Code: lambda p: rf"\texttt{{{safe.escape(p.text)}}}",
    Emphasis: lambda p: rf"\{'textbf' if p.strong else 'emph'}{{{words(p.parts)}}}",
    Link: _link,
    Number: lambda p: rf"{p.name}~\ref{{{p.label}}}",
    Break: lambda _: "\n\n",
    Items: lambda p: (
        "\n\\begin{itemize}\n" + "\n".join(rf"\item {words(item)}" for item in p.items) + "\n\\end{itemize}"
    ),
}


def heading(given: Words) -> Tex:
    """The same for a section's title: mathematics in it has a plain reading for the PDF's bookmarks."""
    latex = words(given)
    return Tex(rf"\texorpdfstring{{{latex}}}{{{safe.escape(given.plain)}}}" if "$" in latex else latex)


def row(*cells: Any) -> Tex:
    """The cells of a table. Each begins with an empty group: pandoc drops a digit that a cell begins with."""
    return Tex(" & ".join("{}" + _finished(cell) for cell in cells) + r" \\")


def _finished(value: Any) -> str:
    if isinstance(value, Words):
        return words(value)
    return value if isinstance(value, Tex) else scripts.marked(safe.escape(str(value)))


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
    made.globals |= {"row": row, "tex": Tex, "latex": words, "aligned": _aligned}
    return made


def _aligned(rows: Sequence[str]) -> Tex:
    return Tex("\\begin{aligned}\n" + " \\\\\n".join(f"  & {one}" for one in rows) + "\n\\end{aligned}")


def document(report: Report) -> str:
    """The whole document: article, amsmath, amsthm. Where there is text in other scripts it sets them, if fonts do."""
    text = _document(report, {})
    return _document(report, {script.command: script for script in others}) if (others := scripts.found(text)) else text


def _document(report: Report, others: Mapping[str, scripts.Script]) -> str:
    made = environment()
    made.globals |= {"scripts": others}
    made.globals |= {
        "section": _section,
        "display": lambda formula: formula,
        "marks": report.is_full,
        "script": Tex(""),
    }
    made.globals |= {"slide": lambda _: Tex(""), "endslide": Tex("")}
    return made.get_template("report.tex.j2").render(report=report)


def fragment(report: Report) -> str:
    """What goes into a document of one's own, which uses ``backproof.sty``: in columns of any width."""
    made = environment()
    made.globals |= {"section": _part, "display": lambda formula: Tex(rf"\bpfit{{{formula}}}"), "marks": False}
    made.globals |= {"slide": _slide, "endslide": Tex("\\end{bpslide}\n")}
    return made.get_template("fragment.tex.j2").render(report=report)


def package() -> str:
    """The file ``backproof.sty``."""
    return environment().get_template("backproof.sty.j2").render()


def _section(title: Words | str, label: str) -> Tex:
    return Tex(rf"\section{{{heading(Words([title]) if isinstance(title, str) else title)}}}\label{{{label}}}")


def _slide(title: Words | str) -> Tex:
    """A frame of a presentation; elsewhere it is nothing."""
    return Tex(rf"\begin{{bpslide}}{{{words(Words([title]) if isinstance(title, str) else title)}}}" + "\n")


def _part(title: Words | str, label: str) -> Tex:
    return Tex(rf"\bpsection{{{heading(Words([title]) if isinstance(title, str) else title)}}}{{{label}}}")
