"""Lambdified theorems beside torch's own backward pass: what the tests of layers share."""

from __future__ import annotations

import numpy as np
import torch
from sympy import Symbol

from .grid import measured

REAL = torch.float64


def drawn(seed, *shape):
    return torch.tensor(np.random.default_rng(seed).standard_normal(shape), requires_grad=True)


def kept(e):
    e.retain_grad()
    return e


def number(value):
    return torch.tensor(value, dtype=REAL)


def cost(*outputs):
    """A cost that no two outputs have the same share in."""
    y = torch.cat([out.reshape(-1) for out in outputs])
    shares = torch.arange(1, y.numel() + 1, dtype=REAL) / y.numel()
    return (torch.sin(y) * shares + y**2 * torch.flip(shares, dims=(0,))).sum()


class Stacked:
    """Tensors of one time or layer each, as one of all of them."""

    def __init__(self, parts):
        self.parts = parts

    def detach(self):
        return torch.stack([part.detach() for part in self.parts])

    @property
    def grad(self):
        return torch.stack([part.grad for part in self.parts])


def has_gradient(e):
    return isinstance(e, Stacked) or (
        isinstance(e, torch.Tensor) and (e.is_leaf or e.retains_grad) and e.grad is not None
    )


def arrays(tensors):
    """What a theorem may be given: the values, and the derivatives of the cost by them. Pairs are functions."""
    found = {name: e if isinstance(e, tuple) else e.detach().numpy() for name, e in tensors.items()}
    return found | {f"dC_d{name}": e.grad.numpy() for name, e in tensors.items() if has_gradient(e)}


def agree(made, given, sizes, indices, expected, first=None):
    """Each entry, all at once and the last one by itself, to 1e-12 of the sum of the absolute values of its terms.

    ``indices`` has the axes of the theorem and their sizes, "t:T j:N"; those of an array theorem come after them.
    ``first`` has the first values of those that do not start with 1.
    """
    function = made().lambdify()
    known = {name: value for name, value in {**given, **sizes}.items() if name in function.arguments}
    words = [word.split(":") for word in indices.split()]
    there = expected.detach().numpy()[tuple(slice(sizes[end]) for _, end in words)]
    found = function(**known)
    assert np.shape(found) == there.shape
    assert tuple(name for name, _ in words) == function.axes[: len(words)]
    starts = dict.fromkeys(function.axes, 1) | (first or {})
    ranges = {
        Symbol(name): range(starts[name], starts[name] + size)
        for name, size in zip(function.axes, there.shape, strict=True)
    }
    symbols = {function.inputs.symbols[name]: value for name, value in known.items() if name in function.inputs.symbols}
    symbols |= {
        function.inputs.symbols[name]: value for name, value in sizes.items() if name in function.inputs.symbols
    }
    functions = {
        name: lambda order, u, pair=pair: pair[order](u) for name, pair in known.items() if isinstance(pair, tuple)
    }
    scale = measured(made().theorem, ranges, known, functions, symbols, {}).size
    assert (abs(found - there) <= 1e-12 * scale).all()
    assert (scale >= abs(there) * (1 - 1e-12)).all()  # no more than the terms can add up to
    last = {name: starts[name] + size - 1 for (name, _), size in zip(words, there.shape, strict=False)}
    place = (-1,) * len(words)
    assert (abs(function(**known, **last) - there[place]) <= 1e-12 * scale[place]).all()
