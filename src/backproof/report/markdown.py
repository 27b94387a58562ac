"""The report as Markdown, with mathematics between dollars: as GitHub, GitLab, Jupyter and pandoc read it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from .tex import TEMPLATES, Tex
from .words import Break, Code, Emphasis, Items, Link, Math, Number, Piece, Words

if TYPE_CHECKING:
    from jinja2 import Environment

    from .model import Report

_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>#$|])")


class Markdown(str):
    """Markdown that is ready; any other string is escaped on its way into the template."""

    __slots__ = ()


def words(given: Words) -> Markdown:
    """Prose as Markdown."""
    return Markdown("".join(map(_piece, given)))


def _piece(piece: Piece) -> str:
    return escape(piece) if isinstance(piece, str) else _PIECES[type(piece)](piece)


def escape(text: str) -> str:
    """Text that says the same as Markdown."""
    return _SPECIAL.sub(r"\\\1", text)


def _emphasis(p: Emphasis) -> str:
    mark = "**" if p.strong else "*"
    return f"{mark}{words(p.parts)}{mark}"


_PIECES: Final[dict[type, Callable[[Any], str]]] = {
    Math: lambda p: f"${p.latex}$",
    Code: lambda p: f"`{p.text}`",
    Emphasis: _emphasis,
    Link: lambda p: words(p.parts) if p.to.startswith("#") else f"[{words(p.parts)}]({p.to})",
    Number: lambda p: f"[{p.name} {p.number}](#{p.label})",
    Break: lambda _: "\n\n",
    Items: lambda p: "\n" + "".join(f"\n- {words(item)}" for item in p.items) + "\n",
}


def display(formula: Tex) -> Markdown:
    """A formula on a line of its own: without a line break in it, which some readers take for one of the text."""
    return Markdown(f"$$\n{' '.join(formula.split())}\n$$")


def _finished(value: Any) -> str:
    if isinstance(value, Words):
        return words(value)
    if isinstance(value, Tex):
        return f"${value.strip()}$"
    return value if isinstance(value, Markdown) else escape(str(value))


def environment() -> Environment:
    """The templates of Markdown."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined, finalize=_finished,
        autoescape=False,  # noqa: S701 - what is not Markdown is escaped by ``finalize``
        loader=FileSystemLoader(TEMPLATES),
    )  # fmt: skip
    made.globals |= {"display": display, "md": Markdown, "chain": chain}
    return made


def chain(left: Tex, steps: Any) -> Markdown:
    """A proof as one display: a line a step, with its number; the reasons stand below it."""
    rows = [rf"& {left}"]
    rows += [rf"& \quad {step.line} && ({place})" for place, step in enumerate(steps, 1)]
    return Markdown("$$\n\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}\n$$")


def document(report: Report) -> str:
    """The whole file."""
    return _tidy(environment().get_template("report.md.j2").render(report=report))


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


__all__ = ["chain", "display", "document", "environment", "words"]
