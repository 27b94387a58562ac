"""The gate of what is kept is a factor of the cell before."""

from backproof.derivations.lstm import c, f, j, plain, q, t

from backproof.derive.calc import calc
from backproof.derive.reasons import chain_rule
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(
        plain,
        D(C, f[t, q]),
        (D(C, c[t, q]) * c[t, q], chain_rule(through=c[t, j])),
    )
