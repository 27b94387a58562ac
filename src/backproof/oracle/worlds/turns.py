"""The order in which families that are made of one another are computed, along the axis on which they recur.

The state of time t is made of that of time t - 1 and of what is computed at t. In an order in which families come after
those that they read at their own time, each turn through all of them is right for one time more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from graphlib import CycleError, TopologicalSorter
from typing import Any, NamedTuple

from sympy import Integer

from ...surface.network import Network
from .terms import family, members
from .verdicts import Unsupported


class Read(NamedTuple):
    """A quantity that is made of another one."""

    head: Any
    of: Any


def ordered(net: Network, group: tuple[str, ...]) -> tuple[str, ...]:
    """The group, each family after those that it reads at its own place. Unsupported where there is no such order.

    All reads go along one axis, in one direction, or stay at their place.
    """
    found = list(_reads(net, group))
    for place in range(len(found[0].head.args) - 1):
        axis = _axis(found, family(found[0].head), place)
        if axis is None:
            continue
        steps = [_step(read, axis) for read in found]
        if None in steps or (min(steps) < 0 < max(steps)):  # type: ignore[type-var,operator]
            continue
        here = TopologicalSorter[str](dict.fromkeys(group, ()))
        for read, step in zip(found, steps, strict=True):
            if step == 0:
                here.add(family(read.head), family(read.of))
        with suppress(CycleError):
            return tuple(here.static_order())
    raise Unsupported(f"{', '.join(sorted(group))} are made of one another, and not along one axis")


def _reads(net: Network, group: tuple[str, ...]) -> Iterator[Read]:
    for d in (d for d in net.definitions if family(d.head) in group):
        for term in [d.body] if d.body is not None else d.inputs:
            yield from (Read(d.head, m) for m in members(term, every=True) if family(m) in group)


def _axis(found: list[Read], first: str, place: int) -> Mapping[str, int] | None:
    """Which index of each family goes along the axis on which that of the first one is at this place."""
    axis = {first: place}
    for _ in found:
        for head, of in found:
            if family(head) in axis and family(of) not in axis:
                at = head.args[1:][axis[family(head)]]
                near = [i for i, index in enumerate(of.args[1:]) if isinstance(index - at, Integer)]
                if not near:
                    return None
                axis[family(of)] = near[0]
    return axis


def _step(read: Read, axis: Mapping[str, int]) -> int | None:
    """How far away what is read is on the axis."""
    if not {family(read.head), family(read.of)} <= axis.keys():
        return None
    at, there = (m.args[1:][axis[family(m)]] for m in read)
    return int(there - at) if isinstance(there - at, Integer) else None
