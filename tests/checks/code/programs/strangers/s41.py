"""Three-class softmax with two hidden relu layers. Everything in functions; parameters as nested tuple ((W,b),(W,b),(W,b)).

grad(params, x, labels): rows, integer labels; mean cross entropy.
"""
import numpy as np


def init_params(sizes, seed=2):
    rng = np.random.default_rng(seed)
    return tuple((rng.normal(size=(m, n)) * np.sqrt(2 / m), rng.normal(size=n) * .01) for m, n in zip(sizes, sizes[1:]))


def logits(params, x):
    acts = [x]
    for W, b in params[:-1]:
        acts.append(np.maximum(acts[-1] @ W + b, 0))
    W, b = params[-1]
    return acts, acts[-1] @ W + b


def cross_entropy(params, x, labels):
    _, z = logits(params, x)
    logz = np.log(np.exp(z).sum(axis=1))
    return np.mean(logz - z[np.arange(len(labels)), labels])


def grad(params, x, labels):
    acts, z = logits(params, x)
    p = np.exp(z - z.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    p[np.arange(len(labels)), labels] += 1
    d = p / len(labels)
    out = []
    for (W, _), a in zip(reversed(params), reversed(acts)):
        out.append((a.T @ d, d.sum(0)))
        d = (d @ W.T) * (a > 0)
    return tuple(reversed(out))
