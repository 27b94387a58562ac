"""What is kept is u here, not 1 - u."""

from backproof.derivations.gru import before, g, h, j, q, t, tau, u, zg

from backproof.derive.calc import calc
from backproof.derive.reasons import both, chain_rule
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(
        before,
        D(C, zg[t, q]),
        (D(C, h[t, q]) * u[t, q] * tau(zg[t, q], 1), both(chain_rule(through=g[t, j]), chain_rule(through=h[t, j]))),
    )
