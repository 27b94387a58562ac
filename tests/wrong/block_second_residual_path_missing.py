"""What comes in reaches what goes out past the attention, too: the residual stream is passed on as it is."""

from backproof.derivations.transformer import _sent_back as sent_back
from backproof.derivations.transformer import a, b, block, dx, gamma, h, j, r, t, x, y

from backproof.derive.calc import calc
from backproof.derive.reasons import theorem
from backproof.surface.terms import C, D

LINE = 1


def derive():
    claim = D(C, y[b, t, j]) + sent_back(a, gamma, h, r)
    return calc(block, D(C, x[b, t, j]), (claim, theorem(dx())))
