"""Nielsen-like network, mini-batch trained, but the two lists of sums are one object per layer shape.

Interface: Network(sizes); update_mini_batch(mini_batch, eta), a list of pairs of columns.  Quadratic cost.
"""
import random

import numpy as np


class Network:
    def __init__(self, sizes):
        rng = np.random.default_rng(0)
        self.num_layers = len(sizes)
        self.biases = [rng.normal(size=(y, 1)) for y in sizes[1:]]
        self.weights = [rng.normal(size=(y, x)) for x, y in zip(sizes[:-1], sizes[1:])]

    def feedforward(self, a):
        for b, w in zip(self.biases, self.weights):
            a = sigmoid(np.dot(w, a) + b)
        return a

    def update_mini_batch(self, mini_batch, eta):
        sum_b = [np.zeros(b.shape) for b in self.biases]
        sum_w = [np.zeros(w.shape) for w in self.weights]
        for x, y in mini_batch:
            nb, nw = self.backprop(x, y)
            sum_b = [s + n for s, n in zip(sum_b, nb)]
            sum_w = [s + n for s, n in zip(sum_w, nw)]
        self.weights = [w - eta / len(mini_batch) * s for w, s in zip(self.weights, sum_w)]
        self.biases = [b - eta * s for b, s in zip(self.biases, sum_b)]

    def backprop(self, x, y):
        nb = [None] * len(self.biases)
        nw = [None] * len(self.weights)
        activation, activations, zs = x, [x], []
        for b, w in zip(self.biases, self.weights):
            z = np.dot(w, activation) + b
            zs.append(z)
            activation = sigmoid(z)
            activations.append(activation)
        delta = (activations[-1] - y) * sigmoid_prime(zs[-1])
        nb[-1] = delta
        nw[-1] = np.dot(delta, activations[-2].transpose())
        for l in range(2, self.num_layers):
            delta = np.dot(self.weights[-l + 1].transpose(), delta) * sigmoid_prime(zs[-l])
            nb[-l] = delta
            nw[-l] = np.dot(delta, activations[-l - 1].transpose())
        return nb, nw


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))
