"""The partial derivative by a gate with the activation in place of its derivative."""

from backproof.derivations.gates import f, g, h, q, sigma, t, u, unit

from backproof.derive.calc import calc
from backproof.derive.reasons import chain_rule
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(
        unit,
        D(C, g[t, q]),
        (D(C, h[t, q]) * u[t, q] * sigma(g[t, q]), chain_rule(through=h[t, f])),
    )
