"""The candidate sees the state through a gate."""

from backproof.derivations.gru import Ug, before, h, j, p, q, t, total, zg

from backproof.derive.calc import calc
from backproof.derive.reasons import chain_rule
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(
        before,
        D(C, Ug[p, q]),
        (total(D(C, zg[t, p]) * h[t - 1, q], t), chain_rule(through=zg[t, j])),
    )
