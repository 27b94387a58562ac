"""Forward and backward with a cache.

Interface: setup(dims, seed) -> theta, a dict with 'A1', 'c1', 'A2', 'c2', ...; Ak is (out, in), ck (out, 1).
propagate(theta, X) -> (P, trace), columns are examples.  pull_back(theta, trace, labels) -> slopes, same keys as theta; labels
are integers.

Loss: the average over the columns of -log of the softmax probability of the label.  Hidden layers: ReLU.
"""
import numpy as np


def setup(dims, seed=0):
    r = np.random.default_rng(seed)
    theta = {}
    for k, (i, o) in enumerate(zip(dims, dims[1:]), 1):
        theta['A%d' % k] = r.normal(size=(o, i))
        theta['c%d' % k] = r.normal(size=(o, 1))
    return theta


def propagate(theta, X):
    depth = len(theta) // 2
    trace = [X]
    for k in range(1, depth + 1):
        Z = theta['A%d' % k] @ trace[-1] + theta['c%d' % k]
        trace.append(np.maximum(Z, 0) if k < depth else np.exp(Z - Z.max(axis=0)))
    P = trace[-1] / trace[-1].sum(axis=0)
    trace[-1] = P
    return P, trace


def pull_back(theta, trace, labels):
    depth, count = len(theta) // 2, len(labels)
    slopes = {}
    E = trace[-1].copy()
    E[labels, np.arange(count)] -= 1
    E = E / count
    for k in range(depth, 0, -1):
        slopes['A%d' % k] = E @ trace[k - 1].T
        slopes['c%d' % k] = E.sum(axis=1, keepdims=True)
        E = (theta['A%d' % k].T @ E) * (trace[k - 1] > 0)
    return slopes
