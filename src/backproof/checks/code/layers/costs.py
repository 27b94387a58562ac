"""Losses of outputs, of probabilities or of logits, and targets of any size: the sum over all examples, times alpha."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

import numpy as np
from sympy import Symbol

from ....derive.calc import calc
from ....derive.reasons import both, definition, differentiation, sifting
from ....networks.own import axes, network, quantities, total
from ....surface.network import Network
from ....surface.terms import C, D, exp, log
from .layer import Drawn, Layer, Part, Proved, Reading, Slot, constant
from .losses import labels

(t, T), (k, K) = axes("t:T k:K")
y, g, m, s, alpha = quantities("y g m s alpha")
p, q = Symbol("p"), Symbol("q")
Y, G = y[p, q], g[p, q]
BY_COST: Final = both(definition(C), differentiation, sifting)


def _network(name: str, cost: Any, *before: Any) -> Network:
    """``cost`` is the sum over all examples."""
    return network(name, (t, k), y[t, k], g[t, k], alpha, *before, (C, alpha * cost))


def _entrywise(name: str, cost: Any, result: Any) -> Callable[[], Proved]:
    def build() -> Proved:
        net = _network(name, total(cost, t, k))
        return Proved(net, {name: calc(net, D(C, Y), (result, BY_COST)).theorem})

    return build


def _of_logits() -> Proved:
    net = _network(
        "softmax cross-entropy", -total(g[t, k] * (y[t, k] - log(s[t])), t, k), (s[t], total(exp(y[t, k]), k))
    )
    made = calc(
        net,
        D(C, Y),
        (alpha * (D(s[p], Y) / s[p] * total(g[p, k], k) - G), BY_COST),
        (alpha * (exp(Y) / s[p] * total(g[p, k], k) - G), both(definition(s[p]), differentiation, sifting)),
    )
    return Proved(net, {"softmax cross-entropy": made.theorem})


def _of_products() -> Proved:
    net = _network("negative log-likelihood", -total(log(m[t]), t), (m[t], total(y[t, k] * g[t, k], k)))
    made = calc(
        net,
        D(C, Y),
        (-alpha * D(m[p], Y) / m[p], BY_COST),
        (-alpha * G / m[p], both(definition(m[p]), differentiation, sifting)),
    )
    return Proved(net, {"negative log-likelihood": made.theorem})


def _positive(drawn: Drawn) -> Any:
    return drawn.numbers(drawn.letters["t"], drawn.letters["v"], positive=True)


class Cost(NamedTuple):
    """A loss: its layer, and its value by NumPy, of arrays with a row for each example."""

    layer: Layer
    value: Callable[[Any, Any], Any]


def _cost(
    name: str, words: str, proved: Callable[[], Proved], value: Callable[[Any, Any], Any], *, positive: bool = False
) -> Cost:
    rows = (Part("y", "(b t) v"),), (Part("g", "(b t) v"),)
    slots = Slot("y", rows[0], ("(b t) v",)), Slot("t", rows[1], ("(b t) v",), "data")
    readings = Reading("", {"g": _positive}), Reading("targets are one-hot", {"g": labels})
    draws = {"alpha": constant(1), **({"y": _positive} if positive else {})}
    letters = ({"b": 1, "t": 3, "v": 4},)
    made = Layer(name, proved, letters, {"T": "b t", "K": "v"}, slots, (), draws, readings=readings, words=words)
    return Cost(made, value)


def _log_softmax(z: Any) -> Any:
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def _softplus(z: Any) -> Any:
    return np.log1p(np.exp(-z))


COSTS: Final = (
    _cost("squared error", "the sum of (y - t)^2",
          _entrywise("squared error", (y[t, k] - g[t, k]) ** 2, 2 * alpha * (Y - G)),
          lambda y, t: ((y - t) ** 2).sum()),
    _cost("cross-entropy", "-(the sum of t log(y))",
          _entrywise("cross-entropy", -g[t, k] * log(y[t, k]), -alpha * G / Y),
          lambda y, t: -(t * np.log(y)).sum(), positive=True),
    _cost("binary cross-entropy", "-(the sum of t log(y) + (1 - t) log(1 - y))",
          _entrywise("binary cross-entropy", -g[t, k] * log(y[t, k]) - (1 - g[t, k]) * log(1 - y[t, k]),
                     -alpha * (G / Y - (1 - G) / (1 - Y))),
          lambda y, t: -(t * np.log(y) + (1 - t) * np.log(1 - y)).sum(), positive=True),
    _cost("softmax cross-entropy", "-(the sum of t log(softmax(y)))", _of_logits,
          lambda y, t: -(t * _log_softmax(y)).sum()),
    _cost("logistic cross-entropy", "-(the sum of t log(1/(1 + exp(-y))))",
          _entrywise("logistic cross-entropy", -g[t, k] * log(1 / (1 + exp(-y[t, k]))),
                     alpha * (G / (1 + exp(-Y)) - G)),
          lambda y, t: (t * _softplus(y)).sum()),
    _cost("binary cross-entropy of logits", "the sum of log(1 + exp(-y)) + (1 - t) y",
          _entrywise("binary cross-entropy of logits", log(1 + exp(-y[t, k])) + (1 - g[t, k]) * y[t, k],
                     alpha * (1 / (1 + exp(-Y)) - G)),
          lambda y, t: (_softplus(y) + (1 - t) * y).sum()),
    _cost("negative log-likelihood", "-(the sum over examples of log(the sum of y t))", _of_products,
          lambda y, t: -np.log((y * t).sum(axis=1)).sum(), positive=True),
)  # fmt: skip


def alike(value: Callable[[Any, Any], Any], seed: int = 0) -> Iterator[tuple[Cost, float]]:
    """The losses whose values those of a program are, but for the constant that is told beside each."""
    draw = np.random.default_rng(seed)
    batches = [(draw.uniform(0.1, 0.9, (n, w)), draw.uniform(0.1, 0.9, (n, w))) for n, w in ((3, 4), (3, 4), (3, 4))]
    own = [float(value(y.copy(), t.copy())) for y, t in batches]
    for cost in COSTS:
        ratios = [mine / float(cost.value(y, t)) for mine, (y, t) in zip(own, batches, strict=True)]
        if abs(ratios[0]) > 0 and max(abs(r - ratios[0]) for r in ratios) < 1e-9 * abs(ratios[0]):
            yield cost, ratios[0]


__all__ = ["COSTS", "Cost", "alike"]
