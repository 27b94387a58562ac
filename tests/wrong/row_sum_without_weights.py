"""The partial derivative by a score with the sum of a row of partial derivatives, without their weights."""

from backproof.derivations.attention import A, P, attention, b, g, m, p, s, softmax, t

from backproof.derive.calc import calc
from backproof.derive.reasons import chain_rule, sifting, theorem
from backproof.networks.own import total
from backproof.surface.terms import C, D, Kron

LINE = 3


def derive():
    return calc(
        attention,
        D(C, A[b, g, m, t, p]),
        (
            total(D(C, P[b, g, m, t, s]) * D(P[b, g, m, t, s], A[b, g, m, t, p]), s),
            chain_rule(through=P[b, g, m, t, s]),
        ),
        (total(D(C, P[b, g, m, t, s]) * P[b, g, m, t, s] * (Kron(s, p) - P[b, g, m, t, p]), s), theorem(softmax())),
        (P[b, g, m, t, p] * (D(C, P[b, g, m, t, p]) - total(D(C, P[b, g, m, t, s]), s)), sifting),
    )
