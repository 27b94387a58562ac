"""Constants at the top.

Interface: init(n_in, n_hidden, n_out) -> params, a dict with W1 (n_in, n_hidden), b1, W2 (n_hidden, n_out), b2 (one axis).
train(params, X, Y) changes params in place: EPOCHS steps with LEARNING_RATE, all rows at once.

Loss: sum over rows and outputs of the squared error, halved.  Sigmoid in both layers.
"""
import numpy as np

LEARNING_RATE = 0.2
EPOCHS = 1000


def init(n_in, n_hidden, n_out):
    r = np.random.RandomState(4)
    return {"W1": r.randn(n_in, n_hidden), "b1": np.zeros(n_hidden),
            "W2": r.randn(n_hidden, n_out), "b2": np.zeros(n_out)}


def s(z):
    return 1 / (1 + np.exp(-z))


def train(params, X, Y):
    for _ in range(EPOCHS):
        a1 = s(X @ params["W1"] + params["b1"])
        a2 = s(a1 @ params["W2"] + params["b2"])
        d2 = (a2 - Y) * a2 * (1 - a2)
        d1 = (d2 @ params["W2"].T) * a1 * (1 - a1)
        params["W2"] -= LEARNING_RATE * a1.T @ d2
        params["b2"] -= LEARNING_RATE * d2.sum(axis=0)
        params["W1"] -= LEARNING_RATE * X.T @ d1
        params["b1"] -= LEARNING_RATE * d1.sum(axis=0)
    return params
