r"""The program as an algorithm: a LaTeX document in which every line is printed from its theorem."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from importlib import metadata
from typing import Any, Final

from ...activations.stable import HELPERS, computed
from ...networks import Activation, delta_x, u
from ...notation import ranges, safe
from ...notation.latex import SIGNS, Latex, listed
from ...notation.printer import PRODUCT, TOTAL, Index, Shown
from ...notation.profiles import LETTERS, NIELSEN, Notation, for_network
from ...surface.terms import Apply, C, Choice, D, Dot, Member, NonNegative, Outer, Transposed, b, i, j, l, w
from ..backend import Backend
from ..infix import extreme
from ..program import Assignment, Program
from ..templating import render

WIDE: Final = 48  # signs, roughly, that are set in one piece; what is longer may be broken anywhere
DIGITS: Final = 8  # of a long number, between two places where it may be broken
NAMES: Final = {
    "sigmoid": r"\sigma",
    "tanh": r"\tanh",
    "one": r"\mathbf{1}",
    **{name: rf"\text{{{name}}}" for name in ("relu", "leaky-relu", "softplus", "gelu", *("expm1", "log1p", "erf"))},
}


class Listing(Latex):
    """Prints the theorems as they are proved, with a column for each example; with rows, their transposes."""

    def __init__(self, notation: Notation, *, rows: bool) -> None:
        super().__init__(replace(notation, letters={**LETTERS, **NAMES}))
        self.rows = rows

    def placed(self, e: Member) -> Index:
        index = super().placed(e)
        return Index(index.layer, index.example, index.units) if self.rows and index.example else index

    def show_Dot(self, e: Dot) -> Shown:
        if not self.rows:
            return super().show_Dot(e)
        left, right = (Transposed(e.args[0]), e.args[1]) if _is_vector(e.args[1]) else reversed(e.args)
        return Shown(f"{self.text(left, PRODUCT)} {self.text(right, PRODUCT)}", PRODUCT)

    def show_Outer(self, e: Outer) -> Shown:
        left, right = reversed(e.args) if self.rows else e.args
        return Shown(f"{self.text(left, PRODUCT)} {self.text(Transposed(right))}", PRODUCT)

    def show_Transposed(self, e: Transposed) -> Shown:
        return Shown(f"{self.text(e.args[0])}^{{T}}") if _is_vector(e.args[0]) else super().show_Transposed(e)

    def show_Choice(self, e: Choice) -> Shown:
        found = extreme(e)
        if found is not None and found[0] == "abs":
            return Shown(rf"\left|{self.text(found[1][0])}\right|")
        if found is not None:
            return Shown(rf"\{found[0]}({', '.join(map(self.text, found[1]))})")
        d, above, below = map(self.text, e.args)
        return Shown(rf"\begin{{cases}} {above} & {d} > 0 \\ {below} & \text{{else}} \end{{cases}}")


def _is_vector(e: Any) -> bool:
    return isinstance(e, Member) and e.family == "one"


class Breakable(Listing):
    """The same for long formulas, with nothing that a line cannot be broken in."""

    def brackets(self, text: str) -> str:
        return f"({text})"

    def adjoin(self, first: str, second: str, left: Any, right: Any) -> str:
        return super().adjoin(first, rf"\allowbreak {second}", left, right)

    def fraction(self, above: Shown, below: Shown) -> Shown:
        over = above.text if above.strength >= PRODUCT else self.brackets(above.text)
        under = below.text if below.strength > PRODUCT else self.brackets(below.text)
        return Shown(rf"{over}/\allowbreak {under}", TOTAL)

    def apply_exp(self, u: Any) -> Shown:
        return Shown(rf"\exp{self.brackets(self.text(u))}")

    def show_Rational(self, e: Any) -> Shown:
        shown = super().show_Rational(e)
        return Shown(re.sub(rf"(\d{{{DIGITS}}})(?=\d)", r"\1\\allowbreak ", shown.text), shown.strength)


@dataclass(frozen=True)
class Line:
    """A line of the listing: its formula, and the name at the margin."""

    formula: str
    label: str = ""


class Writer:
    """Writes the lines of one program."""

    def __init__(self, program: Program) -> None:
        self.program, self.net = program, program.net
        rows, notation = program.spec.layout == "rows", for_network(NIELSEN, program.net)
        self.usual, self.long = Listing(notation, rows=rows), Breakable(notation, rows=rows)

    def equation(self, lhs: Any, rhs: Any, sign: str = "=") -> str:
        """lhs = rhs, in one piece where it is short."""
        texts = (f"{show.text(lhs)} {sign} {show.text(rhs)}" for show in (self.usual, self.long))
        return next(
            (text for text in texts if _width(text) <= WIDE), f"{self.long.text(lhs)} {sign} {self.long.text(rhs)}"
        )

    def line(self, line: Assignment) -> Line:
        """An assignment, with what its theorem takes for granted besides the ranges of the indices."""
        given = [h for h in line.theorem.hypotheses if not isinstance(h, NonNegative)]
        facts = [ranges.write(fact, self.long, SIGNS) for fact in ranges.facts(given)]
        where = r" \quad\text{where } " + r",\ ".join(facts) if facts else ""
        return Line(self.equation(line.target, line.value) + where, line.label if line.label.startswith("BP") else "")

    def forward(self) -> Iterator[Line]:
        """From the inputs to the cost."""
        yield from map(self.line, self.program.forward)
        yield self.line(self.program.cost)
        yield Line(self.equation(C, self.net.definition(C)[0].body))

    def backward(self) -> Iterator[Line]:
        """The errors and partial derivatives, each slope before its first use."""
        for line in self.program.backward:
            slope = self.program.slope.get(line.layer)
            if slope and line.label in ("BP1", "BP2") and any(e.args[2] == 1 for e in line.value.atoms(Apply)):
                yield self.line(slope)
            yield self.line(line)

    def descent(self) -> Line:
        """Gradient descent."""
        show = self.usual.text
        parts = [rf"{show(x)} \leftarrow {show(x)} - \eta\,{show(D(C, x))}, \quad" for x in (w[l], b[l])]
        return Line(f"{' '.join(parts)} {show(l)} = 2, \\dots, {self.program.spec.depth}")

    def error(self) -> str:
        """What delta is."""
        head = delta_x[l, j, i]
        return self.equation(head, self.net.definition(head)[0].body)

    def activations(self) -> list[str]:
        """What the functions are: those of the table as defined, one's own in a form that does not overflow."""
        own = {f.name: computed(f) if f.own else f.body for f in self.program.spec.activations if f.body is not None}
        written = [*own.values(), *(line.value for line in self.program.assignments)]
        bodies = own | {name: body for name, body in HELPERS.items() if any(_applies(e, name) for e in written)}
        return [self.equation(Apply(name, u), body) for name, body in bodies.items()]

    def applies(self, *names: str) -> bool:
        """Whether one of the functions occurs."""
        bodies = [computed(f) for f in self.program.spec.activations if f.body is not None]
        return any(_applies(e, name) for e in bodies for name in names)


def _applies(e: Any, name: str) -> bool:
    return any(str(f.args[0]) == name for f in e.atoms(Apply))


def _width(latex: str) -> int:
    """Roughly how many signs wide a formula is."""
    words = re.sub(r"\\(?:text|mathrm|mathbf)\{(\w+)\}", r"\1", latex)
    return len(re.sub(r"[{}^_ ]", "", re.sub(r"\\[a-z]+|\\.", "x", words)))


def _layers(activations: Iterable[Activation]) -> str:
    """Which layers have which activation."""
    found: dict[str, list[str]] = {}
    for layer, f in enumerate(activations, start=2):
        letter = NAMES.get(f.name, safe.name(f.name))
        found.setdefault("softmax" if f.body is None else f"${letter}$", []).append(str(layer))
    if len(found) == 1:
        return f"{next(iter(found))} in all layers"
    named = [f"{name} in layer{'s' * (len(layers) > 1)} {listed(layers)}" for name, layers in found.items()]
    return "; ".join(named)


def _verified(text: str) -> str:
    """A line of what was verified, as LaTeX."""
    return re.sub(r"2\\textasciicircum\{\}-(\d+)", r"$2^{-\1}$", safe.escape(text))


def write(program: Program, verified: Iterable[str] = ()) -> str:
    """The text of the document; ``verified`` is what its header says of it."""
    writer, spec = Writer(program), program.spec
    return render(
        "latex.tex.j2",
        version=metadata.version("backproof"),
        spec=spec,
        rows=spec.layout == "rows",
        units=listed([f"{size}" for size in spec.sizes]),
        layers=_layers(spec.activations),
        functions=writer.activations(),
        normal=writer.applies("Phi", "phi"),
        step=writer.applies("step"),
        error=writer.error(),
        forward=list(writer.forward()),
        backward=list(writer.backward()),
        descent=[writer.descent()],
        verified=[_verified(line) for line in verified],
    )


BACKEND = Backend("latex", ".tex", write, None)
