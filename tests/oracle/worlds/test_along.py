"""Along which index families that are made of one another are worked out."""

from __future__ import annotations

from typing import Any

from backproof.networks.own import any_function, axes, network, quantities, total
from backproof.oracle.worlds import own
from backproof.oracle.worlds.crowd import Crowd
from backproof.surface.terms import C

(t, T), (i, N), (j, _) = axes("t:T i:N j:N")
x, w, z, h, g = quantities("x w z h g")
below = t.between(1, T - 1)


def made(*definitions: Any, given: tuple[Any, ...] = (h[0, i],)) -> Any:
    return network("a state", (t, i, j), x[t, i], w[i, j], *given, *definitions, (C, any_function(h[t, i])))


def test_up() -> None:
    net = made((h[t, i], g[t, i] + x[t, i]), (g[t, i], z[t, i] ** 2), (z[t, i], total(w[i, j] * h[t - 1, j], j)))
    assert own.along(net) == {"h": 0, "g": 0, "z": 0}


def test_down() -> None:
    later = (h[t, i], x[t, i], t.between(T, T)), (h[t, i], x[t, i] + z[t, i], below), (z[t, i], h[t + 1, i], below)
    assert own.along(made(*later, given=())) == {"h": 0, "z": 0}


def test_what_is_in_no_circle_is_worked_out_as_a_whole() -> None:
    net = made((h[t, i], x[t, i] + z[t, i]), (z[t, i], h[t - 1, i]), (g[t, i], h[t, i]))
    assert own.along(net) == {"h": 0, "z": 0}
    crowd = Crowd(net, own.usual(net))
    assert crowd.places_of("g") == range(1)
    assert list(crowd.places_of("h")) == list(range(max(value for one in own.usual(net) for _, value in one.sizes) + 1))
