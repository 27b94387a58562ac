"""Curves: what a chapter speaks of, against the weighted input. TikZ for TeX, SVG for typst and HTML, as in figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from html import escape
from math import exp
from typing import Final

from .figures import INK, placed

Point = tuple[float, float]
STEPS: Final = 60  # pieces of a curve
WIDTH, HEIGHT = 420, 220  # of the SVG
LEFT, TOP, BOTTOM = 20, 14, 34  # its margins


@dataclass(frozen=True)
class Curve:
    """A function of z, drawn or dashed; ``label`` stands where z is ``at``, above it or below."""

    label: str
    value: Callable[[float], float]
    at: float
    dashed: bool = False
    below: bool = False


@dataclass(frozen=True)
class Plot:
    """Curves over -``reach`` <= z <= ``reach``, from 0 to ``top``; ``said`` is what they show, in words."""

    name: str
    caption: str
    said: str
    curves: tuple[Curve, ...]
    reach: float = 6
    top: float = 1.1

    def lettered(self, letters: Callable[[str], str]) -> Plot:
        """The same in the letters of a notation: ``letters`` writes a formula in them."""
        curves = tuple(replace(curve, label=letters(curve.label)) for curve in self.curves)
        parts = self.caption.split("$")
        caption = "$".join(letters(part) if place % 2 else part for place, part in enumerate(parts))
        return replace(self, curves=curves, caption=caption)

    def points(self, curve: Curve) -> list[Point]:
        """A curve as corners."""
        places = (-self.reach + 2 * self.reach * step / STEPS for step in range(STEPS + 1))
        return [(z, curve.value(z)) for z in places]

    def tikz(self) -> str:
        """A tikzpicture."""
        r, head = self.reach, rf"\begin{{tikzpicture}}[x={0.95 * 6 / self.reach:.3g}cm,y={4.2 / self.top:.3g}cm]"
        axes = [
            rf"\draw[black!60,->] ({-r:g},0)--({r + 0.4:g},0) node[right] {{$z$}};",
            rf"\draw[black!60,->] (0,-0.04)--(0,{self.top:g});",
            r"\node[left,font=\footnotesize] at (0,1) {1};",
            *(rf"\node[below,font=\footnotesize] at ({z},0) {{${z}$}};" for z in (-4, -2, 2, 4)),
        ]
        return "\n".join((head, *axes, *map(self._tikz_curve, self.curves), r"\end{tikzpicture}"))

    def _tikz_curve(self, curve: Curve) -> str:
        corners = " ".join(f"({z:.3g},{value:.4g})" for z, value in self.points(curve))
        where = f"({curve.at:g},{curve.value(curve.at):.4g})"
        style = "bpink,thick" + (",dashed" if curve.dashed else "")
        side = "below" if curve.below else "above"
        return rf"\draw[{style}] plot coordinates {{{corners}}}; \node[{side},bpink] at {where} {{${curve.label}$}};"

    def svg(self) -> str:
        """The same as an SVG file."""
        size = f'width="{0.75 * WIDTH:g}" height="{0.75 * HEIGHT:g}" viewBox="0 0 {WIDTH} {HEIGHT}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img"><title>{escape(self.said)}</title>'
        return (
            head + "".join((*self._svg_axes(), *(part for c in self.curves for part in self._svg_curve(c)))) + "</svg>"
        )

    def _at(self, point: Point) -> Point:
        across = (point[0] + self.reach) / (2 * self.reach)
        return LEFT + across * (WIDTH - 3 * LEFT), TOP + (1 - point[1] / self.top) * (HEIGHT - TOP - BOTTOM)

    def _svg_axes(self) -> Iterator[str]:
        for start, end in (((-self.reach, 0), (self.reach, 0)), ((0, 0), (0, self.top))):
            (x, y), (u, v) = self._at(start), self._at(end)
            yield f'<line x1="{x:.4g}" y1="{y:.4g}" x2="{u:.4g}" y2="{v:.4g}" stroke="#a6a6a6" stroke-width="1"/>'
        for z in (-4, -2, 2, 4):
            x, y = self._at((z, 0))
            yield placed(str(z), x, y + 17, 14, "black")
        x, y = self._at((0, 1))
        yield placed("1", x - 9, y + 5, 14, "black")
        x, y = self._at((self.reach, 0))
        yield placed("z", x + 10, y + 5, 17, "black")

    def _svg_curve(self, curve: Curve) -> Iterator[str]:
        corners = " ".join("{:.4g},{:.4g}".format(*self._at(point)) for point in self.points(curve))
        dashes = ' stroke-dasharray="6 4"' if curve.dashed else ""
        yield f'<polyline points="{corners}" fill="none" stroke="{INK}" stroke-width="2"{dashes}/>'
        x, y = self._at((curve.at, curve.value(curve.at)))
        yield placed(curve.label, x, y + (20 if curve.below else -9), 17, INK)


def _logistic(z: float) -> float:
    return 1 / (1 + exp(-z))


def _slope(z: float) -> float:
    return _logistic(z) * (1 - _logistic(z))


#: The plot of a chapter, by the chapter's name.
PLOTS: Final = {
    "activations": Plot(
        "logistic",
        r"The logistic function and its derivative: where $\sigma(z)$ is close to 0 or 1, $\sigma'(z)$ is close to 0.",
        "The logistic function rises from 0 to 1; its derivative is a hill around 0, at most a quarter.",
        (Curve(r"\sigma(z)", _logistic, 2.2), Curve(r"\sigma'(z)", _slope, 1.9, dashed=True)),
    ),
    "costs": Plot(
        "slow-start",
        "The error of a logistic output with the target 0, against its weighted input. With the quadratic cost, dashed,"
        "it falls to 0 where the output is most wrong, and learning starts slowly; with cross-entropy it does not.",
        "Two curves that start at 0: under the cross-entropy the error rises to 1, under the quadratic cost it rises "
        "to about 0.15 and falls again to 0 as the output gets more wrong.",
        (
            Curve(r"a - y", _logistic, 2.2),
            Curve(r"(a - y)\,\sigma'(z)", lambda z: _logistic(z) * _slope(z), 2.6, dashed=True),
        ),
    ),
}

__all__ = ["PLOTS", "Curve", "Plot"]
