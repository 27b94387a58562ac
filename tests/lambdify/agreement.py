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
    """Each entry is what torch computes for it, on arrays of these sizes, as is the last one by itself: see ``close``.

    ``indices`` has the axes of the theorem and their sizes, "t:T j:N"; those of an array theorem come after them.
    ``first`` has the first values of those that do not start with 1.
    """
    function = made().lambdify()
    words = [word.split(":") for word in indices.split()]
    there = expected.detach().numpy()[tuple(slice(sizes[end]) for _, end in words)]
    assert tuple(name for name, _ in words) == function.axes[: len(words)]
    close(function, given | sizes, {}, there, first or {})


def agree_at(made, given, numbers, widths, expected, first=None):
    """The same in a dense net of these widths, at these ``numbers``: L, l and others."""
    by_layer = {layer: width for layer, width in enumerate(widths) if layer}
    close(made().lambdify(), given | numbers, by_layer, expected, first or {})


def close(function, given, widths, there, first):
    """To 1e-12 of the sum of the absolute values of the terms of each entry."""
    known = {name: value for name, value in given.items() if name in function.arguments}
    found = function(**known)
    assert np.shape(found) == np.shape(there)
    symbols = {s: given[name] for name, s in function.inputs.symbols.items() if name in given}
    starts = dict.fromkeys(function.axes, 1) | first
    ranges = {
        Symbol(name): range(starts[name], starts[name] + size)
        for name, size in zip(function.axes, np.shape(there), strict=True)
    }
    functions = {
        name: lambda order, u, pair=pair: pair[order](u) for name, pair in known.items() if isinstance(pair, tuple)
    }
    scale = measured(function.theorem, ranges, known, functions, symbols, widths).size
    assert (abs(found - there) <= 1e-12 * scale).all()
    assert (scale >= abs(there) * (1 - 1e-12)).all()  # no more than the terms can add up to
    last = {str(symbol): max(values) for symbol, values in ranges.items() if str(symbol) in function.arguments}
    place = tuple(-1 if name in last else slice(None) for name in function.axes)
    assert (abs(function(**known, **last) - there[place]) <= 1e-12 * scale[place]).all()
