"""A program, run at the real size of its network: are all the partial derivatives that it computes right?

A program is what is exported: assignments in matrix form, for a batch of examples, in the order of their execution. It
is run modulo the prime p = 2^127 - 1, on random parameters and data. The judge's own truth is one forward pass of dual
numbers along a random direction v, written out for a dense network (``dense.py``): the derivative of the cost along v
must equal the scalar product of v with the partials that the program ends with (Freivalds' idea; the direction on a
weight matrix is r c^T). What the program computes on the way is compared too: z, a, the costs, and the derivatives of
the activations. So only the errors delta may be other numbers than the network says, if the partials are right.

The chance that a wrong program passes. All that is compared is a rational function of what is drawn: parameters, data,
direction, M where it stands as a number, and a variable for each elementary function at each argument. If all the
differences are 0 as such functions, the program is right in real numbers, for every batch. If one of them is not, its
numerator has at most the degree that is counted along with the numbers (``residues.Degree``), and vanishes at a random
point with a probability of at most that degree/p (Schwartz 1980, Zippel 1979). A function has one value at an argument:
where two arguments that are formally different come out equal, their values are no independent variables; the chance of
that is added, pair by pair. Numbers that come from a hash are taken for random ones. Independent trials are run until
the product of their chances is below 2^-120.

Programs that rest on more than exp(-u) = 1/exp(u), such as exp(u + v) = exp(u) exp(v) or step(u)^2 = step(u), are taken
for wrong here.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sympy import Symbol, SympifyError, preorder_traversal, sympify
from sympy.core.symbol import Str

from ...surface.network import Network
from ...surface.terms import Apply, C, Choice, D, Dot, Hadamard, Member, Outer, Total, Transposed, i, j, n
from ..dual import Dual
from .dense import Dense, a, is_dense
from .elementwise import Elementwise, Key, show, spread
from .equations import definition
from .equations import kinds as families
from .limbs import CHANCE, MOST_UNITS, Clash
from .matrices import Matrices, array
from .residues import Array, number

WANTED = -120  # the error bound, as a power of two
MOST_TRIALS = 12


@dataclass(frozen=True)
class Executed:
    """``partials``: how many the program computes, all of them checked; ``error_bound_log2``: as a power of two."""

    holds: bool
    partials: int
    error_bound_log2: int
    seconds: float
    reason: str = ""


#: How many arguments each of the heads has.
ARITY = {Apply: 3, Choice: 3, D: 2, Dot: 2, Hadamard: 2, Outer: 2, Total: 4, Transposed: 1, n: 1}


class Execution:
    """A program that is run on one random network, line by line."""

    def __init__(self, truth: Dense) -> None:
        self.truth = truth
        self.values: dict[Key, Any] = dict(truth.given)
        self.slopes: dict[tuple[str, Key], Array] = {}
        self.partials: dict[Key, Any] = {}
        self.entries = Elementwise(truth.net, truth.sizes, truth.atoms, self.values, self.slopes)
        self.matrices = Matrices(self.entries, truth.weights, truth.multiply)
        self.degree = 0  # of all differences that had to be 0

    def run(self, assignments: Sequence[tuple[Any, Any]]) -> None:
        """Clash where a line has no meaning or gives a wrong value, or no line gives some partial."""
        for target, value in assignments:
            try:
                self._assign(target, value)
            except Clash as why:
                raise Clash(f"in the line for {target}: {why}") from None
        for layer in self.truth.layers:
            for family in ("w", "b"):
                if (family, layer) not in self.partials:
                    raise Clash(f"no line gives the derivative by {show((family, layer))}")

    def along_direction(self) -> Array:
        """The scalar product of the direction with the partials."""
        result = number(0)
        for (family, layer), partial in self.partials.items():
            if family == "b":
                result += _scalar(partial, self.truth.column("bias", layer))
            else:
                product = self.matrices.dot(partial, self.truth.column("c", layer - 1))
                result += _scalar(product, self.truth.column("r", layer))
        return result

    def same(self, mine: Array, truth: Array) -> bool:
        """Whether the values are equal, and note the degree."""
        self.degree = max(self.degree, mine.degree.of_difference(truth.degree))
        return mine.entries == truth.entries

    def _assign(self, target: Any, value: Any) -> None:
        if isinstance(target, Member):
            self._quantity(target, value)
        elif isinstance(target, Apply) and isinstance(target.args[1], Member) and target.args[2] == 1:
            self._slope(str(target.args[0]), target.args[1], value)
        elif isinstance(target, D) and target.args[0] == C and isinstance(target.args[1], Member):
            self._partial(target.args[1], value)
        else:
            raise Clash("nothing can be assigned to it")

    def _quantity(self, target: Member, value: Any) -> None:
        key, _ = self.entries.key(target)
        if key in self.truth.given or target.family == "w":
            raise Clash("it is given")
        if key in self.values:
            raise Clash("it is assigned twice")
        self.values[key] = self._value(target, value)
        if key in self.truth.known and not self.same(self.values[key], _plain(self.truth.known[key])):
            raise Clash("the network says otherwise")

    def _slope(self, name: str, z: Member, value: Any) -> None:
        key, _ = self.entries.key(z)
        if not self._is_activation(name, key):
            raise Clash(f"{name} is not the activation that follows {show(key)}")
        if (name, key) in self.slopes:
            raise Clash("it is assigned twice")
        slope = self.slopes[name, key] = self._value(z, value)
        inner, outer = self.truth.known[key], self.truth.known["a", key[1]]
        if not self.same(slope * inner.slope, outer.slope):
            raise Clash("that is not the derivative")

    def _is_activation(self, name: str, key: Key) -> bool:
        if key[0] != "z" or key[1] not in self.truth.layers:
            return False
        found, _ = definition(self.truth.net, a[key[1], j, i])
        return bool(found.body == Apply(name, Member(*key, *found.head.indices[1:])))

    def _partial(self, parameter: Member, value: Any) -> None:
        key, indices = self.entries.key(parameter)
        if key[0] not in ("w", "b") or (key[0] == "w" and indices):
            raise Clash("the derivatives are by b[l] and, as matrices, by w[l]")
        if key in self.partials:
            raise Clash("it is assigned twice")
        shape = self.truth.weights(key[1]).shape
        partial = self.partials[key] = self._value(parameter, value) if key[0] == "b" else self.matrices.read(value)
        if key[0] == "w" and partial.shape != shape:
            raise Clash(f"its value does not have the shape {shape}")

    def _value(self, target: Member, value: Any) -> Array:
        """The value for a quantity: entry by entry if it has all its indices, else a whole array."""
        (_, indices), kinds = self.entries.key(target), families(self.truth.net)[target.family].removeprefix("l")
        if indices or not kinds:
            place = self.entries.place(target)
            found = spread(self.entries.read(value, place, {}), place.shape)
            return found.reshaped(*place.natural)  # type: ignore[no-any-return]
        place = self.entries.place(Member(*target.args, *({"u": j, "e": i}[kind] for kind in kinds)))
        found = array(self.matrices.read(value))
        if found.shape != place.natural:
            raise Clash(f"its value has the shape {found.shape} and not {place.natural}")
        return found


def _term(e: Any) -> Any:
    """The term. Clash where one of its heads has too many arguments, or too few."""
    try:
        e = sympify(e, strict=True)
    except SympifyError:
        raise Clash(f"{e} is no term") from None
    parts = list(preorder_traversal(e))
    if any(isinstance(part, Member) and not (part.args and isinstance(part.args[0], Str)) for part in parts):
        raise Clash("a quantity without a name")
    for part in parts:
        if len(part.args) != ARITY.get(part.func, len(part.args)):
            raise Clash(f"{part} has {len(part.args)} arguments")
        if isinstance(part, Total) and not isinstance(part.args[1], Symbol):
            raise Clash(f"{part} has no symbol to sum over")
    return e


def _scalar(partial: Array, direction: Array) -> Array:
    return partial.reshaped(1, *partial.shape).dot(direction)


def _plain(value: Any) -> Array:
    return value.value if isinstance(value, Dual) else value  # type: ignore[no-any-return]


def check(net: Network, sizes: Sequence[int], assignments: Iterable[tuple[Any, Any]], seed: int = 0) -> Executed:
    """Run the assignments (target, value) at these sizes, and judge all the partials that they compute.

    ``net`` is a dense network on M examples, with bodies for what its activations and its cost are. Raises ValueError
    where the network or the sizes are not of that kind, and never for a wrong program.
    """
    begin, sizes = time.perf_counter(), tuple(sizes)
    if not is_dense(net, len(sizes)):
        raise ValueError(f"a dense network of {len(sizes)} layers on M examples, not {net.title}")
    if len(sizes) < 2 or not all(0 < size <= MOST_UNITS for size in sizes):
        raise ValueError(f"at least two layers of 1 to {MOST_UNITS} units, not {sizes}")
    partials = sum(rows * (columns + 1) for columns, rows in pairwise(sizes))
    bound, reason = 0, ""
    try:
        bound = _trials(net, sizes, [(_term(target), _term(value)) for target, value in assignments], seed)
    except Clash as why:
        reason = str(why)
    return Executed(not reason, partials, bound, time.perf_counter() - begin, reason)


def _trials(net: Network, sizes: tuple[int, ...], assignments: Sequence[tuple[Any, Any]], seed: int) -> int:
    """The bound, once it is low enough. Clash where the program does not pass."""
    bound = 0.0
    for trial in range(MOST_TRIALS):
        bound += _trial(Dense(net, sizes, seed + trial), assignments)
        if bound <= WANTED:
            return math.ceil(bound)
    raise Clash(f"after {MOST_TRIALS} trials the error bound is only 2^{math.ceil(bound)}: the degrees are too high")


def _trial(truth: Dense, assignments: Sequence[tuple[Any, Any]]) -> float:
    """The logarithm of the chance that a wrong program passes as this one has. Clash where it does not pass."""
    try:
        known = truth.forward().reshaped(1)
    except Clash as why:
        raise Clash(f"in the network itself: {why}") from None
    execution = Execution(truth)
    execution.run(assignments)
    if not execution.same(execution.along_direction(), known):
        raise Clash("the derivative of the cost along a random direction differs")
    return math.log2(execution.degree + truth.atoms.chance) + CHANCE
