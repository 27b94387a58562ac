"""From what people write to what the core proves things of: an array is its dimensions and its entries.

``dimensions`` reads the shape of a term, ``entry`` its entry at given indices, a term of the core. Nothing else in the
house makes terms of the core out of SymPy's. A wrong reading here is seen by the judges, who read the same SymPy terms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from itertools import count
from typing import Any, NamedTuple

from sympy import Add, Basic, Integer, Mul, Pow, Rational, S, Symbol
from sympy.core.symbol import Str

from ..core import kernel
from ..core import term as core
from ..core.index import (
    Index,
    Refused,
    index,
    lift,
    minus,
    plus,
    require,
    size,
    variable,
)  # fmt: skip
from ..core.kernel import Hypothesis
from ..core.network import Network as CoreNetwork
from ..core.network import family_of
from ..core.term import Quantity, Term
from .counts import multiplications
from .terms import Apply, Choice, D, Dot, Hadamard, Kron, Member, Mults, Outer, Total, Transposed, free, n

Dimensions = tuple[tuple[Index, Index], ...]  # the first and the last value of each index


class Entry(NamedTuple):
    """An entry as a term of the core, and what differentiation in it needs."""

    term: Term
    needs: frozenset[Hypothesis] = frozenset()


def is_size(e: Any) -> bool:
    """Whether a symbol stands for a size, such as L and M, and not for an index: it is positive."""
    return isinstance(e, Symbol) and bool(e.is_positive)


PASSED: dict[int, Any] = {}


def only_ours(e: Any) -> None:
    """Refused where a term has parts of other types than ours, which may call themselves equal to any.

    What is remembered of terms is looked up by equality, so this stands before it: once for the term as a whole. Which
    terms have passed is remembered by identity.
    """
    if isinstance(e, Basic) and PASSED.get(id(e)) is not e:
        require(_is_plain(e), "elaborate", "{} is not a term of ours", type(e).__name__)
        PASSED[id(e)] = e


def _is_plain(e: Any) -> bool:
    return type(e) in PLAIN and all(map(_is_plain, e.args))


def form(e: Any) -> Index:
    """An index expression."""
    only_ours(e)
    return _form(e)


@cache
def _form(e: Any) -> Index:
    if isinstance(e, Integer):
        return index(int(e))
    if isinstance(e, Symbol):
        return size(e.name) if is_size(e) else variable(e.name)
    if isinstance(e, n):
        return size("n", *map(_form, e.args))
    if isinstance(e, Add):
        result = index()
        for part in e.args:
            result = plus(result, _form(part))
        return result
    if isinstance(e, Mul) and len(e.args) == 2 and isinstance(e.args[0], Integer):
        return plus(index(), _form(e.args[1]), int(e.args[0]))
    raise Refused("index", f"{e} is no index: a sum of whole numbers times indices and sizes")


def quantity(e: Member) -> Quantity:
    """A quantity."""
    return core.quantity(e.family, *map(form, e.indices))


def dimensions(net: CoreNetwork, e: Any) -> Dimensions:
    """The ranges of the indices of an array; () of a number. Refused where shapes do not fit."""
    only_ours(e)
    return _dimensions(net, e)


@cache
def _dimensions(net: CoreNetwork, e: Any) -> Dimensions:
    shapes = [] if isinstance(e, Member | Total | Apply | D) else [_dimensions(net, arg) for arg in e.args]
    if isinstance(e, Member):
        family = family_of(net, e.family)
        given = tuple(map(_form, e.indices))
        require(len(given) <= len(family.ranges), "dimensions", "{} has more indices than its family", e)
        left = family.ranges[len(given) :]
        require(all(end.loose <= len(given) for ends in left for end in ends), "dimensions", "{} is not rectangular", e)
        return tuple((core.at(lo, *given), core.at(hi, *given)) for lo, hi in left)
    if isinstance(e, D):
        return _dimensions(net, e.args[0]) + _dimensions(net, e.args[1])
    if isinstance(e, Apply):
        return _dimensions(net, e.args[1])
    if isinstance(e, Transposed):
        return _of_rank(shapes[0], 2, e)[::-1]
    if isinstance(e, Outer):
        return tuple(ends for shape in shapes for ends in _of_rank(shape, 1, e))
    if isinstance(e, Dot):
        first, second = _of_rank(shapes[0], 2, e), shapes[1]
        require(second and first[1] == second[0], "dimensions", "the shapes in {} do not fit", e)
        return first[:1] + second[1:]
    if isinstance(e, Add | Hadamard | Mul):
        arrays = {shape for shape in shapes if shape}
        once = not isinstance(e, Mul) or sum(map(bool, shapes)) <= 1
        require(len(arrays) <= 1 and once, "dimensions", "the shapes in {} differ", e)
        return next(iter(arrays), ())
    require(not any(shapes) and isinstance(e, ATOMS), "dimensions", "{} is not a term of ours", e)
    return ()


def _of_rank(shape: Dimensions, rank: int, e: Any) -> Dimensions:
    require(len(shape) == rank, "dimensions", "{} needs arrays of {} indices", e, rank)
    return shape


ATOMS = (Rational, Symbol, n, Kron, Total, Mults, Pow, Choice)


@cache
def _entry(net: CoreNetwork, e: Any, at: tuple[Index, ...] = ()) -> Entry:
    """The entry of ``e`` at these indices, as many as it has dimensions."""
    for kind, make in MAKERS.items():
        if isinstance(e, kind):
            return make(net, e, at)
    raise Refused("elaborate", f"{e} is not a term of ours")


def _quantity(e: Member, *more: Index) -> Quantity:
    """A quantity; ``more`` are the indices that it leaves open."""
    return core.quantity(e.family, *map(_form, e.indices), *more)


def _number(_: CoreNetwork, e: Any, __: Any) -> Entry:
    return Entry(core.number(Fraction(int(e.p), int(e.q))))


def _value(net: CoreNetwork, e: Any, _: Any) -> Entry:
    """A symbol is the number that the network has by that name, such as a learning rate; else an index."""
    if isinstance(e, Symbol) and any(f.name == e.name and not f.ranges for f in net.families):
        return Entry(core.atom(core.quantity(e.name)))
    return Entry(core.value(_form(e)))


def _member(_: CoreNetwork, e: Any, at: tuple[Index, ...]) -> Entry:
    return Entry(core.atom(_quantity(e, *at)))


def _kron(_: CoreNetwork, e: Any, __: Any) -> Entry:
    return Entry(core.match(minus(*map(_form, e.args))))


def _mults(net: CoreNetwork, e: Any, at: tuple[Index, ...]) -> Entry:
    return _entry(net, multiplications(e.args[0]), at)


def _derivative(net: CoreNetwork, e: Any, at: tuple[Index, ...]) -> Entry:
    require(isinstance(e.args[1], Member), "elaborate", "{} is not by a quantity", e)
    outer = len(_dimensions(net, e.args[0]))
    by, y = _quantity(e.args[1], *at[outer:]), _entry(net, e.args[0], at[:outer])
    found, need = kernel.needs()
    made = core.diff(y.term, lambda q, depth: core.derivative(q, lift(by, depth)), need)
    return Entry(made, y.needs | found)


def _apply(net: CoreNetwork, e: Any, at: tuple[Index, ...]) -> Entry:
    u = _entry(net, e.args[1], at)
    return u._replace(term=core.applied(e.args[0].name, int(e.args[2]), u.term))


def _choice(net: CoreNetwork, e: Any, at: tuple[Index, ...]) -> Entry:
    return _entry(net, e.stepped, at)


def _total(net: CoreNetwork, e: Any, at: tuple[Index, ...]) -> Entry:
    body, k, lo, hi = e.args
    require(
        isinstance(k, Symbol) and not is_size(k) and not at, "elaborate", "{} is no sum of numbers over an index", e
    )
    return _summed(_entry(net, body), k.name, _form(lo), _form(hi))


def _summed(u: Entry, name: str, lo: Index, hi: Index) -> Entry:
    k = variable(name)
    ends = tuple(core.named((name,), d) for d in (minus(k, lo), minus(hi, k)))
    needs = frozenset(kernel.close(1, ends, core.named((name,), h)) for h in u.needs)
    return Entry(core.bind(1, *map(core.bracket, ends), core.named((name,), u.term)), needs)


def _power(net: CoreNetwork, e: Any, at: tuple[Index, ...]) -> Entry:
    require(isinstance(e.exp, Integer) and not at, "elaborate", "{} is no integer power of a number", e)
    u = _entry(net, e.base)
    return u._replace(term=core.power(u.term, int(e.exp)))


def _transposed(net: CoreNetwork, e: Any, at: tuple[Index, ...]) -> Entry:
    return _entry(net, e.args[0], at[::-1])


def _outer(net: CoreNetwork, e: Any, at: tuple[Index, ...]) -> Entry:
    return _together(core.product, *(_entry(net, arg, (i,)) for arg, i in zip(e.args, at, strict=True)))


def _dot(net: CoreNetwork, e: Any, at: tuple[Index, ...]) -> Entry:
    taken = {symbol.name for symbol in free(e)}.union(*(i.names for i in at))
    name = next(name for length in count(1) if (name := "k" + "'" * length) not in taken)
    k, ends = variable(name), _dimensions(net, e.args[0])[1]
    parts = _entry(net, e.args[0], (at[0], k)), _entry(net, e.args[1], (k, *at[1:]))
    return _summed(_together(core.product, *parts), name, *ends)


def _entrywise(combine: Callable[..., Term]) -> Callable[..., Entry]:
    def make(net: CoreNetwork, e: Any, at: tuple[Index, ...]) -> Entry:
        return _together(combine, *(_entry(net, arg, at if at and _dimensions(net, arg) else ()) for arg in e.args))

    return make


def _together(combine: Callable[..., Term], *parts: Entry) -> Entry:
    return Entry(combine(*(p.term for p in parts)), frozenset().union(*(p.needs for p in parts)))


MAKERS: Mapping[Any, Callable[[CoreNetwork, Any, Any], Entry]] = {
    Rational: _number,
    Symbol: _value,
    n: _value,
    Member: _member,
    Kron: _kron,
    Mults: _mults,
    D: _derivative,
    Apply: _apply,
    Choice: _choice,
    Total: _total,
    Pow: _power,
    Transposed: _transposed,
    Outer: _outer,
    Dot: _dot,
    Add: _entrywise(core.add),
    Mul: _entrywise(core.product),
    Hadamard: _entrywise(core.product),
}


NUMBERS = (Integer, Rational, *map(type, (S.Zero, S.One, S.NegativeOne, S.Half)))
PLAIN = frozenset((*MAKERS, *NUMBERS, Str))


def elaborate(net: CoreNetwork, e: Any, *at: Index) -> Entry:
    """The entry of a term at these indices. Refused where shapes do not fit, or it has another number of dimensions."""
    only_ours(e)
    require(len(_dimensions(net, e)) == len(at), "elaborate", "{} has {} indices", e, len(_dimensions(net, e)))
    return _entry(net, e, at)
