"""What the next cell sends back comes through the next time's gate."""

from backproof.derivations.lstm import c, f, h, j, o, plain, q, t, tau

from backproof.derive.calc import calc
from backproof.derive.reasons import chain_rule
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(
        plain,
        D(C, c[t, q]),
        (D(C, h[t, q]) * o[t, q] * tau(c[t, q], 1) + D(C, c[t + 1, q]) * f[t, q], chain_rule(through=h[t, j])),
    )
