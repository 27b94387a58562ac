"""The derivatives of a softmax with a (1 - a) on the diagonal and nothing beside it."""

from backproof.derive.calc import calc
from backproof.derive.reasons import both, definition, differentiation, sifting
from backproof.networks import dense
from backproof.surface.terms import D, Kron, L, a, exp, j, k, p, total, z

LINE = 2


def derive():
    return calc(
        dense(softmax=True),
        D(a[L, k], z[L, j]),
        (D(exp(z[L, k]) / total(exp(z[L, p]), p, L), z[L, j]), definition(a[L, k])),
        (a[L, k] * (1 - a[L, k]) * Kron(k, j), both(differentiation, sifting)),
    )
