"""The divisor is the size of the window, not the stride."""

from backproof.derivations.pooling import b, c, k, p, t, total, window, x, y

from backproof.derive.calc import calc
from backproof.derive.reasons import chain_rule
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(
        window.averages,
        D(C, x[b, c, t]),
        (total(D(C, y[b, c, p]) * window.meets(t, p, k), p, k) / window.stride, chain_rule(through=y[b, c, p])),
    )
