"""Each margin that is missed pushes the score of the right class up, too."""

from backproof.derivations.losses import ell, hinge, k, m, r, t, v, y, z

from backproof.derive.calc import calc
from backproof.derive.reasons import both, definition, differentiation, sifting
from backproof.surface.terms import D, step

LINE = 1


def derive():
    claim = (1 - y[t, k]) * step(m[t, k])
    return calc(hinge, D(ell[t], z[t, k]), (claim, both(definition(ell[t], m[t, v], r[t]), differentiation, sifting)))
