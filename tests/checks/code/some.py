"""A program that the tests of single modules look at."""

from __future__ import annotations

from backproof.checks.code.load import module
from backproof.checks.code.subject import SIZES, Subject

NET = '''
"""Two layers. Examples are rows. Loss: half the squared error, summed."""
import numpy as np


class Net:
    def __init__(self, n_in, n_hidden, n_out, rate=0.5):
        g = np.random.default_rng(0)
        self.W1, self.b1 = g.normal(size=(n_in, n_hidden)), np.zeros(n_hidden)
        self.W2, self.b2 = g.normal(size=(n_hidden, n_out)), np.zeros(n_out)
        self.rate = rate

    def forward(self, X):
        self.h = np.tanh(X @ self.W1 + self.b1)
        return self.h @ self.W2 + self.b2

    def loss(self, X, Y):
        return 0.5 * np.sum((self.forward(X) - Y) ** 2)

    def gradient(self, X, Y):
        d2 = self.forward(X) - Y
        d1 = (d2 @ self.W2.T) * (1 - self.h ** 2)
        return {"W1": X.T @ d1, "b1": d1.sum(axis=0), "W2": self.h.T @ d2, "b2": d2.sum(axis=0)}

    def fit(self, X, Y, epochs=100):
        for _ in range(epochs):
            for name, g in self.gradient(X, Y).items():
                setattr(self, name, getattr(self, name) - self.rate * g)
'''


def written(tmp_path, text=NET):
    """The path of a file with a program."""
    file = tmp_path / "some_program.py"
    file.write_text(text, encoding="utf-8")
    return str(file)


def subject(tmp_path, text=NET, entry=""):
    """What a program offers."""
    return Subject(module(written(tmp_path, text)), entry, SIZES)
