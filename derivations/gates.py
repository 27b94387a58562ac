r"""Gated units, and what they send back

Two linear maps of the same inputs; the one goes through an activation $\sigma$ and gates the other. With $x/(1+e^{-x})$, the
SiLU, the unit is called SwiGLU; with $x\Phi(x)$, the GELU, it is called GeGLU. GELU is often computed by a formula with a
hyperbolic tangent, in which $\kappa$ is $\sqrt{2/\pi}$ and $\alpha$ is 0.044715; what is said of it holds for any two numbers.

Source: N. Shazeer, GLU Variants Improve Transformer, 2020, equations 5 and 6 (the units); D. Hendrycks and K. Gimpel,
Gaussian error linear units (GELUs), 2016, section 2 (the SiLU, the GELU and how it is approximated).
"""

from sympy import Symbol

from backproof.derive.calc import calc, entrywise
from backproof.derive.reasons import algebra, both, chain_rule, definition, differentiation, reworded, sifting, theorem
from backproof.derive.registry import derivation
from backproof.networks.own import any_function, axes, function, network, quantities, total
from backproof.surface.terms import C, D, Dot, Hadamard, Phi, Transposed, exp, phi

(t, T), (i, N), (f, F) = axes("t:T i:N f:F")
p, q, z = Symbol("p"), Symbol("q"), Symbol("u")
x, W, V, g, u, h, s, y, v, r, kappa, alpha = quantities("x W V g u h s y v r kappa alpha")
sigma = function("sigma")


def gated(title, sigma_of=None):
    return network(
        title, (t, i, f),
        x[t, i], W[f, i], V[f, i],
        (g[t, f], total(W[f, i] * x[t, i], i)),
        (u[t, f], total(V[f, i] * x[t, i], i)),
        (h[t, f], sigma(g[t, f]) * u[t, f]),
        (C, any_function(h[t, f])),
        functions={} if sigma_of is None else {"sigma": sigma_of},
        letters={"sigma": r"\sigma"},
        legend={
            x: "the inputs", W: "the weights of the gates", V: "the weights of what is gated", g: "the gates",
            u: "what is gated", h: "the outputs",
        },
    )  # fmt: skip


unit, swiglu, geglu = gated("a gated unit"), gated("SwiGLU", z / (1 + exp(-z))), gated("GeGLU", z * Phi(z))

silu = network(
    "SiLU", (t, i),
    x[t, i],
    (s[t, i], 1 / (1 + exp(-x[t, i]))),
    (y[t, i], x[t, i] * s[t, i]),
    (C, any_function(y[t, i])),
    legend={x: "the inputs", s: "the logistic function of the inputs", y: "the outputs"},
)  # fmt: skip

gelu = network(
    "GELU", (t, i),
    x[t, i],
    (y[t, i], x[t, i] * Phi(x[t, i])),
    (C, any_function(y[t, i])),
    legend={x: "the inputs", y: "the outputs"},
)  # fmt: skip

gelu_by_tanh = network(
    "GELU by a hyperbolic tangent", (t, i),
    x[t, i], kappa, alpha,
    (v[t, i], kappa * (x[t, i] + alpha * x[t, i] ** 3)),
    (r[t, i], (exp(v[t, i]) - exp(-v[t, i])) / (exp(v[t, i]) + exp(-v[t, i]))),
    (y[t, i], x[t, i] * (1 + r[t, i]) / 2),
    (C, any_function(y[t, i])),
    letters={kappa: r"\kappa", alpha: r"\alpha"},
    legend={
        x: "the inputs", kappa: "a number, usually $\\sqrt{2/\\pi}$", alpha: "a number, usually 0.044715",
        v: "what the hyperbolic tangent is taken of", r: "the hyperbolic tangent of $v$", y: "the outputs",
    },
)  # fmt: skip


@derivation("gate-what-is-gated", "A gated unit: the partial derivative with respect to what is gated")
def gated_input(net=unit):
    return calc(
        net, D(C, u[t, q]),
        (total(D(C, h[t, f]) * D(h[t, f], u[t, q]), f),                      chain_rule(through=h[t, f])),
        (D(C, h[t, q]) * sigma(g[t, q]),                                     both(definition(h[t, f]), differentiation, sifting)),
    )


@derivation("gate", "A gated unit: the partial derivative with respect to a gate")
def gate(net=unit):
    return calc(
        net, D(C, g[t, q]),
        (total(D(C, h[t, f]) * D(h[t, f], g[t, q]), f),                      chain_rule(through=h[t, f])),
        (D(C, h[t, q]) * u[t, q] * sigma(g[t, q], 1),                        both(definition(h[t, f]), differentiation, sifting)),
    )


@derivation("gate-array", "A gated unit: all gates of one position")
def gates(net=unit):
    return entrywise(
        net, D(C, g[t]), Hadamard(Hadamard(D(C, h[t]), u[t]), sigma(g[t], 1)), (q,),
        (D(C, h[t, q]) * u[t, q] * sigma(g[t, q], 1),                        theorem(gate())),
    )


@derivation("gate-weight", "A gated unit: the partial derivative with respect to a weight of a gate")
def gate_weight(net=unit):
    return calc(
        net, D(C, W[p, q]),
        (total(D(C, g[t, f]) * D(g[t, f], W[p, q]), t, f),                   chain_rule(through=g[t, f])),
        (total(D(C, g[t, p]) * x[t, q], t),                                  both(definition(g[t, f]), differentiation, sifting)),
    )


@derivation("gate-weights", "A gated unit: all weights of the gates")
def gate_weights(net=unit):
    return entrywise(
        net, D(C, W), Dot(Transposed(D(C, g)), x), (p, q),
        (total(D(C, g[t, p]) * x[t, q], t),                                  theorem(gate_weight())),
    )


@derivation("gate-other-weight", "A gated unit: the partial derivative with respect to a weight of what is gated")
def other_weight(net=unit):
    return calc(
        net, D(C, V[p, q]),
        (total(D(C, u[t, f]) * D(u[t, f], V[p, q]), t, f),                   chain_rule(through=u[t, f])),
        (total(D(C, u[t, p]) * x[t, q], t),                                  both(definition(u[t, f]), differentiation, sifting)),
    )


@derivation("gate-input", "A gated unit: the partial derivative with respect to an input")
def by_input(net=unit):
    """Both maps send something back."""
    return calc(
        net, D(C, x[t, q]),
        (total(D(C, g[t, f]) * W[f, q] + D(C, u[t, f]) * V[f, q], f),        chain_rule(through=(g[t, f], u[t, f]))),
    )


@derivation("gate-inputs", "A gated unit: all inputs of one position")
def inputs(net=unit):
    return entrywise(
        net, D(C, x[t]), Dot(Transposed(W), D(C, g[t])) + Dot(Transposed(V), D(C, u[t])), (q,),
        (total(D(C, g[t, f]) * W[f, q] + D(C, u[t, f]) * V[f, q], f),        theorem(by_input())),
    )


@derivation("silu-slope", "SiLU: an output with respect to its input")
def silu_slope(net=silu):
    return calc(
        net, D(y[t, q], x[t, q]),
        (s[t, q] + x[t, q] * D(s[t, q], x[t, q]),                            both(definition(y[t, q]), differentiation)),
        (s[t, q] + x[t, q] * exp(-x[t, q]) / (1 + exp(-x[t, q])) ** 2,       both(definition(s[t, q]), differentiation)),
        (s[t, q] + x[t, q] / (1 + exp(-x[t, q])) * (1 - 1 / (1 + exp(-x[t, q]))), algebra),
        (s[t, q] * (1 + x[t, q] * (1 - s[t, q])),                            definition(s[t, q])),
    )


@derivation("silu-input", "SiLU: the partial derivative with respect to an input")
def silu_input(net=silu):
    return calc(
        net, D(C, x[t, q]),
        (total(D(C, y[t, i]) * D(y[t, i], x[t, q]), i),                      chain_rule(through=y[t, i])),
        (D(C, y[t, q]) * D(y[t, q], x[t, q]),                                sifting),
        (D(C, y[t, q]) * s[t, q] * (1 + x[t, q] * (1 - s[t, q])),            theorem(silu_slope())),
    )


@derivation("gelu-input", "GELU: the partial derivative with respect to an input")
def gelu_input(net=gelu):
    return calc(
        net, D(C, x[t, q]),
        (total(D(C, y[t, i]) * D(y[t, i], x[t, q]), i),                      chain_rule(through=y[t, i])),
        (D(C, y[t, q]) * (Phi(x[t, q]) + x[t, q] * phi(x[t, q])),            both(definition(y[t, i]), differentiation, sifting)),
    )


@derivation("gelu-tanh-slope", "The hyperbolic tangent in the GELU with respect to the input")
def tanh_slope(net=gelu_by_tanh):
    e, f = exp(v[t, q]), exp(-v[t, q])
    return calc(
        net, D(r[t, q], x[t, q]),
        (((e + f) ** 2 - (e - f) ** 2) / (e + f) ** 2 * D(v[t, q], x[t, q]), both(definition(r[t, q]), differentiation)),
        ((1 - ((e - f) / (e + f)) ** 2) * D(v[t, q], x[t, q]),               algebra),
        ((1 - r[t, q] ** 2) * D(v[t, q], x[t, q]),                           definition(r[t, q])),
        ((1 - r[t, q] ** 2) * kappa * (1 + 3 * alpha * x[t, q] ** 2),        both(definition(v[t, q]), differentiation)),
    )


@derivation("gelu-tanh-input", "GELU by a hyperbolic tangent: the partial derivative with respect to an input")
def gelu_by_tanh_input(net=gelu_by_tanh):
    return calc(
        net, D(C, x[t, q]),
        (total(D(C, y[t, i]) * D(y[t, i], x[t, q]), i),                      chain_rule(through=y[t, i])),
        (D(C, y[t, q]) * (1 + r[t, q] + x[t, q] * D(r[t, q], x[t, q])) / 2,  both(definition(y[t, i]), differentiation, sifting)),
        (D(C, y[t, q]) * (1 + r[t, q] + x[t, q] * (1 - r[t, q] ** 2) * kappa * (1 + 3 * alpha * x[t, q] ** 2)) / 2,
                                                                             theorem(tanh_slope())),
    )


@derivation("swiglu-gate", "SwiGLU: the partial derivative with respect to a gate")
def swiglu_gate(net=swiglu):
    s = 1 / (1 + exp(-g[t, q]))
    return calc(
        net, D(C, g[t, q]),
        (D(C, h[t, q]) * u[t, q] * sigma(g[t, q], 1),                        theorem(gate())),
        (D(C, h[t, q]) * u[t, q] * D(sigma(g[t, q]), g[t, q]),               reworded(differentiation, "what the prime means")),
        (D(C, h[t, q]) * u[t, q] * D(g[t, q] * s, g[t, q]),                  definition(sigma(g[t, q]))),
        (D(C, h[t, q]) * u[t, q] * (s + g[t, q] * exp(-g[t, q]) * s**2),     differentiation),
        (D(C, h[t, q]) * u[t, q] * s * (1 + g[t, q] * (1 - s)),              algebra),
    )


@derivation("geglu-gate", "GeGLU: the partial derivative with respect to a gate")
def geglu_gate(net=geglu):
    return calc(
        net, D(C, g[t, q]),
        (D(C, h[t, q]) * u[t, q] * sigma(g[t, q], 1),                        theorem(gate())),
        (D(C, h[t, q]) * u[t, q] * D(sigma(g[t, q]), g[t, q]),               reworded(differentiation, "what the prime means")),
        (D(C, h[t, q]) * u[t, q] * D(g[t, q] * Phi(g[t, q]), g[t, q]),       definition(sigma(g[t, q]))),
        (D(C, h[t, q]) * u[t, q] * (Phi(g[t, q]) + g[t, q] * phi(g[t, q])),  differentiation),
    )
