r"""What is done to attention scores, and what that sends back

Before the softmax, scores may be capped, $\kappa\tanh(A/\kappa)$ is never more than $\kappa$; and a head $h$ may take off a
slope times how far the key $s$ stands before the query $t$ (ALiBi). What comes after is any function of them.

Source: Gemma Team, Gemma 2: Improving Open Language Models at a Practical Size, 2024, section 2 (the cap); O. Press,
N. A. Smith and M. Lewis, Train Short, Test Long, 2022, section 3 (ALiBi, with slopes that may be learned).
"""

from sympy import Symbol

from backproof.derive.calc import calc
from backproof.derive.reasons import algebra, both, chain_rule, definition, differentiation, sifting, theorem
from backproof.derive.registry import derivation
from backproof.networks.own import any_function, axes, given, network, quantities, total
from backproof.surface.terms import C, D, exp

(b, B), (h, H), (t, T), (s, S) = axes("b:B h:H t:T s:S")
p, q = Symbol("p"), Symbol("q")
A, U, R, X, kappa, alpha = quantities("A U R X kappa alpha")

scores = network(
    "scores with a cap and a slope", (b, h, t, s),
    A[b, h, t, s], given(kappa, positive=True), alpha[h],
    (U[b, h, t, s], A[b, h, t, s] / kappa),
    (R[b, h, t, s], (exp(U[b, h, t, s]) - exp(-U[b, h, t, s])) / (exp(U[b, h, t, s]) + exp(-U[b, h, t, s]))),
    (X[b, h, t, s], kappa * R[b, h, t, s] - alpha[h] * (t - s)),
    (C, any_function(X[b, h, t, s])),
    letters={kappa: r"\kappa", alpha: r"\alpha"},
    legend={
        A: "the scores", kappa: "the cap", alpha: "the slopes of the heads", U: "the scores over the cap",
        R: "the hyperbolic tangents of $U$", X: "what goes into the softmax",
    },
)  # fmt: skip


@derivation("alibi-slope", "ALiBi: the partial derivative with respect to the slope of a head")
def slope(net=scores):
    return calc(
        net, D(C, alpha[q]),
        (total(D(C, X[b, h, t, s]) * D(X[b, h, t, s], alpha[q]), b, h, t, s), chain_rule(through=X[b, h, t, s])),
        (-total((t - s) * D(C, X[b, q, t, s]), b, t, s),                     both(definition(X[b, h, t, s]), differentiation, sifting)),
    )


@derivation("soft-cap-slope", "What goes into the softmax with respect to the score")
def by_score(net=scores):
    e, f = exp(U[b, h, t, p]), exp(-U[b, h, t, p])
    return calc(
        net, D(X[b, h, t, p], A[b, h, t, p]),
        (kappa * D(R[b, h, t, p], A[b, h, t, p]),                            both(definition(X[b, h, t, p]), differentiation)),
        (kappa * ((e + f) ** 2 - (e - f) ** 2) / (e + f) ** 2 * D(U[b, h, t, p], A[b, h, t, p]),
                                                                             both(definition(R[b, h, t, p]), differentiation)),
        (kappa * (1 - ((e - f) / (e + f)) ** 2) * D(U[b, h, t, p], A[b, h, t, p]), algebra),
        (kappa * (1 - R[b, h, t, p] ** 2) * D(U[b, h, t, p], A[b, h, t, p]), definition(R[b, h, t, p])),
        (1 - R[b, h, t, p] ** 2,                                             both(definition(U[b, h, t, p]), differentiation)),
    )


@derivation("soft-cap", "Capped scores: the partial derivative with respect to a score")
def score(net=scores):
    return calc(
        net, D(C, A[b, h, t, p]),
        (total(D(C, X[b, h, t, s]) * D(X[b, h, t, s], A[b, h, t, p]), s),    chain_rule(through=X[b, h, t, s])),
        (D(C, X[b, h, t, p]) * D(X[b, h, t, p], A[b, h, t, p]),              sifting),
        (D(C, X[b, h, t, p]) * (1 - R[b, h, t, p] ** 2),                     theorem(by_score())),
    )
