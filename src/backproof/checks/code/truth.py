"""The proved gradient of a dense network on given numbers: what a program is held against.

The assignments of a ``Program``, which are theorems, are read as they stand and evaluated, on arrays of floating-point
numbers or of residues. Arrays have a column for each example; everything the backward pass goes through is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from operator import add, mul
from typing import Any, Final

import numpy as np
from sympy import Add, Integer, Mul, Pow, Rational

from ...codegen.program import Program
from ...networks import tables
from ...surface.terms import Apply, D, Dot, Hadamard, M, Member, Outer, Total, Transposed, substitute
from .products import product

Array = Any  # of floats or of objects: a numpy.ndarray


@dataclass
class Truth:
    """What a program computes from its parameters and a batch.

    ``weights[l]`` has shape (n_l, n_{l-1}), ``biases[l]`` (n_l,), ``x`` (n_1, M), ``y`` (n_L, M); layers are counted
    from 1, the input. ``z``, ``a``, ``delta``: by layer, with a column for each example; ``delta`` has the 1/M of a
    mean in it. ``grad_w`` and ``grad_b``: the partial derivatives of the cost, in the shapes of the parameters.
    """

    program: Program
    weights: Mapping[int, Array]
    biases: Mapping[int, Array]
    x: Array
    y: Array
    z: dict[int, Array] = field(default_factory=dict)
    a: dict[int, Array] = field(default_factory=dict)
    delta: dict[int, Array] = field(default_factory=dict)
    grad_w: dict[int, Array] = field(default_factory=dict)
    grad_b: dict[int, Array] = field(default_factory=dict)
    costs: Array = None

    @property
    def examples(self) -> int:
        """How many there are."""
        return int(self.x.shape[1])

    @property
    def last(self) -> int:
        """The number of the last layer."""
        return self.program.spec.depth

    @property
    def exact(self) -> bool:
        """Whether the numbers are no floating-point ones."""
        return bool(self.x.dtype == object)

    def run(self) -> Truth:
        """Evaluate all assignments, each after those that it needs."""
        for line in self.program.assignments:
            if line.label != "slope":
                self._store(line.target, self.read(line.value))
        return self

    def slope(self, layer: int) -> Array:
        """f'(z) of a layer, by the theorem of its derivative. The softmax has none that is taken entry by entry."""
        return self.read(self.program.slope[layer].value)

    def _store(self, target: Any, value: Array) -> None:
        if isinstance(target, D):
            by = target.args[1]
            table = self.grad_w if by.family == "w" else self.grad_b
            table[int(by.indices[0])] = value
        elif target.family == "Cx":
            self.costs = value
        else:
            getattr(self, target.family)[int(target.indices[0])] = value

    # Terms.

    def read(self, e: Any) -> Array:
        """A term, as a matrix or with an axis of units and one of examples."""
        if isinstance(e, Rational):
            return self.number(e)
        if e == M:
            return self.examples
        return READERS[type(e)](self, e)

    def number(self, e: Any) -> Any:
        """A rational number."""
        if isinstance(e, Integer):
            return int(e)
        return Fraction(int(e.p), int(e.q)) if self.exact else float(e)

    def member(self, e: Any) -> Array:
        """A quantity: all of its layer, whatever its unit and example are called."""
        if e.family == "one":
            return np.ones(self.examples, dtype=self.x.dtype)
        if e.family in ("x", "y"):
            return self.x if e.family == "x" else self.y
        tables = {"w": self.weights, "b": self.biases, "z": self.z, "a": self.a, "delta": self.delta}
        return tables[e.family][int(e.indices[0])]

    def apply(self, e: Any) -> Array:
        """A function of every entry: an elementary one, or an activation, whose slope is a theorem of the program."""
        name, inner, degree = str(e.args[0]), e.args[1], int(e.args[2])
        if degree:
            return self.slope(int(inner.indices[0]))
        if name in ELEMENTARY:
            return ELEMENTARY[name](self.read(inner))
        [body] = {f.body for f in self.program.spec.activations if f.name == name}
        return self.read(substitute(body, {tables.u: inner}))

    def total(self, e: Any) -> Array:
        """A sum over the units of a layer. ValueError where something in it stands for another unit than the one bound:
        arrays have one axis of units, and that would be summed as well.
        """
        body, bound = e.args[:2]
        units = {part.indices[0 if part.family == "y" else 1] for part in body.atoms(Member)}
        if units != {bound}:
            raise ValueError(f"a sum over {bound} of what stands for other units: {e}")
        return self.read(body).sum(axis=0, keepdims=True)

    def power(self, e: Any) -> Array:
        """A power with a number for its exponent."""
        base, exponent = self.read(e.args[0]), int(e.args[1])
        return base**exponent if exponent > 0 else 1 / base**-exponent


def _step(values: Array) -> Array:
    return np.where(values > 0, 1, 0)


#: The elementary functions, on arrays of either kind of number.
ELEMENTARY: Final[dict[str, Callable[[Array], Array]]] = {"exp": np.exp, "log": np.log, "step": _step}

READERS: Final[dict[type, Callable[[Truth, Any], Array]]] = {
    Member: Truth.member,
    Apply: Truth.apply,
    Total: Truth.total,
    Pow: Truth.power,
    Add: lambda t, e: reduce(add, map(t.read, e.args)),
    Mul: lambda t, e: reduce(mul, map(t.read, e.args)),
    Hadamard: lambda t, e: t.read(e.args[0]) * t.read(e.args[1]),
    Dot: lambda t, e: product(t.read(e.args[0]), t.read(e.args[1])),
    Transposed: lambda t, e: t.read(e.args[0]).T,
    Outer: lambda t, e: np.multiply.outer(t.read(e.args[0]), t.read(e.args[1])),
}


__all__ = ["Truth"]
