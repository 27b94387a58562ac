"""All partials of a dense network of its real size at once, exactly: Freivalds' idea on backpropagation.

For a random direction v, the derivative of the cost along v, found by one forward pass of dual numbers, must equal the
scalar product of v with the partials that the formulas give. One wrong entry among millions, and the two differ, except
with a probability of at most degree/p (Freivalds 1977, Schwartz 1980, Zippel 1979).

Everything is random modulo the prime p = 2^127 - 1: weights, the values a[l] of the activations and their derivatives
at z[l], dC/da[L]; with an activation that is left open those are free variables (so an equation that rests on
z = w a + b is not recognised here). The direction on a weight matrix is r c^T with random columns r and c: the product
r^T G c is a polynomial in them that vanishes only for G = 0.

``limbs.py`` has the arithmetic: the weights are never stored.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

from sympy import Add, Integer, Mul, Rational

from ...surface.terms import Apply, C, D, Dot, Hadamard, Member, Outer, Transposed, l
from ..worlds.terms import family, free, replaced
from .limbs import CHANCE, MOST_UNITS, PRIME, Clash, Weights, draw

WANTED = -120  # the error bound, as a power of two


class Equations(NamedTuple):
    """The right-hand sides to check: delta[L], delta[l] for l < L, D(C, b[l]) and D(C, w[l]), in l."""

    last: Any
    below: Any
    bias: Any
    weight: Any


@dataclass(frozen=True)
class AtScale:
    """``partials``: how many the equations gave, all of them checked; ``error_bound_log2``: as a power of two."""

    holds: bool
    partials: int
    error_bound_log2: int
    seconds: float
    reason: str = ""


@dataclass(frozen=True)
class Column:
    """A vector modulo p, as Python integers; ``degree`` in what was drawn at random."""

    entries: list[int]
    degree: int

    @property
    def shape(self) -> tuple[int, ...]:
        return (len(self.entries),)

    def times(self, other: Column) -> Column:
        pairs = zip(self.entries, other.entries, strict=True)
        return Column([x * y % PRIME for x, y in pairs], self.degree + other.degree)

    def plus(self, other: Column) -> Column:
        pairs = zip(self.entries, other.entries, strict=True)
        return Column([(x + y) % PRIME for x, y in pairs], max(self.degree, other.degree))

    def scaled(self, factor: int) -> Column:
        return Column([x * factor % PRIME for x in self.entries], self.degree)

    def with_(self, other: Column) -> int:
        """The scalar product."""
        return sum(x * y for x, y in zip(self.entries, other.entries, strict=True)) % PRIME


@dataclass(frozen=True)
class Rank1:
    """The matrix u v^T."""

    u: Column
    v: Column

    @property
    def shape(self) -> tuple[int, ...]:
        return self.u.shape + self.v.shape


@dataclass
class Trial:
    """One random network and one direction; reads the equations in it."""

    sizes: tuple[int, ...]
    seed: int
    deltas: dict[int, Any] = field(default_factory=dict)

    def width(self, layer: int) -> int:
        if not 1 <= layer <= len(self.sizes):
            raise Clash(f"there is no layer {layer}")
        return self.sizes[layer - 1]

    def draw(self, name: str, layer: int) -> Column:
        """A random column as long as the layer, the same for the same name."""
        return Column(draw(f"{self.seed} {name} {layer}", self.width(layer)), 1)

    def slope(self, layer: int) -> Column:
        """sigma'(z[layer])."""
        return self.draw("sigma 1 z", layer)

    def weight(self, layer: int) -> Weights:
        """w[layer]."""
        if layer == 1:
            raise Clash("no weights lead into layer 1")
        return Weights(self.width(layer), self.width(layer - 1), (self.seed, layer))

    # The forward pass of dual numbers, written out: nothing here comes from the equations.

    def along_direction(self) -> Column:
        """The derivative of the cost along the direction, a column of one number."""
        tangent, depth = Column([0] * self.sizes[0], 0), len(self.sizes)
        for layer in range(2, depth + 1):
            along_row = self.draw("c", layer - 1).with_(self.draw("a", layer - 1))
            shifted = self.draw("r", layer).scaled(along_row)
            moved = Column(shifted.entries, 3).plus(self.draw("bias", layer))
            if layer > 2:  # the input does not move
                moved = moved.plus(_dot(self.weight(layer), tangent))
            tangent = moved.times(self.slope(layer))
        gradient = self.draw("dC/da", depth)
        return Column([tangent.with_(gradient)], tangent.degree + 1)

    # The equations.

    def by_equations(self, equations: Equations) -> Column:
        """The scalar product of the direction with the partials that the equations give."""
        depth, result = len(self.sizes), Column([0], 0)
        for layer in range(depth, 1, -1):
            self.deltas[layer] = self.read(equations.last if layer == depth else equations.below, layer)
            if self.deltas[layer].shape != (self.width(layer),):
                raise Clash(f"delta[{layer}] has the shape {self.deltas[layer].shape}")
        for layer in range(2, depth + 1):
            result = result.plus(self._bias(self.read(equations.bias, layer), layer))
            result = result.plus(self._weight(self.read(equations.weight, layer), layer))
        return result

    def _bias(self, partials: Any, layer: int) -> Column:
        if partials.shape != (self.width(layer),):
            raise Clash(f"the partials by b[{layer}] have the shape {partials.shape}")
        return Column([partials.with_(self.draw("bias", layer))], partials.degree + 1)

    def _weight(self, partials: Any, layer: int) -> Column:
        if partials.shape != (self.width(layer), self.width(layer - 1)):
            raise Clash(f"the partials by w[{layer}] have the shape {partials.shape}")
        product = _dot(partials, self.draw("c", layer - 1))
        return Column([product.with_(self.draw("r", layer))], product.degree + 1)

    def read(self, e: Any, layer: int) -> Any:
        """What the term ``e`` is here, for l = ``layer``."""
        return self._read(replaced(e, {l: Integer(layer)}))

    def _read(self, e: Any) -> Any:
        if isinstance(e, Member):
            return self._member(e)
        if isinstance(e, D):
            return self._gradient(*e.args)
        if isinstance(e, Apply):
            return self._function(e)
        for head, meaning in MEANINGS.items():
            if isinstance(e, head):
                return meaning(*map(self._read, e.args))
        if isinstance(e, Rational):
            return int(e.p) * pow(int(e.q), -1, PRIME) % PRIME
        raise Clash(f"no meaning for {e}")

    def _layer(self, e: Member) -> int:
        if len(e.args) != 2:
            raise Clash(f"{e} is not the quantities of one layer")
        return int(replaced(e.args[1], dict.fromkeys(free(e), Integer(len(self.sizes)))))

    def _member(self, e: Member) -> Any:
        layer = self._layer(e)
        if family(e) == "w":
            return self.weight(layer)
        if family(e) == "delta":
            if layer not in self.deltas:
                raise Clash(f"delta[{layer}] is not known yet")
            return self.deltas[layer]
        if family(e) in ("z", "b") and layer == 1:
            raise Clash(f"there is no {e}")
        return self.draw(family(e), layer)

    def _gradient(self, y: Any, x: Any) -> Column:
        if y != C or not isinstance(x, Member) or family(x) != "a" or self._layer(x) != len(self.sizes):
            raise Clash("the only derivative that is given is D(C, a[L])")
        return self.draw("dC/da", len(self.sizes))

    def _function(self, e: Any) -> Column:
        name, inner, times = e.args
        if not isinstance(inner, Member) or self._read(inner).shape != (self.width(self._layer(inner)),):
            raise Clash(f"no meaning for {e}")
        if (str(name), family(inner), int(times)) == ("sigma", "z", 0):
            return self.draw("a", self._layer(inner))
        return self.draw(f"{name} {times} {family(inner)}", self._layer(inner))


def _dot(matrix: Any, column: Any) -> Column:
    if len(matrix.shape) != 2 or column.shape != matrix.shape[1:]:
        raise Clash(f"a matrix of shape {matrix.shape} times {column.shape}")
    if isinstance(matrix, Weights):
        [entries] = matrix.times(column.entries)
        return Column(entries, column.degree + 1)
    scaled = matrix.u.scaled(matrix.v.with_(column))
    return Column(scaled.entries, matrix.u.degree + matrix.v.degree + column.degree)


def _hadamard(first: Any, second: Any) -> Column:
    if not (isinstance(first, Column) and isinstance(second, Column) and first.shape == second.shape):
        raise Clash("a product entry by entry of different shapes")
    return first.times(second)


def _plus(*terms: Any) -> Column:
    total = terms[0]
    for term in terms[1:]:
        if not (isinstance(term, Column) and isinstance(total, Column) and term.shape == total.shape):
            raise Clash("a sum of different shapes")
        total = total.plus(term)
    return total  # type: ignore[no-any-return]


def _outer(first: Any, second: Any) -> Rank1:
    if not (isinstance(first, Column) and isinstance(second, Column)):
        raise Clash("u v^T needs two columns")
    return Rank1(first, second)


def _transposed(matrix: Any) -> Any:
    if isinstance(matrix, Weights):
        return matrix.flipped()
    if isinstance(matrix, Rank1):
        return Rank1(matrix.v, matrix.u)
    raise Clash("the transpose of what is no matrix")


def _times(*factors: Any) -> Any:
    scalar = math.prod(f for f in factors if isinstance(f, int)) % PRIME
    arrays = [f for f in factors if not isinstance(f, int)]
    if len(arrays) == 1 and isinstance(arrays[0], Column):
        return arrays[0].scaled(scalar)
    if len(arrays) == 1 and isinstance(arrays[0], Rank1):
        return Rank1(arrays[0].u.scaled(scalar), arrays[0].v)
    raise Clash("a product that is neither entry by entry nor of matrices")


MEANINGS: dict[Any, Any] = {
    Dot: _dot,
    Hadamard: _hadamard,
    Outer: _outer,
    Transposed: _transposed,
    Add: _plus,
    Mul: _times,
}


def check(sizes: Sequence[int], equations: Equations | Sequence[Any], seed: int = 0) -> AtScale:
    """Check all partials that the equations give of the dense network with ``sizes`` units, whatever sigma and C.

    Independent trials are run until the probability that wrong equations pass is below 2^-120.
    """
    begin, sizes, equations = time.perf_counter(), tuple(sizes), Equations(*equations)
    if len(sizes) < 2 or not all(0 < size <= MOST_UNITS for size in sizes):
        raise ValueError(f"at least two layers of 1 to {MOST_UNITS} units, not {sizes}")
    partials = sum(rows * (columns + 1) for columns, rows in pairwise(sizes))
    bound, trials, reason = 0.0, 0, ""
    while bound > WANTED and not reason:
        trial = Trial(sizes, seed + trials)
        try:
            known, claimed = trial.along_direction(), trial.by_equations(equations)
        except Clash as why:
            reason = str(why)
            break
        reason = "" if known.entries == claimed.entries else "the derivative along a random direction differs"
        bound += math.log2(max(known.degree, claimed.degree)) + CHANCE
        trials += 1
    return AtScale(not reason, partials, 0 if reason else math.ceil(bound), time.perf_counter() - begin, reason)
