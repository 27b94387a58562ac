"""The divergence by a deviation has the square of the deviation of the other, not the deviation."""

from backproof.derivations.losses import gaussians, j, s, sigma, tau

from backproof.derive.calc import calc
from backproof.derive.reasons import both, definition, differentiation, sifting
from backproof.surface.terms import C, D

LINE = 1


def derive():
    claim = sigma[s, j] / tau[s, j] - 1 / sigma[s, j]
    return calc(gaussians, D(C, sigma[s, j]), (claim, both(definition(C), differentiation, sifting)))
