"""The z-loss sends something back through every logit, too."""

from backproof.derivations.cross_entropy import alpha, any_targets, dz, k, p, t, v, y, z

from backproof.derive.calc import calc
from backproof.derive.reasons import theorem
from backproof.networks.own import total
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(any_targets, D(C, z[t, k]), (alpha[t] * (total(y[t, v], v) * p[t, k] - y[t, k]), theorem(dz())))
