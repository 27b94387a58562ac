"""The first page, which can be handed out alone: the equations in a box, the algorithm, and a picture of the net.

There is one where the equations are among what was proved; every formula is printed from a theorem or a definition.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from sympy import Integer

from ..derive.calc import instantiated
from ..derive.derivation import Derivation
from ..networks import dense
from ..notation import latex, profiles
from ..notation.row import Notation
from ..surface.terms import C, D, L, a, delta, j, l, z
from . import figures
from .model import Boxed, Figure, Opening, Sample, Stage
from .tex import Tex
from .words import Emphasis, Number, Words, printed


class Row(NamedTuple):
    """An equation of the box: its name, the derivation that proves it, and what it says."""

    name: str
    derivation: str
    words: str


BOX: Final = (
    Row(
        "BP1",
        "bp1-vector",
        "The error of the last layer: how the cost feels an output, times the slope where it stands.",
    ),
    Row(
        "BP2", "bp2-vector", "The error of a layer, from that of the next: sent back along the weights, so transposed."
    ),
    Row("BP3", "bp3-vector", "With respect to a bias, the derivative is the error."),
    Row("BP4", "bp4-matrix", "With respect to a weight: the error behind it times the activation before it."),
)
FORWARD: Final = "forward-vector"
SIZES: Final = (2, 3, 1)  # of the example

Made = Mapping[str, Derivation]
Numbers = Mapping[str, Number]


def page(made: Made, row: Notation, numbers: Numbers) -> Opening | None:
    """The page; None where one of its equations is not among what was proved."""
    if not {FORWARD, *(boxed.derivation for boxed in BOX)} <= made.keys():
        return None
    row = profiles.for_network(row, dense())
    drawing = figures.net(row)
    return Opening(
        words=_meaning(row),
        equations=tuple(_boxed(boxed, made, row, numbers) for boxed in BOX),
        reading=_reading(row),
        stages=_stages(made, row),
        figure=Figure(Tex(drawing.name), printed(drawing.caption), Tex(drawing.tikz()), drawing.svg(), drawing.said),
    )


def _meaning(row: Notation) -> Words:
    error, by, weighted, output, unit = (latex.latex(e, row) for e in (delta[l, j], D(C, z[l, j]), z[l, j], a[l, j], j))
    return printed(
        f"Unit ${unit}$ of layer ${latex.layer(l, row)}$ has the weighted input ${weighted}$ and the activation "
        f"${output}$. Its error is ${error} = {by}$: by how much, to first order, the cost grows when the weighted "
        "input does. Four equations give the derivative with respect to every weight and every bias:"
    )


def _equation(d: Derivation, row: Notation) -> Tex:
    return Tex(latex.equation(d.theorem.lhs, d.theorem.rhs, row))


def _boxed(boxed: Row, made: Made, row: Notation, numbers: Numbers) -> Boxed:
    d = made[boxed.derivation]
    where: list[Any] = [" (", numbers[d.name], ")"]
    return Boxed(boxed.name, _equation(d, row), Words([boxed.words.rstrip("."), *where, "."]))


def _reading(row: Notation) -> Words:
    signs = f"${row.hadamard}$ multiplies entry by entry, and ${row.letters['sigma']}$ is applied to each entry."
    if row.vectors == "rows":
        head = "A letter without a unit is the row of all units of its layer, an array has a row an example; "
        return printed(head + signs)
    every, one = latex.latex(delta[l], row), latex.latex(delta[l, j], row)
    return printed(
        f"A letter without a unit is the column of all units of its layer, ${every}$ of all ${one}$; {signs}"
    )


def _stages(made: Made, row: Notation) -> tuple[Stage, ...]:
    """The algorithm: what is computed, in which order, from which theorem."""
    formulas = {boxed.name: _equation(made[boxed.derivation], row) for boxed in BOX}
    start = next(d for d in dense().definitions if d.head == a[1, j])
    first, last, before, second = (
        f"${text}$" for text in (
            latex.layer(l, row), latex.layer(L, row), latex.layer(L - 1, row), latex.layer(Integer(2), row),
        )
    )  # fmt: skip
    kept = f"${latex.latex(z[l], row)}$"
    layers = f"For {first} = {second}, …, {last}"
    return (
        _stage("Input", "The first layer has the inputs:", Tex(latex.equation(start.head, start.body, row))),
        _stage("Forward", f"{layers}, keeping {kept}, the argument of {_sigma(row)}:", _equation(made[FORWARD], row)),
        _stage("Error of the outputs", "", formulas["BP1"]),
        _stage("Backward", f"For {first} = {before}, …, {second}:", formulas["BP2"]),
        _stage("Gradient", f"{layers}:", formulas["BP3"], formulas["BP4"]),
    )  # fmt: skip


def _stage(name: str, words: str, *formulas: Tex) -> Stage:
    return Stage(Words([Emphasis(Words([f"{name}."]), strong=True), *printed(f" {words}" if words else "")]), formulas)


def _sigma(row: Notation) -> str:
    return f"${row.letters['sigma']}$"


def sample(made: Made, row: Notation) -> Sample | None:
    """The setting by an example: the forward pass of a small net, its matrices written out."""
    if FORWARD not in made or made[FORWARD].net.depth is None:
        return None
    net = dense(widths=SIZES)
    row = profiles.for_network(row, net)
    theorems = [instantiated(made[FORWARD].theorem, net, {"l": layer}) for layer in range(2, len(SIZES) + 1)]
    words = printed(
        f"Take a net with {SIZES[0]} inputs, {SIZES[1]} hidden units and {SIZES[2]} output. Each unit weighs what the "
        f"layer before it gives, adds its bias, and applies {_sigma(row)}. For a whole layer this is one product of "
        "matrices:"
    )
    return Sample(words, tuple(Tex(latex.latex_in_full(net, theorem, row)) for theorem in theorems))


__all__ = ["BOX", "page", "sample"]
