"""A linear map and an activation in one layer: y = f(x W^T + b), for any f, and for the softmax and its logarithm."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from sympy import Rational, Symbol

from ....derive.calc import calc
from ....derive.reasons import both, chain_rule, definition, differentiation, sifting, theorem
from ....networks.own import any_function, axes, network, quantities, total
from ....networks.tables import A, Activation, u
from ....surface.network import Network
from ....surface.terms import C, D, Kron, exp, log, step, substitute
from ....surface.theorem import Theorem
from .embedding import LINEAR
from .layer import Layer, Part, Proved, Slot, constant
from .layout import Joined
from .normalisation import BATCH_NORM as IMAGES

(t, T), (o, O), (i, N) = axes("t:T o:O i:N")
x, W, beta, z, y, s = quantities("x W beta z y s")
al, tl, ar, tr = quantities("al tl ar tr")
p, q = Symbol("p"), Symbol("q")
PRODUCT: Final = (z[t, o], total(W[o, i] * x[t, i], i) + beta[o])
SUM: Final = (s[t], total(exp(z[t, o]), o))
SLOTS: Final = (
    Slot("x inp input a a_prev inputs in", (Part("x", "t i"),), ("t i",)),
    Slot("weight w weights kernel", (Part("W", "o i"),), ("o i", "i o")),
    Slot("bias b beta", (Part("beta", "o"),), ("o", "1 o")),
    Slot("y out output", (Part("y", "t o"),), ("t o",), "output"),
)


def _layer(name: str, proved: Callable[[], Proved], words: str) -> Layer:
    letters = {"t": 3, "i": 5, "o": 4}
    return replace(
        LINEAR, name=name, proved=proved, letters=(letters,), sizes={"T": "t", "N": "i", "O": "o"}, slots=SLOTS,
        numbers=(), words=words,
    )  # fmt: skip


def _network(name: str, *definitions: tuple[Any, Any]) -> Network:
    return network(name, (t, o, i), x[t, i], W[o, i], beta[o], PRODUCT, *definitions, (C, any_function(y[t, o])))


def _product(net: Network) -> Mapping[str, Theorem]:
    """The chain rule through the weighted inputs, three times."""
    found = {
        "dense-input": (x[t, q], total(D(C, z[t, o]) * W[o, q], o), total(D(C, z[t, o]) * D(z[t, o], x[t, q]), o)),
        "dense-weight": (W[p, q], total(D(C, z[t, p]) * x[t, q], t), total(D(C, z[t, o]) * D(z[t, o], W[p, q]), t, o)),
        "dense-bias": (beta[p], total(D(C, z[t, p]), t), total(D(C, z[t, o]) * D(z[t, o], beta[p]), t, o)),
    }
    made = {}
    for name, (by, result, through) in found.items():
        lines = (
            (through, chain_rule(through=z[t, o])),
            (result, both(definition(z[t, o]), differentiation, sifting)),
        )
        made[name] = calc(net, D(C, by), *lines).theorem
    return made


def activated(f: Activation) -> Layer:
    """With an activation that is taken entry by entry."""
    body, slope = (substitute(e, {A: f.body}) for e in (f.body, f.slope))

    def proved() -> Proved:
        net = _network(f"a dense layer with {f.name}", (y[t, o], substitute(body, {u: z[t, o]})))
        back = D(C, y[t, q])
        error = calc(
            net,
            D(C, z[t, q]),
            (back * D(y[t, q], z[t, q]), chain_rule(through=y[t, o])),
            (back * substitute(slope, {u: z[t, q]}), both(definition(y[t, q]), differentiation)),
        )
        return Proved(net, {"dense-activation": error.theorem, **_product(net)})

    return _layer(f"dense {f.name}", proved, f"y = {f.name}(x W^T + b)")


def alone(f: Activation) -> Layer:
    """An activation that is taken entry by entry, without a product before it."""
    body, slope = (substitute(e, {A: f.body}) for e in (f.body, f.slope))

    def proved() -> Proved:
        net = network(f.name, (t, o), z[t, o], (y[t, o], substitute(body, {u: z[t, o]})), (C, any_function(y[t, o])))
        back = D(C, y[t, q])
        error = calc(
            net,
            D(C, z[t, q]),
            (back * D(y[t, q], z[t, q]), chain_rule(through=y[t, o])),
            (back * substitute(slope, {u: z[t, q]}), both(definition(y[t, q]), differentiation)),
        )
        return Proved(net, {"activation": error.theorem})

    slots = Slot("x", (Part("z", "t o"),), ("t o",)), SLOTS[-1]
    return replace(_layer(f.name, proved, f"y = {f.name}(x)"), sizes={"T": "t", "O": "o"}, slots=slots)


def softmax() -> Proved:
    """y = exp(z)/(sum of exp(z)): each output depends on all weighted inputs."""
    net = _network("a dense layer with a softmax", SUM, (y[t, o], exp(z[t, o]) / s[t]))
    jacobian = calc(
        net,
        D(y[t, o], z[t, q]),
        (
            Kron(o, q) * exp(z[t, q]) / s[t] - exp(z[t, o]) * D(s[t], z[t, q]) / s[t] ** 2,
            both(definition(y[t, o]), differentiation, sifting),
        ),
        (
            Kron(o, q) * exp(z[t, q]) / s[t] - exp(z[t, o]) * exp(z[t, q]) / s[t] ** 2,
            both(definition(s[t]), differentiation, sifting),
        ),
        (Kron(o, q) * y[t, q] - y[t, o] * y[t, q], definition(y[t, o], y[t, q])),
    )
    error = calc(
        net,
        D(C, z[t, q]),
        (total(D(C, y[t, o]) * D(y[t, o], z[t, q]), o), chain_rule(through=y[t, o])),
        (total(D(C, y[t, o]) * (Kron(o, q) * y[t, q] - y[t, o] * y[t, q]), o), theorem(jacobian)),
        (y[t, q] * (D(C, y[t, q]) - total(D(C, y[t, o]) * y[t, o], o)), sifting),
    )
    return Proved(net, {"dense-softmax": error.theorem, **_product(net)})


def log_softmax() -> Proved:
    """y = z - log(sum of exp(z))."""
    net = _network("a dense layer with the logarithm of a softmax", SUM, (y[t, o], z[t, o] - log(s[t])))
    jacobian = calc(
        net,
        D(y[t, o], z[t, q]),
        (Kron(o, q) - D(s[t], z[t, q]) / s[t], both(definition(y[t, o]), differentiation, sifting)),
        (Kron(o, q) - exp(z[t, q]) / s[t], both(definition(s[t]), differentiation, sifting)),
    )
    error = calc(
        net,
        D(C, z[t, q]),
        (total(D(C, y[t, o]) * D(y[t, o], z[t, q]), o), chain_rule(through=y[t, o])),
        (total(D(C, y[t, o]) * (Kron(o, q) - exp(z[t, q]) / s[t]), o), theorem(jacobian)),
        (D(C, y[t, q]) - exp(z[t, q]) / s[t] * total(D(C, y[t, o]), o), sifting),
    )
    return Proved(net, {"dense-log-softmax": error.theorem, **_product(net)})


SOFTMAX: Final = _layer("dense softmax", softmax, "y = softmax(x W^T + b)")
LOG_SOFTMAX: Final = _layer("dense log-softmax", log_softmax, "y = log(softmax(x W^T + b))")


def learned() -> Proved:
    """The identity between two thresholds, with other slopes outside of them: thresholds and slopes are parameters."""
    e = z[t, o]
    below, above = step(tl - e) * (al - 1), step(e - tr) * (ar - 1)
    net = network(
        "a dense layer with SReLU", (t, o, i), x[t, i], W[o, i], beta[o], al, tl, ar, tr, PRODUCT,
        (y[t, o], e + below * (e - tl) + above * (e - tr)), (C, any_function(y[t, o])),
    )  # fmt: skip
    left, right = (step(tl - e), step(e - tr))
    made = dict(_product(net))
    for name, by, slope in (
        ("srelu-left-slope", al, left * (e - tl)), ("srelu-left-threshold", tl, left * (1 - al)),
        ("srelu-right-slope", ar, right * (e - tr)), ("srelu-right-threshold", tr, right * (1 - ar)),
    ):  # fmt: skip
        made[name] = calc(
            net,
            D(C, by),
            (total(D(C, y[t, o]) * D(y[t, o], by), t, o), chain_rule(through=y[t, o])),
            (total(D(C, y[t, o]) * slope, t, o), both(definition(y[t, o]), differentiation, sifting)),
        ).theorem
    own = z[t, q]
    error = calc(
        net,
        D(C, own),
        (D(C, y[t, q]) * D(y[t, q], own), chain_rule(through=y[t, o])),
        (
            D(C, y[t, q]) * (1 + step(tl - own) * (al - 1) + step(own - tr) * (ar - 1)),
            both(definition(y[t, q]), differentiation),
        ),
    )
    return Proved(net, {"dense-activation": error.theorem, **made})


def srelu(values: Sequence[Fraction]) -> Layer:
    """SReLU, with numbers for al, tl, ar and tr that are tried."""
    names = ("al", "tl", "ar", "tr")
    slot = Slot("parameters", tuple(Part(name, "") for name in names), (Joined(("1",) * 4, axis=0),))
    made = _layer("dense srelu", learned, "y = srelu(x W^T + b), of four parameters al, tl, ar, tr")
    draws = {name: constant(value) for name, value in zip(names, values, strict=True)}
    return replace(made, slots=(*SLOTS, slot), draws=draws)


#: Batch normalisation of rows: one value of each feature for each example.
BATCH_NORM: Final = replace(
    IMAGES,
    letters=({"b": 7, "k": 4, "h": 1, "w": 1},),
    slots=tuple(
        replace(slot, layouts=("(b h w) k",) if slot.parts[0].axes != "k" else ("k",)) for slot in IMAGES.slots
    ),
)


def pieces(left: Fraction, low: Fraction, right: Fraction, high: Fraction) -> Activation:
    """The identity from ``low`` to ``high``, with other slopes to the left and to the right of these."""
    numbers = (Rational(e.numerator, e.denominator) for e in (left, low, right, high))
    first, lower, last, upper = numbers
    below, above = step(lower - u) * (first - 1), step(u - upper) * (last - 1)
    name = f"piecewise({left}, {low}, {right}, {high})"
    return Activation(name, u + below * (u - lower) + above * (u - upper), name, 1 + below + above)


__all__ = ["BATCH_NORM", "LOG_SOFTMAX", "SOFTMAX", "activated", "alone", "pieces", "srelu"]
