"""What terms are made of: the quantities that are read, with their indices, and what is worth a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from sympy import Add, Integer, Mul, Pow, Rational, S

from ..surface.counts import multiplications
from ..surface.network import Network
from ..surface.terms import D, Kron, Member, Mults, Total, free, n, order
from .scalar import U, finite


def prepared(e: Any) -> Any:
    """``e`` as it is computed: multiplications counted, in forms that do not overflow, and sums term by term."""
    return _distributed(finite(_counted(e)))


def _counted(e: Any) -> Any:
    if isinstance(e, Mults):
        return multiplications(e.args[0])
    return e if not e.has(Mults) else e.func(*(_counted(arg) for arg in e.args))


def _distributed(e: Any) -> Any:
    """A sum of terms that are products of quantities, as a sum of sums: each is a product of matrices."""
    if not e.args or isinstance(e, Member | D):
        return e
    e = e.func(*map(_distributed, e.args))
    if isinstance(e, Total) and isinstance(e.args[0], Add) and all(map(_is_product, e.args[0].args)):
        terms = ((-1 if negative(term) else 1, term) for term in e.args[0].args)
        return Add(*(sign * Total(sign * term, *e.args[1:]) for sign, term in terms))
    return e


def _is_product(e: Any) -> bool:
    return isinstance(e, Total) or sum(not f.is_number for f in Mul.make_args(e)) > 1


def parts(e: Any) -> Iterator[Any]:
    """All that is computed on the way to ``e``, quantities and partial derivatives as wholes."""
    yield e
    if not isinstance(e, Member | D):
        for arg in e.args:
            yield from parts(arg)


def reads(e: Any, bound: frozenset[Any] = frozenset()) -> Iterator[tuple[Any, frozenset[Any]]]:
    """The quantities, partial derivatives and numbers of units in ``e``, each with the variables of sums around it."""
    if isinstance(e, Member | D | n):
        yield e, bound
    elif isinstance(e, Total):
        yield from reads(e.args[0], bound | {e.args[1]})
        yield from (found for end in e.args[2:] for found in reads(end, bound))
    else:
        yield from (found for arg in e.args for found in reads(arg, bound))


# Quantities.


def family(e: Any) -> Any:
    """What a quantity or a partial derivative is an entry of: "w", and ("C", "a") for D(C, a[l, j])."""
    if isinstance(e, D):
        return tuple(map(family, e.args))
    if isinstance(e, Member):
        return e.family
    raise ValueError(f"the derivative of {e} is left as it is: there are no data for it")


def letter(of: Any) -> str:
    """What is like the name of a family: w, dC_da."""
    return of if isinstance(of, str) else f"d{letter(of[0])}_d{letter(of[1])}"


def members(e: Any) -> Iterator[Member]:
    """The quantity, or those that a partial derivative is about."""
    if isinstance(e, Member):
        yield e
    else:
        for arg in e.args:
            yield from members(arg)


def indexed(net: Network, e: Any) -> Iterator[tuple[Any, str]]:
    """The indices of ``e``, if it is read from data or a number of units, and their kinds: l(ayer) or others."""
    if isinstance(e, n):
        yield e.args[0], "l"
    elif isinstance(e, Member | D):
        for m in members(e):
            yield from zip(m.indices, net.kind(m), strict=True)


def is_layer(net: Network, symbol: Any, e: Any) -> bool:
    """Whether ``symbol`` says in ``e`` which layer is meant."""
    found = ((slot, bound) for part, bound in reads(e) for slot, kind in indexed(net, part) if kind == "l")
    return any(symbol in free(slot) and symbol not in bound for slot, bound in found)


# Products and sums.


class Factors(NamedTuple):
    """A product: whether it is negative, and what is above and below the line."""

    minus: bool
    above: list[Any]
    below: list[Any]


def split(e: Any) -> Factors:
    """A product in its factors, numbers first, then symbols."""
    minus = negative(e)
    above, below = list[Any](), list[Any]()
    for factor in sorted(Mul.make_args(-e if minus else e), key=_place):
        if isinstance(factor, Rational):
            above += [Integer(factor.p)] * (factor.p != 1)
            below += [Integer(factor.q)] * (factor.q != 1)
        elif isinstance(factor, Pow) and factor.exp < 0:
            below.append(1 / factor)
        else:
            above.append(factor)
    return Factors(minus, above, below)


def _place(factor: Any) -> tuple[Any, ...]:
    return not factor.is_Rational, not factor.is_Symbol, order(factor)


def negative(e: Any) -> bool:
    """Whether ``e`` is written with a minus sign."""
    return bool((isinstance(e, Rational) and e < 0) or (isinstance(e, Mul) and e.args[0].is_Rational and e.args[0] < 0))


def has_terms(lo: Any, hi: Any) -> bool:
    """Whether a sum from ``lo`` to ``hi`` has a term, whatever the sizes are: they are at least 1."""
    terms = (hi - lo).expand().as_coefficients_dict()
    least = terms.pop(S.One, S.Zero)
    sizes = all(all(isinstance(f, n) or f.is_positive for f in Mul.make_args(atom)) for atom in terms)
    return bool(sizes and all(c >= 0 for c in terms.values()) and least + sum(terms.values()) >= 0)


def shared(e: Any) -> list[Any]:
    """The subterms that are worth a name, each after those that it is made of.

    What stands in a sum and does not speak of its variable counts as computed often. A sum that may have no terms and
    a product with a bracket are left as they are: what is in them need not be there.
    """
    times: Counter[Any] = Counter()
    found: dict[Any, None] = {}

    def visit(e: Any, bound: frozenset[Any], often: int) -> None:
        if not e.args or e == U or isinstance(e, Member | D | Kron | n):
            return
        if negative(e) or (isinstance(e, Pow) and e.exp < 0):
            visit(-e if negative(e) else 1 / e, bound, often)
            return
        fixed = free(e).isdisjoint(bound)
        if fixed:
            times[e] += often
            if e in found:
                return
        inner = 1 if fixed else often
        if isinstance(e, Total):
            if has_terms(*e.args[2:]):
                visit(e.args[0], bound | {e.args[1]}, 2)
        elif not any(isinstance(f, Kron) for f in Mul.make_args(e)):
            for arg in e.args:
                visit(arg, bound, inner)
        if fixed:
            found[e] = None

    visit(e, frozenset(), 1)
    return [part for part in found if times[part] > 1]
