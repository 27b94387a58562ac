"""The residual of Huber's loss is cut off on both sides."""

from backproof.derivations.losses import beta, h, huber, k, r, t, v, z

from backproof.derive.calc import calc
from backproof.derive.reasons import both, definition, differentiation
from backproof.surface.terms import D, maximum

LINE = 1


def derive():
    claim = r[t, k] - maximum(r[t, k] - beta, 0)
    return calc(huber, D(h[t, k], z[t, k]), (claim, both(definition(h[t, v], r[t, v]), differentiation)))
