"""All channels share what comes in."""

from backproof.derivations.scan import b, h, i, linear, q, s, t, x

from backproof.derive.calc import calc
from backproof.derive.reasons import chain_rule
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(
        linear,
        D(C, b[t, q]),
        (D(C, h[t, 1, q]) * x[t, 1], chain_rule(through=h[t, i, s])),
    )
