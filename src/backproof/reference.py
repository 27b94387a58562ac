"""A plain network in NumPy, one example at a time: what the numeric results are held against.

It is Nielsen's ``network.py`` (Neural Networks and Deep Learning, ch. 1 and 2) in our own words, and knows nothing of
the terms and theorems of this package. All vectors are columns, of shape (units, 1).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

Vector = np.ndarray[Any, Any]
Gradient = tuple[list[Vector], list[Vector]]


def sigmoid(z: Vector) -> Vector:
    """The logistic function 1/(1 + exp(-z)), entry by entry; it does not overflow. Complex z are allowed."""
    shrunk = np.exp(np.where(z.real > 0, -z, z))
    return np.where(z.real > 0, 1 / (1 + shrunk), shrunk / (1 + shrunk))


def sigmoid_prime(z: Vector) -> Vector:
    """Its derivative, sigmoid(z) (1 - sigmoid(z))."""
    return sigmoid(z) * sigmoid(-z)


class Network:
    """A dense net of logistic units with the quadratic cost |a - y|^2 / 2.

    ``weights[i]`` has shape (sizes[i + 1], sizes[i]) and leads into layer i + 2, counted from 1; ``biases[i]`` has
    shape (sizes[i + 1], 1).
    """

    def __init__(self, sizes: Sequence[int], seed: int = 0) -> None:
        rng = np.random.default_rng(seed)
        self.sizes = tuple(sizes)
        self.biases: list[Vector] = [rng.standard_normal((rows, 1)) for rows in self.sizes[1:]]
        self.weights: list[Vector] = [
            rng.standard_normal((rows, columns)) for columns, rows in zip(self.sizes, self.sizes[1:], strict=False)
        ]

    def feedforward(self, x: Vector) -> Vector:
        """The activations of the last layer, shape (sizes[-1], 1), for the input x of shape (sizes[0], 1)."""
        a = x
        for w, b in zip(self.weights, self.biases, strict=True):
            a = sigmoid(w @ a + b)
        return a

    def cost(self, x: Vector, y: Vector) -> Any:
        """Half the squared distance of the output from the target y."""
        error = self.feedforward(x) - y
        return (error * error).sum() / 2

    def cost_derivative(self, output: Vector, y: Vector) -> Vector:
        """The partial derivatives of the cost by the outputs."""
        return output - y

    def backprop(self, x: Vector, y: Vector) -> Gradient:
        """The partial derivatives of the cost of one example, shaped like ``biases`` and ``weights``."""
        activations, inputs = [x], []
        for w, b in zip(self.weights, self.biases, strict=True):
            inputs.append(w @ activations[-1] + b)
            activations.append(sigmoid(inputs[-1]))
        delta = self.cost_derivative(activations[-1], y) * sigmoid_prime(inputs[-1])
        deltas = [delta]
        for w, z in zip(self.weights[:0:-1], inputs[-2::-1], strict=True):
            delta = (w.T @ delta) * sigmoid_prime(z)
            deltas.append(delta)
        deltas.reverse()
        return deltas, [delta @ a.T for delta, a in zip(deltas, activations, strict=False)]

    def update_mini_batch(self, mini_batch: Sequence[tuple[Vector, Vector]], eta: float) -> None:
        """One step of gradient descent along the mean of the gradients of the pairs (x, y), with learning rate eta."""
        gradients = [self.backprop(x, y) for x, y in mini_batch]
        rate = eta / len(mini_batch)
        for layer in range(len(self.weights)):
            self.biases[layer] = self.biases[layer] - rate * sum(nabla_b[layer] for nabla_b, _ in gradients)
            self.weights[layer] = self.weights[layer] - rate * sum(nabla_w[layer] for _, nabla_w in gradients)
