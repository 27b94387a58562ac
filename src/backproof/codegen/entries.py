"""A program entry by entry: what loops, and code without arrays, are written from.

The right-hand sides of the theorems are taken apart into entries, with slopes and activations put in, in forms that do
not overflow. Units have the indices j and k, examples i.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sympy import Add, Integer, Pow, Symbol

from ..activations.stable import computed, stable
from ..networks import u
from ..surface.arrays import entry, shape
from ..surface.terms import Apply, Binder, Choice, D, Head, Member, Total, exp, free, i, j, k, order, substitute
from .infix import equation
from .program import Assignment, Program

MOST_CASES = 3  # steps that a term is split at: each may double it


class Where(Head):
    """``Where(v, low, high)``: low where v <= 0, else high."""


class Top(Binder):
    """``Top(e, k, lo, hi)``: the largest e."""


@dataclass(frozen=True)
class Statement:
    """``target = value`` for all ``units``, its indices of units with how many there are; and for each example if it
    has one. ``comments`` are the equations that it implements.
    """

    target: Member
    value: Any
    units: tuple[tuple[Symbol, int], ...] = ()
    comments: tuple[str, ...] = ()

    @property
    def per_example(self) -> bool:
        """Whether the target belongs to an example."""
        return i in self.target.indices


class Entries:
    """The statements of a program, in the order in which they are run."""

    def __init__(self, program: Program) -> None:
        self.program, self.net, self.sizes = program, program.net, program.spec.sizes
        self.bodies = {f.name: computed(f) for f in program.spec.activations if f.body is not None}

    def forward(self) -> list[Statement]:
        """a^1 = x, and the weighted inputs and activations of each layer."""
        return [self._statement(line) for line in self.program.forward]

    def cost(self) -> list[Statement]:
        """What an example costs, in terms of the weighted inputs where it has logarithms of the outputs."""
        line = self.program.cost
        value = _branched(stable(rewrite(line.value, self._logarithm)))
        return [Statement(line.target, value, (), (equation(line, self.program.spec.layout),))]

    def backward(self) -> list[Statement]:
        """The errors and the partial derivatives."""
        return [self._statement(line) for line in self.program.backward]

    def _statement(self, line: Assignment) -> Statement:
        target, units = self._target(line)
        rank = len(shape(self.net, line.target))
        value = entry(self.net, line.value, target.indices[-rank:]) if rank else line.value
        layout = self.program.spec.layout
        slopes = [self.program.slope[layer] for layer in self._slopes(value)]
        label = f"{line.label}: " if line.label.startswith("BP") else ""
        of_line = (label + equation(line, layout),) if line.label != "input" else ()
        comments = (*of_line, *(equation(slope, layout) for slope in slopes))
        return Statement(target, _branched(rewrite(value, self._computed)), units, comments)

    def _target(self, line: Assignment) -> tuple[Member, tuple[tuple[Symbol, int], ...]]:
        """The entry of it at j and i, or at j and k; partial derivatives are families of their own."""
        layer = line.layer
        first, second = (j, self.sizes[layer - 1]), (k, self.sizes[layer - 2])
        if not isinstance(line.target, D):
            return Member(line.target.family, layer, j, i), (first,)
        family = line.target.args[1].family
        both = (first, second) if family == "w" else (first,)
        return Member(f"nabla_{family}", layer, *(symbol for symbol, _ in both)), both

    def _slopes(self, e: Any) -> Iterator[int]:
        """The layers whose slopes are in ``e``."""
        for apply in e.atoms(Apply):
            if apply.args[2] == 1:
                [z] = apply.args[1].atoms(Member)
                yield int(z.indices[0])

    def _computed(self, e: Any) -> Any:
        """An activation, a slope or a softmax as it is computed; 1 for a column of ones."""
        if isinstance(e, Member) and e.family == "one":
            return Integer(1)
        if isinstance(e, Apply) and e.args[2] == 1:
            [layer], at = self._slopes(e), e.args[1].indices
            slope = self.program.slope[layer].value
            return cases(_branched(stable(substitute(slope, {j: at[1], i: at[2]}))))
        if isinstance(e, Apply) and str(e.args[0]) in self.bodies:
            return cases(_branched(substitute(self.bodies[str(e.args[0])], {u: e.args[1]})))
        return shifted(e) if e.is_Mul else e

    def _logarithm(self, e: Any) -> Any:
        """The logarithm of an output, where there is a form of it that is finite although the output rounds to 0."""
        if not (isinstance(e, Apply) and str(e.args[0]) == "log"):
            return e
        line = self.program.forward[-1]
        output = self._statement(line).value

        def opened(part: Any) -> Any:
            last = isinstance(part, Member) and part.family == "a" and part.indices[0] == line.layer
            return substitute(output, dict(zip((j, i), part.indices[1:], strict=True))) if last else part

        found = logarithm(rewrite(e.args[1], opened))
        return e if found is None else found


def rewrite(e: Any, rule: Callable[[Any], Any]) -> Any:
    """``e`` with ``rule`` applied to each of its parts, from the inside out."""
    if not e.args or isinstance(e, Member | D):
        return rule(e)
    return rule(e.func(*(rewrite(arg, rule) for arg in e.args)))


def _branched(e: Any) -> Any:
    """``e`` with branches for what is chosen."""
    return rewrite(
        e, lambda part: Where(part.args[0], part.args[2], part.args[1]) if isinstance(part, Choice) else part
    )


def cases(e: Any, most: int = MOST_CASES) -> Any:
    """``e`` by the sign of what it takes the step of: then 0 is never multiplied with what may be infinite."""
    steps = sorted((apply for apply in e.atoms(Apply) if str(apply.args[0]) == "step"), key=order)
    inner = [apply for apply in steps if not any(other in apply.args[1].atoms(Apply) for other in steps)]
    if not inner or most == 0:
        return e

    def at(value: int) -> Any:
        settled = {inner[0]: Integer(value), exp(0): Integer(1)}
        return cases(rewrite(e, lambda part: settled.get(part, part)), most - 1)

    low, high = at(0), at(1)
    return low if low == high else Where(inner[0].args[1], low, high)


def shifted(e: Any) -> Any:
    """exp(v)/Σ exp(v) as exp(v - top)/Σ exp(v - top), where top is the largest v: nothing overflows."""
    above = [f for f in e.args if _is_exp(f)]
    below = [1 / f for f in e.args if isinstance(f, Pow) and f.exp == -1]
    sums = [f for f in below if isinstance(f, Total) and _is_exp(f.args[0])]
    if len(above) != 1 or len(sums) != 1:
        return e
    body, bound, lo, hi = sums[0].args
    v, each = above[0].args[1], body.args[1]
    if not any(substitute(each, {bound: unit}) == v for unit in free(v)):
        return e
    top = Top(each, bound, lo, hi)
    return e * sums[0] / above[0] * exp(v - top) / Total(exp(each - top), bound, lo, hi)


def logarithm(e: Any) -> Any:
    """log e where e is sigmoid(v), 1 - sigmoid(v) or exp(v) divided by a sum; None for other e."""
    for sign, part in ((-1, e), (1, 1 - e)):
        if isinstance(part, Apply) and str(part.args[0]) == "sigmoid":
            return -Apply("softplus", sign * part.args[1])
    factors = [f for f in e.args if _is_exp(f)] if e.is_Mul else []
    below = [1 / f for f in e.args if isinstance(f, Pow) and f.exp == -1] if e.is_Mul else []
    if len(factors) != 1 or len(below) != 1 or len(e.args) != 2:
        return None
    return Add(factors[0].args[1], -Apply("log", below[0]))


def _is_exp(e: Any) -> bool:
    return isinstance(e, Apply) and (str(e.args[0]), e.args[2]) == ("exp", 0)


__all__ = ["Entries", "Statement", "Top", "Where", "cases", "logarithm", "rewrite", "shifted"]
