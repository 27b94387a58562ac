r"""A mixture of experts, and what it sends back to its router

A selector of zeros and ones says which experts $e$ a token $t$ goes to, usually those with the largest scores; in the
backward pass it is a datum. The gates are a softmax over the experts that are selected.

Source: N. Shazeer et al., Outrageously Large Neural Networks: The Sparsely-Gated Mixture-of-Experts Layer, 2017, equations 1
and 3 to 5 (the layer, here without noise).
"""

from sympy import Symbol

from backproof.derive.calc import calc, entrywise, without
from backproof.derive.reasons import algebra, both, chain_rule, definition, differentiation, sifting, theorem
from backproof.derive.registry import derivation
from backproof.networks.own import any_function, axes, network, quantities, total
from backproof.surface.terms import C, D, Dot, Kron, Transposed, exp

(t, T), (e, E), (c, N), (i, M), (w, _) = axes("t:T e:E c:N i:M w:E")
p, q, k = Symbol("p"), Symbol("q"), Symbol("k")
x, R, sel, f, rho, s, Z, g, y = quantities("x R sel f rho s Z g y")

experts = network(
    "a mixture of experts", (t, e, c, i),
    x[t, i], R[e, i], sel[t, e], f[t, e, c],
    (rho[t, e], total(R[e, i] * x[t, i], i)),
    (s[t, e], sel[t, e] * exp(rho[t, e])),
    (Z[t], total(s[t, e], e)),
    (g[t, e], s[t, e] / Z[t]),
    (y[t, c], total(g[t, e] * f[t, e, c], e)),
    (C, any_function(y[t, c])),
    letters={sel: "m", rho: r"\rho"},
    legend={
        x: "the tokens", R: "the weights of the router", sel: "the selector", f: "what the experts make of the tokens",
        rho: "the scores", s: "their exponentials, where the selector is 1", Z: "the sum of these", g: "the gates",
        y: "the outputs",
    },
)  # fmt: skip

one_expert = network(
    "one expert for each token", (w, t, e, c),
    rho[w, t, e], f[w, t, e, c],
    (s[w, t, e], Kron(w, e) * exp(rho[w, t, e])),
    (Z[w, t], total(s[w, t, e], e)),
    (g[w, t, e], s[w, t, e] / Z[w, t]),
    (y[w, t, c], total(g[w, t, e] * f[w, t, e, c], e)),
    (C, any_function(y[w, t, c])),
    letters={rho: r"\rho"},
    legend={
        f: "what the experts make of token $t$ among those that go to expert $w$", rho: "the scores",
        s: "the exponential of the score of expert $w$, 0 for all others", Z: "their sum", g: "the gates", y: "the outputs",
    },
)  # fmt: skip


@derivation("experts-expert", "Experts: the partial derivative with respect to an output of an expert")
def df(net=experts):
    return calc(
        net, D(C, f[t, e, q]),
        (D(C, y[t, q]) * D(y[t, q], f[t, e, q]),                             chain_rule(through=y[t, c])),
        (g[t, e] * D(C, y[t, q]),                                            both(definition(y[t, q]), differentiation, sifting)),
    )


@derivation("experts-gate", "Experts: the partial derivative with respect to a gate")
def dg(net=experts):
    return calc(
        net, D(C, g[t, p]),
        (total(D(C, y[t, c]) * D(y[t, c], g[t, p]), c),                      chain_rule(through=y[t, c])),
        (total(D(C, y[t, c]) * f[t, p, c], c),                               both(definition(y[t, c]), differentiation, sifting)),
    )


@derivation("experts-softmax", "A gate with respect to a score")
def softmax(net=experts):
    return calc(
        net, D(g[t, e], rho[t, p]),
        (D(s[t, e], rho[t, p]) / Z[t] - s[t, e] * D(Z[t], rho[t, p]) / Z[t] ** 2, both(definition(g[t, e]), differentiation)),
        (Kron(e, p) * s[t, e] / Z[t] - s[t, e] * s[t, p] / Z[t] ** 2,        both(definition(Z[t], s[t, e]), differentiation, sifting)),
        (g[t, e] * (Kron(e, p) - g[t, p]),                                   definition(g[t, e])),
    )


@derivation("experts-score", "Experts: the partial derivative with respect to a score of the router")
def drho(net=experts):
    return calc(
        net, D(C, rho[t, p]),
        (total(D(C, g[t, e]) * D(g[t, e], rho[t, p]), e),                    chain_rule(through=g[t, e])),
        (total(D(C, g[t, e]) * g[t, e] * (Kron(e, p) - g[t, p]), e),         theorem(softmax(net))),
        (g[t, p] * (D(C, g[t, p]) - total(D(C, g[t, e]) * g[t, e], e)),      sifting),
    )


@derivation("experts-router", "Experts: the partial derivative with respect to a weight of the router")
def dR(net=experts):
    return calc(
        net, D(C, R[p, k]),
        (total(D(C, rho[t, e]) * D(rho[t, e], R[p, k]), t, e),               chain_rule(through=rho[t, e])),
        (total(D(C, rho[t, p]) * x[t, k], t),                                both(definition(rho[t, e]), differentiation, sifting)),
    )


@derivation("experts-router-matrix", "Experts: the partial derivatives with respect to all weights of the router")
def dR_matrix(net=experts):
    return entrywise(
        net, D(C, R), Dot(Transposed(D(C, rho)), x), (p, k),
        (total(D(C, rho[t, p]) * x[t, k], t),                                theorem(dR(net))),
    )


@derivation("experts-gates", "The gates of a token sum to 1")
def sum_of_gates(net=experts):
    return calc(
        net, total(g[t, e], e),
        (total(s[t, e], e) / Z[t],                                           definition(g[t, e])),
        (1,                                                                  definition(Z[t])),
    )


@derivation("experts-differences", "A score of the router, by differences between experts")
def differences(net=experts):
    """What a score is told is how its own expert compares with the others that are selected."""
    return calc(
        net, D(C, rho[t, p]),
        (g[t, p] * (D(C, g[t, p]) - total(D(C, g[t, e]) * g[t, e], e)),      theorem(drho(net))),
        (g[t, p] * (D(C, g[t, p]) * total(g[t, e], e) - total(D(C, g[t, e]) * g[t, e], e)), theorem(sum_of_gates(net))),
        (g[t, p] * total(g[t, e] * (D(C, g[t, p]) - D(C, g[t, e])), e),      algebra),
    )


@derivation("experts-one-gate", "One expert: the gate of a token")
def one_gate(net=one_expert):
    return calc(
        net, g[w, t, e],
        (s[w, t, e] / Z[w, t],                                               definition(g[w, t, e])),
        (Kron(w, e) * exp(rho[w, t, e]) / total(Kron(w, e) * exp(rho[w, t, e]), e), definition(Z[w, t], s[w, t, e])),
        (Kron(w, e) * exp(rho[w, t, e]) / exp(rho[w, t, w]),                 sifting),
        (Kron(w, e),                                                         algebra),
    )


@derivation("experts-one-sum", "One expert: the sum of the exponentials")
def one_sum(net=one_expert):
    return calc(
        net, Z[w, t],
        (total(Kron(w, e) * exp(rho[w, t, e]), e),                           definition(Z[w, t], s[w, t, e])),
        (exp(rho[w, t, w]),                                                  sifting),
    )


@derivation("experts-one-exponential", "One expert: the partial derivative with respect to the exponential")
def one_exponential(net=one_expert):
    own = D(C, g[w, t, w])
    return without(
        calc(
            net, D(C, s[w, t, w]),
            (total(D(C, g[w, t, e]) * D(g[w, t, e], s[w, t, w]), e),         chain_rule(through=g[w, t, e])),
            (total(D(C, g[w, t, e]) * (Kron(e, w) / Z[w, t] - s[w, t, e] / Z[w, t] ** 2), e),
                                                                             both(definition(g[w, t, e], Z[w, t]), differentiation, sifting)),
            (own / Z[w, t] - total(D(C, g[w, t, e]) * s[w, t, e], e) / Z[w, t] ** 2, sifting),
            (own / Z[w, t] - own * exp(rho[w, t, w]) / Z[w, t] ** 2,         both(definition(s[w, t, e]), sifting)),
            (0,                                                              theorem(one_sum(net))),
        ),
        one_sum(net),
    )


@derivation("experts-one-score", "One expert: its router learns nothing")
def one_score(net=one_expert):
    return calc(
        net, D(C, rho[w, t, p]),
        (Kron(w, p) * D(C, s[w, t, w]) * exp(rho[w, t, w]),                  both(chain_rule(through=s[e, t, e]), definition(s[w, t, p]), differentiation)),
        (0,                                                                  theorem(one_exponential(net))),
    )
