"""What the chapters on layers prove, as functions of arrays: the same numbers as torch's own backward pass."""

# ruff: noqa: N806 - arrays have the letters of the field
from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import torch

from backproof import calc  # noqa: F401 - it makes theorems callable
from backproof.derivations import attention, convolution, gru, lstm, normalisation, pooling, recurrent, scan

REAL = torch.float64
FUNCTIONS = {
    "sigma": (lambda u: 1 / (1 + np.exp(-u)), lambda u: 1 / (2 + np.exp(-u) + np.exp(u))),
    "tau": (np.tanh, lambda u: 1 - np.tanh(u) ** 2),
}


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


def convolved():
    """torch's own convolution, with the stride and the dilation of the chapter."""
    s, d = convolution.line.stride, convolution.line.dilation
    sizes = {"B": 2, "G": 3, "I": 4, "O": 1, "K": 5, "A": 6, "N": 10, "P": 8}
    B, G, I, O, K, A, N, P = sizes.values()
    x, W, beta = drawn(1, B, G, I, N), drawn(2, G, O, I, K), drawn(3, G, O)
    flat = torch.nn.functional.conv1d(
        x.reshape(B, G * I, N), W.reshape(G * O, I, K), beta.reshape(-1), s, A - 1, d, groups=G
    )
    y = kept(flat.reshape(B, G, O, P))
    cost(y).backward()
    spread = torch.zeros(B, G, O, N + d * (K - 1), dtype=REAL)
    for p in range(P):
        if 0 <= (at := s * p + d * (K - 1) + 1 - A) < spread.shape[-1]:
            spread[..., at] = y.grad[..., p]
    return {"x": x, "W": W, "beta": beta, "y": y, "spread": spread, "turned": W.detach().flip(-1)}, sizes


def convolved_2():
    sizes = {"B": 2, "I": 3, "O": 4, "K": 2, "R": 3, "A": 3, "E": 2, "N": 5, "M": 6, "P": 7, "Q": 3}
    B, I, O, K, R, A, E, N, M, P, Q = sizes.values()
    x, W, beta = drawn(1, B, I, N, M), drawn(2, O, I, K, R), drawn(3, O)
    strides, dilations = convolution.plane.strides, convolution.plane.dilations
    y = kept(torch.nn.functional.conv2d(x, W, beta, strides, (A - 1, E - 1), dilations))
    assert y.shape == (B, O, P, Q)
    cost(y).backward()
    return {"x": x, "W": W, "beta": beta, "y": y}, sizes


def convolved_in_a_circle():
    sizes = {"B": 2, "I": 3, "O": 4, "K": 5, "N": 6, "P": 7}
    B, I, O, K, N, P = sizes.values()
    x, W, meets = drawn(1, B, I, N), drawn(2, O, I, K), torch.zeros(N, P, K, dtype=REAL)
    for p, k in product(range(P), range(K)):
        meets[(4 * p + k) % N, p, k] = 1
    y = kept(torch.stack([(W[None] * x[:, None][..., (4 * p + np.arange(K)) % N]).sum((2, 3)) for p in range(P)], -1))
    cost(y).backward()
    return {"x": x, "W": W, "meets": meets, "y": y}, sizes


def averages():
    sizes = {"B": 2, "H": 3, "K": 5, "A": 3, "N": 8, "P": 4}
    B, H, K, A, N, P = sizes.values()
    x = drawn(1, B, H, N)
    y = kept(torch.nn.functional.avg_pool1d(x, K, pooling.window.stride, A - 1))
    assert y.shape == (B, H, P)
    cost(y).backward()
    return {"x": x, "y": y}, sizes


def averages_2():
    sizes = {"B": 2, "H": 3, "K": 2, "R": 4, "A": 2, "E": 3, "N": 5, "M": 6, "P": 6, "Q": 4}
    B, H, K, R, A, E, N, M, P, Q = sizes.values()
    x = drawn(1, B, H, N, M)
    y = kept(torch.nn.functional.avg_pool2d(x, (K, R), pooling.window_2.strides, (A - 1, E - 1)))
    assert y.shape == (B, H, P, Q)
    cost(y).backward()
    return {"x": x, "y": y}, sizes


def maxima():
    sizes = {"B": 2, "H": 3, "K": 5, "A": 3, "N": 8, "P": 4}
    B, H, K, A, N, P = sizes.values()
    x, s = drawn(1, B, H, N), pooling.window.stride
    y, places = torch.nn.functional.max_pool1d(x, K, s, A - 1, return_indices=True)
    within = places + A - 1 - s * torch.arange(P)
    kept(y)
    cost(y).backward()
    return {"x": x, "selector": torch.nn.functional.one_hot(within, K).to(REAL), "y": y}, sizes


def maxima_2():
    sizes = {"B": 2, "H": 3, "K": 2, "R": 4, "A": 2, "E": 3, "N": 5, "M": 6, "P": 6, "Q": 4}
    B, H, K, R, A, E, N, M, P, Q = sizes.values()
    x, strides = drawn(1, B, H, N, M), pooling.window_2.strides
    y, places = torch.nn.functional.max_pool2d(x, (K, R), strides, (A - 1, E - 1), return_indices=True)
    row = places // M + A - 1 - strides[0] * torch.arange(P)[:, None]
    column = places % M + E - 1 - strides[1] * torch.arange(Q)
    selector = torch.nn.functional.one_hot(row * R + column, K * R).reshape(B, H, P, Q, K, R).to(REAL)
    kept(y)
    cost(y).backward()
    return {"x": x, "selector": selector, "y": y}, sizes


def long_short_term(*, seen=0):
    """Gate by gate; ``seen``: how much the gates see of the cell."""
    sizes = {"T": 4, "N": 2, "K": 3, "H": 5}
    T, N, K, H = sizes.values()
    made = {"x": drawn(1, T, K), "V": drawn(2, H, N)}
    made |= {f"W{e}": drawn(at, N, K) for at, e in enumerate("ifog", 3)}
    made |= {f"U{e}": drawn(at, N, N) for at, e in enumerate("ifog", 7)}
    made |= {f"b{e}": drawn(at, N) for at, e in enumerate("ifog", 11)}
    made |= {f"p{e}": drawn(at, N) for at, e in enumerate("ifo", 15)}
    steps = {e: [] for e in ("i", "f", "o", "g", "zi", "zf", "zo", "zg", "y")} | {
        "h": [drawn(18, N)],
        "c": [drawn(19, N)],
    }
    for t in range(T):
        h, c = steps["h"][-1], steps["c"][-1]

        def into(e, cell, t=t, h=h):
            z = made[f"W{e}"] @ made["x"][t] + made[f"U{e}"] @ h + made[f"b{e}"]
            steps[f"z{e}"].append(kept(z + seen * made[f"p{e}"] * cell if e != "g" else z))
            steps[e].append(kept(torch.tanh(z) if e == "g" else torch.sigmoid(steps[f"z{e}"][-1])))
            return steps[e][-1]

        i, f, g = into("i", c), into("f", c), into("g", c)
        steps["c"].append(kept(f * c + i * g))
        steps["h"].append(kept(into("o", steps["c"][-1]) * torch.tanh(steps["c"][-1])))
        steps["y"].append(kept(made["V"] @ steps["h"][-1]))
    cost(torch.stack(steps["y"])).backward()
    made |= {"states": Stacked(steps["h"][1:]), "cells": Stacked(steps["c"][1:])}
    return made | {e: Stacked(parts) for e, parts in steps.items()}, sizes | {"T-1": T - 1}


def with_peepholes():
    return long_short_term(seen=1)


def gated(*, after=False):
    """The gate of what the candidate sees, before the weights or after them."""
    sizes = {"T": 4, "N": 2, "K": 3, "H": 5}
    T, N, K, H = sizes.values()
    made = {"x": drawn(1, T, K), "V": drawn(2, H, N), "bv": drawn(3, N)}
    made |= {f"W{e}": drawn(at, N, K) for at, e in enumerate("urg", 4)}
    made |= {f"U{e}": drawn(at, N, N) for at, e in enumerate("urg", 7)}
    made |= {f"b{e}": drawn(at, N) for at, e in enumerate("urg", 10)}
    steps = {e: [] for e in ("u", "r", "g", "zu", "zr", "zg", "s", "v", "y")} | {"h": [drawn(13, N)]}

    def note(e, value):
        steps[e].append(kept(value))
        return value

    for t in range(T):
        h = steps["h"][-1]
        u, r = (
            note(e, torch.sigmoid(note(f"z{e}", made[f"W{e}"] @ made["x"][t] + made[f"U{e}"] @ h + made[f"b{e}"])))
            for e in "ur"
        )
        sees = r * note("v", made["Ug"] @ h + made["bv"]) if after else made["Ug"] @ note("s", r * h)
        g = note("g", torch.tanh(note("zg", made["Wg"] @ made["x"][t] + sees + made["bg"])))
        note("y", made["V"] @ note("h", u * h + (1 - u) * g))
    cost(torch.stack(steps["y"])).backward()
    made = {e: v for e, v in made.items() if after or e != "bv"} | {"states": Stacked(steps["h"][1:])}
    return made | {e: Stacked(parts) for e, parts in steps.items() if parts}, sizes | {"T-1": T - 1}


def gated_after():
    return gated(after=True)


def scanned():
    sizes = {"T": 4, "N": 2, "S": 3}
    T, N, S = sizes.values()
    x, a, b, c, skip = drawn(1, T, N), drawn(2, T, N, S), drawn(3, T, S), drawn(4, T, S), drawn(5, N)
    states, outputs = [drawn(6, N, S)], []
    for t in range(T):
        states.append(kept(a[t] * states[-1] + torch.outer(x[t], b[t])))
        outputs.append(kept(states[-1] @ c[t] + skip * x[t]))
    cost(torch.stack(outputs)).backward()
    made = {"x": x, "a": a, "b": b, "c": c, "skip": skip, "h": Stacked(states), "y": Stacked(outputs)}
    return made | {"states": Stacked(states[1:])}, sizes | {"T-1": T - 1}


def scanned_selectively():
    sizes = {"T": 4, "N": 2, "S": 3}
    T, N, S = sizes.values()
    x, delta, A, b, c = drawn(1, T, N), drawn(2, T, N), drawn(3, N, S), drawn(4, T, S), drawn(5, T, S)
    a = kept(torch.exp(delta[..., None] * A))
    states, outputs = [drawn(6, N, S)], []
    for t in range(T):
        states.append(kept(a[t] * states[-1] + torch.outer(delta[t] * x[t], b[t])))
        outputs.append(kept(states[-1] @ c[t]))
    cost(torch.stack(outputs)).backward()
    made = {"x": x, "delta": delta, "A": A, "a": a, "b": b, "c": c, "h": Stacked(states), "y": Stacked(outputs)}
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
        (convolution.weight, convolved, "W", "g:G u:O v:I w:K"),
        (convolution.bias, convolved, "beta", "g:G u:O"),
        (convolution.scatter, convolved, "x", "b:B g:G v:I t:N"),
        (convolution.gather, convolved, "x", "b:B g:G v:I t:N"),
        (convolution.weight_2, convolved_2, "W", "u:O v:I w:K t:R"),
        (convolution.bias_2, convolved_2, "beta", "u:O"),
        (convolution.scatter_2, convolved_2, "x", "b:B v:I t:N u:M"),
        (convolution.any_weight, convolved_in_a_circle, "W", "u:O v:I w:K"),
        (convolution.any_input, convolved_in_a_circle, "x", "b:B v:I t:N"),
        (pooling.average, averages, "x", "b:B c:H t:N"),
        (pooling.average_2, averages_2, "x", "b:B c:H t:N u:M"),
        (pooling.largest_of, maxima, "x", "b:B c:H t:N"),
        (pooling.largest_of_2, maxima_2, "x", "b:B c:H t:N u:M"),
        *(
            (made, long_short_term, f"{family}{gate}", indices)
            for gate, derivations in lstm.parameters.items()
            for family, made, indices in zip("WUb", derivations, ("p:N q:K", "p:N q:N", "p:N"), strict=True)
        ),
        (lstm.state, long_short_term, "states", "t:T-1 q:N"),
        (lstm.cell, long_short_term, "cells", "t:T-1 q:N"),
        (lstm.seen_cell, with_peepholes, "cells", "t:T-1 q:N"),
        (lstm.input_gate, long_short_term, "zi", "t:T q:N"),
        (lstm.forget_gate, long_short_term, "zf", "t:T q:N"),
        (lstm.output_gate, long_short_term, "zo", "t:T q:N"),
        (lstm.candidate, long_short_term, "zg", "t:T q:N"),
        (lstm.seen_input, with_peepholes, "pi", "q:N"),
        (lstm.seen_before, with_peepholes, "pf", "q:N"),
        (lstm.seen_now, with_peepholes, "po", "q:N"),
        (gru.state, gated, "states", "t:T-1 q:N"),
        (gru.after_state, gated_after, "states", "t:T-1 q:N"),
        (gru.candidate, gated, "zg", "t:T q:N"),
        (gru.seen, gated, "s", "t:T q:N"),
        (gru.reset_gate, gated, "zr", "t:T q:N"),
        (gru.update_gate, gated, "zu", "t:T q:N"),
        (gru.by_weight, gated, "Wu", "p:N q:K"),
        (gru.by_recurrent, gated, "Uu", "p:N q:N"),
        (gru.by_bias, gated, "bu", "p:N"),
        (gru.by_candidate, gated, "Ug", "p:N q:N"),
        (gru.after_reset_gate, gated_after, "zr", "t:T q:N"),
        (gru.after_weights, gated_after, "Ug", "p:N q:N"),
        (scan.state, scanned, "states", "t:T-1 p:N q:S"),
        (scan.kept, scanned, "a", "t:T p:N q:S"),
        (scan.taken, scanned, "b", "t:T q:S"),
        (scan.seen, scanned, "c", "t:T q:S"),
        (scan.by_input, scanned, "x", "t:T p:N"),
        (scan.by_skip, scanned, "skip", "p:N"),
        (scan.by_step, scanned_selectively, "delta", "t:T p:N"),
        (scan.by_rate, scanned_selectively, "A", "p:N q:S"),
        (scan.selected, scanned_selectively, "x", "t:T p:N"),
    ],
)
def test_torch_agrees(made, of, by, indices):
    tensors, sizes = of()
    function = made().lambdify()
    arrays = {name: e.detach().numpy() for name, e in tensors.items()}
    arrays |= {f"dC_d{name}": e.grad.numpy() for name, e in tensors.items() if e.grad is not None}
    given = {name: arrays[name] for name in function.arguments if name in arrays}
    given |= {name: size for name, size in sizes.items() if name in function.arguments}
    given |= {name: f for name, f in FUNCTIONS.items() if name in function.arguments}
    names, ends = zip(*(word.split(":") for word in indices.split()), strict=True)
    expected = tensors[by].grad.numpy()
    for at in product(*(range(1, sizes[end] + 1) for end in ends)):
        found = function(**given, **dict(zip(names, at, strict=True)))
        assert found == pytest.approx(expected[tuple(i - 1 for i in at)], rel=1e-12, abs=1e-12), at
