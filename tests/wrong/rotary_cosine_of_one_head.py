"""The partial derivative by a cosine from one head, where all share it."""

from backproof.derivations.rotary import b, c, q, t, through_both, turned, u, v, y, z

from backproof.derive.calc import calc
from backproof.networks.own import total
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(
        turned,
        D(C, c[t, q]),
        (total(D(C, y[b, t, 1, q]) * u[b, t, 1, q] + D(C, z[b, t, 1, q]) * v[b, t, 1, q], b), through_both),
    )
