"""Norms, residual connections, masks, adapters and experts: the same numbers as torch's own backward pass.

Each is held to 1e-12 of the sum of the absolute values of the terms that add up to it.
"""

# ruff: noqa: N806 - arrays have the letters of the field
from __future__ import annotations

import numpy as np
import pytest
import torch

from backproof import calc  # noqa: F401 - it makes theorems callable
from backproof.derivations import (
    add_norm,
    batch_norm,
    dropout,
    experts,
    group_norm,
    lora,
    residual,
    rms_norm,
    straight_through,
)

from .agreement import REAL, Stacked, agree, arrays, cost, drawn, kept, number


def masked(seed, *shape):
    return torch.tensor(np.random.default_rng(seed).integers(0, 2, shape), dtype=REAL)


def rms(x, w, o, eps):
    r = kept(1 / torch.sqrt((x**2).mean(1) + eps))
    h = kept(x * r[:, None])
    y = kept((o + w) * h)
    torch.testing.assert_close(y, torch.nn.functional.rms_norm(x, x.shape[1:], o + w, eps.item()))
    return {"x": x, "w": w, "o": o, "eps": eps, "r": r, "h": h, "y": y}


def rms_normed():
    made = rms(drawn(1, 3, 4), drawn(2, 4), number(1.0), number(1e-3))
    cost(made["y"]).backward()
    return made, {"T": 3, "N": 4}


def added(streams):
    u, f = drawn(1, 3, 4), drawn(2, 3, 4)
    x = kept(u + f)
    made = rms(x, drawn(3, 4), number(1.0), number(1e-3))
    v = kept(x * 1)
    cost(made["y"], *[v] * streams).backward()
    return {**made, "u": u, "f": f, "v": v}, {"T": 3, "N": 4}


def post_normed():
    return added(0)


def pre_normed():
    return added(1)


def normed(x, mean, variance, gamma, beta, eps):
    r = 1 / torch.sqrt(variance + eps)
    h = kept((x - mean) * r)
    y = kept(gamma * h + beta)
    cost(y).backward()
    return {"x": x, "r": r.flatten(), "h": h, "y": y}


def batch_normed(*, use=False):
    x, gamma, beta = drawn(1, 3, 4, 5), drawn(2, 4), drawn(3, 4)
    kept_mean, kept_variance = drawn(4, 4).detach(), drawn(5, 4).detach() ** 2
    mean = kept_mean[:, None] if use else x.mean((0, 2), keepdim=True)
    variance = kept_variance[:, None] if use else x.var((0, 2), keepdim=True, correction=0)
    made = normed(x, mean, variance, gamma[:, None], beta[:, None], 1e-3)
    own = torch.nn.functional.batch_norm(x, kept_mean, kept_variance, gamma, beta, training=not use, eps=1e-3)
    torch.testing.assert_close(made["y"], own)
    return {**made, "gamma": gamma, "beta": beta}, {"B": 3, "K": 4, "P": 5}


def batch_normed_in_use():
    return batch_normed(use=True)


def group_normed():
    x, gamma, beta = drawn(1, 2, 3, 4, 5), drawn(2, 3, 4), drawn(3, 3, 4)
    mean, variance = x.mean((2, 3), keepdim=True), x.var((2, 3), keepdim=True, correction=0)
    made = normed(x, mean, variance, gamma[..., None], beta[..., None], 1e-3)
    own = torch.nn.functional.group_norm(x.reshape(2, 12, 5), 3, gamma.flatten(), beta.flatten(), 1e-3)
    torch.testing.assert_close(made["y"], own.reshape(x.shape))
    return {**made, "r": made["r"].reshape(2, 3), "gamma": gamma, "beta": beta}, {"B": 2, "G": 3, "K": 4, "P": 5}


def residual_net():
    K, N = 4, 3
    w, b = (
        [(drawn(10 + layer, N, N).detach() / 4).requires_grad_() for layer in range(K)],
        [drawn(20 + layer, N) for layer in range(K)],
    )
    a, z = [drawn(6, N)], []
    for layer in range(K):
        z.append(kept(w[layer] @ a[-1] + b[layer]))
        a.append(kept(torch.tanh(z[-1]) + a[-1]))
    cost(a[-1]).backward()
    return {"a": Stacked(a), "z": Stacked(z), "w": Stacked(w), "b": Stacked(b)}, {"K": K, "K+1": K + 1, "N": N}


def dropped_out():
    x, m, W, p = drawn(1, 3, 4), masked(2, 3, 4), drawn(3, 5, 4), number(0.3)
    y = kept(m * x / (1 - p))
    z = kept(y @ W.T)
    cost(z).backward()
    return {"x": x, "m": m, "W": W, "p": p, "y": y, "z": z}, {"T": 3, "N": 4, "M": 5}


def adapted():
    x, m, s = drawn(1, 3, 4), masked(2, 3, 4) / 0.7, number(0.5)
    W, A, B = drawn(3, 5, 4), drawn(4, 2, 4), drawn(5, 5, 2)
    u = kept(m * x)
    h = kept(u @ A.T)
    y = kept(x @ W.T + s * h @ B.T)
    cost(y).backward()
    return {"x": x, "m": m, "s": s, "W": W, "A": A, "B": B, "u": u, "h": h, "y": y}, {"T": 3, "N": 4, "R": 2, "M": 5}


def mixed():
    sizes = {"T": 3, "E": 5, "N": 2, "M": 4}
    x, R, f = drawn(1, 3, 4), drawn(2, 5, 4), drawn(3, 3, 5, 2)
    rho = kept(x @ R.T)
    sel = torch.zeros(3, 5, dtype=REAL).scatter(1, torch.topk(rho, 2).indices, 1)
    s = sel * torch.exp(rho)
    g = kept(s / s.sum(1, keepdim=True))
    y = kept(torch.einsum("te,tec->tc", g, f))
    cost(y).backward()
    return {"x": x, "R": R, "f": f, "rho": rho, "sel": sel, "s": s, "g": g, "y": y}, sizes


def quantised():
    """A rounding that passes gradients through, within the ends, as programs write it."""
    x, s = drawn(1, 7), torch.tensor(0.4, dtype=REAL, requires_grad=True)
    q = torch.clamp(x / s, -2, 1)
    h = kept(s * (q + (torch.round(q) - q).detach()))
    cost(h).backward()
    m = ((x / s > -2) & (x / s < 1)).to(REAL)
    c = (torch.round(q) - m * x / s).detach()
    return {"x": x, "s": s, "m": m, "c": c, "h": h}, {"N": 7}


SLOPES = {"sigma": (np.tanh, lambda u: 1 - np.tanh(u) ** 2)}


@pytest.mark.parametrize(
    ("made", "of", "by", "indices"),
    [
        (rms_norm.dw, rms_normed, "w", "j:N"),
        (rms_norm.dh, rms_normed, "h", "t:T j:N"),
        (rms_norm.dx, rms_normed, "x", "t:T j:N"),
        (rms_norm.dx_from_outputs, rms_normed, "x", "t:T j:N"),
        (batch_norm.shift, batch_normed, "beta", "m:K"),
        (batch_norm.scale, batch_normed, "gamma", "m:K"),
        (batch_norm.dh, batch_normed, "h", "e:B k:K q:P"),
        (batch_norm.dx, batch_normed, "x", "e:B k:K q:P"),
        (batch_norm.dx_in_use, batch_normed_in_use, "x", "e:B k:K q:P"),
        (group_norm.shift, group_normed, "beta", "g:G m:K"),
        (group_norm.scale, group_normed, "gamma", "g:G m:K"),
        (group_norm.dh, group_normed, "h", "b:B g:G m:K q:P"),
        (group_norm.dx, group_normed, "x", "b:B g:G m:K q:P"),
        (add_norm.post_sublayer, post_normed, "f", "t:T j:N"),
        (add_norm.post_stream, post_normed, "u", "t:T j:N"),
        (add_norm.pre_sum, pre_normed, "x", "t:T j:N"),
        (add_norm.pre_sublayer, pre_normed, "f", "t:T j:N"),
        (add_norm.pre_stream, pre_normed, "u", "t:T j:N"),
        (dropout.dx, dropped_out, "x", "t:T j:N"),
        (dropout.dy, dropped_out, "y", "t:T j:N"),
        (dropout.dW, dropped_out, "W", "k:M j:N"),
        (lora.dB, adapted, "B", "k:M q:R"),
        (lora.dh, adapted, "h", "t:T q:R"),
        (lora.dA, adapted, "A", "q:R j:N"),
        (lora.du, adapted, "u", "t:T j:N"),
        (lora.dx, adapted, "x", "t:T j:N"),
        (experts.df, mixed, "f", "t:T e:E q:N"),
        (experts.dg, mixed, "g", "t:T p:E"),
        (experts.drho, mixed, "rho", "t:T p:E"),
        (experts.differences, mixed, "rho", "t:T p:E"),
        (experts.dR, mixed, "R", "p:E k:M"),
        (straight_through.number, quantised, "x", "j:N"),
        (straight_through.step_size, quantised, "s", ""),
    ],
)
def test_torch_agrees(made, of, by, indices):
    tensors, sizes = of()
    agree(made, SLOPES | arrays(tensors), sizes, indices, tensors[by].grad)


@pytest.mark.parametrize(
    ("made", "by", "indices", "first"),
    [
        (residual.error, "z", "l:K j:N", 1),
        (residual.weight, "w", "l:K j:N q:N", 1),
        (residual.weights, "w", "l:K", 1),
        (residual.activation, "a", "l:K j:N", 0),
        (residual.activations, "a", "l:K", 0),
        (residual.whole, "a", "l:K+1 j:N", 0),
    ],
)
def test_torch_agrees_at_every_layer(made, by, indices, first):
    """z, w and b start with layer 1, the activations with layer 0."""
    tensors, sizes = residual_net()
    agree(made, SLOPES | arrays(tensors), sizes, indices, tensors[by].grad, {"l": first})
