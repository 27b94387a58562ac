"""Handwritten digits in the manner of the Coursera exercise, everything unrolled into one vector.

Interface: nn_cost(theta, n_in, n_hidden, n_labels, X, y, lam) -> (J, grad).  theta holds Theta1
(n_hidden, n_in + 1) and Theta2 (n_labels, n_hidden + 1), unrolled row by row; column 0 of each is the bias.  X has
one example per row, y holds integer labels 0 ... n_labels - 1.  start(n_in, n_hidden, n_labels, seed) draws theta.

Loss: mean over the examples of the sum of binary cross-entropies over the labels, plus lam / (2 m) times the sum of
squares of all entries that are not in a bias column.
"""
import numpy as np


def start(n_in, n_hidden, n_labels, seed=0):
    rng = np.random.RandomState(seed)
    return rng.uniform(-0.5, 0.5, n_hidden * (n_in + 1) + n_labels * (n_hidden + 1))


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_gradient(z):
    s = sigmoid(z)
    return s * (1 - s)


def nn_cost(theta, n_in, n_hidden, n_labels, X, y, lam=0.0):
    cut = n_hidden * (n_in + 1)
    Theta1 = theta[:cut].reshape(n_hidden, n_in + 1)
    Theta2 = theta[cut:].reshape(n_labels, n_hidden + 1)
    m = X.shape[0]
    Y = np.eye(n_labels)[y]

    a1 = np.hstack([np.ones((m, 1)), X])
    z2 = a1.dot(Theta1.T)
    a2 = np.hstack([np.ones((m, 1)), sigmoid(z2)])
    z3 = a2.dot(Theta2.T)
    h = sigmoid(z3)

    J = -np.sum(Y * np.log(h) + (1 - Y) * np.log(1 - h)) / m
    J += lam / (2.0 * m) * (np.sum(Theta1[:, 1:] ** 2) + np.sum(Theta2[:, 1:] ** 2))

    d3 = h - Y
    d2 = d3.dot(Theta2[:, 1:]) * sigmoid_gradient(z2)
    G1 = d2.T.dot(a1) / m
    G2 = d3.T.dot(a2) / m
    G1[:, 1:] += lam / m * Theta1[:, 1:]
    G2[:, 1:] += lam / m * Theta2[:, 1:]
    return J, np.concatenate([G1.ravel(), G2.ravel()])
