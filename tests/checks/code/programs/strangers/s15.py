"""The derivative of the logistic function by way of an exponential.

Interface: make(sizes, seed) -> (Ws, bs), lists; Ws[i] (sizes[i], sizes[i+1]), bs[i] flat.
gradient(Ws, bs, X, Y) -> (gWs, gbs), rows.

Loss: one half of the squared errors, summed over all rows and outputs.
"""
import numpy as np


def make(sizes, seed=0):
    r = np.random.default_rng(seed)
    return [r.normal(size=s) for s in zip(sizes, sizes[1:])], [r.normal(size=n) for n in sizes[1:]]


def sg(z):
    return 1 / (1 + np.exp(-z))


def dsg(z):
    return np.exp(-z) / (1 + np.exp(-z))


def gradient(Ws, bs, X, Y):
    zs, acts = [], [X]
    for W, b in zip(Ws, bs):
        zs.append(acts[-1] @ W + b)
        acts.append(sg(zs[-1]))
    gWs, gbs = [0] * len(Ws), [0] * len(bs)
    d = -(Y - acts[-1]) * dsg(zs[-1])
    for i in range(len(Ws))[::-1]:
        gWs[i] = np.einsum('ni,nj->ij', acts[i], d)
        gbs[i] = np.ones(len(X)) @ d
        if i:
            d = np.dot(Ws[i], d.T).T * dsg(zs[i - 1])
    return gWs, gbs
