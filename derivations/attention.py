r"""Attention, and what it sends back

Queries look at keys: $P_{ts}$ says how much of value $s$ goes into output $t$. A mask of zeros and ones (causal, padding,
window, any) takes pairs out, a bias is added to the scores.

Source: A. Vaswani et al., Attention Is All You Need, 2017, equation 1 (the layer); T. Dao et al., FlashAttention, 2022,
appendix B.2 (the derivatives).
"""

from sympy import Symbol

from backproof.derive.calc import calc
from backproof.derive.reasons import algebra, both, chain_rule, definition, differentiation, sifting, theorem
from backproof.derive.registry import derivation
from backproof.networks.own import any_function, axes, network, quantities, total
from backproof.surface.terms import C, D, Kron, exp

(b, B), (g, G), (m, M), (t, T), (s, S), (c, H) = axes("b:B g:G m:M t:T s:S c:H")
p, q, u, k = Symbol("p"), Symbol("q"), Symbol("u"), Symbol("k")
Q, K, V, bias, mask, kappa, A, E, Z, P, O = quantities("Q K V bias mask kappa A E Z P O")

attention = network(
    "attention", (b, g, m, t, s, c),
    Q[b, g, m, t, c], K[b, g, s, c], V[b, g, s, c], bias[g, m, t, s], mask[b, t, s], kappa,
    (A[b, g, m, t, s], kappa * total(Q[b, g, m, t, c] * K[b, g, s, c], c) + bias[g, m, t, s]),
    (E[b, g, m, t, s], mask[b, t, s] * exp(A[b, g, m, t, s])),
    (Z[b, g, m, t], total(E[b, g, m, t, s], s)),
    (P[b, g, m, t, s], E[b, g, m, t, s] / Z[b, g, m, t]),
    (O[b, g, m, t, c], total(P[b, g, m, t, s] * V[b, g, s, c], s)),
    (C, any_function(O[b, g, m, t, c])),
    letters={bias: "B", mask: "m", kappa: r"\kappa"},
    legend={
        Q: "the queries, one for each of the members $m$ of a group $g$", K: "the keys, one for a group", V: "the values",
        kappa: "a number, usually $1/\\sqrt{H}$", mask: "the mask", bias: "the bias", A: "the scores",
        E: "their exponentials, where the mask is 1", Z: "the sum of these", P: "the weights", O: "the outputs",
    },
)


@derivation("attention-values", "Attention: the partial derivative with respect to a value")
def dV(net=attention):
    return calc(
        net, D(C, V[b, g, p, q]),
        (total(D(C, O[b, g, m, t, c]) * D(O[b, g, m, t, c], V[b, g, p, q]), m, t, c), chain_rule(through=O[b, g, m, t, c])),
        (total(D(C, O[b, g, m, t, q]) * P[b, g, m, t, p], m, t),             both(definition(O[b, g, m, t, c]), differentiation, sifting)),
    )


@derivation("attention-weights", "Attention: the partial derivative with respect to a weight")
def dP(net=attention):
    return calc(
        net, D(C, P[b, g, m, t, p]),
        (total(D(C, O[b, g, m, t, c]) * D(O[b, g, m, t, c], P[b, g, m, t, p]), c), chain_rule(through=O[b, g, m, t, c])),
        (total(D(C, O[b, g, m, t, c]) * V[b, g, p, c], c),                   both(definition(O[b, g, m, t, c]), differentiation, sifting)),
    )


@derivation("attention-softmax", "A weight with respect to a score")
def softmax(net=attention):
    return calc(
        net, D(P[b, g, m, t, s], A[b, g, m, t, p]),
        (D(E[b, g, m, t, s], A[b, g, m, t, p]) / Z[b, g, m, t] - E[b, g, m, t, s] * D(Z[b, g, m, t], A[b, g, m, t, p]) / Z[b, g, m, t] ** 2,
                                                                             both(definition(P[b, g, m, t, s]), differentiation)),
        (Kron(s, p) * E[b, g, m, t, s] / Z[b, g, m, t] - E[b, g, m, t, s] * E[b, g, m, t, p] / Z[b, g, m, t] ** 2,
                                                                             both(definition(Z[b, g, m, t], E[b, g, m, t, s]), differentiation, sifting)),
        (P[b, g, m, t, s] * (Kron(s, p) - P[b, g, m, t, p]),                 definition(P[b, g, m, t, s])),
    )


@derivation("attention-scores", "Attention: the partial derivative with respect to a score")
def dA(net=attention):
    return calc(
        net, D(C, A[b, g, m, t, p]),
        (total(D(C, P[b, g, m, t, s]) * D(P[b, g, m, t, s], A[b, g, m, t, p]), s), chain_rule(through=P[b, g, m, t, s])),
        (total(D(C, P[b, g, m, t, s]) * P[b, g, m, t, s] * (Kron(s, p) - P[b, g, m, t, p]), s), theorem(softmax())),
        (P[b, g, m, t, p] * (D(C, P[b, g, m, t, p]) - total(D(C, P[b, g, m, t, s]) * P[b, g, m, t, s], s)), sifting),
    )


@derivation("attention-queries", "Attention: the partial derivative with respect to a query")
def dQ(net=attention):
    return calc(
        net, D(C, Q[b, g, m, t, q]),
        (total(D(C, A[b, g, m, t, s]) * D(A[b, g, m, t, s], Q[b, g, m, t, q]), s), chain_rule(through=A[b, g, m, t, s])),
        (kappa * total(D(C, A[b, g, m, t, s]) * K[b, g, s, q], s),           both(definition(A[b, g, m, t, s]), differentiation, sifting)),
    )


@derivation("attention-keys", "Attention: the partial derivative with respect to a key")
def dK(net=attention):
    return calc(
        net, D(C, K[b, g, p, q]),
        (total(D(C, A[b, g, m, t, s]) * D(A[b, g, m, t, s], K[b, g, p, q]), m, t, s), chain_rule(through=A[b, g, m, t, s])),
        (kappa * total(D(C, A[b, g, m, t, p]) * Q[b, g, m, t, q], m, t),     both(definition(A[b, g, m, t, s]), differentiation, sifting)),
    )


@derivation("attention-bias", "Attention: the partial derivative with respect to a bias")
def dbias(net=attention):
    return calc(
        net, D(C, bias[g, m, t, p]),
        (total(D(C, A[b, g, m, t, s]) * D(A[b, g, m, t, s], bias[g, m, t, p]), b, s), chain_rule(through=A[b, g, m, t, s])),
        (total(D(C, A[b, g, m, t, p]), b),                                   both(definition(A[b, g, m, t, s]), differentiation, sifting)),
    )


@derivation("attention-flash", "What flash attention computes once a row")
def flash(net=attention):
    return calc(
        net, total(D(C, P[b, g, m, t, s]) * P[b, g, m, t, s], s),
        (total(total(D(C, O[b, g, m, t, c]) * V[b, g, s, c], c) * P[b, g, m, t, s], s), theorem(dP())),
        (total(D(C, O[b, g, m, t, c]) * total(P[b, g, m, t, s] * V[b, g, s, c], s), c), algebra),
        (total(D(C, O[b, g, m, t, c]) * O[b, g, m, t, c], c),                definition(O[b, g, m, t, c])),
    )
