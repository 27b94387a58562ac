"""What the chapters on layers prove, as functions of arrays: the same numbers as torch's own backward pass."""

# ruff: noqa: N806 - arrays have the letters of the field
from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import torch

from backproof import calc  # noqa: F401 - it makes theorems callable
from backproof.derivations import attention, embedding, flash, gates, normalisation, recurrent, rotary, scores

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


def capped_scores():
    sizes = {"B": 2, "H": 3, "T": 4, "S": 5}
    A, alpha, kappa = drawn(1, *sizes.values()), drawn(2, 3), torch.tensor(1.3, dtype=REAL)
    R = torch.tanh(A / kappa)
    distance = torch.arange(4.0, dtype=REAL)[:, None] - torch.arange(5.0, dtype=REAL)
    X = kept(kappa * R - alpha[:, None, None] * distance)
    cost(X).backward()
    return {"A": A, "alpha": alpha, "kappa": kappa, "R": R.detach(), "X": X}, sizes


def turned_pairs():
    sizes = {"B": 2, "T": 3, "H": 4, "P": 5}
    u, v = drawn(1, *sizes.values()), drawn(2, *sizes.values())
    c, s = drawn(3, 3, 5), drawn(4, 3, 5)
    turned = torch.view_as_complex(torch.stack((u, v), -1)) * torch.complex(c, s)[:, None]
    y, z = kept(turned.real), kept(turned.imag)
    (cost(y) * cost(z)).backward()
    return {"u": u, "v": v, "c": c, "s": s, "y": y, "z": z}, sizes


def rotated_halves():
    sizes = {"B": 2, "T": 3, "H": 4, "N": 6}
    x, c, s = drawn(1, *sizes.values()), drawn(2, 3, 6), drawn(3, 3, 6)
    first, second = x.chunk(2, -1)
    y = kept(x * c[:, None] + torch.cat((-second, first), -1) * s[:, None])
    cost(y).backward()
    none, one = torch.zeros(3, 3, dtype=REAL), torch.eye(3, dtype=REAL)
    return {
        "x": x,
        "c": c,
        "s": s,
        "R": torch.cat((torch.cat((none, -one), 1), torch.cat((one, none), 1))),
        "y": y,
    }, sizes


def causal_attention():
    Q, K, V, kappa = drawn(1, 4, 3), drawn(2, 4, 3), drawn(3, 4, 3), torch.tensor(0.7, dtype=REAL)
    m = torch.tril(torch.ones(4, 4, dtype=REAL))
    A = kept(kappa * Q @ K.T)
    masked = A.masked_fill(m == 0, -torch.inf)
    lse = kept(torch.logsumexp(masked, -1))
    P = kept(torch.softmax(masked, -1))
    O = kept(P @ V)
    (cost(O) * cost(lse)).backward()
    Z = torch.exp(masked).sum(-1).detach()
    made = {"Q": Q, "K": K, "V": V, "kappa": kappa, "m": m, "A": A, "Z": Z, "kept": lse, "P": P, "O": O}
    return made, {"T": 4, "H": 3}


def two_parts():
    sizes = {"T": 2, "M": 3, "N": 4, "H": 5}
    x, y, X, Y = drawn(1, 2, 3), drawn(2, 2, 4), drawn(3, 3, 5), drawn(4, 4, 5)
    rho = torch.maximum(x.amax(-1), y.amax(-1))
    f = torch.exp(torch.logsumexp(torch.cat((x, y), -1), -1) - rho)
    w = torch.softmax(torch.cat((x, y), -1), -1) @ torch.cat((X, Y))
    return {"x": x, "y": y, "X": X, "Y": Y, "rho": rho.detach(), "f": f.detach(), "w": w.detach()}, sizes


def row_of_blocks():
    sizes = {"B": 4, "M": 3, "H": 5}
    x, X = drawn(1, 4, 3), drawn(2, 4, 3, 5)
    mu = torch.cummax(x.amax(-1), 0).values
    d = torch.stack([torch.exp(x[: n + 1] - mu[n]).sum() for n in range(4)])
    w = torch.softmax(x.flatten(), -1) @ X.flatten(0, 1)
    return {"x": x, "X": X, "mu": mu.detach(), "d": d.detach(), "w": w.detach()}, sizes


def gated_unit(of=torch.tanh):
    sizes = {"T": 3, "N": 4, "F": 5}
    x, W, V = drawn(1, 3, 4), drawn(2, 5, 4), drawn(3, 5, 4)
    g, u = kept(x @ W.T), kept(x @ V.T)
    h = kept(of(g) * u)
    cost(h).backward()
    sigma = (np.tanh, lambda at: 1 - np.tanh(at) ** 2)
    return {"x": x, "W": W, "V": V, "g": g, "u": u, "h": h, "sigma": sigma}, sizes


def swiglu():
    return gated_unit(torch.nn.functional.silu)


def geglu():
    return gated_unit(torch.nn.functional.gelu)


def activated(of, **more):
    x = drawn(1, 3, 4)
    y = kept(of(x))
    cost(y).backward()
    return {"x": x, "y": y, **{name: make(x).detach() for name, make in more.items()}}, {"T": 3, "N": 4}


def silu():
    return activated(torch.nn.functional.silu, s=torch.sigmoid)


def gelu():
    return activated(torch.nn.functional.gelu)


def gelu_by_tanh():
    kappa, alpha = torch.tensor((2 / np.pi) ** 0.5, dtype=REAL), torch.tensor(0.044715, dtype=REAL)
    known = {"kappa": lambda _: kappa, "alpha": lambda _: alpha, "r": lambda x: torch.tanh(kappa * (x + alpha * x**3))}
    return activated(lambda x: torch.nn.functional.gelu(x, approximate="tanh"), **known)


def embedded():
    sizes = {"B": 2, "T": 3, "V": 5, "N": 4}
    E, P = drawn(1, 5, 4), drawn(2, 3, 4)
    tokens = torch.tensor([[1, 4, 1], [0, 1, 2]])  # one is looked up more than once, one never
    x = kept(torch.nn.functional.embedding(tokens, E) + P)
    cost(x).backward()
    return {"E": E, "P": P, "k": torch.nn.functional.one_hot(tokens, 5).to(REAL), "x": x}, sizes


def tied_embedding():
    sizes = {"T": 3, "V": 5, "N": 4}
    E, between = drawn(1, 5, 4), drawn(2, 4, 4)
    tokens = torch.tensor([1, 4, 1])
    x = kept(torch.nn.functional.embedding(tokens, E))
    h = kept(torch.tanh(torch.cumsum(x, 0) @ between))
    a = kept(h @ E.T)
    torch.nn.functional.cross_entropy(a, torch.tensor([4, 1, 2])).backward()
    return {"E": E, "k": torch.nn.functional.one_hot(tokens, 5).to(REAL), "x": x, "h": h, "a": a}, sizes


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
        (scores.slope, capped_scores, "alpha", "q:H"),
        (scores.score, capped_scores, "A", "b:B h:H t:T p:S"),
        (rotary.first, turned_pairs, "u", "b:B t:T h:H q:P"),
        (rotary.second, turned_pairs, "v", "b:B t:T h:H q:P"),
        (rotary.cosine, turned_pairs, "c", "t:T q:P"),
        (rotary.sine, turned_pairs, "s", "t:T q:P"),
        (rotary.by_input, rotated_halves, "x", "b:B t:T h:H q:N"),
        (rotary.head, rotated_halves, "x", "b:B t:T h:H"),
        (flash.dA, causal_attention, "A", "t:T p:T"),
        (flash.dV, causal_attention, "V", "p:T q:H"),
        (flash.dQ, causal_attention, "Q", "t:T q:H"),
        (flash.dK, causal_attention, "K", "p:T q:H"),
        (gates.gated_input, gated_unit, "u", "t:T q:F"),
        (gates.gate, gated_unit, "g", "t:T q:F"),
        (gates.gates, gated_unit, "g", "t:T"),
        (gates.gate_weight, gated_unit, "W", "p:F q:N"),
        (gates.gate_weights, gated_unit, "W", ""),
        (gates.other_weight, gated_unit, "V", "p:F q:N"),
        (gates.by_input, gated_unit, "x", "t:T q:N"),
        (gates.inputs, gated_unit, "x", "t:T"),
        (gates.silu_input, silu, "x", "t:T q:N"),
        (gates.gelu_input, gelu, "x", "t:T q:N"),
        (gates.gelu_by_tanh_input, gelu_by_tanh, "x", "t:T q:N"),
        (gates.swiglu_gate, swiglu, "g", "t:T q:F"),
        (gates.geglu_gate, geglu, "g", "t:T q:F"),
        (embedding.table, embedded, "E", "p:V q:N"),
        (embedding.position, embedded, "P", "t:T q:N"),
        (embedding.hidden, tied_embedding, "h", "t:T q:N"),
        (embedding.tied_table, tied_embedding, "E", "p:V q:N"),
        (embedding.tied_array, tied_embedding, "E", ""),
    ],
)
def test_torch_agrees(made, of, by, indices):
    tensors, sizes = of()
    agree(made, tensors, sizes, indices, tensors[by].grad)


@pytest.mark.parametrize(
    ("made", "of", "by", "indices"),
    [
        (flash.loop_sum, causal_attention, "Z", "t:T"),
        (flash.loop, causal_attention, "O", "t:T c:H"),
        (flash.again, causal_attention, "P", "t:T s:T"),
        (flash.merge_sum, two_parts, "f", "t:T"),
        (flash.merge, two_parts, "w", "t:T c:H"),
        (flash.online_sum, row_of_blocks, "d", "b:B"),
        (flash.online, row_of_blocks, "w", "c:H"),
    ],
)
def test_torch_agrees_about_the_forward_pass(made, of, by, indices):
    tensors, sizes = of()
    agree(made, tensors, sizes, indices, tensors[by])


def agree(made, tensors, sizes, indices, expected):
    function = made().lambdify()
    arrays = {name: e if isinstance(e, tuple) else e.detach().numpy() for name, e in tensors.items()}
    arrays |= {f"dC_d{name}": e.grad.numpy() for name, e in tensors.items() if getattr(e, "grad", None) is not None}
    given = {name: arrays[name] for name in function.arguments if name in arrays}
    given |= {name: size for name, size in sizes.items() if name in function.arguments}
    axes = [word.split(":") for word in indices.split()]
    for at in product(*(range(1, sizes[end] + 1) for _, end in axes)):
        found = function(**given, **{name: i for (name, _), i in zip(axes, at, strict=True)})
        there = expected.detach().numpy()[tuple(i - 1 for i in at)]
        assert found == pytest.approx(there, rel=1e-12, abs=0), at
