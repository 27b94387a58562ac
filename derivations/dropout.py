r"""Dropout, and what it sends back

A mask of zeros and ones, drawn anew for each pass, takes inputs out; the others are divided by the share $1-p$ that stays, so
that nothing is to be done in use. In the backward pass the mask is a datum: the one of the forward pass.

Source: N. Srivastava et al., Dropout, 2014, section 4 (the layer) and section 10 (dividing while training).
"""

from sympy import Symbol

from backproof.derive.calc import calc, entrywise
from backproof.derive.reasons import both, chain_rule, definition, differentiation, sifting, theorem
from backproof.derive.registry import derivation
from backproof.networks.own import any_function, axes, network, quantities, total
from backproof.surface.terms import C, D, Dot, Hadamard, Transposed

(t, T), (i, N), (o, M) = axes("t:T i:N o:M")
j, k = Symbol("j"), Symbol("k")
x, m, p, y, W, z = quantities("x m p y W z")

dropout = network(
    "dropout before a linear layer", (t, i, o),
    x[t, i], m[t, i], p, W[o, i],
    (y[t, i], m[t, i] * x[t, i] / (1 - p)),
    (z[t, o], total(W[o, i] * y[t, i], i)),
    (C, any_function(z[t, o])),
    legend={
        x: "the inputs", m: "the mask", p: "the share of the inputs that is taken out", y: "the inputs that stay",
        W: "the weights of the next layer", z: "its weighted inputs",
    },
)  # fmt: skip


@derivation("dropout-input", "Dropout: the partial derivative with respect to an input")
def dx(net=dropout):
    return calc(
        net, D(C, x[t, j]),
        (D(C, y[t, j]) * D(y[t, j], x[t, j]),                                chain_rule(through=y[t, i])),
        (m[t, j] * D(C, y[t, j]) / (1 - p),                                  both(definition(y[t, j]), differentiation)),
    )


@derivation("dropout-inputs", "Dropout: the partial derivatives with respect to all inputs")
def all_inputs(net=dropout):
    return entrywise(
        net, D(C, x), Hadamard(m, D(C, y)) / (1 - p), (t, j),
        (m[t, j] * D(C, y[t, j]) / (1 - p),                                  theorem(dx(net))),
    )


@derivation("dropout-output", "The partial derivative with respect to an input that may stay")
def dy(net=dropout):
    return calc(
        net, D(C, y[t, j]),
        (total(D(C, z[t, o]) * D(z[t, o], y[t, j]), o),                      chain_rule(through=z[t, o])),
        (total(D(C, z[t, o]) * W[o, j], o),                                  both(definition(z[t, o]), differentiation, sifting)),
    )


@derivation("dropout-weight", "Behind dropout: the partial derivative with respect to a weight")
def dW(net=dropout):
    """It is the inputs that stay which the weights have seen, so it is these that their derivatives are made of."""
    return calc(
        net, D(C, W[k, j]),
        (total(D(C, z[t, o]) * D(z[t, o], W[k, j]), t, o),                   chain_rule(through=z[t, o])),
        (total(D(C, z[t, k]) * y[t, j], t),                                  both(definition(z[t, o]), differentiation, sifting)),
        (total(D(C, z[t, k]) * m[t, j] * x[t, j], t) / (1 - p),              definition(y[t, j])),
    )


@derivation("dropout-weights", "Behind dropout: the partial derivatives with respect to all weights")
def all_weights(net=dropout):
    return entrywise(
        net, D(C, W), Dot(Transposed(D(C, z)), y), (k, j),
        (total(D(C, z[t, k]) * m[t, j] * x[t, j], t) / (1 - p),              theorem(dW(net))),
        (total(D(C, z[t, k]) * y[t, j], t),                                  definition(y[t, j])),
    )
