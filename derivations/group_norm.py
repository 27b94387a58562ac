r"""GroupNorm, and what it sends back

The channels are in groups: channel $k$ of group $g$. Mean and variance are those of one group of one example, over its
channels and their positions $p$; scale and shift are those of a channel. One group makes it a LayerNorm of all channels, one
channel in each group an InstanceNorm.

Source: Y. Wu and K. He, Group Normalization, 2018, equations 1, 2 and 7 (the layer); the derivatives are those of BatchNorm
(S. Ioffe and C. Szegedy, 2015, section 3) over another set.
"""

from sympy import Symbol

from backproof.derive.calc import calc, without
from backproof.derive.reasons import both, chain_rule, definition, differentiation, sifting, theorem
from backproof.derive.registry import derivation
from backproof.networks.own import any_function, axes, given, network, quantities, total
from backproof.surface.terms import C, D, Kron, sqrt

(b, B), (g, G), (k, K), (p, P) = axes("b:B g:G k:K p:P")
m, q = Symbol("m"), Symbol("q")
x, mu, c, v, r, h, gamma, beta, eps, y = quantities("x mu c v r h gamma beta eps y")

group_norm = network(
    "group normalisation", (b, g, k, p),
    x[b, g, k, p], gamma[g, k], beta[g, k], given(eps, positive=True),
    (mu[b, g], total(x[b, g, k, p], k, p) / (K * P)),
    (c[b, g, k, p], x[b, g, k, p] - mu[b, g]),
    (v[b, g], total(c[b, g, k, p] ** 2, k, p) / (K * P)),
    (r[b, g], 1 / sqrt(v[b, g] + eps)),
    (h[b, g, k, p], c[b, g, k, p] * r[b, g]),
    (y[b, g, k, p], gamma[g, k] * h[b, g, k, p] + beta[g, k]),
    (C, any_function(y[b, g, k, p])),
    letters={h: r"\hat{x}", eps: r"\varepsilon"},
    legend={
        x: "the inputs", mu: "the mean of a group", c: "what the inputs differ from it", v: "the variance of a group",
        r: "one over its root", h: "the normalised inputs", gamma: "the scale of a channel", beta: "its shift",
        eps: "a small number", y: "the outputs",
    },
)  # fmt: skip


@derivation("group-norm-shift", "GroupNorm: the partial derivative with respect to the shift of a channel")
def shift(net=group_norm):
    return calc(
        net, D(C, beta[g, m]),
        (total(D(C, y[b, g, k, p]) * D(y[b, g, k, p], beta[g, m]), b, k, p), chain_rule(through=y[b, g, k, p])),
        (total(D(C, y[b, g, m, p]), b, p),                                   both(definition(y[b, g, k, p]), differentiation, sifting)),
    )


@derivation("group-norm-scale", "GroupNorm: the partial derivative with respect to the scale of a channel")
def scale(net=group_norm):
    return calc(
        net, D(C, gamma[g, m]),
        (total(D(C, y[b, g, k, p]) * D(y[b, g, k, p], gamma[g, m]), b, k, p), chain_rule(through=y[b, g, k, p])),
        (total(D(C, y[b, g, m, p]) * h[b, g, m, p], b, p),                   both(definition(y[b, g, k, p]), differentiation, sifting)),
    )


@derivation("group-norm-normalised", "GroupNorm: the partial derivative with respect to a normalised input")
def dh(net=group_norm):
    return calc(
        net, D(C, h[b, g, m, q]),
        (D(C, y[b, g, m, q]) * D(y[b, g, m, q], h[b, g, m, q]),              chain_rule(through=y[b, g, k, p])),
        (gamma[g, m] * D(C, y[b, g, m, q]),                                  both(definition(y[b, g, m, q]), differentiation)),
    )


@derivation("group-norm-deviation", "A deviation in the group with respect to an input")
def deviation(net=group_norm):
    return calc(
        net, D(c[b, g, k, p], x[b, g, m, q]),
        (Kron(k, m) * Kron(p, q) - D(mu[b, g], x[b, g, m, q]),               both(definition(c[b, g, k, p]), differentiation)),
        (Kron(k, m) * Kron(p, q) - 1 / (K * P),                              both(definition(mu[b, g]), differentiation, sifting)),
    )


@derivation("group-norm-root", "One over the root of a group's variance with respect to an input")
def by_input(net=group_norm):
    return calc(
        net, D(r[b, g], x[b, g, m, q]),
        (-r[b, g] ** 3 * D(v[b, g], x[b, g, m, q]) / 2,                      both(definition(r[b, g]), differentiation)),
        (-r[b, g] ** 3 * total(c[b, g, k, p] * D(c[b, g, k, p], x[b, g, m, q]), k, p) / (K * P),
                                                                             both(definition(v[b, g]), differentiation)),
        (-r[b, g] ** 3 * total(c[b, g, k, p] * (Kron(k, m) * Kron(p, q) - 1 / (K * P)), k, p) / (K * P), theorem(deviation(net))),
        (-r[b, g] ** 3 * (c[b, g, m, q] - total(c[b, g, k, p], k, p) / (K * P)) / (K * P), sifting),
        (-r[b, g] ** 3 * (c[b, g, m, q] - (total(x[b, g, k, p], k, p) - K * P * mu[b, g]) / (K * P)) / (K * P), definition(c[b, g, k, p])),
        (-r[b, g] ** 3 * c[b, g, m, q] / (K * P),                            definition(mu[b, g])),
        (-r[b, g] ** 2 * h[b, g, m, q] / (K * P),                            definition(h[b, g, m, q])),
    )


@derivation("group-norm-jacobian", "A normalised input in the group with respect to an input")
def jacobian(net=group_norm):
    unit, here = Kron(k, m) * Kron(p, q), c[b, g, k, p]
    return calc(
        net, D(h[b, g, k, p], x[b, g, m, q]),
        (r[b, g] * D(here, x[b, g, m, q]) + here * D(r[b, g], x[b, g, m, q]), both(definition(h[b, g, k, p]), differentiation)),
        (r[b, g] * (unit - 1 / (K * P)) + here * D(r[b, g], x[b, g, m, q]),  theorem(deviation(net))),
        (r[b, g] * (unit - 1 / (K * P)) - here * r[b, g] ** 2 * h[b, g, m, q] / (K * P), theorem(by_input(net))),
        (r[b, g] * (unit - 1 / (K * P) - h[b, g, k, p] * h[b, g, m, q] / (K * P)), definition(h[b, g, k, p])),
    )


@derivation("group-norm-variance", "What is under the root of a group is positive")
def variance(net=group_norm):
    return calc(
        net, v[b, g] + eps,
        (total(c[b, g, k, p] ** 2, k, p) / (K * P) + eps,                    definition(v[b, g])),
    )


@derivation("group-norm-root-positive", "The root of a group is positive")
def root(net=group_norm):
    return calc(
        net, sqrt(v[b, g] + eps),
        (sqrt(total(c[b, g, k, p] ** 2, k, p) / (K * P) + eps),              definition(v[b, g])),
    )


@derivation("group-norm-input", "GroupNorm: the partial derivative with respect to an input")
def dx(net=group_norm):
    back, scaled, n = D(C, h[b, g, k, p]), gamma[g, k] * D(C, y[b, g, k, p]), K * P
    return without(
        calc(
            net, D(C, x[b, g, m, q]),
            (total(back * D(h[b, g, k, p], x[b, g, m, q]), k, p),            chain_rule(through=h[b, g, k, p])),
            (total(scaled * D(h[b, g, k, p], x[b, g, m, q]), k, p),          theorem(dh(net))),
            (total(scaled * r[b, g] * (Kron(k, m) * Kron(p, q) - 1 / n - h[b, g, k, p] * h[b, g, m, q] / n), k, p),
                                                                             theorem(jacobian(net))),
            (r[b, g] * gamma[g, m] * D(C, y[b, g, m, q]) - r[b, g] * total(scaled, k, p) / n
             - r[b, g] * h[b, g, m, q] * total(scaled * h[b, g, k, p], k, p) / n, sifting),
        ),
        variance(net), root(net),
    )
