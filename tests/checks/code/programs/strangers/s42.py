"""Perceptron with one hidden layer, online, in the notation of the blue book: net, o, target.

Adds minus gradient times eta: delta = (t - o) o (1 - o).  Error E = 1/2 sum (t - o)^2.
"""
import numpy as np


class Backprop:
    eta = 0.25

    def __init__(self, inputs, hidden, outputs, seed=7):
        g = np.random.default_rng(seed)
        self.w_hidden = g.uniform(-.5, .5, size=(hidden, inputs + 1))
        self.w_output = g.uniform(-.5, .5, size=(outputs, hidden + 1))

    @staticmethod
    def squash(net):
        return 1. / (1. + np.exp(-net))

    def present(self, x):
        self.x = np.append(x, 1.)
        self.h = np.append(self.squash(self.w_hidden @ self.x), 1.)
        self.o = self.squash(self.w_output @ self.h)
        return self.o

    def learn(self, x, t):
        self.present(x)
        d_o = (t - self.o) * self.o * (1 - self.o)
        d_h = (self.w_output.T @ d_o)[:-1] * self.h[:-1] * (1 - self.h[:-1])
        self.w_output += self.eta * np.outer(d_o, self.h)
        self.w_hidden += self.eta * self.eta * np.outer(d_h, self.x)
