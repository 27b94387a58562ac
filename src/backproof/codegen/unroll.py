"""A small net written out in scalars: straight-line code for one example, in which nothing is computed twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from textwrap import wrap
from typing import Final

import numpy as np
from sympy import Integer

from ..surface.terms import M, Member, substitute
from .entries import Entries, Statement
from .lines import assigned, comment
from .naming import Names
from .program import Program, Spec
from .sample import Array, Pairs, Result, Sample
from .scalar_code import FAST, PythonScalars

Whole = tuple[str, int | None]
MOST_PARAMETERS: Final = 2_000
WIDTH: Final = 84


@dataclass(frozen=True)
class Straight:
    """The statements of three functions for one example: each is a list that can be run by itself."""

    forward: Sequence[Statement]
    cost: Sequence[Statement]
    gradient: Sequence[Statement]


def straight(program: Program) -> Straight:
    """The program for one example. ValueError where the net is too large to be written out."""
    spec = program.spec
    if spec.parameters > MOST_PARAMETERS:
        raise ValueError(
            f"a {spec.title} network has {spec.parameters:,} parameters: only up to {MOST_PARAMETERS:,} are unrolled"
        )
    entries = Entries(program)
    forward = _single(entries.forward()[1:])  # x stands for a^1

    def shared(*parts: list[Statement]) -> list[Statement]:
        return Names(spec.sizes).shared([line for part in parts for line in part])[0]

    last = [("a", spec.depth)]
    return Straight(
        _needed(shared(forward), last),
        _needed(shared(forward, _single(entries.cost())), [("Cx", None)]),
        shared(forward, _single(entries.backward())),
    )


def _needed(statements: Sequence[Statement], goals: Iterable[Whole]) -> list[Statement]:
    """Those on which the goals depend."""
    wanted, kept = set(goals), list[Statement]()
    for line in reversed(statements):
        if _whole(line.target) in wanted:
            wanted |= {_whole(part) for part in line.value.atoms(Member)}
            kept.append(line)
    return kept[::-1]


def _whole(e: Member) -> Whole:
    """The family and the layer."""
    return e.family, int(e.indices[0]) if e.indices and e.indices[0].is_Integer else None


def _single(statements: Iterable[Statement]) -> list[Statement]:
    """With one example."""
    return [replace(line, value=substitute(line.value, {M: Integer(1)})) for line in statements]


def one_example(program: Program, width: int = WIDTH) -> list[str]:
    """Lines of Python: the gradient for one example, from local variables to local variables.

    From x_1, y_1, w2_1_3 (into unit 1 of layer 2, from unit 3 of layer 1) and b2_1 to nabla_w2_1_3 and nabla_b2_1, all
    of them floats, whatever the layout. The lines need ``math``. They raise OverflowError where an exponential
    overflows, and where the formula of an activation of one's own has no value ZeroDivisionError or ValueError.
    """
    return list(python_lines(PythonScalars(program.spec, FAST), straight(program).gradient, width))


def python_lines(code: PythonScalars, statements: Iterable[Statement], width: int = WIDTH) -> Iterator[str]:
    """Assignments of Python, below their equations."""
    for statement in statements:
        for text in statement.comments:
            yield from comment(text, width)
        for name, value in code.statement(statement):
            yield from assigned(name, value, width)


def folded(text: str) -> list[str]:
    """Lines of a text that may be broken at any space."""
    return wrap(text, WIDTH - 4, subsequent_indent=" ", break_long_words=False, break_on_hyphens=False)


def singles(sample: Sample) -> list[Sample]:
    """A sample for each of its examples."""
    examples = range(sample.x.shape[1])
    return [replace(sample, x=sample.x[:, [each]], y=sample.y[:, [each]]) for each in examples]


def together(spec: Spec, sample: Sample, results: Iterable[Result]) -> Result:
    """The result of a batch, from those of its examples."""
    found = list(results)
    share = 1 / len(found) if spec.reduction == "mean" else 1.0
    start = tuple((w * 0, b * 0) for w, b in sample.parameters)
    outputs = np.hstack([result.outputs for result in found])
    gradient = _combined([result.gradient for result in found], start, share)
    steps = [result.stepped for result in found if result.stepped is not None]
    stepped = _combined(steps, sample.parameters, share) if steps else None
    return Result(sum(result.cost for result in found) * share, outputs, gradient, stepped)


def _combined(found: Sequence[Pairs], start: Pairs, share: float) -> Pairs:
    """From ``start``, the sum or the mean of all ways."""

    def combined(layer: int, place: int) -> Array:
        origin = start[layer][place]
        return origin + sum(pairs[layer][place] - origin for pairs in found) * share

    return tuple((combined(layer, 0), combined(layer, 1)) for layer in range(len(start)))


__all__ = [
    "MOST_PARAMETERS",
    "Straight",
    "folded",
    "one_example",
    "python_lines",
    "singles",
    "straight",
    "together",
]
