"""Drawings: one description, two renderings. TikZ for TeX, SVG for typst."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Final

Node = tuple[int, int]  # layer, unit
Edge = tuple[Node, Node]


@dataclass(frozen=True)
class Label:
    """A letter with what stands above and below it."""

    letter: str
    above: str = ""
    below: str = ""

    @property
    def latex(self) -> str:
        return self.letter + (f"^{{{self.above}}}" if self.above else "") + (f"_{{{self.below}}}" if self.below else "")


@dataclass(frozen=True)
class Drawing:
    """A layered graph. ``marked`` edges are drawn strongly; ``tag`` labels one of them."""

    name: str
    caption: str
    nodes: tuple[tuple[Node, Label], ...]
    edges: tuple[Edge, ...]
    marked: tuple[Edge, ...]
    tag: tuple[Edge, Label]

    def tikz(self) -> str:
        """The body of a tikzpicture, with the colour ``ink`` of the report."""
        return "\n".join((*_HEAD, *self._tikz_nodes(), *self._tikz_edges(), *self._tikz_tag(), r"\end{tikzpicture}"))

    def _tikz_nodes(self) -> Iterator[str]:
        for (layer, unit), label in self.nodes:
            style = "unit" if label.above else "unit,draw=none"
            yield rf"\node[{style}] (n{layer}{unit}) at ({layer},{-unit}) {{${label.latex}$}};"

    def _tikz_edges(self) -> Iterator[str]:
        for (p, q), (r, s) in self._weak_first():
            style = "ink,very thick" if ((p, q), (r, s)) in self.marked else "black!35"
            yield rf"\draw[{style}] (n{p}{q})--(n{r}{s});"

    def _weak_first(self) -> list[Edge]:
        return sorted(self.edges, key=lambda edge: edge in self.marked)

    def _tikz_tag(self) -> Iterator[str]:
        ((p, q), (r, s)), label = self.tag
        yield rf"\path (n{p}{q})--node[above,ink] {{${label.latex}$}} (n{r}{s});"

    def svg(self) -> bytes:
        """The same as an SVG file."""
        layers, units = (max(node[axis] for node, _ in self.nodes) for axis in (0, 1))
        width, height = _X * layers - 12, _Y * units - 16
        parts = (*self._svg_edges(), *self._svg_nodes(), self._svg_tag())
        size = f'width="{0.75 * width:g}" height="{0.75 * height:g}" viewBox="0 0 {width} {height}"'
        return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(parts)}</svg>'.encode()

    def _svg_edges(self) -> Iterator[str]:
        for edge in self._weak_first():
            (x, y), (u, v) = map(_at, edge)
            colour, thick = ("#1f3f77", 2.6) if edge in self.marked else ("#a6a6a6", 1)
            yield f'<line x1="{x}" y1="{y}" x2="{u}" y2="{v}" stroke="{colour}" stroke-width="{thick}"/>'

    def _svg_nodes(self) -> Iterator[str]:
        for node, label in self.nodes:
            x, y = _at(node)
            edge = "black" if label.above else "white"
            yield f'<circle cx="{x}" cy="{y}" r="23" fill="white" stroke="{edge}"/>'
            yield _written(label, x, y + 5, "black")

    def _svg_tag(self) -> str:
        (first, last), label = self.tag
        (x, y), (u, v) = _at(first), _at(last)
        return _written(label, (x + u) // 2, (y + v) // 2 - 12, "#1f3f77")


_X, _Y = 108, 84
_HEAD: Final = (r"\begin{tikzpicture}[x=21mm,y=15mm,unit/.style={circle,draw,minimum size=9.5mm,inner sep=0pt}]",)


def _at(node: Node) -> tuple[int, int]:
    return _X * node[0] - 60, _Y * node[1] - 50


def _written(label: Label, x: int, y: int, colour: str) -> str:
    """A letter in italics; what stands above and below is smaller, in its place."""
    font = f'font-family="New Computer Modern" fill="{colour}"'
    small = ((label.above, -7), (label.below, 5))
    left = x - 3 - 3 * max(len(label.above), len(label.below))
    letter = f'<text x="{left}" y="{y}" {font} font-style="italic" font-size="17">{label.letter}</text>'
    start = left + 9 + (len(label.letter) - 1) * 8
    marks = (f'<text x="{start}" y="{y + dy}" {font} font-size="11">{text}</text>' for text, dy in small if text)
    return letter + "".join(marks)


def _five_layers() -> Drawing:
    units: Final = (1, 2)
    nodes = [((layer, unit), Label("a", f"({layer})", str(unit))) for layer, unit in product(range(1, 6), units)]
    costs = [((6, unit), Label("J", "", f"i{unit}")) for unit in units]
    between = [((p, q), (r, s)) for p, r in pairwise(range(1, 6)) for q, s in product(units, units)]
    last = [((5, unit), (6, unit)) for unit in units]
    marked = (((3, 1), (4, 1)), ((4, 1), (5, 1)), ((4, 1), (5, 2)), *last)
    caption = (
        "The five-layer net. $w^{(3)}_{11}$ leads from unit 1 of layer 3 to unit 1 of layer 4; "
        "the paths from there to $J_{i1}$ and $J_{i2}$ are marked."
    )
    tag = (((3, 1), (4, 1)), Label("w", "(3)", "11"))
    return Drawing("five-layers", caption, (*nodes, *costs), (*between, *last), marked, tag)


#: The drawing of a chapter, by the chapter's name.
FIGURES: Final = {"five_layers": _five_layers()}
