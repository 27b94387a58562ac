"""The slope of a soft cap with the cap in it, which cancels."""

from backproof.derivations.scores import A, R, X, b, by_score, h, kappa, p, s, scores, t

from backproof.derive.calc import calc
from backproof.derive.reasons import chain_rule, sifting, theorem
from backproof.networks.own import total
from backproof.surface.terms import C, D

LINE = 3


def derive():
    return calc(
        scores,
        D(C, A[b, h, t, p]),
        (total(D(C, X[b, h, t, s]) * D(X[b, h, t, s], A[b, h, t, p]), s), chain_rule(through=X[b, h, t, s])),
        (D(C, X[b, h, t, p]) * D(X[b, h, t, p], A[b, h, t, p]), sifting),
        (D(C, X[b, h, t, p]) * (1 - R[b, h, t, p] ** 2) / kappa, theorem(by_score())),
    )
