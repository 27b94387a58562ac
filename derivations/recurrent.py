r"""A recurrent layer, and what it sends back through time

All times $t$ share their weights; the state goes on from one to the next. So a partial derivative with respect to a weight is a sum over
time, and what the state sends back comes from its own output and from the time after.

Source: P. J. Werbos, Backpropagation Through Time, 1990, section III.
"""

from sympy import Symbol

from backproof.derive.calc import calc
from backproof.derive.reasons import both, chain_rule, definition, differentiation, sifting
from backproof.derive.registry import derivation
from backproof.networks.own import any_function, axes, function, network, quantities, total
from backproof.surface.terms import C, D

(t, T), (i, N), (j, _), (k, K), (m, M) = axes("t:T i:N j:N k:K m:M")
p, q = Symbol("p"), Symbol("q")
x, W, U, V, b, z, h, y = quantities("x W U V b z h y")
tau = function("tau")

recurrent = network(
    "a recurrent layer", (t, i, j, k, m),
    x[t, k], W[i, j], U[i, k], V[m, i], b[i], h[0, i],
    (z[t, i], total(W[i, j] * h[t - 1, j], j) + total(U[i, k] * x[t, k], k) + b[i]),
    (h[t, i], tau(z[t, i])),
    (y[t, m], total(V[m, i] * h[t, i], i)),
    (C, any_function(y[t, m])),
    letters={"tau": r"\tau"},
    legend={
        x: "the inputs", W: "the weights from state to state", U: "those of the inputs", V: "those of the outputs",
        b: "the bias", z: "the weighted inputs", h: "the state", y: "the outputs",
    },
)  # fmt: skip


@derivation("recurrent-state", "What the state sends back, before the last time")
def state(net=recurrent):
    return calc(
        net, D(C, h[t, q]),
        (total(D(C, z[t + 1, i]) * W[i, q], i) + total(D(C, y[t, m]) * V[m, q], m), chain_rule(through=(z[t + 1, i], y[t, m]))),
    )


@derivation("recurrent-last-state", "What the last state sends back")
def last(net=recurrent):
    return calc(
        net, D(C, h[T, q]),
        (total(D(C, y[T, m]) * D(y[T, m], h[T, q]), m),                      chain_rule(through=y[T, m])),
        (total(D(C, y[T, m]) * V[m, q], m),                                  both(definition(y[T, m]), differentiation, sifting)),
    )


@derivation("recurrent-weighted-input", "The error of a unit")
def error(net=recurrent):
    return calc(
        net, D(C, z[t, p]),
        (total(D(C, h[t, i]) * D(h[t, i], z[t, p]), i),                      chain_rule(through=h[t, i])),
        (D(C, h[t, p]) * tau(z[t, p], 1),                                    both(definition(h[t, i]), differentiation, sifting)),
    )


@derivation("recurrent-weights", "The partial derivative with respect to a weight that all times share")
def weights(net=recurrent):
    return calc(
        net, D(C, W[p, q]),
        (total(D(C, z[t, p]) * h[t - 1, q], t),                              chain_rule(through=z[t, i])),
    )


@derivation("recurrent-input-weights", "The partial derivative with respect to a weight of the inputs")
def input_weights(net=recurrent):
    return calc(
        net, D(C, U[p, q]),
        (total(D(C, z[t, p]) * x[t, q], t),                                  chain_rule(through=z[t, i])),
    )


@derivation("recurrent-bias", "The partial derivative with respect to a bias")
def bias(net=recurrent):
    return calc(
        net, D(C, b[p]),
        (total(D(C, z[t, p]), t),                                            chain_rule(through=z[t, i])),
    )
