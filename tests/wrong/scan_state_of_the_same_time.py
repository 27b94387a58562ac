"""The factor multiplies the state before."""

from backproof.derivations.scan import a, h, i, linear, p, q, s, t

from backproof.derive.calc import calc
from backproof.derive.reasons import chain_rule
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(
        linear,
        D(C, a[t, p, q]),
        (D(C, h[t, p, q]) * h[t, p, q], chain_rule(through=h[t, i, s])),
    )
