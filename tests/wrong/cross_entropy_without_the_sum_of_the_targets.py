"""With soft targets that need not sum to 1, the sum of the targets stays in front of the probability."""

from backproof.derivations.cross_entropy import alpha, any_targets, dz, k, lam, nu, p, t, y, z

from backproof.derive.calc import calc
from backproof.derive.reasons import theorem
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(any_targets, D(C, z[t, k]), (alpha[t] * ((1 + 2 * nu * lam[t]) * p[t, k] - y[t, k]), theorem(dz())))
