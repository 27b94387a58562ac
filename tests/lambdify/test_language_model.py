"""What the chapter on a language model proves, as functions of arrays: the numbers of torch's own backward pass."""

from __future__ import annotations

from functools import cache

import pytest
import torch

from backproof import calc  # noqa: F401 - it makes theorems callable
from backproof.derivations import language_model

from .agreement import REAL, Stacked, agree, arrays, drawn, kept

SIZES = {"G": 3, "B": 2, "T": 4, "N": 5, "M": 2, "H": 3, "F": 7, "Y": 6}
G, B, T, N, M, H, F, Y = SIZES.values()
IN_A_BLOCK = {"r1", "h1", "n1", "r2", "h2", "n2", "z"}


def norm(x, scale, shift):
    """One over the root, what is normalised, and that scaled and shifted."""
    r = kept(1 / torch.sqrt(x.var(-1, correction=0) + 1e-3))
    h = kept((x - x.mean(-1, keepdim=True)) * r[..., None])
    return r, h, kept(scale * h + shift)


def sent_back(scale, r, h, n):
    """What a norm sends back, by torch's own backward pass through its formula."""
    whole = torch.zeros_like(h).requires_grad_()
    x = (h / r[..., None]).detach() + whole  # the mean of what it reads changes nothing
    _, _, again = norm(x, scale.detach(), 0)
    again.backward(n.grad)
    return whole.grad


@cache
def model():
    shapes = {"E": (Y, N), "R": (T, N), "y": (B, T, Y), "gamma": (N,), "beta": (N,)}
    block = {f"W{one}": (M, H, N) for one in "QKV"} | {f"b{one}": (M, H) for one in "QKV"}
    block |= {"WO": (N, M, H), "bO": (N,), "W1": (F, N), "b1": (F,), "W2": (N, F), "b2": (N,)}
    block |= {f"{name}{at}": (N,) for name in ("gamma", "beta") for at in "12"}
    made = {name: drawn(seed, *shape) for seed, (name, shape) in enumerate(shapes.items())}
    made["k"] = torch.nn.functional.one_hot(torch.arange(B * T).reshape(B, T) ** 2 % Y, Y).to(REAL)
    steps = {name: [] for name in IN_A_BLOCK}
    stream = [kept(made["k"] @ made["E"] + made["R"])]
    seen, sent = torch.tril(torch.ones(T, T, dtype=torch.bool)), []
    for layer in range(G):
        own = {name: drawn(100 * layer + seed, *shape) for seed, (name, shape) in enumerate(block.items(), 50)}
        first = norm(stream[-1], own["gamma1"], own["beta1"])
        q, k, v = (torch.einsum("mci,bti->btmc", own[f"W{one}"], first[2]) + own[f"b{one}"] for one in "QKV")
        scores = H**-0.5 * torch.einsum("btmc,bsmc->bmts", q, k)
        heads = torch.einsum("bmts,bsmc->btmc", scores.masked_fill(~seen, -torch.inf).softmax(-1), v)
        z = kept(stream[-1] + torch.einsum("imc,btmc->bti", own["WO"], heads) + own["bO"])
        second = norm(z, own["gamma2"], own["beta2"])
        g = torch.nn.functional.gelu((second[2] @ own["W1"].T + own["b1"]) / 8)
        stream.append(kept(z + g @ own["W2"].T + own["b2"]))
        sent.append((own, first, second))
        for name, e in zip(("r1", "h1", "n1", "r2", "h2", "n2", "z"), (*first, *second, z), strict=True):
            steps[name].append(e)
        for at in "12":
            steps.setdefault(f"gamma{at}", []).append(own[f"gamma{at}"])
    made["e"], made["h"], made["ne"] = norm(stream[-1], made["gamma"], made["beta"])
    made["a"] = kept(made["ne"] @ made["E"].T)
    made["S"] = made["a"].exp().sum(-1)
    loss = (made["y"] * (made["S"].log()[..., None] - made["a"])).sum(-1)
    loss.mean().backward()
    made |= {name: Stacked(parts) for name, parts in steps.items()}
    for at in (1, 2):
        made[f"rho{at}"] = torch.stack([sent_back(one[0][f"gamma{at}"], *one[at]) for one in sent])
    return made | {"x": Stacked(stream)}


@pytest.mark.parametrize(
    ("made", "by", "indices"),
    [
        (language_model.logits, "a", "b:B t:T q:Y"),
        (language_model.last_normed, "ne", "b:B t:T j:N"),
        (language_model.between, "z", "l:G b:B t:T j:N"),
        (language_model.table, "E", "p:Y q:N"),
        (language_model.positions, "R", "t:T q:N"),
    ],
)
def test_torch_agrees(made, by, indices):
    tensors = model()
    agree(made, arrays(tensors), SIZES, indices, tensors[by].grad)


def test_torch_agrees_about_the_end_of_the_stream():
    tensors = model()
    agree(language_model.last, arrays(tensors), SIZES, "b:B t:T j:N", tensors["x"].grad[G])


@pytest.mark.parametrize(("made", "last"), [(language_model.whole, G), (language_model.block, G - 1)])
def test_torch_agrees_about_the_stream_at_every_block(made, last):
    tensors = model()
    sizes = SIZES | {"blocks": last + 1}
    agree(made, arrays(tensors), sizes, "l:blocks b:B t:T j:N", tensors["x"].grad, {"l": 0})
