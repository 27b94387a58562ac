"""The only algebra the kernel believes: a normal form for sums of products, sums over indices included.

A term is read as a polynomial: a dict from monomials to rational coefficients. A monomial is what is summed over, and a
product of powers of atoms; atoms are what is not + * or a power, with their own arguments in normal form. What is bound
gets names that depend on nothing but the sum: ``Bound`` _d, _d+1, ... where _d-1 is the last one that is free in it,
and of all orders of the sums the least. So sums that differ in names or order are equal, and nothing is captured.
"""

from __future__ import annotations

from collections import Counter
from itertools import permutations
from typing import Any, NamedTuple

from sympy import Add, Expr, Integer, Mul, Pow, Rational, S, Symbol

from .terms import Apply, Binder, D, L, M, Refused, Total, free, known, n, order, remembered, substitute

MOST_SUMS = 6  # nested sums in one monomial: every order of them is tried


class Bound(Symbol):  # type: ignore[misc]  # SymPy has no types
    """A variable that normal forms bind; never equal to anybody's Symbol."""


class Monomial(NamedTuple):
    """The sum over ``ranges`` (variable, lower end, upper end) of the product of ``factors`` (atom, power)."""

    ranges: tuple[tuple[Symbol, Any, Any], ...]
    factors: frozenset[tuple[Any, int]]


Polynomial = dict[Monomial, Any]
ONE = Monomial((), frozenset())


def polynomial(e: Any) -> Polynomial:
    """The normal form of ``e``; terms that share it are equal in every commutative ring with sums."""
    return dict(_polynomial(e))


@remembered
def _polynomial(e: Any) -> tuple[tuple[Monomial, Any], ...]:
    return tuple(_expanded(e).items())


def _expanded(e: Any) -> Polynomial:
    if isinstance(e, Rational):
        return {ONE: e} if e != 0 else {}
    if isinstance(e, Add):
        return add(*map(polynomial, e.args))
    if isinstance(e, Mul):
        return product(*map(polynomial, e.args))
    if isinstance(e, Pow) and isinstance(e.exp, Integer):
        return _power(e.base, int(e.exp))
    if isinstance(e, Total):
        return _sum(*e.args)
    if isinstance(e, Apply) and e.args[0].name == "exp" and e.args[2] == 0:
        return _exponential(polynomial(e.args[1]))
    return {Monomial((), frozenset({(_atom(e), 1)})): S.One}


@remembered
def _atom(e: Any) -> Any:
    """An atom with its arguments in normal form; powers and sums inside an atom are brought to it as well."""
    if isinstance(e, D):
        return D(term(polynomial(e.args[0])), e.args[1])
    if isinstance(e, Apply):
        return Apply(e.args[0], term(polynomial(e.args[1])), e.args[2])
    return e


def add(*parts: Polynomial) -> Polynomial:
    """The sum of polynomials."""
    result: dict[Monomial, Any] = {}
    for part in parts:
        for monomial, coefficient in part.items():
            result[monomial] = result.get(monomial, S.Zero) + coefficient
    return {monomial: coefficient for monomial, coefficient in result.items() if coefficient != 0}


def product(*parts: Polynomial) -> Polynomial:
    """The product of polynomials."""
    result: Polynomial = {ONE: S.One}
    for part in parts:
        result = add(*({_times(one, other): c * d} for one, c in result.items() for other, d in part.items()))
    return result


def _times(one: Monomial, other: Monomial) -> Monomial:
    if one.ranges or other.ranges:  # what one factor binds must be neither bound nor free in the other
        above = max(_level(one), _level(other))
        one, other = _renamed(one, above), _renamed(other, above + len(one.ranges))
    powers = Counter(dict(one.factors))
    for factor, exponent in other.factors:
        powers[factor] += exponent
    return _canonical(Monomial(one.ranges + other.ranges, frozenset((f, e) for f, e in powers.items() if e)))


def _power(base: Any, exponent: int) -> Polynomial:
    """An integer power; a negative one of anything but a product of powers is an atom of its own."""
    inner = polynomial(base)
    if exponent < 0 and not inner:
        raise Refused("ring", f"{base} is 0, and divided by")
    if exponent >= 0:
        return product(*[inner] * exponent)
    if len(inner) == 1 and not next(iter(inner)).ranges:
        [(monomial, c)] = inner.items()
        return {Monomial((), frozenset((f, e * exponent) for f, e in monomial.factors)): c**exponent}
    return {Monomial((), frozenset({(term(inner), exponent)})): S.One}


def _exponential(inner: Polynomial) -> Polynomial:
    """exp of a sum, as a product of powers: exp(2u - v) = exp(u)^2 exp(v)^-1."""
    factors = []
    for monomial, c in inner.items():
        unit, exponent = (S.One, int(c)) if isinstance(c, Integer) else (c, 1)
        factors.append({Monomial((), frozenset({(Apply("exp", term({monomial: unit})), exponent)})): S.One})
    return product(*factors)


def _sum(body: Any, bound: Symbol, lo: Any, hi: Any) -> Polynomial:
    """The sum of a polynomial, a term at a time; of a constant, the constant times the number of terms."""
    level = max([_index(v) + 1 for v in free(body) | free(lo) | free(hi) if isinstance(v, Bound)], default=0)
    fresh, parts = Bound(f"_{level}"), []
    for monomial, c in polynomial(substitute(body, {bound: fresh})).items():
        apart = _renamed(monomial, level + 1)  # above all that is free here, and above the new variable
        ends = (end for _, *pair in apart.ranges for end in pair)
        if any(fresh in free(e) for e in (*ends, *(f for f, _ in apart.factors))) or known(hi - lo + 1) is not True:
            parts.append({_canonical(Monomial(((fresh, lo, hi), *apart.ranges), apart.factors)): c})
        else:
            parts.append(product({monomial: c}, polynomial(hi - lo + 1)))
    return add(*parts)


def _index(variable: Any) -> int:
    return int(variable.name[1:])


@remembered
def _level(monomial: Monomial) -> int:
    """One more than the last ``Bound`` that is free in the monomial."""
    parts = [end for _, *pair in monomial.ranges for end in pair] + [f for f, _ in monomial.factors]
    own = {variable for variable, *_ in monomial.ranges}
    return max([_index(v) + 1 for e in parts for v in free(e) if isinstance(v, Bound) and v not in own], default=0)


def _renamed(monomial: Monomial, start: int) -> Monomial:
    """The bound variables called _start, _start+1, ... in their order."""
    names = {variable: Bound(f"_{start + place}") for place, (variable, *_) in enumerate(monomial.ranges)}
    if all(old == new for old, new in names.items()):
        return monomial
    ranges = tuple((names[v], substitute(lo, names), substitute(hi, names)) for v, lo, hi in monomial.ranges)
    powers: Counter[Any] = Counter()
    for f, e in monomial.factors:  # two atoms may become one
        powers[_atom_again(substitute(f, names))] += e
    return Monomial(ranges, frozenset((f, e) for f, e in powers.items() if e))


def _atom_again(factor: Any) -> Any:
    """After a renaming: what the atom binds inside gets its names anew."""
    if not factor.has(Binder):
        return factor
    return term(polynomial(factor)) if isinstance(factor, Add | Total) else _atom(factor)


@remembered
def _canonical(monomial: Monomial) -> Monomial:
    """The least of all orders of the sums."""
    if not monomial.ranges:
        return monomial
    if len(monomial.ranges) > MOST_SUMS:
        raise Refused("ring", f"more than {MOST_SUMS} nested sums")
    start = _level(monomial)
    apart = _renamed(monomial, start + 2 * MOST_SUMS)  # so that no order of names clashes with the old ones
    candidates = (_renamed(Monomial(ranges, apart.factors), start) for ranges in permutations(apart.ranges))
    return min(candidates, key=lambda m: ([(order(lo), order(hi)) for _, lo, hi in m.ranges], _sorted(m)))


def _sorted(monomial: Monomial) -> list[tuple[Any, int]]:
    return sorted((order(factor), exponent) for factor, exponent in monomial.factors)


def term(value: Polynomial) -> Expr:
    """A term with that normal form, the same for equal polynomials."""
    parts = []
    for monomial, c in value.items():
        e, ranges = Mul(c, *(f**exponent for f, exponent in monomial.factors)), list(monomial.ranges)
        while ranges:  # innermost: a variable that no other range mentions
            inner = next(v for v in ranges if not any(v[0] in free(lo) | free(hi) for _, lo, hi in ranges))
            ranges.remove(inner)
            e = Total(e, *inner)
        parts.append(e)
    return Add(*parts)


def cleared(value: Polynomial) -> Polynomial:
    """The polynomial times all it is divided by outside sums: zero if it is, and only then where these are not."""
    while divisors := _divisors(value):
        base, highest = divisors[0]
        parts = []
        for monomial, c in value.items():
            own = dict(monomial.factors).get(base, 0)
            rest = {Monomial(monomial.ranges, monomial.factors - {(base, own)}): c}
            parts.append(product(rest, *[polynomial(base)] * (highest + own)))
        value = add(*parts)
    return value


def _divisors(value: Polynomial) -> list[tuple[Any, int]]:
    found: dict[Any, int] = {}
    for monomial in value:
        bound = {variable for variable, *_ in monomial.ranges}
        for factor, exponent in monomial.factors:
            if exponent < 0 and free(factor).isdisjoint(bound):
                found[factor] = max(found.get(factor, 0), -exponent)
    return sorted(found.items(), key=lambda item: order(item[0]))


@remembered
def divisors(e: Any) -> tuple[tuple[Any, tuple[Any, ...]], ...]:
    """Each divisor in ``e`` that is not positive for sure, and the sums around it, from the inside out."""
    own = isinstance(e, Pow) and isinstance(e.exp, Integer) and e.exp < 0 and not positive(e.base)
    here = (e.args[1:],) if isinstance(e, Total) else ()
    inner = ((base, around, place) for place, arg in enumerate(e.args) for base, around in divisors(arg))
    found = tuple((base, (*around, *here) if place == 0 else around) for base, around, place in inner)
    return ((e.base, ()), *found) if own else found


def positive(e: Any) -> bool:
    """Whether ``e`` > 0 can be seen: numbers, exponentials, Phi, phi, widths, and their sums, products and powers."""
    if isinstance(e, Rational):
        return bool(e > 0)
    if isinstance(e, Add | Mul):
        return all(map(positive, e.args))
    if isinstance(e, Pow):
        return isinstance(e.exp, Integer) and positive(e.base)
    if isinstance(e, Total):
        return positive(e.args[0]) and known(e.args[3] - e.args[2]) is True
    everywhere = isinstance(e, Apply) and e.args[0].name in ("exp", "Phi", "phi") and e.args[2] == 0
    return e in (L, M) or isinstance(e, n) or everywhere
