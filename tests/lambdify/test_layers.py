"""What the chapters on layers prove, as functions of arrays: the same numbers as torch's own backward pass."""

# ruff: noqa: N806 - arrays have the letters of the field
from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import torch

from backproof import calc  # noqa: F401 - it makes theorems callable
from backproof.derivations import attention, cross_entropy, losses, normalisation, recurrent, transformer

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


def has_gradient(e):
    return isinstance(e, Stacked) or ((e.is_leaf or e.retains_grad) and e.grad is not None)


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
    ],
)
def test_torch_agrees(made, of, by, indices):
    tensors, sizes = of()
    function = made().lambdify()
    arrays = {name: e.detach().numpy() for name, e in tensors.items()}
    arrays |= {f"dC_d{name}": e.grad.numpy() for name, e in tensors.items() if has_gradient(e)}
    given = {name: arrays[name] for name in function.arguments if name in arrays}
    given |= {name: size for name, size in sizes.items() if name in function.arguments}
    names, ends = zip(*(word.split(":") for word in indices.split()), strict=True)
    expected = tensors[by].grad.numpy()
    for at in product(*(range(1, sizes[end] + 1) for end in ends)):
        found = function(**given, **dict(zip(names, at, strict=True)))
        assert found == pytest.approx(expected[tuple(i - 1 for i in at)], rel=1e-12, abs=1e-12), at
