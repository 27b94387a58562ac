r"""BatchNorm, in training and in use

In training the mean and the variance of a channel $k$ are those of the batch: of all examples $b$ and all positions $p$.
In use they are data, so that nothing goes back through them.

Source: S. Ioffe and C. Szegedy, Batch Normalization, 2015, algorithms 1 and 2 (the layer), section 3 (the derivatives).
"""

from sympy import Symbol

from backproof.derive.calc import calc, without
from backproof.derive.reasons import both, chain_rule, definition, differentiation, sifting, theorem
from backproof.derive.registry import derivation
from backproof.networks.own import any_function, axes, given, network, quantities, total
from backproof.surface.terms import C, D, Kron, sqrt

(b, B), (k, K), (p, P) = axes("b:B k:K p:P")
e, m, q = Symbol("e"), Symbol("m"), Symbol("q")
x, mu, c, v, r, h, gamma, beta, eps, y = quantities("x mu c v r h gamma beta eps y")
LETTERS = {h: r"\hat{x}", eps: r"\varepsilon"}
WORDS = {
    x: "the inputs", r: "one over the root of the variance", h: "the normalised inputs", gamma: "the scale",
    beta: "the shift", eps: "a small number", y: "the outputs",
}  # fmt: skip

training = network(
    "batch normalisation in training", (b, k, p),
    x[b, k, p], gamma[k], beta[k], given(eps, positive=True),
    (mu[k], total(x[b, k, p], b, p) / (B * P)),
    (c[b, k, p], x[b, k, p] - mu[k]),
    (v[k], total(c[b, k, p] ** 2, b, p) / (B * P)),
    (r[k], 1 / sqrt(v[k] + eps)),
    (h[b, k, p], c[b, k, p] * r[k]),
    (y[b, k, p], gamma[k] * h[b, k, p] + beta[k]),
    (C, any_function(y[b, k, p])),
    letters=LETTERS,
    legend={**WORDS, mu: "the mean of a channel", c: "what the inputs differ from it", v: "the variance of a channel"},
)

use = network(
    "batch normalisation in use", (b, k, p),
    x[b, k, p], gamma[k], beta[k], mu[k], v[k], given(eps, positive=True),
    (r[k], 1 / sqrt(v[k] + eps)),
    (h[b, k, p], (x[b, k, p] - mu[k]) * r[k]),
    (y[b, k, p], gamma[k] * h[b, k, p] + beta[k]),
    (C, any_function(y[b, k, p])),
    letters=LETTERS,
    legend={**WORDS, mu: "the mean that was kept for a channel", v: "the variance that was kept"},
)


@derivation("batch-norm-shift", "BatchNorm: the partial derivative with respect to the shift")
def shift(net=training):
    return calc(
        net, D(C, beta[m]),
        (total(D(C, y[b, k, p]) * D(y[b, k, p], beta[m]), b, k, p),          chain_rule(through=y[b, k, p])),
        (total(D(C, y[b, m, p]), b, p),                                      both(definition(y[b, k, p]), differentiation, sifting)),
    )


@derivation("batch-norm-scale", "BatchNorm: the partial derivative with respect to the scale")
def scale(net=training):
    return calc(
        net, D(C, gamma[m]),
        (total(D(C, y[b, k, p]) * D(y[b, k, p], gamma[m]), b, k, p),         chain_rule(through=y[b, k, p])),
        (total(D(C, y[b, m, p]) * h[b, m, p], b, p),                         both(definition(y[b, k, p]), differentiation, sifting)),
    )


@derivation("batch-norm-normalised", "BatchNorm: the partial derivative with respect to a normalised input")
def dh(net=training):
    return calc(
        net, D(C, h[e, k, q]),
        (D(C, y[e, k, q]) * D(y[e, k, q], h[e, k, q]),                       chain_rule(through=y[b, k, p])),
        (gamma[k] * D(C, y[e, k, q]),                                        both(definition(y[e, k, q]), differentiation)),
    )


@derivation("batch-norm-deviation", "A deviation in the batch with respect to an input")
def deviation(net=training):
    return calc(
        net, D(c[b, k, p], x[e, k, q]),
        (Kron(b, e) * Kron(p, q) - D(mu[k], x[e, k, q]),                     both(definition(c[b, k, p]), differentiation)),
        (Kron(b, e) * Kron(p, q) - 1 / (B * P),                              both(definition(mu[k]), differentiation, sifting)),
    )


@derivation("batch-norm-root", "One over the root of a channel's variance with respect to an input")
def by_input(net=training):
    return calc(
        net, D(r[k], x[e, k, q]),
        (-r[k] ** 3 * D(v[k], x[e, k, q]) / 2,                               both(definition(r[k]), differentiation)),
        (-r[k] ** 3 * total(c[b, k, p] * D(c[b, k, p], x[e, k, q]), b, p) / (B * P),
                                                                             both(definition(v[k]), differentiation)),
        (-r[k] ** 3 * total(c[b, k, p] * (Kron(b, e) * Kron(p, q) - 1 / (B * P)), b, p) / (B * P), theorem(deviation(net))),
        (-r[k] ** 3 * (c[e, k, q] - total(c[b, k, p], b, p) / (B * P)) / (B * P), sifting),
        (-r[k] ** 3 * (c[e, k, q] - (total(x[b, k, p], b, p) - B * P * mu[k]) / (B * P)) / (B * P), definition(c[b, k, p])),
        (-r[k] ** 3 * c[e, k, q] / (B * P),                                  definition(mu[k])),
        (-r[k] ** 2 * h[e, k, q] / (B * P),                                  definition(h[e, k, q])),
    )


@derivation("batch-norm-jacobian", "A normalised input in the batch with respect to an input")
def jacobian(net=training):
    unit = Kron(b, e) * Kron(p, q)
    return calc(
        net, D(h[b, k, p], x[e, k, q]),
        (r[k] * D(c[b, k, p], x[e, k, q]) + c[b, k, p] * D(r[k], x[e, k, q]), both(definition(h[b, k, p]), differentiation)),
        (r[k] * (unit - 1 / (B * P)) + c[b, k, p] * D(r[k], x[e, k, q]),     theorem(deviation(net))),
        (r[k] * (unit - 1 / (B * P)) - c[b, k, p] * r[k] ** 2 * h[e, k, q] / (B * P), theorem(by_input(net))),
        (r[k] * (unit - 1 / (B * P) - h[b, k, p] * h[e, k, q] / (B * P)),    definition(h[b, k, p])),
    )


@derivation("batch-norm-variance", "What is under the root of a channel is positive")
def variance(net=training):
    return calc(
        net, v[k] + eps,
        (total(c[b, k, p] ** 2, b, p) / (B * P) + eps,                       definition(v[k])),
    )


@derivation("batch-norm-root-positive", "The root of a channel is positive")
def root(net=training):
    return calc(
        net, sqrt(v[k] + eps),
        (sqrt(total(c[b, k, p] ** 2, b, p) / (B * P) + eps),                 definition(v[k])),
    )


@derivation("batch-norm-input", "BatchNorm in training: the partial derivative with respect to an input")
def dx(net=training):
    g, own = D(C, h[b, k, p]), D(C, y[b, k, p])
    return without(
        calc(
            net, D(C, x[e, k, q]),
            (total(g * D(h[b, k, p], x[e, k, q]), b, p),                     chain_rule(through=h[b, k, p])),
            (total(gamma[k] * own * D(h[b, k, p], x[e, k, q]), b, p),        theorem(dh(net))),
            (total(gamma[k] * own * r[k] * (Kron(b, e) * Kron(p, q) - 1 / (B * P) - h[b, k, p] * h[e, k, q] / (B * P)), b, p),
                                                                             theorem(jacobian(net))),
            (gamma[k] * r[k] * (D(C, y[e, k, q]) - total(own, b, p) / (B * P) - h[e, k, q] * total(own * h[b, k, p], b, p) / (B * P)),
                                                                             sifting),
        ),
        variance(net), root(net),
    )


@derivation("batch-norm-input-in-use", "BatchNorm in use: the partial derivative with respect to an input")
def dx_in_use(net=use):
    return calc(
        net, D(C, x[e, k, q]),
        (D(C, y[e, k, q]) * D(y[e, k, q], x[e, k, q]),                       chain_rule(through=y[b, k, p])),
        (D(C, y[e, k, q]) * gamma[k] * D(h[e, k, q], x[e, k, q]),            both(definition(y[e, k, q]), differentiation)),
        (gamma[k] * r[k] * D(C, y[e, k, q]),                                 both(definition(h[e, k, q]), differentiation)),
    )
