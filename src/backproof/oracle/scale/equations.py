"""Which equation of a network says what a quantity is, where its layer is a number."""

from __future__ import annotations

from typing import Any

from sympy import Integer

from ...surface.network import Definition, Network
from ..worlds.terms import family, replaced
from .limbs import Clash


def definition(net: Network, e: Any) -> tuple[Definition, dict[Any, Any]]:
    """The equation, and the values of the indices of its head. Clash if there is none."""
    for d in net.definitions:
        values = _matched(d, e)
        if values is not None and all(_may_be(values, *bound) for bound in d.bounds):
            return d, values
    raise Clash(f"the network has no equation for {e}")


def kinds(net: Network) -> dict[str, str]:
    """The kinds of the indices of each family."""
    return {one.name: one.kinds for one in net.families}


def _matched(d: Definition, e: Any) -> dict[Any, Any] | None:
    pattern, indices, variables = d.head.args[1:], e.args[1:], {v for v, *_ in d.bounds}
    if family(d.head) != family(e) or len(pattern) != len(indices):
        return None
    values: dict[Any, Any] = {}
    for one, index in zip(pattern, indices, strict=True):
        if (values.setdefault(one, index) if one in variables else one) != index:
            return None
    return values


def _may_be(values: dict[Any, Any], variable: Any, lo: Any, hi: Any) -> bool:
    """Whether an index is within its range, as far as they are numbers."""
    index, ends = values[variable], (replaced(lo, values), replaced(hi, values))
    if not isinstance(index, Integer):
        return True
    below, above = (isinstance(end, Integer) for end in ends)
    return not (below and index < ends[0]) and not (above and index > ends[1])
