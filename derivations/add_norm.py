r"""A sum and its norm in one step, and what they send back

What a sublayer makes is added to the stream, and the sum is normalised, here by RMSNorm. In post-norm only the normalised sum
goes on; in pre-norm the sum goes on beside it, and what comes back to it there is not normalised but added.

Source: R. Xiong et al., On Layer Normalization in the Transformer Architecture, 2020, table 1 (post-norm and pre-norm, with
LayerNorm); the norm is that of B. Zhang and R. Sennrich, Root Mean Square Layer Normalization, 2019.
"""

from sympy import Symbol

from backproof.derivations import rms_norm
from backproof.derive.calc import calc, without
from backproof.derive.reasons import both, chain_rule, definition, differentiation, sifting, theorem
from backproof.derive.registry import derivation
from backproof.networks.own import any_function, axes, given, network, quantities, total
from backproof.surface.terms import C, D, Kron, sqrt

(t, T), (i, N) = axes("t:T i:N")
j = Symbol("j")
u, f, x, s, r, h, o, w, eps, y, v = quantities("u f x s r h o w eps y v")
SUM = (
    u[t, i], f[t, i], w[i], o, given(eps, positive=True),
    (x[t, i], u[t, i] + f[t, i]),
    (s[t], total(x[t, i] ** 2, i) / N),
    (r[t], 1 / sqrt(s[t] + eps)),
    (h[t, i], x[t, i] * r[t]),
    (y[t, i], (o + w[i]) * h[t, i]),
)  # fmt: skip
LETTERS = {h: r"\hat{x}", eps: r"\varepsilon"}
LEGEND = {
    u: "the stream that comes in", f: "what the sublayer makes", x: "their sum", s: "its mean square",
    r: "one over the root", h: "the normalised sum", w: "the weights", o: "the offset", eps: "a small number",
    y: "the outputs of the norm", v: "the stream that goes on",
}  # fmt: skip

post_norm = network("a sum and its norm", (t, i), *SUM, (C, any_function(y[t, i])), letters=LETTERS, legend=LEGEND)
pre_norm = network(
    "a sum, and its norm beside it", (t, i), *SUM, (v[t, i], x[t, i]), (C, any_function(y[t, i], v[t, i])),
    letters=LETTERS, legend=LEGEND,
)  # fmt: skip


def through_the_norm(unit):
    """What comes back from the outputs of the norm, for a unit of the sum."""
    shared = x[t, unit] * r[t] ** 2 * total((o + w[i]) * D(C, y[t, i]) * x[t, i], i) / N
    return r[t] * ((o + w[unit]) * D(C, y[t, unit]) - shared)


@derivation("post-norm-sublayer", "Post-norm: the partial derivative with respect to what the sublayer makes")
def post_sublayer(net=post_norm):
    return calc(
        net, D(C, f[t, j]),
        (D(C, x[t, j]) * D(x[t, j], f[t, j]),                                chain_rule(through=x[t, i])),
        (D(C, x[t, j]),                                                      both(definition(x[t, j]), differentiation)),
        (through_the_norm(j),                                                theorem(rms_norm.dx_from_outputs(net))),
    )


@derivation("post-norm-stream", "Post-norm: the partial derivative with respect to the stream")
def post_stream(net=post_norm):
    return calc(
        net, D(C, u[t, j]),
        (D(C, x[t, j]) * D(x[t, j], u[t, j]),                                chain_rule(through=x[t, i])),
        (D(C, x[t, j]),                                                      both(definition(x[t, j]), differentiation)),
        (through_the_norm(j),                                                theorem(rms_norm.dx_from_outputs(net))),
    )


@derivation("pre-norm-sum", "Pre-norm: the partial derivative with respect to the sum")
def pre_sum(net=pre_norm):
    return without(
        calc(
            net, D(C, x[t, j]),
            (D(C, v[t, j]) + total(D(C, h[t, i]) * D(h[t, i], x[t, j]), i),  chain_rule(through=(h[t, i], v[t, i]))),
            (D(C, v[t, j]) + total(D(C, h[t, i]) * (Kron(i, j) * r[t] - x[t, i] * r[t] ** 3 * x[t, j] / N), i),
                                                                             theorem(rms_norm.jacobian(net))),
            (D(C, v[t, j]) + r[t] * (D(C, h[t, j]) - x[t, j] * r[t] ** 2 * total(D(C, h[t, i]) * x[t, i], i) / N), sifting),
            (D(C, v[t, j]) + through_the_norm(j),                            theorem(rms_norm.dh(net))),
        ),
        rms_norm.square(net), rms_norm.root(net),
    )


@derivation("pre-norm-sublayer", "Pre-norm: the partial derivative with respect to what the sublayer makes")
def pre_sublayer(net=pre_norm):
    return calc(
        net, D(C, f[t, j]),
        (D(C, x[t, j]) * D(x[t, j], f[t, j]),                                chain_rule(through=x[t, i])),
        (D(C, x[t, j]),                                                      both(definition(x[t, j]), differentiation)),
        (D(C, v[t, j]) + through_the_norm(j),                                theorem(pre_sum(net))),
    )


@derivation("pre-norm-stream", "Pre-norm: the partial derivative with respect to the stream")
def pre_stream(net=pre_norm):
    return calc(
        net, D(C, u[t, j]),
        (D(C, x[t, j]) * D(x[t, j], u[t, j]),                                chain_rule(through=x[t, i])),
        (D(C, x[t, j]),                                                      both(definition(x[t, j]), differentiation)),
        (D(C, v[t, j]) + through_the_norm(j),                                theorem(pre_sum(net))),
    )
