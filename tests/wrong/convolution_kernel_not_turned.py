"""What goes back meets the kernel in the other order."""

from backproof.derivations.convolution import W, b, g, h, k, line, o, scatter, spread, t, total, v, x

from backproof.derive.calc import calc
from backproof.derive.reasons import both, definition, theorem
from backproof.surface.terms import C, D

LINE = 1


def derive():
    return calc(
        line.net,
        D(C, x[b, g, v, t]),
        (
            total(spread[b, g, o, t + k - 1] * W[g, o, v, k], o, k),
            both(theorem(scatter()), definition(spread[b, g, o, h])),
        ),
    )
