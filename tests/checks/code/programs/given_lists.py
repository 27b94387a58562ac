import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def backprop(x, y, weights, biases):
    """Quadratic cost of one example; x and y are columns. Returns (nabla_b, nabla_w)."""
    activations = [x]
    for w, b in zip(weights, biases):
        activations.append(sigmoid(np.dot(w, activations[-1]) + b))
    delta = (activations[-1] - y) * activations[-1] * (1 - activations[-1])
    nabla_b, nabla_w = [delta], [np.dot(delta, activations[-2].T)]
    for l in range(2, len(weights) + 1):
        a = activations[-l]
        delta = np.dot(weights[-l + 1].T, delta) * a * (1 - a)
        nabla_b.insert(0, delta)
        nabla_w.insert(0, np.dot(delta, activations[-l - 1].T))
    return nabla_b, nabla_w
