"""All derivatives of one number at once, beside dual numbers, one direction for each quantity."""

# ruff: noqa: N806 - sizes have capital letters
from __future__ import annotations

import numpy as np
import pytest

from backproof.networks import bias_unit, dense
from backproof.networks.own import any_function, axes, function, network, quantities, total
from backproof.oracle.worlds import adjoints, lanes, own
from backproof.oracle.worlds.axes import Target
from backproof.oracle.worlds.crowd import Crowd
from backproof.oracle.worlds.shapes import Shape
from backproof.surface.terms import C, exp, sqrt

(t, T), (i, N), (j, _) = axes("t:T i:N j:N")
x, h, u, v, y, f, g = quantities("x h u v y f g")
tau = function("tau")


def recurrence():
    parts = (x[t, i], u[i, j], h[0, i], (v[t, i], total(u[i, j] * h[t - 1, j], j) + x[t, i] * u[i, i]))
    return network("layers", (t, i, j), *parts, (h[t, i], tau(v[t, i])), (C, any_function(h[t, i], x[t, i])))


def roots():
    parts = (x[t, i], (v[t], total(x[t, i] ** 2, i) / N), (y[t, i], x[t, i] / sqrt(v[t]) + exp(x[t, 1])))
    return network("roots", (t, i), *parts, (g, total(y[t, i] ** 3 / v[t] ** 2, i, t)), (C, any_function(g, y[t, i])))


def convolution():
    (p, P), (k, K), (q, _) = axes("p:P k:K q:Q")
    parts = (u[k], (y[p], total(u[k] * x[p + k - 1] * x[1], k)), (C, any_function(y[p])))
    return network("windows", (p, k, q.between(1, P + K - 1)), x[q], *parts)


LAYERED = [Crowd(net(), (Shape((2, 3, 2), 2), Shape((1, 2, 3), 1))) for net in (dense, bias_unit)]
OWN = [Crowd(net, own.usual(net)) for net in (recurrence(), roots(), convolution())]


@pytest.mark.parametrize("crowd", LAYERED + OWN, ids=lambda crowd: crowd.net.title)
def test_they_are_the_slopes_of_dual_numbers(crowd):
    moved = 0
    for name in crowd.kinds:
        target = Target(name, crowd.directions(name).indices)
        slope, adjoint = crowd.slope("C", (), target), crowd.adjoints.of("C", target)
        one, other = np.broadcast_arrays(0 if slope is None else slope, adjoint)
        assert np.array_equal(one, other), name
        moved += bool(one.any())
    assert moved > len(crowd.kinds) / 2


@pytest.mark.parametrize("wrong", ["product", "power", "function", "sum", "total", "member"])
def test_what_dual_numbers_do_not_show_is_not_believed(wrong, monkeypatch):
    net, step = roots(), getattr(adjoints.Back, wrong)
    steps = {head: planted(of) if of is step else of for head, of in adjoints.STEPS.items()}
    monkeypatch.setattr(adjoints, "STEPS", steps)
    with pytest.raises(ArithmeticError, match="dual numbers"):
        Crowd(net, own.usual(net)).adjoints.of("C", Target("x", ()))


def planted(step):
    return lambda back, place, e, given: step(back, place, e, lanes.multiply(given, lanes.integers([2])))


def test_families_in_no_order_along_one_axis_are_found_by_turns(monkeypatch):
    """The same comes out, with dual numbers in one direction for each quantity."""
    first, net = OWN[0], recurrence()
    monkeypatch.setattr(own, "along", lambda _: {})
    second = Crowd(net, own.usual(net))
    assert second.adjoints.of("C", Target("u", ())) is None
    for name in first.kinds:
        at = first.directions(name).indices
        assert np.array_equal(first.value(name, at), second.value(name, at)), name
        target = Target(name, at)
        one, other = first.adjoints.of("C", target), second.slope("C", (), target)
        assert np.array_equal(*np.broadcast_arrays(one, 0 if other is None else other)), name


def test_a_recurrence_is_worked_out_along_its_axis():
    assert own.along(recurrence()) == {"h": 0, "v": 0}
    down = network("down", (i, t), x[t, i], h[t, 0], (h[t, i], h[t, i - 1] * x[t, i]), (C, any_function(h[t, i])))
    assert own.along(down) == {"h": 1}
