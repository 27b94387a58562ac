"""Losses by their values, and what they multiply gradients by."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from backproof.checks.code.losses import Loss, by_value

A = np.array([[0.2, 0.6, 0.7], [0.8, 0.4, 0.3]])
Y = np.array([[0.0, 1.0, 1.0], [1.0, 0.0, 0.0]])


@pytest.mark.parametrize(
    ("loss", "value"),
    [
        (Loss("quadratic"), ((A - Y) ** 2).sum() / 2),
        (Loss("quadratic", 2, "mean"), ((A - Y) ** 2).sum() / 3),
        (Loss("quadratic", 2, "mean of entries"), ((A - Y) ** 2).mean()),
        (Loss("cross-entropy", 1, "mean"), -(Y * np.log(A) + (1 - Y) * np.log(1 - A)).sum() / 3),
        (Loss("log-likelihood", 1, "sum"), -(Y * np.log(A)).sum()),
        (Loss("quadratic", 1, "sum", "lambda/2", 0.25), ((A - Y) ** 2).sum() / 2 + 0.125 * 7),
        (Loss("quadratic", 1, "mean", "lambda/M", 0.25), ((A - Y) ** 2).sum() / 6 + 0.25 * 7 / 3),
    ],
)
def test_a_loss_has_its_value_and_is_found_by_it(loss, value):
    assert loss.value(A, Y, 7.0) == pytest.approx(value, rel=1e-12)
    output = {"cross-entropy": "sigmoid", "log-likelihood": "softmax"}.get(loss.cost, "identity")
    found = by_value(float(value), A, Y, 7.0, output, [0.25])
    assert loss in found
    assert all(other.value(A, Y, 7.0) == pytest.approx(value) for other in found)


def test_shares_and_slopes_are_exact():
    assert Loss("quadratic", 2, "mean of entries").share(8, 3) == Fraction(2, 24)
    assert Loss("quadratic", penalty="lambda/2M", decay=0.1).slope(8) == Fraction(1, 80)
    assert Loss("quadratic").slope(8) == 0


def test_a_value_that_no_loss_has_is_none():
    assert by_value(123.456, A, Y, 7.0, "sigmoid", []) == []
