"""The penalty is half the sum of the squares."""

from backproof.derivations.penalty import J, lam, penalised

from backproof.derive.calc import calc
from backproof.derive.reasons import both, definition, differentiation, sifting
from backproof.surface.terms import C, D, j, k, l, w

LINE = 1


def derive():
    claim = D(C, w[l, j, k]) + 2 * lam * w[l, j, k]
    return calc(penalised, D(J, w[l, j, k]), (claim, both(definition(J), differentiation, sifting)))
