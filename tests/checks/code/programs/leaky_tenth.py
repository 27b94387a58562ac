"""Leaky rectifiers and a softmax.

Interface: Leaky(dims, seed), lists W ((in, out)) and b (flat).  probabilities(X): rows.
gradient(X, y) -> (gW, gb), integer labels from 0.

Loss: cross-entropy, mean over rows.
"""
import numpy as np

SLOPE = 0.1


class Leaky:
    def __init__(self, dims, seed=0):
        r = np.random.default_rng(seed)
        self.W = [r.normal(0, 0.7, (m, n)) for m, n in zip(dims, dims[1:])]
        self.b = [r.normal(0, 0.3, n) for n in dims[1:]]

    def _run(self, X):
        pre, post = [], [X]
        for W, b in zip(self.W[:-1], self.b[:-1]):
            z = post[-1] @ W + b
            pre.append(z)
            post.append(np.where(z > 0, z, SLOPE * z))
        z = post[-1] @ self.W[-1] + self.b[-1]
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return pre, post, e / e.sum(axis=1, keepdims=True)

    def probabilities(self, X):
        return self._run(X)[2]

    def gradient(self, X, y):
        pre, post, p = self._run(X)
        d = p.copy()
        d[np.arange(len(y)), y] -= 1.0
        d /= len(y)
        gW, gb = [], []
        for i in range(len(self.W) - 1, -1, -1):
            gW.append(post[i].T @ d)
            gb.append(d.sum(axis=0))
            if i:
                d = (d @ self.W[i].T) * np.where(pre[i - 1] > 0, 1.0, SLOPE)
        gW.reverse()
        gb.reverse()
        return gW, gb
