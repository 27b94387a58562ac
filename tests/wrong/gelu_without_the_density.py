"""The GELU as if it were its input times a constant."""

from backproof.derivations.gates import gelu, i, q, t, x, y

from backproof.derive.calc import calc
from backproof.derive.reasons import chain_rule
from backproof.surface.terms import C, D, Phi

LINE = 1


def derive():
    return calc(
        gelu,
        D(C, x[t, q]),
        (D(C, y[t, q]) * Phi(x[t, q]), chain_rule(through=y[t, i])),
    )
