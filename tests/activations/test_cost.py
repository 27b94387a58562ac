"""Costs of one's own: what is read, what is refused, and that what is exported is right for every last activation."""

from __future__ import annotations

import numpy as np
import pytest

from backproof import export
from backproof.activations.cost import ALIASES, NAMED, cost
from backproof.errors import CannotRun
from backproof.networks import COSTS, A, Y
from backproof.surface.terms import Choice, log


def test_rows_of_the_table_and_their_other_names():
    for name, row in COSTS.items():
        assert cost(name) is row
        assert not row.own
    assert cost("BCE") is COSTS["cross-entropy"]
    assert cost("ce") is COSTS["log-likelihood"]
    assert not {*ALIASES, *NAMED} & {*COSTS}


GRADIENTS = {
    "(a-y)**2": 2 * A - 2 * Y,
    "mse": 2 * A - 2 * Y,
    "abs(a-y)": Choice(A - Y, 1, -1),
    "max(1 - a*y, 0)": Choice(A * Y - 1, 0, -Y),
    "-y*log(a)": -Y / A,
    "where(a > y, 0.9*(a - y), 0.1*(y - a))": Choice(A - Y, cost("0.9*a").gradient, cost("-0.1*a").gradient),
}


@pytest.mark.parametrize("text", GRADIENTS)
def test_the_gradient_is_derived(text):
    assert (cost(text).gradient - GRADIENTS[text]).expand() == 0


def test_it_is_called_what_it_is():
    row = cost(" (a-y)**2 ")
    assert (row.name, row.value, row.own) == ("(a-y)**2", (A - Y) ** 2, True)
    assert cost("-y*log(a)").value == -Y * log(A)


REFUSED = {
    "hingee": "did you mean hinge?",
    "bogus": "There are quadratic, cross-entropy, log-likelihood, bce, ce, mse",
    "(a-b)**2": "b is not known: the variables are a and y",
    "z**2": "z is not known",
    "y**2": "does not depend on a, the output",
    "a-y)": "this ends nothing",
    "__import__('os')": "has no meaning here",
}


@pytest.mark.parametrize("text", REFUSED)
def test_it_is_refused_in_words(text):
    with pytest.raises(ValueError, match=r"\n|depend") as refused:
        cost(text)
    assert REFUSED[text] in str(refused.value)
    with pytest.raises(CannotRun):
        export((2, 1), "identity", text)


#: A last activation, a cost, and the cost of one example in plain NumPy.
EXPORTED = {
    "huber": ("identity", lambda a, y: np.where(abs(a - y) > 1, abs(a - y) - 0.5, (a - y) ** 2 / 2)),
    "abs(a-y)": ("tanh", lambda a, y: abs(a - y)),
    "hinge": ("identity", lambda a, y: np.maximum(1 - a * y, 0)),
    "-(3*y*log(a) + (1-y)*log(1-a))": ("sigmoid", lambda a, y: -(3 * y * np.log(a) + (1 - y) * np.log(1 - a))),
    "-(0.9*y + 0.05)*log(a)": ("softmax", lambda a, y: -(0.9 * y + 0.05) * np.log(a)),
    "-y*(1-a)**2*log(a) - (1-y)*a**2*log(1-a)": (
        "sigmoid",
        lambda a, y: -y * (1 - a) ** 2 * np.log(a) - (1 - y) * a**2 * np.log(1 - a),
    ),
}


@pytest.mark.parametrize("text", EXPORTED)
def test_what_is_exported_is_the_cost_and_its_gradient(text):
    last, formula = EXPORTED[text]
    made = export((3, 4, 2), ["tanh", last], text)
    net, rng = made.load(), np.random.default_rng(3)
    parameters, x, y = net.init(1), rng.normal(size=(3, 5)), rng.random((2, 5))
    assert {check.kind for check in made.checks} >= {"kernel", "exact", "numeric"}
    assert net.cost(parameters, x, y) == pytest.approx(formula(net.forward(parameters, x), y).sum() / 5, rel=1e-12)
    nabla = [(w.copy(), b.copy()) for w, b in net.gradient(parameters, x, y)]
    for pair, found in zip(parameters, nabla, strict=True):
        for array, partials in zip(pair, found, strict=True):
            place = tuple(rng.integers(array.shape))
            costs = []
            for h in (1e-6, -1e-6):
                array[place] += h
                costs.append(net.cost(parameters, x, y))
                array[place] -= h
            assert partials[place] == pytest.approx((costs[0] - costs[1]) / 2e-6, rel=1e-6, abs=1e-9)
