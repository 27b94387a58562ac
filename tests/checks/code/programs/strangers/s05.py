"""Softmax classifier with a hidden tanh layer, the loss and the softmax kept apart.

Interface: create(d, h, k, seed) -> dict with W1 (d, h), b1 (h,), W2 (h, k), b2 (k,).  predict(p, X) -> probabilities,
one example per row.  gradient(p, X, Y) -> dict of the same keys; Y is one-hot.

Loss: cross-entropy -sum(Y log P), averaged over rows.
"""
import numpy as np


def create(d, h, k, seed=0):
    r = np.random.default_rng(seed)
    return {'W1': r.normal(0, .5, (d, h)), 'b1': r.normal(0, .5, h),
            'W2': r.normal(0, .5, (h, k)), 'b2': r.normal(0, .5, k)}


def softmax(Z):
    E = np.exp(Z - np.max(Z, axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def softmax_prime(P):
    return P * (1 - P)


def predict(p, X):
    return softmax(np.tanh(X @ p['W1'] + p['b1']) @ p['W2'] + p['b2'])


def gradient(p, X, Y):
    n = X.shape[0]
    H = np.tanh(X @ p['W1'] + p['b1'])
    P = softmax(H @ p['W2'] + p['b2'])
    dP = -Y / P / n
    dZ2 = dP * softmax_prime(P)
    dH = dZ2 @ p['W2'].T
    dZ1 = dH * (1 - H * H)
    return {'W1': X.T @ dZ1, 'b1': dZ1.sum(0), 'W2': H.T @ dZ2, 'b2': dZ2.sum(0)}
