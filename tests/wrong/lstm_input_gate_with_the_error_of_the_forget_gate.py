"""The gate of what comes in does not get the error of the gate of what is kept."""

from backproof.derivations.lstm import Wi, j, p, plain, q, t, total, x, zf, zi

from backproof.derive.calc import calc
from backproof.derive.reasons import chain_rule
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(
        plain,
        D(C, Wi[p, q]),
        (total(D(C, zf[t, p]) * x[t, q], t), chain_rule(through=zi[t, j])),
    )
