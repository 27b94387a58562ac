"""softmax classifier, tanh hidden layer.

net(d, h, c) -> [W1, b1, W2, b2] with W (in, out) and b (out,).  loss_and_gradients(ps, X, y): rows, integer labels,
mean negative log-likelihood.
"""
import numpy as np


def net(d, h, c, seed=0):
    r = np.random.default_rng(seed)
    return [r.normal(size=(d, h)), r.normal(size=h), r.normal(size=(h, c)), r.normal(size=c)]


def loss_and_gradients(ps, X, y):
    W1, b1, W2, b2 = ps
    m = X.shape[0]
    h = np.tanh(X @ W1 + b1)
    z = h @ W2 + b2
    z = z - z.max(axis=1)[:, None]
    p = np.exp(z)
    p = p / p.sum(axis=1)[:, None]
    loss = -np.log(p[np.arange(m), y]).mean()
    dz = p.copy()
    dz[np.arange(m), y] -= 1
    dz /= m
    dW2 = h.T @ dz
    db2 = np.sum(dz, axis=0)
    dh = (dz @ W2.T) * (1 - h ** 2)
    dW1 = X.T @ dh
    db1 = np.sum(dh, axis=1)
    return loss, [dW1, db1, dW2, db2]
