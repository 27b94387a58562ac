"""One network with numbers for its depth and widths: what the theorems about every network say of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from operator import index, mul
from typing import Any, NamedTuple

from sympy import Integer

from .derive.calc import calc, instantiated, joined
from .derive.derivation import Chapter, Derivation, Line
from .derive.reasons import Reason, algebra, reworded, unrolling
from .derive.registry import chapter, library_module
from .networks import dense
from .surface.network import Network
from .surface.sums import written_out
from .surface.terms import Total, l, n

MOST_LAYERS = 16
MOST_UNITS = 100_000  # in one layer
MOST_WEIGHTS = 200_000_000  # all partials of so many are checked in a few seconds
GENERAL = "the theorem about every network that this one is put into, which is judged"
LONGEST = 8  # terms; a longer sum stays a sum


class Instance(NamedTuple):
    """A derivation of the library, and the layers it is taken at: from ``first`` to ``last`` layers below the last."""

    chapter: str
    name: str
    first: int = 2
    last: int = 0


INSTANCES = (
    Instance("forward", "forward"),
    Instance("forward", "forward-vector"),
    Instance("bp1", "bp1"),
    Instance("bp1", "bp1-vector"),
    Instance("bp2", "bp2", last=1),
    Instance("bp2", "bp2-vector", last=1),
    Instance("bp3", "bp3"),
    Instance("bp3", "bp3-vector"),
    Instance("bp4", "bp4"),
    Instance("bp4", "bp4-matrix"),
)


AT_SCALE = ("bp1-vector", "bp2-vector", "bp3-vector", "bp4-matrix")  # together they give every partial derivative


def check_sizes(sizes: Sequence[int]) -> tuple[int, ...]:
    """``sizes`` as a tuple; ValueError, in words for the user, where no network has them."""
    try:
        given = [_whole(size) for size in sizes]
    except TypeError:
        raise ValueError(f"sizes are whole numbers, one for each layer, such as (3, 4, 2), and not {sizes!r}") from None
    if not 2 <= len(given) <= MOST_LAYERS:
        raise ValueError(f"a network has from 2 to {MOST_LAYERS} layers here, not {len(given)}")
    for size in given:
        if not 1 <= size <= MOST_UNITS:
            raise ValueError(f"a layer has from 1 to {MOST_UNITS} units here, not {size}")
    if sum(map(mul, given, given[1:])) > MOST_WEIGHTS:
        raise ValueError(f"a network has at most {MOST_WEIGHTS:,} weights here")
    return tuple(given)


def _whole(size: Any) -> int:
    if isinstance(size, bool):
        raise TypeError
    return index(size)


def instance(sizes: Sequence[int]) -> Chapter:
    """The forward pass and BP1 to BP4 for the dense net with these layer sizes, sums written out where they are short.

    >>> made = instance((3, 4, 2))
    >>> made.title, len(made.derivations)
    ('The network 3-4-2', 16)
    """
    net = dense(widths=check_sizes(sizes))
    title = "The network " + "-".join(map(str, sizes))
    prose = "Every line is a theorem about all networks, with the numbers of this one put in."
    made = tuple(d for row in INSTANCES for d in _layers(net, row))
    return Chapter("instance", title, prose, "", tuple(made))


def equations() -> dict[str, Any]:
    """The right-hand sides of the proved BP1 to BP4, for whole layers, by the names of their derivations."""
    names = [(row.chapter, row.name) for row in INSTANCES if row.name in AT_SCALE]
    return {name: _library(chapter)[name].theorem.rhs for chapter, name in names}


def _layers(net: Network, row: Instance) -> Iterator[Derivation]:
    known = _library(row.chapter)[row.name]
    if l not in known.theorem.lhs.free_symbols:
        yield _at(net, known, None)
        return
    for layer in range(row.first, int(net.depth) - row.last + 1):
        yield _at(net, known, layer)


@cache
def _library(name: str) -> dict[str, Derivation]:
    return {d.name: d for d in chapter(library_module(name)).derivations}


def _at(net: Network, known: Derivation, layer: int | None) -> Derivation:
    theorem = instantiated(known.theorem, net, {} if layer is None else {"l": layer})
    lines = [Line(theorem, _words(known, layer), (known.theorem,))]
    for claim, reason in _numbers(net, theorem.rhs):
        step = calc(net, theorem.rhs, (claim, reason))
        theorem, lines = joined(theorem, step.theorem), [*lines, *step.lines]
    at = layer or net.depth
    return Derivation(f"{known.name}-at-{at}", f"{known.title}, layer {at}", theorem, tuple(lines), known.source,
                      notation=known.notation, chapter="instance", judged_by=GENERAL)  # fmt: skip


def _words(known: Derivation, layer: int | None) -> tuple[Any, ...]:
    return (known.title, ", for ", l, " = ", str(layer)) if layer else (known.title,)


def _numbers(net: Network, e: Any) -> Iterator[tuple[Any, Reason]]:
    """What is left to do to a term with sums: to write them out, or to put the number of terms in."""
    ends = [end for total in e.atoms(Total) for end in total.args[2:] if isinstance(end, n)]
    if ends:
        numbers = e.replace(lambda x: isinstance(x, n), lambda x: Integer(net.width(x.args[0])))
        short = all(net.width(end.args[0]) <= LONGEST for end in ends)
        yield (written_out(numbers), unrolling) if short else (numbers, counting)


counting = reworded(algebra, "put in the number of units")


__all__ = ["AT_SCALE", "INSTANCES", "check_sizes", "equations", "instance"]
