"""There is no penalty on a bias."""

from backproof.derivations.penalty import J, lam, penalised

from backproof.derive.calc import calc
from backproof.derive.reasons import both, definition, differentiation
from backproof.surface.terms import C, D, b, j, l

LINE = 1


def derive():
    claim = D(C, b[l, j]) + lam * b[l, j]
    return calc(penalised, D(J, b[l, j]), (claim, both(definition(J), differentiation)))
