"""Weights with a column for the bias unit, the gradients of all examples added up, then divided by their number.

Source: a note on neural networks in the notation of A. Ng's course (seed 001_37e8ac7da1f1621a): its formulas of the
forward pass, of the error of the last layer and of those below, and of Delta and D = Delta/m, written out.

Interface: Net(sizes) with the list w; w[l] leads from layer l to layer l + 1 and has the column 0 for x_0 = 1.
hypothesis(X): one example per column.  gradient(X, Y) -> the list D, of the shapes of w; one example per column.

Loss: one half of the squared error, summed over the outputs, the mean over the m examples; sigmoid units.
"""
import numpy as np


def g(z):
    return 1 / (1 + np.exp(-z))


def with_unit(a):
    return np.vstack([np.ones((1, a.shape[1])), a])


class Net:
    def __init__(self, sizes, seed=0):
        r = np.random.default_rng(seed)
        self.w = [r.normal(size=(after, before + 1)) for before, after in zip(sizes, sizes[1:])]

    def hypothesis(self, X):
        a = X
        for w in self.w:
            a = g(w @ with_unit(a))
        return a

    def gradient(self, X, Y):
        m = X.shape[1]
        Delta = [0 * w for w in self.w]
        for i in range(m):
            a = [X[:, [i]]]
            for w in self.w:
                a.append(g(w @ with_unit(a[-1])))
            delta = (a[-1] - Y[:, [i]]) * a[-1] * (1 - a[-1])
            for l in reversed(range(len(self.w))):
                Delta[l] = Delta[l] + delta @ with_unit(a[l]).T
                if l:
                    delta = (self.w[l].T @ delta)[1:] * a[l] * (1 - a[l])
        return [D / m for D in Delta]
