"""One-dimensional arrays everywhere.

Interface: create(shape, seed) -> (weights, biases), two lists; weights[k] has shape (outputs, inputs).
estimate(weights, biases, v) takes a one-dimensional example.  blame(weights, biases, v, goal) returns (for_weights,
for_biases).

Loss: half of the squared length of estimate minus goal.  Every layer squashes with tanh.
"""
import numpy as np


def create(shape, seed=0):
    r = np.random.default_rng(seed)
    return ([r.uniform(-1, 1, (n, k)) for k, n in zip(shape, shape[1:])], [r.uniform(-1, 1, n) for n in shape[1:]])


def estimate(weights, biases, v):
    for w, b in zip(weights, biases):
        v = np.tanh(w.dot(v) + b)
    return v


def blame(weights, biases, v, goal):
    vs = [v]
    for w, b in zip(weights, biases):
        vs.append(np.tanh(w.dot(vs[-1]) + b))
    d = (vs[-1] - goal) * (1 - vs[-1] ** 2)
    for_weights, for_biases = [], []
    for k in range(len(weights) - 1, -1, -1):
        for_weights.append(np.outer(d, vs[k]))
        for_biases.append(d)
        d = weights[k].T.dot(d) * (1 - vs[k] ** 2)
    return for_weights[::-1], for_biases[::-1]
