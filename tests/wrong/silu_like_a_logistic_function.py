"""The SiLU with the derivative of the logistic function in it, and no more."""

from backproof.derivations.gates import i, q, s, silu, silu_slope, t, x, y

from backproof.derive.calc import calc
from backproof.derive.reasons import chain_rule, sifting, theorem
from backproof.networks.own import total
from backproof.surface.terms import C, D

LINE = 3


def derive():
    return calc(
        silu,
        D(C, x[t, q]),
        (total(D(C, y[t, i]) * D(y[t, i], x[t, q]), i), chain_rule(through=y[t, i])),
        (D(C, y[t, q]) * D(y[t, q], x[t, q]), sifting),
        (D(C, y[t, q]) * x[t, q] * s[t, q] * (1 - s[t, q]), theorem(silu_slope())),
    )
