"""A plain network in NumPy, one example at a time: what the numeric results are held against.

It is Nielsen's ``network.py`` (Neural Networks and Deep Learning, ch. 1 to 3) in our own words, and knows nothing of
the terms and theorems of this package. All vectors are columns, of shape (units, 1). What leads to a cost takes complex
numbers with a tiny imaginary part, for derivatives by the complex step; the rectifiers look at the real part.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

Vector = np.ndarray[Any, Any]
Function = Callable[[Vector], Vector]
Gradient = tuple[list[Vector], list[Vector]]
Example = tuple[Vector, Vector]
Progress = Callable[[int, int, int | None, int | None], object]


def sigmoid(z: Vector) -> Vector:
    """The logistic function 1/(1 + exp(-z)), entry by entry; it does not overflow. Complex z are allowed."""
    shrunk = np.exp(np.where(z.real > 0, -z, z))
    return np.where(z.real > 0, 1 / (1 + shrunk), shrunk / (1 + shrunk))


def sigmoid_prime(z: Vector) -> Vector:
    """Its derivative, sigmoid(z) (1 - sigmoid(z))."""
    return sigmoid(z) * sigmoid(-z)


def tanh_prime(z: Vector) -> Vector:
    """1 - tanh(z)^2, which is 4 sigmoid'(2 z), without the cancellation."""
    return 4 * sigmoid_prime(2 * z)


def softplus(z: Vector) -> Vector:
    """log(1 + exp(z)), entry by entry; it does not overflow. Complex z are allowed."""
    positive = z.real > 0
    return np.where(positive, z, 0) + np.log1p(np.exp(np.where(positive, -z, z)))


_erfc: Final[Function] = np.vectorize(math.erfc, otypes=[float])


def _cdf(u: Vector) -> Vector:
    """The probability Phi(u) that a standard normal number is below u, for real u."""
    return _erfc(-u / math.sqrt(2)) / 2


def _density(u: Vector) -> Vector:
    """Its derivative phi(u)."""
    return np.exp(-u * u / 2) / math.sqrt(2 * math.pi)


def gelu(z: Vector) -> Vector:
    """z Phi(z), with Phi(u + i h) = Phi(u) + i h phi(u): right to first order in h, as the complex step needs it."""
    if np.iscomplexobj(z):
        return z * (_cdf(z.real) + 1j * z.imag * _density(z.real))
    return z * _cdf(z)


def softmax(z: Vector) -> Vector:
    """exp(z_j) / sum_k exp(z_k)."""
    grown: Vector = np.exp(z - z.real.max())
    shares: Vector = grown / grown.sum()
    return shares


def softmax_prime(z: Vector) -> Vector:
    """The Jacobian of softmax: entry k, j is the derivative a_k ([k = j] - a_j) of unit k by z_j."""
    a = softmax(z)
    return a * (np.eye(len(z)) - a.T)


@dataclass(frozen=True)
class Activation:
    """A function of the weighted inputs z of a layer, and its derivative at z: the slopes as a column, or the Jacobian
    where units mix.
    """

    f: Function
    f_prime: Function


#: At a kink f_prime is the slope to the left.
ACTIVATIONS: Final = {
    "sigmoid": Activation(sigmoid, sigmoid_prime),
    "tanh": Activation(np.tanh, tanh_prime),
    "relu": Activation(lambda z: np.where(z.real > 0, z, 0), lambda z: np.where(z > 0, 1.0, 0.0)),
    "leaky-relu": Activation(lambda z: np.where(z.real > 0, z, z / 100), lambda z: np.where(z > 0, 1.0, 0.01)),
    "softplus": Activation(softplus, sigmoid),
    "gelu": Activation(gelu, lambda z: _cdf(z) + z * _density(z)),
    "identity": Activation(lambda z: z, lambda z: np.ones(z.shape)),
    "softmax": Activation(softmax, softmax_prime),  # of the last layer
}


def _times(y: Vector, value: Vector) -> Vector:
    """The product, and 0 where y is: 0 log 0 = 0."""
    return np.where(y == 0, 0, y * value)


@dataclass(frozen=True)
class Cost:
    """A cost of the outputs a and targets y, its derivatives by a, and those with absolute values for their terms."""

    value: Callable[[Vector, Vector], Any]
    derivative: Callable[[Vector, Vector], Vector]
    terms: Callable[[Vector, Vector], Vector]


#: The two with logarithms are nan or infinite where an output is not between 0 and 1.
COSTS: Final = {
    "quadratic": Cost(
        lambda a, y: ((a - y) * (a - y)).sum() / 2,
        lambda a, y: a - y,
        lambda a, y: abs(a) + abs(y),
    ),
    "cross-entropy": Cost(
        lambda a, y: -(_times(y, np.log(a)) + _times(1 - y, np.log1p(-a))).sum(),
        lambda a, y: _times(1 - y, 1 / (1 - a)) - _times(y, 1 / a),
        lambda a, y: abs(_times(1 - y, 1 / (1 - a))) + abs(_times(y, 1 / a)),
    ),
    "log-likelihood": Cost(
        lambda a, y: -_times(y, np.log(a)).sum(),
        lambda a, y: -_times(y, 1 / a),
        lambda a, y: abs(_times(y, 1 / a)),
    ),
}

#: The same two as functions of u, where a = sigmoid(u): for any u, also where a rounds to 0 or 1.
COSTS_OF_LOGITS: Final = {
    "cross-entropy": Cost(
        lambda u, y: (_times(y, softplus(-u)) + _times(1 - y, softplus(u))).sum(),
        lambda u, y: (1 - y) * sigmoid(u) - y * sigmoid(-u),
        lambda u, y: abs(1 - y) * sigmoid(u) + abs(y) * sigmoid(-u),
    ),
    "log-likelihood": Cost(
        lambda u, y: _times(y, softplus(-u)).sum(),
        lambda u, y: -y * sigmoid(-u),
        lambda u, y: abs(y) * sigmoid(-u),
    ),
}


def _rest(z: Vector) -> Vector:
    """For each unit, log(sum(exp(z))) over the others; -inf where there are none."""
    others = np.where(np.eye(len(z)) == 1, -np.inf, z.T)
    tops = others.real.max(axis=1, keepdims=True, initial=np.finfo(float).min)
    found: Vector = tops + np.log(np.exp(others - tops).sum(axis=1, keepdims=True))
    return found


def _margin_prime(z: Vector) -> Vector:
    """Entry k, j is minus the share of unit j among the units other than k, or 1 for k = j."""
    same = np.eye(len(z)) == 1
    return np.where(same, 1, -np.exp(np.where(same, 0, z.T - _rest(z))))


#: u as a function of z, for the activations that are sigmoid(u).
LOGITS: Final = {"sigmoid": ACTIVATIONS["identity"], "softmax": Activation(lambda z: z - _rest(z), _margin_prime)}


def _back(slopes: Vector, gradient: Vector) -> Any:
    """The chain rule through slopes or a Jacobian."""
    return slopes * gradient if slopes.shape == gradient.shape else slopes.T @ gradient


def _named(activation: str | tuple[Function, Function], *, last: bool) -> Activation:
    if not isinstance(activation, str):
        return Activation(*activation)
    if activation not in ACTIVATIONS:
        raise ValueError(f"no activation {activation!r}: there are {', '.join(ACTIVATIONS)}")
    if activation == "softmax" and not last:
        raise ValueError("softmax is for the last layer")
    return ACTIVATIONS[activation]


class Network:
    """A dense net. ``weights[i]`` has shape (sizes[i + 1], sizes[i]) and leads into layer i + 2, counted from 1;
    ``biases[i]`` has shape (sizes[i + 1], 1); all are drawn from the standard normal distribution.

    ``activations`` has an entry for each layer but the first, all sigmoid if there are none: a name of ``ACTIVATIONS``
    or functions (f, f') of one's own, entry by entry. ``cost`` is a name of ``COSTS``: "quadratic" is |a - y|^2 / 2,
    "cross-entropy" is -sum(y log a + (1 - y) log(1 - a)), "log-likelihood" is -sum(y log a). ValueError for others.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        seed: int = 0,
        activations: Sequence[str | tuple[Function, Function]] | None = None,
        cost: str = "quadratic",
    ) -> None:
        self.rng = np.random.default_rng(seed)
        self.sizes = tuple(sizes)
        chosen = ("sigmoid",) * (len(self.sizes) - 1) if activations is None else tuple(activations)
        if len(self.sizes) < 2 or min(self.sizes) < 1 or len(chosen) != len(self.sizes) - 1:
            raise ValueError(f"sizes {self.sizes} and {len(chosen)} activations: each layer but the first has one")
        if cost not in COSTS:
            raise ValueError(f"no cost {cost!r}: there are {', '.join(COSTS)}")
        self.biases: list[Vector] = [self.rng.standard_normal((rows, 1)) for rows in self.sizes[1:]]
        self.weights: list[Vector] = [
            self.rng.standard_normal((rows, columns)) for columns, rows in zip(self.sizes, self.sizes[1:], strict=False)
        ]
        self.activations = [_named(one, last=place == len(chosen)) for place, one in enumerate(chosen, start=1)]
        self._cost = COSTS[cost]
        self._end = (self.activations[-1], self._cost)  # the cost as a function of the last z, in two steps
        if chosen[-1] in LOGITS and cost in COSTS_OF_LOGITS:
            self._end = (LOGITS[chosen[-1]], COSTS_OF_LOGITS[cost])

    def ends_with(self, cost: Cost) -> None:
        """Another cost, as a function of the weighted inputs of the last layer and the targets."""
        self._cost, self._end = cost, (ACTIVATIONS["identity"], cost)

    def feedforward(self, x: Vector) -> Vector:
        """The activations of the last layer, shape (sizes[-1], 1), for the input x of shape (sizes[0], 1)."""
        return self._forward(x)[1][-1]

    def _forward(self, x: Vector) -> tuple[list[Vector], list[Vector]]:
        """The weighted inputs of layers 2 to L, and the activations of layers 1 to L."""
        _check("x", x, self.sizes[0])
        zs, activations = [], [x]
        for w, b, activation in zip(self.weights, self.biases, self.activations, strict=True):
            zs.append(w @ activations[-1] + b)
            activations.append(activation.f(zs[-1]))
        return zs, activations

    @np.errstate(divide="ignore", invalid="ignore")
    def cost(self, x: Vector, y: Vector) -> Any:
        """The cost of one example with the target y, shape (sizes[-1], 1).

        With sigmoid or softmax it is computed from z and finite for all finite z. Other outputs that round to 0 or 1
        have an infinite logarithm; the cost is infinite or nan, then and where it has no value.
        """
        _check("y", y, self.sizes[-1])
        (last, cost), zs = self._end, self._forward(x)[0]
        return cost.value(last.f(zs[-1]), y)

    @np.errstate(divide="ignore", invalid="ignore")
    def cost_derivative(self, output: Vector, y: Vector) -> Vector:
        """The partial derivatives of the cost by the outputs."""
        return self._cost.derivative(output, y)

    @np.errstate(divide="ignore", invalid="ignore")
    def backprop(self, x: Vector, y: Vector) -> Gradient:
        """The partial derivatives of the cost of one example, shaped like ``biases`` and ``weights``."""
        _check("y", y, self.sizes[-1])
        (last, cost), (zs, activations) = self._end, self._forward(x)
        delta = _back(last.f_prime(zs[-1]), cost.derivative(last.f(zs[-1]), y))
        return self._backward(delta, zs, activations, np.positive)

    @np.errstate(divide="ignore", invalid="ignore")
    def magnitude(self, x: Vector, y: Vector) -> Gradient:
        """For each partial derivative of ``backprop``, the sum of the absolute values of the terms that add up to it:
        what its rounding error is to be measured by. A difference a - y is two terms, sigma' is one.
        """
        _check("y", y, self.sizes[-1])
        (last, cost), (zs, activations) = self._end, self._forward(x)
        delta = _back(abs(last.f_prime(zs[-1])), cost.terms(last.f(zs[-1]), y))
        if cost is not self._cost:
            delta = delta + abs(activations[-1]) + abs(y)
        return self._backward(delta, zs, activations, np.absolute)

    def _backward(self, delta: Vector, zs: list[Vector], activations: list[Vector], part: Function) -> Gradient:
        """From delta of the last layer to all partial derivatives, made from ``part`` of each factor."""
        deltas = [delta]
        layers = zip(self.weights[:0:-1], zs[-2::-1], self.activations[-2::-1], strict=True)
        for w, z, activation in layers:
            delta = (part(w).T @ delta) * part(activation.f_prime(z))
            deltas.append(delta)
        deltas.reverse()
        return deltas, [delta @ part(a).T for delta, a in zip(deltas, activations, strict=False)]

    def update_mini_batch(self, mini_batch: Sequence[Example], eta: float) -> None:
        """One step of gradient descent along the mean of the gradients of the pairs (x, y), with learning rate eta."""
        gradients = [self.backprop(x, y) for x, y in mini_batch]
        rate = eta / len(mini_batch)
        for layer in range(len(self.weights)):
            self.biases[layer] = self.biases[layer] - rate * sum(nabla_b[layer] for nabla_b, _ in gradients)
            self.weights[layer] = self.weights[layer] - rate * sum(nabla_w[layer] for _, nabla_w in gradients)

    def SGD(
        self,
        training_data: Sequence[Example],
        epochs: int,
        mini_batch_size: int,
        eta: float,
        test_data: Sequence[Example] | None = None,
        progress: Progress | None = None,
    ) -> list[int]:
        """Stochastic gradient descent: each epoch goes once over the examples, in an order drawn by ``rng``.

        Returns how many of the test data are right after each epoch, if there are test data. ``progress`` is called
        after each epoch with its number, counted from 1, the number of epochs, how many are right and of how many.
        """
        right = []
        for epoch in range(1, epochs + 1):
            shuffled = [training_data[place] for place in self.rng.permutation(len(training_data))]
            for start in range(0, len(shuffled), mini_batch_size):
                self.update_mini_batch(shuffled[start : start + mini_batch_size], eta)
            if test_data is not None:
                right.append(self.evaluate(test_data))
            if progress is not None:
                progress(epoch, epochs, *((None, None) if test_data is None else (right[-1], len(test_data))))
        return right

    def evaluate(self, test_data: Sequence[Example]) -> int:
        """For how many of the pairs (x, y) the largest output stands where the largest entry of y does."""
        for _, y in test_data:
            _check("y", y, self.sizes[-1])
        return sum(int(np.argmax(self.feedforward(x)) == np.argmax(y)) for x, y in test_data)


def _check(name: str, column: Vector, units: int) -> None:
    if np.shape(column) != (units, 1):
        raise ValueError(f"{name} has shape {np.shape(column)}, where a column has {(units, 1)}")


def finite_differences(network: Network, x: Vector, y: Vector, h: float = 1e-6) -> Gradient:
    """The gradient of ``backprop`` by (C(w + h e_i) - C(w)) / h, one forward pass for each parameter.

    Equation (3.1) of the lecture notes, (46) in Nielsen's ch. 2. The error is of the order of h + 1e-16 C/h.
    """
    moved, before = copy(network), network.cost(x, y)
    moved.biases, moved.weights = list(network.biases), list(network.weights)
    gradient: Gradient = ([], [])
    for arrays, found in zip((moved.biases, moved.weights), gradient, strict=True):
        for layer, array in enumerate(arrays):
            found.append(np.empty(array.shape))
            for place in np.ndindex(array.shape):
                arrays[layer] = array.copy()
                arrays[layer][place] += h
                found[layer][place] = (moved.cost(x, y) - before) / h
            arrays[layer] = array
    return gradient


def worked_example() -> tuple[Network, Vector, Vector]:
    """The 2-3-1 network of sigmoid units with the quadratic cost that the lecture notes follow step by step, with x, y.

    The notes draw x = 10 randn(2, 1) after ``np.random.seed(1)`` and take y = 1. Their biases and weights have no seed;
    here they are drawn in the same way, biases first, after ``np.random.seed(3)``, which leaves no unit saturated.
    """
    network = Network((2, 3, 1))
    parameters, inputs = np.random.RandomState(3), np.random.RandomState(1)
    network.biases = [parameters.randn(*b.shape) for b in network.biases]
    network.weights = [parameters.randn(*w.shape) for w in network.weights]
    return network, 10 * inputs.randn(2, 1), np.array([[1.0]])
