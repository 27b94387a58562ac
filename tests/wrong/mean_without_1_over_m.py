"""The gradient of a mean over M examples as the sum of the gradients."""

from backproof.derive.calc import calc
from backproof.derive.reasons import definition, differentiation
from backproof.networks import C_x, batch
from backproof.surface.terms import C, D, M, Total, i, j, k, l, w

LINE = 2


def derive():
    return calc(
        batch(),
        D(C, w[l, j, k]),
        (D(Total(C_x[i], i, 1, M) / M, w[l, j, k]), definition(C)),
        (Total(D(C_x[i], w[l, j, k]), i, 1, M), differentiation),
    )
