"""The norm is on the branch alone: what the residual path passes on does not go through it."""

from backproof.derivations.transformer import _sent_back as sent_back
from backproof.derivations.transformer import a2, b, block, dz, gamma2, h2, j, r2, t, y, z

from backproof.derive.calc import calc
from backproof.derive.reasons import theorem
from backproof.surface.terms import C, D

LINE = 1


def derive():
    claim = r2[b, t] * gamma2[j] * D(C, y[b, t, j]) + sent_back(a2, gamma2, h2, r2)
    return calc(block, D(C, z[b, t, j]), (claim, theorem(dz())))
