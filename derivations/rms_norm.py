r"""RMSNorm, and what it sends back

The root of the mean square of the features divides them, and a gain $o+w_i$ that all positions $t$ share scales the
result. The offset $o$ is a number, 0 or 1: with $o=1$ weights near 0 leave the features as they are.

Source: B. Zhang and R. Sennrich, Root Mean Square Layer Normalization, 2019, equation 4 (the layer, without an offset) and
section 4.1 (its derivatives).
"""

from sympy import Symbol

from backproof.derive.calc import calc, without
from backproof.derive.reasons import both, chain_rule, definition, differentiation, sifting, theorem
from backproof.derive.registry import derivation
from backproof.networks.own import any_function, axes, given, network, quantities, total
from backproof.surface.terms import C, D, Kron, sqrt

(t, T), (i, N) = axes("t:T i:N")
j = Symbol("j")
x, s, r, h, o, w, eps, y = quantities("x s r h o w eps y")

rms_norm = network(
    "RMSNorm", (t, i),
    x[t, i], w[i], o, given(eps, positive=True),
    (s[t], total(x[t, i] ** 2, i) / N),
    (r[t], 1 / sqrt(s[t] + eps)),
    (h[t, i], x[t, i] * r[t]),
    (y[t, i], (o + w[i]) * h[t, i]),
    (C, any_function(y[t, i])),
    letters={h: r"\hat{x}", eps: r"\varepsilon"},
    legend={
        x: "the inputs", s: "their mean square", r: "one over its root", h: "the normalised inputs", w: "the weights",
        o: "the offset, the same for all weights", eps: "a small number", y: "the outputs",
    },
)  # fmt: skip


@derivation("rms-norm-weights", "RMSNorm: the partial derivative with respect to a weight")
def dw(net=rms_norm):
    return calc(
        net, D(C, w[j]),
        (total(D(C, y[t, i]) * D(y[t, i], w[j]), t, i),                      chain_rule(through=y[t, i])),
        (total(D(C, y[t, j]) * h[t, j], t),                                  both(definition(y[t, i]), differentiation, sifting)),
        (total(D(C, y[t, j]) * x[t, j] * r[t], t),                           definition(h[t, j])),
    )


@derivation("rms-norm-normalised", "RMSNorm: the partial derivative with respect to a normalised input")
def dh(net=rms_norm):
    return calc(
        net, D(C, h[t, j]),
        (total(D(C, y[t, i]) * D(y[t, i], h[t, j]), i),                      chain_rule(through=y[t, i])),
        ((o + w[j]) * D(C, y[t, j]),                                         both(definition(y[t, i]), differentiation, sifting)),
    )


@derivation("rms-norm-root", "One over the root of the mean square with respect to an input")
def by_input(net=rms_norm):
    return calc(
        net, D(r[t], x[t, j]),
        (-r[t] ** 3 * D(s[t], x[t, j]) / 2,                                  both(definition(r[t]), differentiation)),
        (-r[t] ** 3 * x[t, j] / N,                                           both(definition(s[t]), differentiation, sifting)),
    )


@derivation("rms-norm-jacobian", "A feature over the root with respect to an input")
def jacobian(net=rms_norm):
    return calc(
        net, D(h[t, i], x[t, j]),
        (Kron(i, j) * r[t] + x[t, i] * D(r[t], x[t, j]),                     both(definition(h[t, i]), differentiation)),
        (Kron(i, j) * r[t] - x[t, i] * r[t] ** 3 * x[t, j] / N,              theorem(by_input(net))),
    )


@derivation("rms-norm-square", "What is under the root of RMSNorm is positive")
def square(net=rms_norm):
    return calc(
        net, s[t] + eps,
        (total(x[t, i] ** 2, i) / N + eps,                                   definition(s[t])),
    )


@derivation("rms-norm-root-positive", "The root of RMSNorm is positive")
def root(net=rms_norm):
    return calc(
        net, sqrt(s[t] + eps),
        (sqrt(total(x[t, i] ** 2, i) / N + eps),                             definition(s[t])),
    )


@derivation("rms-norm-input", "RMSNorm: the partial derivative with respect to an input")
def dx(net=rms_norm):
    g = D(C, h[t, i])
    return without(
        calc(
            net, D(C, x[t, j]),
            (total(g * D(h[t, i], x[t, j]), i),                              chain_rule(through=h[t, i])),
            (total(g * (Kron(i, j) * r[t] - x[t, i] * r[t] ** 3 * x[t, j] / N), i), theorem(jacobian(net))),
            (r[t] * (D(C, h[t, j]) - x[t, j] * r[t] ** 2 * total(g * x[t, i], i) / N), sifting),
        ),
        square(net), root(net),
    )


@derivation("rms-norm-input-from-outputs", "RMSNorm: the partial derivative with respect to an input, from those by the outputs")
def dx_from_outputs(net=rms_norm):
    back = (o + w[j]) * D(C, y[t, j]) - x[t, j] * r[t] ** 2 * total((o + w[i]) * D(C, y[t, i]) * x[t, i], i) / N
    return calc(
        net, D(C, x[t, j]),
        (r[t] * (D(C, h[t, j]) - x[t, j] * r[t] ** 2 * total(D(C, h[t, i]) * x[t, i], i) / N), theorem(dx(net))),
        (r[t] * back,                                                        theorem(dh(net))),
    )
