"""Programs: straight-line code in matrix form, each line of it a theorem."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from typing import Any

from ..networks import Activation, Cost, Setting
from ..surface.network import Network
from ..surface.theorem import Theorem
from . import equations
from .network import cost_of, layered, setting_of


@dataclass(frozen=True)
class Spec:
    """What is asked for: the network, what its cost sums, and how its arrays are laid out.

    ``sizes``: units of layers 1 to L. ``activations``: of layers 2 to L. ``reduction``: the cost of a batch is the
    "mean" or the "sum" over its examples. ``layout``: an example is a column or a row of x, "columns" or "rows".
    ``dtype``: "float64" or "float32".
    """

    sizes: tuple[int, ...]
    activations: tuple[Activation, ...]
    cost: str
    reduction: str = "mean"
    layout: str = "columns"
    dtype: str = "float64"

    @property
    def setting(self) -> Setting:
        """The network that is asked for, whatever its sizes."""
        return setting_of(self.activations, self.cost, self.reduction)

    @property
    def depth(self) -> int:
        return len(self.sizes)

    @property
    def parameters(self) -> int:
        """How many weights and biases there are."""
        return sum(rows * (columns + 1) for columns, rows in pairwise(self.sizes))

    def activation(self, layer: int) -> Activation:
        """The activation of a layer, 2 <= layer <= L."""
        return self.activations[layer - 2]

    @property
    def title(self) -> str:
        """Such as 784-30-10."""
        return "-".join(map(str, self.sizes))


@dataclass(frozen=True)
class Assignment:
    """``target = value``, which is what ``theorem`` says; ``label`` names the equation, ``layer`` where it is used.

    ``plain`` says the same of the target with logarithms of outputs as they stand, where ``theorem`` has others.
    """

    label: str
    layer: int
    theorem: Theorem
    plain: Theorem | None = None

    @property
    def target(self) -> Any:
        return self.theorem.lhs

    @property
    def value(self) -> Any:
        return self.theorem.rhs


@dataclass(frozen=True)
class Program:
    """The forward pass, what an example costs, and the backward pass, in the order in which they are run.

    ``slopes`` are the derivatives of the activations, by layer: what the f'(z) in BP1 and BP2 is computed as.
    """

    spec: Spec
    net: Network
    forward: tuple[Assignment, ...]
    cost: Assignment
    slopes: tuple[Assignment, ...]
    backward: tuple[Assignment, ...]

    @property
    def assignments(self) -> Iterator[Assignment]:
        """All of them, each after those that it needs."""
        yield from (*self.forward, self.cost, *self.slopes, *self.backward)

    @cached_property
    def slope(self) -> dict[int, Assignment]:
        """By layer."""
        return {line.layer: line for line in self.slopes}


def compile_program(spec: Spec) -> Program:
    """Derive the equations of the network, layer by layer."""
    return Program(spec, *_derived(spec.setting))


@cache
def _derived(setting: Setting) -> tuple[Any, ...]:
    """The network and the assignments: they are the same whatever the sizes."""
    net, activations, cost = layered(setting), setting.activation, cost_of(setting)
    layers = list(enumerate(activations, start=2))
    forward = [Assignment("input", 1, equations.input_layer(net).theorem)]
    for layer, f in layers:
        forward.append(Assignment("forward", layer, equations.weighted_input(net, layer).theorem))
        forward.append(Assignment("forward", layer, equations.activation(net, layer, f).theorem))
    slopes = [
        Assignment("slope", layer, equations.slope(net, layer, f).theorem) for layer, f in layers if f.body is not None
    ]
    of_cost = Assignment("cost", len(activations) + 1, equations.cost_of_an_example(net).theorem)
    return net, tuple(forward), of_cost, tuple(slopes), tuple(_backward(net, activations, cost))


def _backward(net: Network, activations: tuple[Activation, ...], cost: Cost) -> Iterator[Assignment]:
    last = len(activations) + 1
    for layer in range(last, 1, -1):
        f = activations[layer - 2]
        if layer == last:
            plain = equations.output_error(net, f, cost)
            error = equations.with_finite_logarithms(net, f, plain)
            other = None if error is plain else plain.theorem
            yield Assignment("BP1", layer, error.theorem, other)
        else:
            yield Assignment("BP2", layer, equations.hidden_error(net, layer, f).theorem)
        yield Assignment("BP4", layer, equations.weight_gradient(net, layer).theorem)
        yield Assignment("BP3", layer, equations.bias_gradient(net, layer).theorem)
