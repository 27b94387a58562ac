"""The state before also comes in through the candidate."""

from backproof.derivations.gru import Ur, Uu, V, before, h, j, m, q, s, t, total, u, y, zr, zu

from backproof.derive.calc import calc
from backproof.derive.reasons import chain_rule
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(
        before,
        D(C, h[t, q]),
        (
            D(C, h[t + 1, q]) * u[t + 1, q]
            + total(D(C, zu[t + 1, j]) * Uu[j, q], j)
            + total(D(C, zr[t + 1, j]) * Ur[j, q], j)
            + total(D(C, y[t, m]) * V[m, q], m),
            chain_rule(through=s[t + 1, j]),
        ),
    )
