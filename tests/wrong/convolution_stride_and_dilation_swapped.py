"""Stride and dilation change places."""

from backproof.derivations.convolution import Convolution2, W, b, k, o, p, plane, q, r, t, total, u, v, x, y

from backproof.derive.calc import calc
from backproof.derive.reasons import chain_rule
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(
        plane.net,
        D(C, x[b, v, t, u]),
        (
            total(
                D(C, y[b, o, p, q]) * W[o, v, k, r] * Convolution2((2, 1), (1, 2)).meets((t, u), (p, q), (k, r)),
                o,
                p,
                q,
                k,
                r,
            ),
            chain_rule(through=y[b, o, p, q]),
        ),
    )
