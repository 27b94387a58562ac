"""What the chapters on layers prove, as functions of arrays: the same numbers as torch's own backward pass."""

# ruff: noqa: N806 - arrays have the letters of the field
from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import torch

from backproof import calc  # noqa: F401 - it makes theorems callable
from backproof.derivations import attention, normalisation, recurrent

REAL = torch.float64


def drawn(seed, *shape):
    return torch.tensor(np.random.default_rng(seed).standard_normal(shape), requires_grad=True)


def kept(e):
    e.retain_grad()
    return e


def cost(y):
    """A cost that no two outputs have the same share in."""
    shares = torch.arange(1, y.numel() + 1, dtype=REAL).reshape(y.shape) / y.numel()
    return (torch.sin(y) * shares + y**2 * torch.flip(shares, dims=(0,))).sum()


def layer_norm():
    x, gamma, beta, eps = drawn(1, 3, 4), drawn(2, 4), drawn(3, 4), torch.tensor(1e-3, dtype=REAL)
    mu = x.mean(1, keepdim=True)
    c = x - mu
    v = (c**2).mean(1)
    r = kept(1 / torch.sqrt(v + eps))
    h = kept(c * r[:, None])
    y = kept(gamma * h + beta)
    cost(y).backward()
    return {"x": x, "gamma": gamma, "beta": beta, "r": r, "h": h, "y": y}, {"T": 3, "N": 4}


def grouped_attention():
    sizes = {"B": 2, "G": 3, "M": 2, "T": 4, "S": 5, "H": 3}
    B, G, M, T, S, H = sizes.values()
    Q, K, V = drawn(1, B, G, M, T, H), drawn(2, B, G, S, H), drawn(3, B, G, S, H)
    bias, kappa = drawn(4, G, M, T, S), torch.tensor(0.7, dtype=REAL)
    mask = torch.ones(B, T, S, dtype=REAL)
    mask[:, 1, 3:] = 0
    A = kept(kappa * torch.einsum("bgmtc,bgsc->bgmts", Q, K) + bias)
    E = mask[:, None, None] * torch.exp(A)
    P = kept(E / E.sum(-1, keepdim=True))
    O = kept(torch.einsum("bgmts,bgsc->bgmtc", P, V))
    cost(O).backward()
    return {"Q": Q, "K": K, "V": V, "bias": bias, "kappa": kappa, "A": A, "P": P, "O": O}, sizes


def recurrent_layer():
    sizes = {"T": 3, "N": 2, "K": 4, "M": 5}
    T, N, K, M = sizes.values()
    x, W, U, V, b = drawn(1, T, K), drawn(2, N, N), drawn(3, N, K), drawn(4, M, N), drawn(5, N)
    states, inputs, outputs = [drawn(6, N)], [], []
    for t in range(T):
        inputs.append(kept(W @ states[-1] + U @ x[t] + b))
        states.append(kept(torch.tanh(inputs[-1])))
        outputs.append(kept(V @ states[-1]))
    y = torch.stack(outputs)
    cost(y).backward()
    made = {"x": x, "W": W, "U": U, "V": V, "b": b, "h": Stacked(states), "z": Stacked(inputs), "y": Stacked(outputs)}
    return made, sizes


class Stacked:
    """Tensors of one time each, as one of all times."""

    def __init__(self, parts):
        self.parts = parts

    def detach(self):
        return torch.stack([part.detach() for part in self.parts])

    @property
    def grad(self):
        return torch.stack([part.grad for part in self.parts])


@pytest.mark.parametrize(
    ("made", "of", "by", "indices"),
    [
        (normalisation.shift, layer_norm, "beta", "j:N"),
        (normalisation.scale, layer_norm, "gamma", "j:N"),
        (normalisation.dx, layer_norm, "x", "t:T j:N"),
        (attention.dV, grouped_attention, "V", "b:B g:G p:S q:H"),
        (attention.dP, grouped_attention, "P", "b:B g:G m:M t:T p:S"),
        (attention.dA, grouped_attention, "A", "b:B g:G m:M t:T p:S"),
        (attention.dQ, grouped_attention, "Q", "b:B g:G m:M t:T q:H"),
        (attention.dK, grouped_attention, "K", "b:B g:G p:S q:H"),
        (attention.dbias, grouped_attention, "bias", "g:G m:M t:T p:S"),
        (recurrent.weights, recurrent_layer, "W", "p:N q:N"),
        (recurrent.input_weights, recurrent_layer, "U", "p:N q:K"),
        (recurrent.bias, recurrent_layer, "b", "p:N"),
    ],
)
def test_torch_agrees(made, of, by, indices):
    tensors, sizes = of()
    function = made().lambdify()
    arrays = {name: e.detach().numpy() for name, e in tensors.items()}
    arrays |= {f"dC_d{name}": e.grad.numpy() for name, e in tensors.items() if e.grad is not None}
    given = {name: arrays[name] for name in function.arguments if name in arrays}
    given |= {name: size for name, size in sizes.items() if name in function.arguments}
    names, ends = zip(*(word.split(":") for word in indices.split()), strict=True)
    expected = tensors[by].grad.numpy()
    for at in product(*(range(1, sizes[end] + 1) for end in ends)):
        found = function(**given, **dict(zip(names, at, strict=True)))
        assert found == pytest.approx(expected[tuple(i - 1 for i in at)], rel=1e-12, abs=1e-12), at
