"""Formulas with kinks at infinity, at no number and near 0: one branch is computed, and nothing is multiplied by 0."""

from __future__ import annotations

import math

import numpy as np
import pytest

from backproof import export

AT = (math.inf, -math.inf, math.nan, 1e-17)
VALUES = {
    "min(max(z, 0), 6)": [6, 0, math.nan, 1e-17],
    "elu": [math.inf, -1, math.nan, 1e-17],
    "hardshrink": [math.inf, -math.inf, math.nan, 0],
    "hardtanh": [1, -1, math.nan, 1e-17],
}


@pytest.mark.parametrize("to", ["numpy", "c"])
@pytest.mark.parametrize("text", VALUES)
def test_values_far_out(text, to):
    net = export((1, 1), text, to=to).load()
    parameters = [(np.eye(1), np.zeros((1, 1)))]
    with np.errstate(all="ignore"):
        found = [float(net.forward(parameters, np.array([[v]]))[0, 0]) for v in AT]
    np.testing.assert_array_equal(found, VALUES[text])
