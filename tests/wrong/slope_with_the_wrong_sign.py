"""The partial derivative by a slope of ALiBi, with the sign of what it takes off forgotten."""

from backproof.derivations.scores import X, alpha, b, h, q, s, scores, t

from backproof.derive.calc import calc
from backproof.derive.reasons import chain_rule
from backproof.networks.own import total
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(
        scores,
        D(C, alpha[q]),
        (total((t - s) * D(C, X[b, q, t, s]), b, t, s), chain_rule(through=X[b, h, t, s])),
    )
