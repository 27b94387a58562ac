"""Networks, samples and expectations that the tests of all backends share."""

from __future__ import annotations

from functools import cache
from itertools import product

import numpy as np

from backproof.activations.activation import activations
from backproof.codegen.expected import Expected, expected
from backproof.codegen.program import Spec
from backproof.codegen.sample import Result, Sample, draw

HIDDEN = ("sigmoid", "tanh", "relu", "leaky-relu", "softplus", "gelu", "identity", "z/(1+exp(-z))")
ENDS = (  # last activation and cost: all that fit
    *((name, "quadratic") for name in (*HIDDEN, "softmax")),
    ("sigmoid", "cross-entropy"),
    ("softmax", "log-likelihood"),
)
SIZES = ((3, 4, 2), (2, 5, 3, 4), (17, 13, 11, 3))  # the last has more parameters than a tiny net
LAYOUTS = tuple(product(("columns", "rows"), ("mean", "sum")))
EXAMPLES = (1, 3, 5)
EIGHT = (3, 4, 5, 4, 3, 4, 5, 2)
WELL = 200.0  # a partial derivative whose terms are no larger than so many times itself has its digits


def spec(sizes, hidden, last, cost, reduction="mean", layout="columns", dtype="float64"):
    count = len(sizes) - 1
    return Spec(sizes, activations([hidden] * (count - 1) + [last], count), cost, reduction, layout, dtype)


def specs(dtype="float64", sizes=SIZES):
    """Every activation of the hidden layers with some end, every end with some activation of the hidden layers."""
    pairs = [(hidden, *ENDS[place % len(ENDS)]) for place, hidden in enumerate(HIDDEN * 2)]
    pairs += [(HIDDEN[place % len(HIDDEN)], *end) for place, end in enumerate(ENDS)]
    for place, (hidden, last, cost) in enumerate(dict.fromkeys(pairs)):
        for layout, reduction in LAYOUTS:
            yield spec(sizes[place % len(sizes)], hidden, last, cost, reduction, layout, dtype)


@cache
def sample(of: Spec, examples: int) -> tuple[Sample, Expected]:
    """A sample whose partial derivatives are no small differences of large terms, and what has to come out of it."""
    best = None
    for seed in range(60):
        found = draw(of, examples, seed)
        known = expected(of, found)
        worst = max(
            float(np.max(size[partials != 0] / np.abs(partials[partials != 0]), initial=0.0))
            for pair, sizes in zip(known.result.gradient, known.magnitude, strict=True)
            for partials, size in zip(pair, sizes, strict=True)
        )
        if best is None or worst < best[0]:
            best = worst, found, known
        if worst < WELL:
            break
    assert best is not None
    return best[1], best[2]


def relative_error(known: Expected, found: Result) -> float:
    """The largest error of a partial derivative, relative to itself; where it is 0 nothing else will do."""
    worst = abs(found.cost - known.result.cost) / abs(known.result.cost)
    for pair, got in zip(known.result.gradient, found.gradient, strict=True):
        for wanted, is_ in zip(pair, got, strict=True):
            assert wanted.shape == is_.shape
            assert not is_[wanted == 0].any()
            there = wanted != 0
            worst = max(worst, float(np.max(np.abs(is_ - wanted)[there] / np.abs(wanted[there]), initial=0.0)))
    return worst
