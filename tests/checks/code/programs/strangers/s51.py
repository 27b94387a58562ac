"""Column network whose output layer is linear; mean over columns of half the squared error."""
import numpy as np


def start(n, h, k, seed=0):
    r = np.random.default_rng(seed)
    return r.normal(size=(h, n)), r.normal(size=(h, 1)), r.normal(size=(k, h)), r.normal(size=(k, 1))


def forward(A, a, B, b, X):
    H = 1 / (1 + np.exp(-(A @ X + a)))
    return H, B @ H + b


def backward(A, a, B, b, X, Y):
    H, O = forward(A, a, B, b, X)
    m = X.shape[1]
    E = O - Y
    gB = E @ H.T / m
    gb = np.sum(E, axis=1, keepdims=True) / m
    D = B.T @ (E * (O > 0)) * H * (1 - H)
    gA = D @ X.T / m
    ga = np.sum(D, axis=1, keepdims=True) / m
    return gA, ga, gB, gb
