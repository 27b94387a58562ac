"""A dense network modulo p, on random data, with its forward pass of dual numbers along a random direction."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from ...surface.network import Network
from ...surface.terms import C, Family, Member, Total, b, i, j, k, n, w
from ..dual import Dual
from ..worlds.terms import replaced
from .elementwise import EXAMPLES, Atoms, Elementwise, Key, each, spread
from .equations import definition, kinds
from .limbs import Clash, Weights, draw
from .matrices import outer
from .residues import VARIABLE, Array, number

#: What the network has to have: each family with the kinds of its indices.
FAMILIES = {"w": "luu", "b": "lu", "z": "lue", "a": "lue", "x": "ue", "y": "ue", "one": "e", "E": "ue", "Cx": "e"}
ONE = Member("one", i)
z, a, x = Family("z", "lue"), Family("a", "lue"), Family("x", "ue")
E, Cx = Family("E", "ue"), Family("Cx", "e")


def is_dense(net: Network, depth: int) -> bool:
    """Whether the network, of so many layers, is what ``Dense.forward`` takes it for."""
    if net.depth != depth or not FAMILIES.items() <= kinds(net).items():
        return False
    weighted = {
        z[layer, j, i]: Total(w[layer, j, k] * a[layer - 1, k, i], k, 1, n(layer - 1)) + b[layer, j] * ONE
        for layer in range(2, depth + 1)
    }
    return all(_body(net, head) == body for head, body in {ONE: 1, a[1, j, i]: x[j, i], **weighted}.items())


def _body(net: Network, e: Member) -> Any:
    found, values = definition(net, e)
    return None if found.body is None else replaced(found.body, values)


class Dense:
    """One random network, M = 3 examples, and one direction: r c^T on w[l], with random columns, a column on b[l].

    ``given``: the data and the biases. ``known``: these, and what the forward pass gives, as dual numbers.
    """

    def __init__(self, net: Network, sizes: tuple[int, ...], seed: int) -> None:
        self.net, self.sizes, self.seed, self.layers = net, sizes, seed, range(2, len(sizes) + 1)
        self.given: dict[Key, Array] = {
            ("x",): self.draw("x", sizes[0], EXAMPLES),
            ("y",): self.draw("y", sizes[-1], EXAMPLES),
            ("one",): number(1).repeated((EXAMPLES,)),
            **{("b", layer): self.column("b", layer) for layer in self.layers},
        }
        self.known: dict[Key, Any] = dict(self.given)
        self.atoms = Atoms(seed, self.draw("M"))
        self.entries = Elementwise(net, sizes, self.atoms, self.known)
        self._products: dict[Weights, tuple[Sequence[int], Sequence[int]]] = {}

    def draw(self, name: str, *shape: int) -> Array:
        """A random array, the same for the same name."""
        return Array(shape, draw(f"{self.seed} {name}", prod(shape)), VARIABLE)

    def column(self, name: str, layer: int) -> Array:
        """A random column with a number for each unit of the layer."""
        return self.draw(f"{name} {layer}", self.sizes[layer - 1])

    def weights(self, layer: int) -> Weights:
        """w[layer]."""
        if layer not in self.layers:
            raise Clash(f"no weights lead into layer {layer}")
        return Weights(self.sizes[layer - 1], self.sizes[layer - 2], (self.seed, layer))

    def multiply(self, weights: Weights, factor: Array) -> Array:
        """The product; where it is known from the forward pass, it is not computed again."""
        if prod(factor.shape[1:]) > EXAMPLES:
            raise Clash(f"the weights are not multiplied by a matrix of the shape {factor.shape}")
        known, product = self._products.get(weights, (None, ()))
        if known != factor.entries:
            [product] = weights.times(factor.entries)
        return _product(weights, factor, product)

    def forward(self) -> Any:
        """The derivative of the cost along the direction, a dual pass written out; ``known`` gets the values."""
        self.known["a", 1] = below = self.given["x",]
        moved: Array | None = None  # the tangent of ``below``: the input does not move
        for layer in self.layers:
            weights = self.weights(layer)
            r, c, bias = self.column("r", layer), self.column("c", layer - 1), self.column("bias", layer)
            tangent = outer(r, below.dotted(c)).array() + self._repeated(bias)
            products = weights.times(*(factor.entries for factor in (below, moved) if factor is not None))
            self._products[weights] = below.entries, products[0]
            value = _product(weights, below, products[0]) + self._repeated(self.given["b", layer])
            if moved is not None:
                tangent += _product(weights, moved, products[1])
            self.known["z", layer] = Dual(value, tangent)
            activation = self._define(a[layer, j, i])
            below, moved = activation.value, activation.slope
        for quantity in (E[k, i], Cx[i]):
            self._define(quantity)
        return self._define(C).slope

    def _repeated(self, column: Array) -> Array:
        """The column for each of the examples."""
        [rows] = column.shape
        return column.reshaped(rows, 1).spread(rows, EXAMPLES)

    def _define(self, e: Member) -> Dual:
        """The value of a quantity for all units and examples, by its equation in the network."""
        found, _ = definition(self.net, e)
        place = self.entries.place(found.head)
        value = spread(self.entries.read(found.body, place, {}), place.shape)
        value = value if isinstance(value, Dual) else Dual(value, value * 0)
        dual: Dual = each(value, lambda array: array.reshaped(*place.natural))
        self.known[self.entries.key(e)[0]] = dual
        return dual


def _product(weights: Weights, factor: Array, entries: Sequence[int]) -> Array:
    shape = (weights.shape[0], *factor.shape[1:])
    return Array(shape, entries, factor.degree.times(VARIABLE).summed())
