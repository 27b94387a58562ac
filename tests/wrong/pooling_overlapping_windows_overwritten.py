"""Where windows overlap, the last one overwrites what the others send back."""

from backproof.derivations.pooling import P, b, c, k, p, selector, t, total, window, x, y

from backproof.derive.calc import calc
from backproof.derive.reasons import chain_rule
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(
        window.maxima,
        D(C, x[b, c, t]),
        (total(D(C, y[b, c, P]) * selector[b, c, P, k] * window.meets(t, P, k), k), chain_rule(through=y[b, c, p])),
    )
