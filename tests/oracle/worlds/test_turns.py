"""The order in which families that are made of one another are computed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from backproof.networks.own import any_function, axes, network, quantities, total
from backproof.oracle.worlds import own
from backproof.oracle.worlds.crowd import Crowd
from backproof.oracle.worlds.turns import ordered
from backproof.oracle.worlds.verdicts import Unsupported
from backproof.surface.terms import C

(t, T), (i, N), (j, _) = axes("t:T i:N j:N")
x, w, z, h, g = quantities("x w z h g")
read_late = (h[t, i], g[t, i] + x[t, i]), (g[t, i], z[t, i] ** 2), (z[t, i], total(w[i, j] * h[t - 1, j], j))


def made(*definitions: Any, given: tuple[Any, ...] = (h[0, i],)) -> Any:
    return network("a state", (t, i, j), x[t, i], w[i, j], *given, *definitions, (C, any_function(h[t, i])))


def group(net: Any) -> tuple[str, ...]:
    [found] = set(own.recurrent(net).values())
    return found


def test_each_family_comes_after_those_that_it_reads_at_its_own_time() -> None:
    assert group(made(*read_late)) == ("z", "g", "h")


def test_down_as_well_as_up() -> None:
    below = t.between(1, T - 1)
    later = (h[t, i], x[t, i], t.between(T, T)), (h[t, i], x[t, i] + z[t, i], below), (z[t, i], h[t + 1, i], below)
    assert group(made(*later, given=())) == ("z", "h")


@pytest.mark.parametrize(
    "definitions",
    [
        ((h[t, i], x[t, i] + z[t, i]), (z[t, i], h[t - 1, i]), (g[t, i], h[t, i])),  # g is in no circle
        ((h[t, i], x[t, i] + h[t - 1, i]),),
    ],
)
def test_rounds_are_as_many_as_there_are_places(definitions: Any) -> None:
    net = made(*definitions)
    crowd = Crowd(net, own.usual(net))
    names = group(net)
    assert crowd.rounds(names) == max(value for one in own.usual(net) for _, value in one.sizes) + 2
    assert crowd.rounds(("g",)) == 1


def test_what_recurs_along_no_one_axis_is_out_of_reach() -> None:
    """No network of one's own is such: this one is put together by hand, of two that recur in opposite directions."""
    up = made((h[t, i], x[t, i] + z[t, i]), (z[t, i], h[t - 1, i]))
    down = made(
        (h[t, i], x[t, i] + z[t, i]),
        (z[t, i], h[t + 1, i], t.between(1, T - 1)),
        (z[t, i], x[t, i], t.between(T, T)),
        given=(),
    )
    with pytest.raises(Unsupported, match="h, z are made of one another"):
        ordered(SimpleNamespace(definitions=(*up.definitions, *down.definitions)), ("z", "h"))
