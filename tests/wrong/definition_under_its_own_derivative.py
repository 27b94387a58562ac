"""dC/da[l, j] is not dC/dsigma(z[l, j]): a[l, j] is shifted, and its definition does not hold."""

from backproof.derive.calc import calc
from backproof.derive.reasons import definition
from backproof.networks import dense
from backproof.surface.terms import D, a, j, k, l, sigma, z

LINE = 1


def derive():
    return calc(
        dense(),
        D(a[l, j], a[l, k]),
        (D(sigma(z[l, j]), a[l, k]), definition(a[l, j])),
    )
