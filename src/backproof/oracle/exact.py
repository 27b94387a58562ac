"""The exact judge: random networks modulo a prime, derivatives by dual numbers; no tolerance anywhere.

Once the values and derivatives of activations and costs are free variables, a statement is an identity between rational
functions of them, of the parameters and of the data. If it is false, then at a random point modulo p it shows itself,
except with a probability of at most degree/p (Schwartz 1980, Zippel 1979; both sides multiplied by their denominators).
Ten points are taken at once (``worlds.lanes``), so that the tenth power of that remains. ``worlds.degree`` finds
the degree. A function has one value at one point: arguments that are formally different and come out equal would be
given equal values, and the chance of that is counted too, pair by pair.

The elementary functions are free variables too, with the derivatives they have (and exp(-u) = 1/exp(u)). Where that
does not do, exponentials are taken apart: exp(u + v) = exp(u) exp(v), exp(log w) = w (``worlds.exponents``). So a
statement that rests on more (Phi(u) + Phi(-u) = 1) does not hold here; it is refuted only by a counterexample in real
numbers, and without one this judge says nothing.

An index that no hypothesis keeps within its range is tried outside of it, too: there every quantity is some number.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from math import ceil, log2
from typing import Any, NamedTuple

import numpy as np

from ..surface.network import Network
from ..surface.terms import Apply
from .answer import DIFFERENT, NOTHING, Answer, Counterexample, differ, malformed, unsupported
from .counterexample import find
from .worlds import lanes
from .worlds.claim import Claim, Where, claim
from .worlds.crowd import Crowd
from .worlds.degree import Degrees, degrees
from .worlds.elementary import REAL
from .worlds.exponents import are_there
from .worlds.pinned import pinned
from .worlds.shapes import Shape
from .worlds.sizes import crowd, special, usual
from .worlds.verdicts import Malformed, Unsupported

CLAIMED = -120  # no smaller bound is claimed
Stated = tuple[Network, Any, Any, frozenset[Any]]
POINTS = 2**14  # at most so many values of functions: the chance that two of them coincide is counted


def judge(net: Network, lhs: Any, rhs: Any, hypotheses: frozenset[Any] = frozenset()) -> Answer:
    """Whether ``lhs = rhs`` holds under the hypotheses in random networks of that kind."""
    try:
        return _judged(claim(net, lhs, rhs, hypotheses), (net, lhs, rhs, hypotheses))
    except Malformed as why:
        return malformed(why)
    except Unsupported as why:
        return unsupported(why)


class Compared(NamedTuple):
    """Networks, how many entries were compared in each, and where the first two differ."""

    networks: Crowd
    entries: Any
    failure: tuple[Shape, Counterexample] | None = None


def _judged(read: Claim, statement: Stated, *, apart: bool = False) -> Answer:
    tried: dict[str, int] = {}
    deepest, longest = None, 0
    for networks, entries, failure in _tried(read, apart=apart):
        if failure is not None:
            return unsupported(DIFFERENT) if apart else _by_laws(read, statement) or _refuted(read, statement, *failure)
        tried |= {str(shape): count for shape, count in zip(networks.shapes, entries.tolist(), strict=True) if count}
        if entries.any():
            longest = max(longest, networks.longest)
            deepest = networks if deepest is None else max(deepest, networks, key=lambda found: found.depth)
    if deepest is None:
        return unsupported(NOTHING)
    bound = max(ceil(_chance(read, degrees(deepest, longest))), CLAIMED)
    reason, entries = f"equal in {len(tried)} networks", sum(tried.values())
    return Answer("holds", reason, tried=tuple(tried), entries=entries, error_bound_log2=bound)


def _by_laws(read: Claim, statement: Stated) -> Answer | None:
    """That it holds, where exponentials are taken apart; None if it does not."""
    with suppress(Unsupported):
        if are_there(_all_terms(read)):
            answer = _judged(read, statement, apart=True)
            return answer if answer.holds else None
    return None


def _tried(read: Claim, *, apart: bool) -> Iterator[Compared]:
    """All networks that are tried; those of one's own together, if arrays are not too large for that."""
    first = usual(read.net)
    if read.net.depth is None:
        together = tuple(shape for shapes in first for shape in shapes)
        with suppress(Unsupported):
            found, first = _compared(read, together, apart=apart), ()
            yield from found
    known = pinned(read.net, read.on_indices, usual(read.net))
    for shapes in (*first, *special(read.net, read.terms), *known):
        yield from _compared(read, shapes, apart=apart)


def _compared(read: Claim, shapes: tuple[Shape, ...], *, apart: bool) -> list[Compared]:
    """The networks of these shapes, if there are any: up to the first failure."""
    networks = crowd(read.net, shapes, apart=apart)
    if networks is None:
        return []
    entries = np.zeros(networks.size, dtype=int)
    for where in read.cases(networks):
        failure = _failure(read, where)
        if failure is not None:
            return [Compared(networks, entries, failure)]
        entries += where.claimed.sum(axis=0)
    return [Compared(networks, entries)]


def _failure(read: Claim, where: Where) -> tuple[Shape, Counterexample] | None:
    """The first values of the indices for which the sides differ in some network, with the numbers modulo p."""
    left, right = (where.axes.number(side).value for side in (read.lhs, read.rhs))
    wrong = where.claimed & ~lanes.is_zero(lanes.add(left, lanes.negative(right)))
    if not wrong.any():
        return None
    place, network = map(int, np.argwhere(wrong)[0])
    shape = (*wrong.shape, lanes.LANES)
    one, other = (int(np.broadcast_to(side, shape)[place, network].tolist()[0]) % lanes.P for side in (left, right))
    indices = {symbol.name: int(where.axes.env[symbol].values[place, 0]) for symbol, _ in read.symbols}
    found = where.axes.crowd.shapes[network]
    return found, differ(found, indices, f"{one} modulo {lanes.P}", f"{other} modulo {lanes.P}")


def _refuted(read: Claim, statement: Stated, shape: Shape, failure: Counterexample) -> Answer:
    found = find(*statement, shapes=(shape,))
    if found is None and any(str(f.args[0]) in REAL for term in _all_terms(read) for f in term.atoms(Apply)):
        return unsupported("equal in real numbers, as far as was tried, and not by algebra alone")
    return Answer("refuted", DIFFERENT, found or failure, (str(shape),))


def _all_terms(read: Claim) -> list[Any]:
    """Those of the statement and of the network."""
    return [*read.terms, *(f.body for f in read.net.functions), *(d.body for d in read.net.definitions if d.body)]


def _chance(read: Claim, degrees: Degrees) -> float:
    """The logarithm of the chance that a false statement passes about networks that are no deeper and wider."""
    left, right = degrees.of(read.lhs), degrees.of(read.rhs)
    degree = max(left.value.of_difference(right.value), 1)
    pairs = max(degrees.arguments.of_difference(degrees.arguments), 1)
    one, other = (lanes.LANES * (log2(d) + lanes.CHANCE) for d in (degree, pairs))
    return max(one, other + 2 * log2(POINTS)) + 1
