"""The quadratic cost has a factor 1/2; its gradient has no 2."""

from backproof.derive.calc import calc
from backproof.derive.reasons import both, definition, differentiation, sifting
from backproof.networks import E, dense
from backproof.surface.terms import C, D, L, a, j, k, total, y

LINE = 2


def derive():
    return calc(
        dense(cost="quadratic"),
        D(C, a[L, j]),
        (D(total((a[L, k] - y[k]) ** 2 / 2, k, L), a[L, j]), definition(C, E[k])),
        (2 * (a[L, j] - y[j]), both(differentiation, sifting)),
    )
