"""Multiclass network of the kind found in course notes.

Interface: initialise(n_x, n_h, n_y, seed) -> parameters, a dict with W1, b1, W2, b2 (out, in; columns).
propagate(parameters, X) -> (A1, A2).  gradients(parameters, X, Y) -> dict with dW1, db1, dW2, db2; Y one-hot columns.

Loss: mean over the columns of the cross-entropy of a softmax.
"""
import numpy as np


def initialise(n_x, n_h, n_y, seed=0):
    r = np.random.default_rng(seed)
    return {'W1': r.normal(size=(n_h, n_x)), 'b1': np.zeros((n_h, 1)),
            'W2': r.normal(size=(n_y, n_h)), 'b2': np.zeros((n_y, 1))}


def propagate(parameters, X):
    A1 = 1 / (1 + np.exp(-(parameters['W1'] @ X + parameters['b1'])))
    Z2 = parameters['W2'] @ A1 + parameters['b2']
    E = np.exp(Z2)
    return A1, E / np.sum(E, axis=0, keepdims=True)


def gradients(parameters, X, Y):
    m = X.shape[1]
    A1, A2 = propagate(parameters, X)
    dZ2 = A2 - Y
    dZ1 = parameters['W2'].T @ dZ2
    return {'dW1': dZ1 @ X.T / m, 'db1': np.mean(dZ1), 'dW2': dZ2 @ A1.T / m,
            'db2': np.mean(dZ2, axis=1, keepdims=True)}
