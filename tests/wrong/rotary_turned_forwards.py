"""What RoPE sends back turned by the angle, not back by it."""

from backproof.derivations.rotary import b, c, h, q, s, t, through_both, turned, u, y, z

from backproof.derive.calc import calc
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(
        turned,
        D(C, u[b, t, h, q]),
        (D(C, y[b, t, h, q]) * c[t, q] - D(C, z[b, t, h, q]) * s[t, q], through_both),
    )
