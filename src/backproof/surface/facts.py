"""What is known of data, as the hypotheses of the core that it is there."""

from __future__ import annotations

from collections.abc import Iterable

from ..core.index import bound, entails, minus, node, require
from ..core.kernel import Equal, Hypothesis
from ..core.network import Network, family_of, inside, known_sizes
from ..core.term import ONE, at, atom, bind, bracket, put, quantity

SUMS_TO_1 = "sums to 1"


def sums_to_1(net: Network, families: Iterable[str]) -> dict[str, Hypothesis]:
    """That over its last index each of these families sums to 1; Refused where there may be nothing to be summed.

    There are such data, if they have no equation: all 1/n, where there are n of them.
    """
    return {name: _sums_to_1(net, name) for name in families}


def _sums_to_1(net: Network, name: str) -> Hypothesis:
    ranges = family_of(net, name).ranges
    defined = any(e.family == name for e in net.equations)
    require(ranges and not defined, "network", "{}: no such facts", name)
    lo, hi = ranges[-1]
    outer = tuple(map(bound, range(len(ranges) - 1)))
    conditions = inside(net, quantity(name, *outer))
    require(entails(conditions, minus(hi, lo)), "network", "{}: no such facts", name)
    inner = (*map(bound, range(1, len(ranges))), bound(0))
    here = minus(bound(0), at(lo, *inner)), minus(at(hi, *inner), bound(0))
    whole = bind(1, *map(bracket, here), atom(quantity(name, *inner)))
    h = node(Hypothesis, len(outer), frozenset(conditions), node(Equal, whole, ONE))
    return put(h, known_sizes(net))  # type: ignore[no-any-return]
