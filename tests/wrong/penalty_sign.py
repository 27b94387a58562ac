"""Weights decay: the step subtracts the penalty's part, too."""

from backproof.derivations.penalty import J, by_weight, eta, lam, penalised

from backproof.derive.calc import calc
from backproof.derive.reasons import both, theorem
from backproof.surface.terms import C, D, j, k, l, w

LINE = 1


def derive():
    claim = (1 + eta * lam) * w[l, j, k] - eta * D(C, w[l, j, k])
    return calc(penalised, w[l, j, k] - eta * D(J, w[l, j, k]), (claim, both(theorem(by_weight()))))
