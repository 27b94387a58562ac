r"""Drawings: one description, two renderings. TikZ for TeX, SVG for typst and HTML. Labels are LaTeX in both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import pairwise, product
from typing import Any, Final

from sympy import Symbol

from ..notation.latex import latex, layer
from ..notation.row import Notation
from ..surface.terms import C, a, delta, j, k, l, w
from .formula import Decorated, Row, Scripts, Sign, Space, tree

Node = tuple[float, float]  # across, down
Edge = tuple[Node, Node]


@dataclass(frozen=True)
class Drawing:
    """A layered graph. ``marked`` edges are drawn strongly; ``tags`` are labels of some; ``notes`` stand alone.

    A node with a label in ``plain`` has no circle. ``said`` is what is on it, in words.
    """

    name: str
    caption: str
    nodes: tuple[tuple[Node, str], ...]
    edges: tuple[Edge, ...]
    marked: tuple[Edge, ...]
    tags: tuple[tuple[Edge, str], ...]
    said: str
    plain: tuple[Node, ...] = ()
    notes: tuple[tuple[Node, str], ...] = ()

    def tikz(self) -> str:
        """The body of a tikzpicture, with the colour ``bpink`` of the report."""
        return "\n".join((*_HEAD, *self._tikz_nodes(), *self._tikz_edges(), *self._tikz_tags(), r"\end{tikzpicture}"))

    def _tikz_nodes(self) -> Iterator[str]:
        for place, (node, label) in enumerate(self.nodes):
            style = "unit,draw=none" if node in self.plain else "unit"
            yield rf"\node[{style}] (n{place}) at ({node[0]:g},{-node[1]:g}) {{${label}$}};"
        for node, words in self.notes:
            yield rf"\node[font=\small] at ({node[0]:g},{-node[1]:g}) {{{words}}};"

    def _name(self, node: Node) -> str:
        return f"n{[at for at, _ in self.nodes].index(node)}"

    def _tikz_edges(self) -> Iterator[str]:
        for edge in self._weak_first():
            style = "bpink,very thick" if edge in self.marked else "black!35"
            yield rf"\draw[{style}] ({self._name(edge[0])})--({self._name(edge[1])});"

    def _weak_first(self) -> list[Edge]:
        return sorted(self.edges, key=lambda edge: edge in self.marked)

    def _tikz_tags(self) -> Iterator[str]:
        for (first, last), label in self.tags:
            yield (
                rf"\path ({self._name(first)})--node[above=1pt,bpink,fill=white,inner sep=1pt] {{${label}$}} "
                rf"({self._name(last)});"
            )

    def svg(self) -> str:
        """The same as an SVG file."""
        points = [node for node, _ in (*self.nodes, *self.notes)]
        across, down = (max(point[axis] for point in points) for axis in (0, 1))
        width, height = _X * across - 12, _Y * down - 16
        parts = (*self._svg_edges(), *self._svg_nodes(), *self._svg_tags())
        size = f'width="{0.75 * width:g}" height="{0.75 * height:g}" viewBox="0 0 {width:g} {height:g}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img"><title>{escape(self.said)}</title>'
        return f"{head}{''.join(parts)}</svg>"

    def _svg_edges(self) -> Iterator[str]:
        for edge in self._weak_first():
            (x, y), (u, v) = map(_at, edge)
            colour, thick = (INK, 2.6) if edge in self.marked else ("#a6a6a6", 1)
            yield f'<line x1="{x:g}" y1="{y:g}" x2="{u:g}" y2="{v:g}" stroke="{colour}" stroke-width="{thick}"/>'

    def _svg_nodes(self) -> Iterator[str]:
        for node, label in self.nodes:
            x, y = _at(node)
            edge = "none" if node in self.plain else "black"
            yield f'<circle cx="{x:g}" cy="{y:g}" r="23" fill="white" stroke="{edge}"/>'
            yield placed(label, x, y + 5, 17, "black")
        for node, words in self.notes:
            x, y = _at(node)
            yield _note(words, x, y + 5)

    def _svg_tags(self) -> Iterator[str]:
        for (first, last), label in self.tags:
            (x, y), (u, v) = _at(first), _at(last)
            yield placed(label, (x + u) / 2, (y + v) / 2 - 12, 17, INK)


_X, _Y = 108, 84
INK: Final = "#1f3f77"
_HEAD: Final = (r"\begin{tikzpicture}[x=21mm,y=15mm,unit/.style={circle,draw,minimum size=9.5mm,inner sep=0pt}]",)
FONT: Final = 'font-family="New Computer Modern, Latin Modern Math, serif"'


def _at(node: Node) -> Node:
    return _X * node[0] - 60, _Y * node[1] - 50


def _note(words: str, x: float, y: float) -> str:
    """Words with formulas, centred."""
    pieces = [(part, bool(place % 2)) for place, part in enumerate(words.split("$")) if part]
    sizes = [sum(w for _, w in _glyphs(tree(part), 16)) if math else 7.2 * len(part) for part, math in pieces]
    left, made = x - sum(sizes) / 2, ""
    for (part, math), size in zip(pieces, sizes, strict=True):
        made += _placed(part, left, y, 16, "#404040") if math else _text(part, left, y, 15.5, "#404040", italic=False)
        left += size
    return made


def placed(label: str, x: float, y: float, size: float, colour: str) -> str:
    """A formula, centred at a point."""
    return _placed(label, x - sum(wide for _, wide in _glyphs(tree(label), size)) / 2, y, size, colour)


def _placed(label: str, x: float, y: float, size: float, colour: str) -> str:
    made = ""
    for (text, at, down, small, italic), wide in _glyphs(tree(label), size):
        made += _text(text, x + at, y + down, small, colour, italic=italic)
        x += wide
    return made


def _text(text: str, x: float, y: float, size: float, colour: str, *, italic: bool) -> str:
    style = ' font-style="italic"' if italic else ""
    shown = escape(text).replace(" ", "&#160;")
    return f'<text x="{x:.4g}" y="{y:.4g}" {FONT} fill="{colour}"{style} font-size="{size:.3g}">{shown}</text>'


Glyph = tuple[tuple[str, float, float, float, bool], float]  # text, to the right, down, size, italic; how far to go on


def _glyphs(e: Any, size: float) -> list[Glyph]:
    """The signs of a formula from left to right: letters, and scripts, which may stand above one another."""
    if isinstance(e, Sign):
        italic = e.kind == "letter" and e.text not in "∂∇"
        wide = sum(0.3 if sign in "()[]{}′,. " else 0.5 for sign in e.text) * size * (1.3 if e.text in "−+=∂" else 1)
        return [((e.text, 0, 0, size, italic), wide)]
    if isinstance(e, Row):
        return [glyph for part in e.parts for glyph in _glyphs(part, size)]
    if isinstance(e, Decorated):
        return _glyphs(e.of, size)
    if isinstance(e, Space):
        return [(("", 0, 0, size, False), e.em * size)]
    assert isinstance(e, Scripts), e
    above, below = (_glyphs(part, size * 0.65) if part is not None else [] for part in (e.above, e.below))
    up = _moved(above, -0.42 * size, back=bool(below))
    return [*_glyphs(e.base, size), *up, *_moved(below, 0.28 * size, ahead=sum(w for _, w in above))]


def _moved(glyphs: list[Glyph], down: float, *, back: bool = False, ahead: float = 0) -> list[Glyph]:
    """Higher or lower; ``back``: what follows stands below these; ``ahead``: it has to be at least so wide."""
    made = [((text, at, lower + down, size, italic), wide) for (text, at, lower, size, italic), wide in glyphs]
    if back and made:
        *front, (last, wide) = made
        return [*front, (last, wide - sum(w for _, w in made))]
    if made and ahead > sum(w for _, w in made):
        *front, (last, wide) = made
        return [*front, (last, wide + ahead - sum(w for _, w in made))]
    return made


def _five_layers() -> Drawing:
    units: Final = (1, 2)
    nodes = [((layer, unit), rf"a^{{({layer})}}_{{{unit}}}") for layer, unit in product(range(1, 6), units)]
    costs = [((6, unit), f"J_{{i{unit}}}") for unit in units]
    between = [((p, q), (r, s)) for p, r in pairwise(range(1, 6)) for q, s in product(units, units)]
    last = [((5, unit), (6, unit)) for unit in units]
    marked = (((3, 1), (4, 1)), ((4, 1), (5, 1)), ((4, 1), (5, 2)), *last)
    caption = (
        "The five-layer net. $w^{(3)}_{11}$ leads from unit 1 of layer 3 to unit 1 of layer 4; "
        "the paths from there to $J_{i1}$ and $J_{i2}$ are marked."
    )
    said = (
        "Five layers of two units, each joined to each of the next, and two costs behind the last one. The weight from "
        "unit 1 of layer 3 to unit 1 of layer 4 and the two paths from there to the costs are marked."
    )
    tags = ((((3, 1), (4, 1)), "w^{(3)}_{11}"),)
    plain = tuple(node for node, _ in costs)
    return Drawing("five-layers", caption, (*nodes, *costs), (*between, *last), marked, tags, said, plain)


def net(row: Notation) -> Drawing:
    """The net with its indices: what a weight connects, and which way values and errors go."""
    left, middle, right = ((column, unit) for column, unit in ((1, 2), (2, 2), (3, 2)))
    labels = {
        left: latex(a[l - 1, k], row), middle: latex(a[l, j], row), right: latex(a[l + 1, Symbol("m")], row),
    }  # fmt: skip
    units = [(column, unit) for column, unit in product((1, 2, 3), (1, 2, 3))]
    nodes = [(unit, labels.get(unit, "")) for unit in units]
    cost = (4, 2)
    edges = [((p, q), (p + 1, s)) for p in (1, 2) for q, s in product((1, 2, 3), (1, 2, 3))]
    marked = ((left, middle), (middle, right))
    tags = (((left, middle), latex(w[l, j, k], row)), ((middle, right), latex(w[l + 1, Symbol("m"), j], row)))
    layers = [layer(l - 1, row), layer(l, row), layer(l + 1, row)]
    notes = [((column, 3.6), f"layer ${name}$") for column, name in enumerate(layers, 1)]
    weight, error, first, last = (f"${latex(e, row)}$" for e in (w[l, j, k], delta[l, j], k, j))
    caption = (
        f"{weight} leads from unit {first} of layer ${layers[0]}$ to unit {last} of layer ${layers[1]}$. "
        f"Activations go to the right, errors {error} to the left."
    )
    said = (
        "Three layers of a network, each unit joined to each of the next; the edges of one weight into and one out of "
        "a unit are marked."
    )
    to_cost = (((3, unit), cost) for unit in (1, 2, 3))
    return Drawing(
        "net", caption, (*nodes, (cost, rf"\cdots\;{latex(C, row)}")), (*edges, *to_cost), marked, tags, said, (cost,),
        tuple(notes),
    )  # fmt: skip


#: The drawing of a chapter, by the chapter's name.
FIGURES: Final = {"five_layers": _five_layers()}

__all__ = ["FIGURES", "INK", "Drawing", "net", "placed"]
