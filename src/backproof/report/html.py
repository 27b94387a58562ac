"""The report as one HTML file that needs nothing else: formulas are MathML, drawings SVG, and it works offline."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING, Any, Final

from .mathml import mathml
from .tex import TEMPLATES, Tex
from .words import Break, Code, Emphasis, Items, Link, Math, Number, Piece, Words

if TYPE_CHECKING:
    from .model import Figure, Report, Statement


class Html(str):
    """HTML that is ready; any other string is escaped on its way into the template."""

    __slots__ = ()


def words(given: Words) -> Html:
    """Prose as HTML."""
    return Html("".join(map(_piece, given)))


def _piece(piece: Piece) -> str:
    return escape(piece, quote=False) if isinstance(piece, str) else _PIECES[type(piece)](piece)


def _number(p: Number) -> str:
    return f'<a href="#{p.label}">{p.name}&#160;{p.number}</a>'


_PIECES: Final[dict[type, Callable[[Any], str]]] = {
    Math: lambda p: mathml(p.latex),
    Code: lambda p: f"<code>{escape(p.text, quote=False)}</code>",
    Emphasis: lambda p: f"<{'strong' if p.strong else 'em'}>{words(p.parts)}</{'strong' if p.strong else 'em'}>",
    Link: lambda p: f'<a href="{escape(p.to)}">{words(p.parts)}</a>',
    Number: _number,
    Break: lambda _: "</p><p>",
    Items: lambda p: f"</p><ul>{''.join(f'<li>{words(item)}</li>' for item in p.items)}</ul><p>",
}


def _finished(value: Any) -> str:
    if isinstance(value, Words):
        return words(value)
    if isinstance(value, Tex):
        return mathml(value)
    return value if isinstance(value, Html) else escape(str(value))


def display(formula: Tex) -> Html:
    """A formula on a line of its own."""
    return Html(f'<div class="formula">{mathml(formula.strip(), display=True)}</div>')


def in_line(formula: Tex) -> Html:
    """A line of a proof: as large as one that is displayed, and not in the middle."""
    return Html(mathml(formula.strip()).replace("<math>", '<math displaystyle="true">', 1))


def _drawing(figure: Figure) -> Html:
    """A drawing in the colours of the page."""
    colours = {
        '"white"': '"var(--page)"',
        '"black"': '"var(--text)"',
        "#1f3f77": "var(--ink)",
        "#404040": "var(--text)",
    }
    svg = figure.svg
    for colour, name in colours.items():
        svg = svg.replace(colour, name)
    return Html(svg)


def document(report: Report) -> str:
    """The whole file."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined, finalize=_finished,
        autoescape=False,  # noqa: S701 - what is not Html is escaped by ``finalize``
        loader=FileSystemLoader(TEMPLATES),
    )  # fmt: skip
    made.globals |= {"display": display, "in_line": in_line, "drawing": _drawing, "html": Html, "file": _file}
    text = made.get_template("report.html.j2").render(report=report, uses=uses(report), used_by=used_by(report))
    return _without_dead_links(text)


def _file(name: str) -> Html:
    return Html((TEMPLATES / name).read_text(encoding="utf-8"))


def uses(report: Report) -> Mapping[str, list[Number]]:
    """What each statement rests on, of this report."""
    return {s.label: list(dict.fromkeys(_numbers(s))) for s in report.statements}


def _numbers(statement: Statement) -> Iterator[Number]:
    for step in statement.steps:
        yield from (piece for piece in step.reason if isinstance(piece, Number))


def used_by(report: Report) -> Mapping[str, list[Number]]:
    """Which statements rest on each."""
    found: dict[str, list[Number]] = defaultdict(list)
    for statement in report.statements:
        for number in dict.fromkeys(_numbers(statement)):
            found[number.label].append(Number(statement.label, statement.kind, statement.number))
    return {s.label: found[s.label] for s in report.statements}


def _without_dead_links(text: str) -> str:
    """A link to what this report does not have is no link."""
    there = set(re.findall(r'\bid="([^"]+)"', text))
    return re.sub(
        r'<a href="#([^"]+)">(.*?)</a>',
        lambda found: found[0] if found[1] in there else found[2],
        text,
        flags=re.DOTALL,
    )


__all__ = ["document", "used_by", "uses", "words"]
