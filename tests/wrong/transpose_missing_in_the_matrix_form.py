"""BP2 for the layer, without the transpose: the shapes do not fit."""

from backproof.derivations.bp2 import bp2

from backproof.derive.calc import entrywise
from backproof.derive.reasons import theorem
from backproof.networks import dense
from backproof.surface.terms import Dot, Hadamard, delta, j, k, l, sigma_prime, total, w, z

SAID = r"w\[l \+ 1\] is n\(l \+ 1\) × n\(l\), delta\[l \+ 1\] is a vector of n\(l \+ 1\)"


def derive():
    return entrywise(
        dense(),
        delta[l],
        Hadamard(Dot(w[l + 1], delta[l + 1]), sigma_prime(z[l])),
        (j,),
        (total(w[l + 1, k, j] * delta[l + 1, k], k, l + 1) * sigma_prime(z[l, j]), theorem(bp2())),
    )
