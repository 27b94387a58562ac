"""Three-layer perceptron; improve(x, t) returns what is to be added to the parameters per unit of learning rate.

Parameters W (hidden, in), a (hidden,), V (out, hidden), c (out,); one example per call, vectors of one axis.
Error: one half of the squared distance of output and target; tanh hidden, logistic output.
"""
import numpy as np


class Perceptron:
    def __init__(self, n, h, k, seed=0):
        rng = np.random.default_rng(seed)
        self.W, self.a = rng.normal(size=(h, n)), rng.normal(size=h)
        self.V, self.c = rng.normal(size=(k, h)), rng.normal(size=k)

    def answer(self, x):
        self.h = np.tanh(self.W @ x + self.a)
        self.o = 1 / (1 + np.exp(-(self.V @ self.h + self.c)))
        return self.o

    def improve(self, x, t):
        self.answer(x)
        top = (t - self.o) * self.o * (1 - self.o)
        low = (top @ self.V) * (1 - self.h ** 2)
        return np.outer(low, x), low, np.outer(top, self.h), top

    def train(self, x, t, rate):
        for p, d in zip((self.W, self.a, self.V, self.c), self.improve(x, t)):
            p += rate * d
