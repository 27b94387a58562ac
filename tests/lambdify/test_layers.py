"""What the chapters on layers prove, as functions of arrays: the same numbers as torch's own backward pass."""

# ruff: noqa: N806 - arrays have the letters of the field
from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import torch

from backproof import calc  # noqa: F401 - it makes theorems callable
from backproof.derivations import (
    attention,
    convolution,
    cross_entropy,
    embedding,
    flash,
    gates,
    gru,
    layer_norm,
    losses,
    lstm,
    pooling,
    recurrent,
    rotary,
    scan,
    scores,
    transformer,
)  # fmt: skip

from .agreement import REAL, Stacked, agree, arrays, cost, drawn, kept

FUNCTIONS = {
    "sigma": (lambda u: 1 / (1 + np.exp(-u)), lambda u: 1 / (2 + np.exp(-u) + np.exp(u))),
    "tau": (np.tanh, lambda u: 1 - np.tanh(u) ** 2),
}


def normalised():
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


def logits():
    """Softmax and its logarithm of a last product, and what a position counts."""
    sizes = {"T": 3, "V": 4, "H": 5}
    T, V, H = sizes.values()
    x, w = drawn(1, T, H), drawn(2, V, H)
    nu, alpha = torch.tensor(0.3, dtype=REAL), drawn(3, T).detach().abs()
    z = kept(x @ w.T)
    made = {"x": x, "w": w, "nu": nu, "alpha": alpha, "z": z, "p": torch.softmax(z, 1), "lam": torch.logsumexp(z, 1)}
    return made, sizes


def labelled(sizes):
    return torch.arange(sizes["T"]) % sizes["V"]


def any_targets():
    made, sizes = logits()
    y, z, lam = drawn(4, sizes["T"], sizes["V"]).detach(), made["z"], made["lam"]
    (made["alpha"] * ((y * (lam[:, None] - z)).sum(1) + made["nu"] * lam**2)).sum().backward()
    return {**made, "y": y}, sizes


def distributions():
    made, sizes = logits()
    y = torch.softmax(drawn(4, sizes["T"], sizes["V"]).detach(), 1)
    each = torch.nn.functional.cross_entropy(made["z"], y, reduction="none")
    (made["alpha"] * (each + made["nu"] * made["lam"] ** 2)).sum().backward()
    return {**made, "y": y}, sizes


def smoothed():
    made, sizes = logits()
    right, eps = labelled(sizes), torch.tensor(0.1, dtype=REAL)
    each = torch.nn.functional.cross_entropy(made["z"], right, label_smoothing=0.1, reduction="none")
    (made["alpha"] * (each + made["nu"] * made["lam"] ** 2)).sum().backward()
    return {**made, "eps": eps, "o": torch.eye(sizes["V"], dtype=REAL)[right]}, sizes


def class_weights():
    """The mean is torch's own, and nu is 0, for which it has no word."""
    made, sizes = logits()
    right, g = labelled(sizes), drawn(5, sizes["V"]).detach().abs()
    m, o = torch.ones(sizes["T"], dtype=REAL), torch.eye(sizes["V"], dtype=REAL)[right]
    torch.nn.functional.cross_entropy(made["z"], right, weight=g).backward()
    made["nu"] = torch.tensor(0.0, dtype=REAL)
    return {**made, "g": g, "m": m, "o": o, "S": g[right].sum()}, sizes


def left_out():
    made, sizes = logits()
    right, m = labelled(sizes), torch.ones(sizes["T"], dtype=REAL)
    m[1] = 0
    torch.nn.functional.cross_entropy(made["z"], torch.where(m > 0, right, -100)).backward()
    made["nu"] = torch.tensor(0.0, dtype=REAL)
    return {**made, "m": m, "y": torch.eye(sizes["V"], dtype=REAL)[right]}, sizes


def regression(loss):
    sizes = {"T": 3, "V": 4}
    z, y, alpha = drawn(1, 3, 4), 2 * drawn(2, 3, 4).detach(), drawn(3, 3).detach()
    (alpha * loss(z, y).sum(1)).sum().backward()
    return {"z": z, "y": y, "r": z - y, "alpha": alpha, "beta": torch.tensor(0.6, dtype=REAL)}, sizes


def absolute_error():
    return regression(lambda z, y: torch.nn.functional.l1_loss(z, y, reduction="none"))


def huber():
    return regression(lambda z, y: torch.nn.functional.huber_loss(z, y, reduction="none", delta=0.6))


def hinge():
    sizes = {"T": 3, "V": 4}
    z, alpha, right = drawn(1, 3, 4), drawn(3, 3).detach(), torch.arange(3)
    each = [
        torch.nn.functional.multi_margin_loss(row, at, reduction="sum") * 4 for row, at in zip(z, right, strict=True)
    ]
    (alpha * torch.stack(each)).sum().backward()
    return {"z": z, "y": torch.eye(4, dtype=REAL)[right], "m": 1 + z - z[right, right][:, None], "alpha": alpha}, sizes


def binary(loss):
    z, y, alpha = drawn(1, 5), torch.tensor([1, -1, -1, 1, -1], dtype=REAL), drawn(3, 5).detach()
    gamma, p = torch.tensor(1.5, dtype=REAL), torch.sigmoid(y * z)
    (alpha * loss(z, y, p)).sum().backward()
    return {"z": z, "y": y, "alpha": alpha, "m": 1 - y * z, "p": p, "f": (1 - p) ** gamma, "gamma": gamma}, {"T": 5}


def binary_hinge():
    return binary(lambda z, y, _: torch.relu(1 - y * z))


def focal():
    return binary(lambda *made: -((1 - made[-1]) ** 1.5) * torch.log(made[-1]))


def gaussians():
    mu, nu = drawn(1, 3, 4), drawn(2, 3, 4)
    sigma, tau = ((drawn(seed, 3, 4).detach().abs() + 0.2).requires_grad_() for seed in (3, 4))
    normal = torch.distributions.Normal
    torch.distributions.kl_divergence(normal(mu, sigma), normal(nu, tau)).sum().backward()
    return {"mu": mu, "nu": nu, "sigma": sigma, "tau": tau}, {"T": 3, "V": 4}


def gpt2_block():
    sizes = {"B": 2, "T": 3, "N": 4, "M": 5, "H": 6, "F": 7}
    B, T, N, M, H, F = sizes.values()
    shapes = {"x": (B, T, N), "gamma": (N,), "beta": (N,), "gamma2": (N,), "beta2": (N,), "WO": (N, M, H), "bO": (N,)}
    shapes |= {f"W{one}": (M, H, N) for one in "QKV"} | {f"b{one}": (M, H) for one in "QKV"}
    shapes |= {"W1": (F, N), "b1": (F,), "W2": (N, F), "b2": (N,)}
    made = {name: drawn(seed, *shape) for seed, (name, shape) in enumerate(shapes.items())}
    made |= {"kappa": torch.tensor(H**-0.5, dtype=REAL)}
    made["W1"] = (made["W1"].detach() / 8).requires_grad_()  # far to the left torch's normal distribution loses digits

    def norm(x, at):
        r = 1 / torch.sqrt(x.var(-1, correction=0) + 1e-3)
        h = kept((x - x.mean(-1, keepdim=True)) * r[..., None])
        n = kept(made[f"gamma{at}"] * h + made[f"beta{at}"])
        made.update({f"r{at}": r, f"h{at}": h, f"a{at}": n})
        return n

    n = norm(made["x"], "")
    for one in "QKV":
        made[one] = kept(torch.einsum("mci,bti->btmc", made[f"W{one}"], n) + made[f"b{one}"])
    made["A"] = kept(made["kappa"] * torch.einsum("btmc,bsmc->bmts", made["Q"], made["K"]))
    seen = torch.tril(torch.ones(T, T, dtype=torch.bool))
    made["P"] = kept(torch.softmax(made["A"].masked_fill(~seen, -torch.inf), -1))
    made["O"] = kept(torch.einsum("bmts,bsmc->btmc", made["P"], made["V"]))
    made["z"] = kept(made["x"] + torch.einsum("imc,btmc->bti", made["WO"], made["O"]) + made["bO"])
    made["f"] = kept(norm(made["z"], "2") @ made["W1"].T + made["b1"])
    made["g"] = kept(torch.nn.functional.gelu(made["f"]))
    made["y"] = kept(made["z"] + made["g"] @ made["W2"].T + made["b2"])
    cost(made["y"]).backward()
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


@pytest.mark.parametrize(
    ("made", "of", "by", "indices"),
    [
        (layer_norm.shift, normalised, "beta", "j:N"),
        (layer_norm.scale, normalised, "gamma", "j:N"),
        (layer_norm.dx, normalised, "x", "t:T j:N"),
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
        (cross_entropy.dz, any_targets, "z", "t:T k:V"),
        (cross_entropy.dw, any_targets, "w", "k:V q:H"),
        (cross_entropy.dx, any_targets, "x", "t:T q:H"),
        (cross_entropy.dz_distribution, distributions, "z", "t:T k:V"),
        (cross_entropy.smoothing, smoothed, "z", "t:T k:V"),
        (cross_entropy.class_weights, class_weights, "z", "t:T k:V"),
        (cross_entropy.ignored, left_out, "z", "t:T k:V"),
        (losses.absolute_error, absolute_error, "z", "t:T k:V"),
        (losses.huber_loss, huber, "z", "t:T k:V"),
        (losses.hinge_loss, hinge, "z", "t:T k:V"),
        (losses.binary_hinge_loss, binary_hinge, "z", "t:T"),
        (losses.focal_loss, focal, "z", "t:T"),
        (losses.mean, gaussians, "mu", "s:T j:V"),
        (losses.deviation, gaussians, "sigma", "s:T j:V"),
        (losses.other_mean, gaussians, "nu", "s:T j:V"),
        (losses.other_deviation, gaussians, "tau", "s:T j:V"),
        (transformer.dg, gpt2_block, "g", "b:B t:T k:F"),
        (transformer.df, gpt2_block, "f", "b:B t:T k:F"),
        (transformer.dn2, gpt2_block, "a2", "b:B t:T k:N"),
        (transformer.dz, gpt2_block, "z", "b:B t:T j:N"),
        (transformer.dO, gpt2_block, "O", "b:B t:T p:M q:H"),
        (transformer.dV, gpt2_block, "V", "b:B s:T p:M q:H"),
        (transformer.dP, gpt2_block, "P", "b:B p:M t:T s:T"),
        (transformer.dA, gpt2_block, "A", "b:B m:M t:T p:T"),
        (transformer.dQ, gpt2_block, "Q", "b:B t:T p:M q:H"),
        (transformer.dK, gpt2_block, "K", "b:B s:T p:M q:H"),
        (transformer.dn, gpt2_block, "a", "b:B t:T k:N"),
        (transformer.dx, gpt2_block, "x", "b:B t:T j:N"),
        (transformer.dgamma, gpt2_block, "gamma", "k:N"),
        (transformer.dbeta, gpt2_block, "beta", "k:N"),
        (transformer.dWQ, gpt2_block, "WQ", "p:M q:H k:N"),
        (transformer.dWK, gpt2_block, "WK", "p:M q:H k:N"),
        (transformer.dWV, gpt2_block, "WV", "p:M q:H k:N"),
        (transformer.dbQ, gpt2_block, "bQ", "p:M q:H"),
        (transformer.dbK, gpt2_block, "bK", "p:M q:H"),
        (transformer.dbV, gpt2_block, "bV", "p:M q:H"),
        (transformer.dWO, gpt2_block, "WO", "k:N p:M q:H"),
        (transformer.dbO, gpt2_block, "bO", "k:N"),
        (transformer.dgamma2, gpt2_block, "gamma2", "k:N"),
        (transformer.dbeta2, gpt2_block, "beta2", "k:N"),
        (transformer.dW1, gpt2_block, "W1", "p:F k:N"),
        (transformer.db1, gpt2_block, "b1", "p:F"),
        (transformer.dW2, gpt2_block, "W2", "k:N p:F"),
        (transformer.db2, gpt2_block, "b2", "k:N"),
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
    agree(made, FUNCTIONS | arrays(tensors), sizes, indices, tensors[by].grad)


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
    agree(made, FUNCTIONS | arrays(tensors), sizes, indices, tensors[by])
