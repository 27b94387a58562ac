"""The gradient by a matrix of weights as a delta^T: its shape is that of the transpose."""

from backproof.derivations.bp4 import bp4

from backproof.derive.calc import entrywise
from backproof.derive.reasons import theorem
from backproof.networks import dense
from backproof.surface.terms import C, D, Outer, a, delta, j, k, l, w

SAID = r"the shapes differ: D\(C, w\[l\]\) is n\(l\) × n\(l - 1\) and Outer"


def derive():
    return entrywise(
        dense(),
        D(C, w[l]),
        Outer(a[l - 1], delta[l]),
        (j, k),
        (a[l - 1, k] * delta[l, j], theorem(bp4())),
    )
