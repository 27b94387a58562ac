"""A net in numbers: each line of its program as a formula, as a line of NumPy, and with what comes out.

The lines are the program's own assignments. The numbers in a report are what its lines of NumPy make, run here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np

from .activations.stable import stable
from .codegen.backends.operators import Operators
from .codegen.infix import ATOM, PRODUCT, Infix, Shown
from .codegen.program import Assignment, Program, Spec, compile_program
from .instances import check_sizes
from .networks import ACTIVATIONS
from .notation import latex
from .notation.profiles import Notation, for_network
from .report.model import Example, Given, Worked
from .report.tex import Tex
from .surface.terms import Apply, C, D, M, Member, b, l, substitute, w

RATE: Final = 0.5  # of the step at the end
MOST: Final = 60  # parameters: more of them cannot be read
DIGITS: Final = 4  # significant ones that are printed


class Lines(Operators):
    """Writes with numpy."""

    keep, sources = "keepdims=True", {}
    calls: Final = {"sigmoid": "1 / (1 + np.exp(-{}))", "exp": "np.exp({})"}  # type: ignore[misc]  # of this class alone

    @staticmethod
    def library(text: str) -> list[str]:  # noqa: ARG004 - it is the same for all
        return ["import numpy as np"]


class Formulas(Infix):
    """Writes the same lines as mathematics, for one example."""

    plus, minus, times, dot, over = " + ", " - ", r"\,", " ", "/"

    def __init__(self, layout: str, row: Notation) -> None:
        super().__init__(layout)
        self.row, self.hadamard = row, f" {row.hadamard} "

    def show(self, e: Any) -> Shown:
        return super().show(substitute(e, {M: 1}) if e.has(M) else e)

    def name(self, family: str, layer: int | None) -> str:
        member = Member(family) if layer is None else Member(family, layer)
        return latex.latex(member, self.row)

    def derivative(self, x: Member) -> str:
        return latex.latex(D(C, x), self.row)

    def transposed(self, text: str) -> str:
        return f"({text})^{{T}}"

    def function(self, name: str, argument: Any, order: int) -> Shown:
        letter = self.row.letters["sigma"] if name in ACTIVATIONS else name
        return Shown(f"{letter}{self.row.prime * order}({self.text(argument)})")

    def choice(self, e: Any) -> Shown:
        raise TypeError(f"a logistic net under the quadratic cost chooses nothing: {e}")

    def over_units(self, body: str) -> Shown:
        return Shown(rf"\sum_{{j}} {body}", PRODUCT)

    def over_examples(self, body: str) -> Shown:
        return Shown(body, ATOM)

    def power(self, base: str, exponent: int) -> Shown:
        return Shown(f"({base.removeprefix('(').removesuffix(')')})^{{{exponent}}}", ATOM)


def check(sizes: Sequence[int]) -> tuple[int, ...]:
    """The sizes of the layers; ValueError, in words for the user, where they make no net that can be read."""
    given = check_sizes(sizes)
    if (count := sum(rows * (columns + 1) for columns, rows in pairwise(given))) > MOST:
        raise ValueError(f"an example in numbers has at most {MOST} weights and biases, not {count}")
    return given


def example(sizes: Sequence[int], row: Notation, seed: int = 4) -> Example:
    """The walk through a logistic net with these layers, under the quadratic cost; the same numbers for the same seed.

    >>> from backproof.notation.profiles import NIELSEN
    >>> made = example((2, 3, 1), NIELSEN)
    >>> made.lines[0].code, made.lines[0].formula, made.lines[0].shape
    ('z2 = w2 @ x + b2', 'z^{2} = w^{2} a^{1} + b^{2}', '(3, 1)')
    """
    sizes = check(sizes)
    layout = "rows" if row.vectors == "rows" else "columns"
    spec = Spec(sizes, (ACTIVATIONS["sigmoid"],) * (len(sizes) - 1), "quadratic", layout=layout)
    program = compile_program(spec)
    row = for_network(row, program.net)
    numbers = _drawn(spec, seed)
    given = tuple(_given(name, value, row) for name, value in numbers.items())
    scope: dict[str, Any] = {"np": np, "m": 1, **numbers}
    lines = tuple(_worked(*line, scope) for line in _lines(program, row))
    return Example("-".join(map(str, sizes)), seed, given, lines)


def _drawn(spec: Spec, seed: int) -> dict[str, Any]:
    """Numbers with one decimal, in the layout of the program."""
    rng = np.random.default_rng(seed)

    def draw(*shape: int) -> Any:
        made = np.round(rng.normal(size=shape), 1)
        made[made == 0] = 0.5  # a weight that is 0 hides what it does
        return made.T.copy() if spec.layout == "rows" else made

    numbers = {"x": draw(spec.sizes[0], 1)}
    for layer, (columns, rows) in enumerate(pairwise(spec.sizes), 2):
        numbers |= {f"w{layer}": draw(rows, columns), f"b{layer}": draw(rows, 1)}
    target = np.round(rng.uniform(size=(spec.sizes[-1], 1)), 1)
    return numbers | {"y": target.T.copy() if spec.layout == "rows" else target}


def _given(name: str, value: Any, row: Notation) -> Given:
    letter = name.rstrip("0123456789")
    member = Member(letter, int(name.removeprefix(letter))) if name != letter else Member(letter)
    return Given(Tex(f"{latex.latex(member, row)} = {_matrix(value)}"), f"{name} = np.array({value.tolist()})")


def _lines(program: Program, row: Notation) -> Iterator[tuple[str, str, str, str]]:
    """Name, target, code and formula of each line, in the order in which they are run."""
    code, math = Lines(program), Formulas(program.spec.layout, row)

    def line(of: Assignment, text: str) -> tuple[str, str, str, str]:
        target = code.text(of.target) if of.label != "slope" else f"slope{of.layer}"
        formula = f"{math.text(of.target)} = {math.text(stable(of.value))}"
        return NAMES.get(of.label, of.label), target, f"{target} = {text}", formula

    for of in program.forward[1:]:
        z = f"z{of.layer}"
        yield line(of, code.text(of.value) if of.target.family == "z" else code.call("sigmoid", z))
    cost = program.cost
    yield ("cost", "cost", f"cost = {code.text(cost.value)}", f"{latex.latex(C, row)} = {math.text(cost.value)}")
    for of in program.backward:
        slope = program.slope.get(of.layer)
        if of.label in ("BP1", "BP2") and slope and any(e.args[2] == 1 for e in of.value.atoms(Apply)):
            yield line(slope, code.text(stable(slope.value)))
        yield line(of, code.text(stable(of.value)))
    for layer in range(2, program.spec.depth + 1):
        for family in (w, b):
            letter = str(family.name)
            one, by = (latex.latex(substitute(e, {l: layer}), row) for e in (family[l], D(C, family[l])))
            target = f"new_{letter}{layer}"
            step = f"{target} = {letter}{layer} - {RATE} * nabla_{letter}{layer}"
            yield "step", target, step, rf"{one} - {RATE}\,{by}"


NAMES: Final = {"forward": "forward", "slope": "slope"}


def _worked(name: str, target: str, code: str, formula: str, scope: dict[str, Any]) -> Worked:
    """A line with its numbers: what the code makes when it is run."""
    exec(code, scope)  # noqa: S102 - the line is ours
    value = np.asarray(scope[target], float)
    return Worked(name, target, code, Tex(formula), Tex(_matrix(value)), str(value.shape))


def _matrix(value: Any) -> str:
    array = np.atleast_2d(np.asarray(value, float))
    if array.size == 1:
        return _number(array.item())
    rows = r" \\ ".join(" & ".join(map(_number, row)) for row in array)
    return rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}"


def _number(value: float) -> str:
    """Four significant digits, without an exponent."""
    if value == 0:
        return "0"
    places = max(DIGITS - 1 - int(np.floor(np.log10(abs(value)))), 0)
    text = f"{value:.{min(places, 8)}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) if abs(value) >= 1e-8 else "0"


__all__ = ["check", "example"]
