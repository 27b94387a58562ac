r"""Normalisation, and what it sends back

LayerNorm takes the mean $\mu_t$ of the features off, divides by the root of their variance, and scales and shifts the
result by parameters that all positions $t$ share.

Source: J. L. Ba, J. R. Kiros, G. E. Hinton, Layer Normalization, 2016 (the layer); S. Ioffe and C. Szegedy, Batch
Normalization, 2015, section 3 (the form of the result).
"""

from sympy import Symbol

from backproof.derive.calc import calc, without
from backproof.derive.reasons import algebra, both, chain_rule, definition, differentiation, sifting, theorem
from backproof.derive.registry import derivation
from backproof.networks.own import any_function, axes, given, network, quantities, total
from backproof.surface.terms import C, D, Kron, sqrt

(t, T), (i, N) = axes("t:T i:N")
j = Symbol("j")
x, mu, c, v, r, h, gamma, beta, eps, y = quantities("x mu c v r h gamma beta eps y")

layer_norm = network(
    "layer normalisation", (t, i),
    x[t, i], gamma[i], beta[i], given(eps, positive=True),
    (mu[t], total(x[t, i], i) / N),
    (c[t, i], x[t, i] - mu[t]),
    (v[t], total(c[t, i] ** 2, i) / N),
    (r[t], 1 / sqrt(v[t] + eps)),
    (h[t, i], c[t, i] * r[t]),
    (y[t, i], gamma[i] * h[t, i] + beta[i]),
    (C, any_function(y[t, i])),
    letters={h: r"\hat{x}", eps: r"\varepsilon"},
    legend={
        x: "the inputs", mu: "their mean", c: "what they differ from it", v: "their variance", r: "one over its root",
        h: "the normalised inputs", gamma: "the scale", beta: "the shift", eps: "a small number", y: "the outputs",
    },
)  # fmt: skip


@derivation("layer-norm-shift", "LayerNorm: the partial derivative with respect to the shift")
def shift(net=layer_norm):
    return calc(
        net, D(C, beta[j]),
        (total(D(C, y[t, i]) * D(y[t, i], beta[j]), t, i),                   chain_rule(through=y[t, i])),
        (total(D(C, y[t, j]), t),                                            both(definition(y[t, i]), differentiation, sifting)),
    )


@derivation("layer-norm-scale", "LayerNorm: the partial derivative with respect to the scale")
def scale(net=layer_norm):
    return calc(
        net, D(C, gamma[j]),
        (total(D(C, y[t, i]) * D(y[t, i], gamma[j]), t, i),                  chain_rule(through=y[t, i])),
        (total(D(C, y[t, j]) * h[t, j], t),                                  both(definition(y[t, i]), differentiation, sifting)),
    )


@derivation("layer-norm-centred", "The deviations sum to 0")
def centred(net=layer_norm):
    return calc(
        net, total(c[t, i], i),
        (total(x[t, i] - mu[t], i),                                          definition(c[t, i])),
        (total(x[t, i], i) - N * mu[t],                                      algebra),
        (0,                                                                  definition(mu[t])),
    )


@derivation("layer-norm-root", "One over the root with respect to an input")
def by_input(net=layer_norm):
    return calc(
        net, D(r[t], x[t, j]),
        (-r[t] ** 3 * D(v[t], x[t, j]) / 2,                                  both(definition(r[t]), differentiation)),
        (-r[t] ** 3 * total(c[t, i] * D(c[t, i], x[t, j]), i) / N,           both(definition(v[t]), differentiation)),
        (-r[t] ** 3 * total(c[t, i] * (Kron(i, j) - 1 / N), i) / N,          both(definition(c[t, i], mu[t]), differentiation)),
        (-r[t] ** 3 * (c[t, j] - total(c[t, i], i) / N) / N,                 sifting),
        (-r[t] ** 3 * c[t, j] / N,                                           theorem(centred())),
        (-r[t] ** 2 * h[t, j] / N,                                           definition(h[t, j])),
    )


@derivation("layer-norm-jacobian", "A normalised input with respect to an input")
def jacobian(net=layer_norm):
    return calc(
        net, D(h[t, i], x[t, j]),
        (r[t] * D(c[t, i], x[t, j]) + c[t, i] * D(r[t], x[t, j]),            both(definition(h[t, i]), differentiation)),
        (r[t] * (Kron(i, j) - 1 / N) + c[t, i] * D(r[t], x[t, j]),           both(definition(c[t, i], mu[t]), differentiation)),
        (r[t] * (Kron(i, j) - 1 / N) - c[t, i] * r[t] ** 2 * h[t, j] / N,    theorem(by_input())),
        (r[t] * (Kron(i, j) - 1 / N - h[t, i] * h[t, j] / N),                definition(h[t, i])),
    )


@derivation("layer-norm-variance", "What is under the root is positive")
def variance(net=layer_norm):
    return calc(
        net, v[t] + eps,
        (total(c[t, i] ** 2, i) / N + eps,                                   definition(v[t])),
    )


@derivation("layer-norm-root-positive", "The root is positive")
def root(net=layer_norm):
    return calc(
        net, sqrt(v[t] + eps),
        (sqrt(total(c[t, i] ** 2, i) / N + eps),                             definition(v[t])),
    )


@derivation("layer-norm-input", "LayerNorm: the partial derivative with respect to an input")
def dx(net=layer_norm):
    g = D(C, h[t, i])
    return without(
        calc(
            net, D(C, x[t, j]),
            (total(g * D(h[t, i], x[t, j]), i),                              chain_rule(through=h[t, i])),
            (total(g * r[t] * (Kron(i, j) - 1 / N - h[t, i] * h[t, j] / N), i), theorem(jacobian())),
            (r[t] * (D(C, h[t, j]) - total(g, i) / N - h[t, j] * total(g * h[t, i], i) / N), sifting),
        ),
        variance(), root(),
    )
