"""The next state comes with the next factor."""

from backproof.derivations.scan import a, c, h, i, linear, p, q, s, t, y

from backproof.derive.calc import calc
from backproof.derive.reasons import chain_rule
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(
        linear,
        D(C, h[t, p, q]),
        (D(C, y[t, p]) * c[t, q] + D(C, h[t + 1, p, q]) * a[t, p, q], chain_rule(through=h[t + 1, i, s])),
    )
