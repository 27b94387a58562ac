"""Terms: canonical polynomials over atoms, so that what is equal by algebra is the same object.

Everything is total: a quantity outside its range is some number, 1/0 = 0, and x^0 stands for [x is not 0], so that powers
add: x x^-1 = x^0. A sum goes over all integers, and its range is a product of brackets [d >= 0]; a sum without two ends
cannot be made (``bounded``), neither by itself nor on the way to something else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from itertools import permutations, product as choices
from math import gcd, lcm
from typing import Any

from .index import (
    Basic, Bound, Index, Node, Put, Size, Variable, basic, bound, bounded, each, index, key, lift, minus, negative, node,
    occurs, plus, put_index, require, sign, shift,
)  # fmt: skip


class Quantity(Node):
    """A member of an indexed family. The families ``?0``, ``?1``, ... are the holes of ``subst``."""

    __slots__ = ("family", "indices")
    family: str
    indices: tuple[Index, ...]


class Derivative(Node):
    """The derivative of one quantity by another, when that is shifted and all that depends on it follows."""

    __slots__ = ("of", "by")
    of: Quantity
    by: Quantity


class Partial(Node):
    """The partial derivative of the open function that defines ``head``, by its input ``slot`` at ``indices``."""

    __slots__ = ("head", "slot", "indices")
    head: Quantity
    slot: int
    indices: tuple[Index, ...]


class Applied(Node):
    """A function of one number, or a derivative of it, at ``argument``."""

    __slots__ = ("function", "order", "argument")
    function: str
    order: int
    argument: Term


class Bracket(Node):
    """1 where ``form`` >= 0, else 0."""

    __slots__ = ("form",)
    form: Index


class Match(Node):
    """1 where ``form`` = 0, else 0."""

    __slots__ = ("form",)
    form: Index


class Value(Node):
    """A variable or a size, as a number."""

    __slots__ = ("basis",)
    basis: Basic


class Group(Node):
    """A sum as an atom, where it is divided by."""

    __slots__ = ("term",)
    term: Term


class Monomial(Node):
    """The sum, over all values of ``bound`` variables, of a product of powers of atoms."""

    __slots__ = ("bound", "factors")
    binds = True
    bound: int
    factors: frozenset[tuple[Atom, int]]


class Term(Node):
    """A sum of monomials with rational coefficients."""

    __slots__ = ("terms",)
    terms: frozenset[tuple[Monomial, Rational]]


Atom = Quantity | Derivative | Partial | Applied | Bracket | Match | Value | Group
Rational = int | Fraction
By = Callable[[Quantity, int], Term]  # the derivative of a quantity, so many binders further in
Known = tuple[Index, ...]  # forms that are at least 0
MOST = 1000  # for exponents, and for variables bound at once


# Sums and products.


def _term(terms: Mapping[Monomial, Rational]) -> Term:
    return node(Term, frozenset((m, c) for m, c in terms.items() if c))


def _whole(c: Rational) -> Rational:
    return c.numerator if type(c) is Fraction and c.denominator == 1 else c


def number(c: Rational) -> Term:
    """A rational number."""
    require(type(c) in (int, Fraction), "number", "{} is not a rational number", c)
    return _term({UNIT: _whole(c)})


def add(*parts: Term) -> Term:
    """The sum."""
    terms: dict[Monomial, Rational] = {}
    for p in parts:
        for m, c in p.terms:
            terms[m] = _whole(terms.get(m, 0) + c)
    return _term(terms)


def times(c: Rational, p: Term) -> Term:
    """A rational number times a term."""
    require(type(c) in (int, Fraction) and type(p) is Term, "times", "{} is not a rational number", c)
    return p if c == 1 else _term({m: _whole(c * d) for m, d in p.terms})


def subtract(p: Term, q: Term) -> Term:
    """p - q."""
    return add(p, times(-1, q))


def product(*parts: Term) -> Term:
    """The product."""
    result = ONE
    for p in parts:
        result = p if result is ONE else result if p is ONE else _times(result, p)
    return result


@cache
def _times(p: Term, q: Term) -> Term:
    parts = []
    for (one, c), (other, d) in choices(p.terms, q.terms):
        first = [(lift(a, other.bound, one.bound), e) for a, e in one.factors]
        second = [(lift(a, one.bound), e) for a, e in other.factors]
        parts.append(times(c * d, monomial(one.bound + other.bound, (*first, *second))))
    return add(*parts)


def power(p: Term, exponent: int) -> Term:
    """An integer power; the power 0 is [p is not 0], and 1/0 = 0."""
    fits = type(exponent) is int and abs(exponent) <= MOST and type(p) is Term
    require(fits, "power", "{} is not an exponent", exponent)
    if exponent > 0 or p is ZERO:
        return product(*[p] * exponent) if exponent > 0 else ZERO
    [*terms] = p.terms
    if len(terms) == 1 and not terms[0][0].bound:
        [(m, c)] = terms
        return times(_whole(Fraction(c) ** exponent), monomial(0, tuple((a, e * exponent) for a, e in m.factors)))
    unit = _unit(p)
    inner = monomial(0, ((node(Group, times(1 / unit, p)), exponent),))
    return times(_whole(unit**exponent), inner)


def _unit(p: Term) -> Fraction:
    """What is taken out of a sum, so that its multiples have one normal form."""
    numbers = [Fraction(c) for _, c in p.terms]
    whole = sum(numbers) or max(p.terms, key=lambda term: key(term[0]))[1]
    return Fraction(gcd(*(c.numerator for c in numbers)), lcm(*(c.denominator for c in numbers))) * (1 if whole > 0 else -1)


def bind(n: int, p: Term) -> Term:
    """The sum of p over its n innermost loose variables."""
    require(type(n) is int and 0 <= n <= MOST and type(p) is Term, "bind", "{} is no number of variables", n)
    return add(*(times(c, monomial(m.bound + n, tuple(m.factors))) for m, c in p.terms)) if n else p


def monomial(n: int, factors: Iterable[tuple[Atom, int]]) -> Term:
    """The sum over n bound variables of a product of powers, in normal form. Refused where the sum has no end."""
    powers: dict[Atom, int] = {}
    for a, e in factors:
        powers[a] = 1 if type(a) in (Bracket, Match) else powers.get(a, 0) + e
    return _monomial(n, frozenset(powers.items()))


@cache
def _monomial(n: int, factors: frozenset[tuple[Atom, int]]) -> Term:
    for a, e in factors:
        if e == 0 and _is_never_zero(a):
            return _monomial(n, factors - {(a, e)})
        if type(a) is Group and e > 0:
            return bind(n, product(_monomial(0, factors - {(a, e)}), power(a.term, e)))
    for a in sorted((a for a, _ in factors if type(a) is Match), key=key):
        if (solved := _solved(n, a, factors - {(a, 1)})) is not None:
            return solved
    ends: dict[frozenset[tuple[Basic, int]], int] = {}
    for a, _ in factors:
        if type(a) is Bracket:
            ends[a.form.terms] = min(a.form.constant, ends.get(a.form.terms, a.form.constant))
    rest = frozenset(f for f in factors if type(f[0]) is not Bracket)
    tightest = {terms: (node(Bracket, node(Index, constant, terms)), 1) for terms, constant in ends.items()}
    for terms, constant in ends.items():
        opposite = frozenset((b, -c) for b, c in terms)
        gap = constant + ends.get(opposite, 1 - constant)
        if gap < 0:
            return ZERO
        if gap == 0:  # d >= 0 and -d >= 0
            others = rest | {f for t, f in tightest.items() if t not in (terms, opposite)}
            return bind(n, product(_monomial(0, others), match(node(Index, constant, terms))))
    made = rest | frozenset(tightest.values())
    require(bounded(n, frozenset(conditions(made))), "sum", "a sum without end: {}", made)
    return _ordered(n, made) if n > 1 else _term({node(Monomial, n, made): 1})


def _is_never_zero(a: Atom) -> bool:
    return (type(a) is Applied and (a.function, a.order) == ("exp", 0)) or (type(a) is Value and type(a.basis) is Size)


def _solved(n: int, a: Match, factors: frozenset[tuple[Atom, int]]) -> Term | None:
    """[x = d] f(x) = [x = d] f(d), and if x is summed over, the sum of it is f(d). None if nothing is to be done.

    In the form x's coefficient is 1 or -1 and the others are integers, so d is an integer; and d does not depend on x,
    also not within a size. So exactly one integer x is d, and wherever x is not d the product is 0.
    """
    own = [(b, c) for b, c in a.form.terms if type(b) is Bound and b.place < n]
    for x, c in sorted(own or ((b, c) for b, c in a.form.terms if type(b) is not Size), key=key, reverse=True):
        d = index(-c * a.form.constant, ((b, -c * k) for b, k in a.form.terms if b is not x))
        if abs(c) != 1 or occurs(x, d):
            continue
        if type(x) is Variable:
            new = product(*(power(put_atom(f, Put(((x.name, d),))), e) for f, e in factors))
        else:
            assert type(x) is Bound
            within = n - 1 if own else x.place + 1
            places = [bound(i - (bool(own) and i > x.place)) for i in range(n if own else x.place + 1)]
            places[x.place] = put_index(lift(d, within, len(places)), Put(places=tuple(places))) if own else d
            new = moved(factors, tuple(places), within)
        if own:
            return bind(n - 1, new)
        return None if new is _monomial(0, factors) else bind(n, product(new, _monomial(0, frozenset([(a, 1)]))))
    return None


def moved(factors: Iterable[tuple[Atom, int]], values: tuple[Index, ...], within: int) -> Term:
    """The product, with values for its innermost variables; these stand below ``within`` binders, and so does it."""
    return product(*(power(put_atom(lift(a, within, len(values)), Put(places=values)), e) for a, e in factors))


def _ordered(n: int, factors: frozenset[tuple[Atom, int]]) -> Term:
    """The bound variables in an order that does not depend on the one given, as far as it goes: any order is right."""
    marks = sorted((sorted(f"{path}{e}" for a, e in factors for p, path in places(a) if p == i), i) for i in range(n))
    groups = [[i for mark, i in marks if mark == one] for one in sorted({tuple(m): m for m, _ in marks}.values())]
    orders = choices(*(permutations(g) if len(g) < 5 else [tuple(g)] for g in groups))  # noqa: PLR2004
    found = [factors]
    for order in (tuple(i for group in chosen for i in group) for chosen in orders):
        [*renamed] = moved(factors, tuple(bound(order.index(i)) for i in range(n)), n).terms
        if len(renamed) == 1 and renamed[0][1] == 1 and not renamed[0][0].bound:
            found.append(renamed[0][0].factors)
    return _term({node(Monomial, n, min(found[1:] or found, key=key)): 1})


@cache
def places(e: Node) -> tuple[tuple[int, str], ...]:
    """Each loose variable in it, with a description of where it stands."""
    if type(e) is Bound:
        return ((e.place, ""),)
    label = f"{type(e).__name__}{[p for p in e.parts if type(p) in (str, int)]}"
    own = e.parts[0] if e.binds else 0
    found = []
    for at, part in enumerate(e.parts):
        items = enumerate(part) if type(part) is tuple else ((0, x) for x in part) if type(part) is frozenset else [(0, part)]
        for place, item in items:
            inner, c = item if type(item) is tuple else (item, 1)
            if isinstance(inner, Node) and inner.loose > own:
                found += [(p - own, f"{label}{at}.{place}*{c}{path}") for p, path in places(inner) if p >= own]
    return tuple(found)


# Makers of atoms, as terms.


def quantity(family: str, *indices: Index) -> Quantity:
    """One quantity of a family."""
    fits = type(family) is str and family and all(type(i) is Index for i in indices)
    require(fits, "quantity", "{} is no quantity", family)
    return node(Quantity, family, indices)


def atom(a: Atom) -> Term:
    """An atom as a term."""
    return _monomial(0, frozenset([(a, 1)]))


def derivative(y: Quantity, x: Quantity) -> Term:
    """The derivative of y by x; of x by itself, 1."""
    require(type(y) is Quantity and type(x) is Quantity, "derivative", "not of a quantity by a quantity: {}, {}", y, x)
    return ONE if y is x else atom(node(Derivative, y, x))


def partial(head: Quantity, slot: int, indices: tuple[Index, ...]) -> Term:
    """The partial derivative of the open function that defines ``head`` by one of its inputs."""
    fits = type(head) is Quantity and type(slot) is int and slot >= 0 and type(indices) is tuple
    require(fits and all(type(i) is Index for i in indices), "partial", "{} has no such input", head)
    return atom(node(Partial, head, slot, indices))


def bracket(d: Index) -> Term:
    """[d >= 0]"""
    require(type(d) is Index, "bracket", "{} is no index", d)
    divisor = gcd(*(c for _, c in d.terms)) or 1
    d = node(Index, d.constant // divisor, frozenset((b, c // divisor) for b, c in d.terms))
    known = sign(d)
    return atom(node(Bracket, d)) if known is None else ONE if known == 1 else ZERO


def match(d: Index) -> Term:
    """[d = 0]"""
    require(type(d) is Index, "match", "{} is no index", d)
    divisor = gcd(*(c for _, c in d.terms)) or max(abs(d.constant), 1)
    if d.constant % divisor or (not d.terms and d.constant) or sign(shift(d, -1)) == 1 or sign(d) == -1:
        return ZERO
    if not d.terms:
        return ONE
    flip = divisor if max(d.terms, key=lambda term: key(term[0]))[1] > 0 else -divisor
    return atom(node(Match, index(d.constant // flip, ((b, c // flip) for b, c in d.terms))))


def same(one: Quantity, other: Quantity) -> Term:
    """[the quantities are one]"""
    fits = one.family == other.family and len(one.indices) == len(other.indices)
    return product(*(match(minus(i, j)) for i, j in zip(one.indices, other.indices, strict=True))) if fits else ZERO


def value(d: Index) -> Term:
    """An index as a number."""
    require(type(d) is Index, "value", "{} is no index", d)
    return add(number(d.constant), *(times(c, atom(node(Value, b))) for b, c in d.terms))


#: What is known of functions: the derivative, and the claim about the argument that it needs.
ELEMENTARY: dict[str, tuple[Callable[[Term], Term], str]] = {
    "exp": (lambda u: applied("exp", 0, u), ""),
    "log": (lambda u: power(u, -1), "positive"),
    "sqrt": (lambda u: times(Fraction(1, 2), power(applied("sqrt", 0, u), -1)), "positive"),
    "step": (lambda _: ZERO, "nonzero"),
    "Phi": (lambda u: applied("phi", 0, u), ""),
    "phi": (lambda u: times(-1, product(u, applied("phi", 0, u))), ""),
}


def applied(function: str, order: int, u: Term) -> Term:
    """The derivative of that order of a function, at u; exp of a sum is a product."""
    fits = type(function) is str and function and type(order) is int and order >= 0 and type(u) is Term
    require(fits, "applied", "{} is no function", function)
    if function in ELEMENTARY and order:
        require(order == 1, "applied", "{} is differentiated once at a time", function)
        return ELEMENTARY[function][0](u)
    if function == "exp":
        parts = [(_term({m: 1 if type(c) is int else c}), c if type(c) is int else 1) for m, c in u.terms]
        return product(*(monomial(0, [(node(Applied, "exp", 0, p), c)]) for p, c in parts))
    return atom(node(Applied, function, order, u))


# Traversals.


def put_term(p: Term, put: Put, depth: int = 0) -> Term:
    """The term after the substitution, below so many binders; in normal form."""
    return add(*(times(c, _put_monomial(m, put, depth)) for m, c in p.terms)) if put.changes(p, depth) else p


@cache
def _put_monomial(m: Monomial, put: Put, depth: int) -> Term:
    inner = depth + m.bound
    return bind(m.bound, product(*(power(put_atom(a, put, inner), e) for a, e in m.factors)))


@cache
def put_atom(a: Atom, put: Put, depth: int = 0) -> Term:
    """What an atom becomes."""
    if type(a) is Group:
        return put_term(a.term, put, depth)
    if not put.changes(a, depth):
        return atom(a)
    if type(a) is Value:
        return value(put_index(basic(a.basis), put, depth))
    if type(a) is Applied:
        return applied(a.function, a.order, put_term(a.argument, put, depth))
    if type(a) is Derivative:
        return derivative(put_node(a.of, put, depth), put_node(a.by, put, depth))
    if type(a) is Bracket or type(a) is Match:
        return (bracket if type(a) is Bracket else match)(put_index(a.form, put, depth))
    return atom(put_node(a, put, depth))


def put_node(e: Any, put: Put, depth: int = 0) -> Any:
    """The substitution in anything: a quantity, a hypothesis."""
    if type(e) is Index:
        return put_index(e, put, depth)
    if type(e) is Term:
        return put_term(e, put, depth)
    inner = depth + (e.parts[0] if e.binds else 0)
    return node(type(e), *each(e.parts, lambda part: put_node(part, put, inner)))


def named(names: Iterable[str], e: Any) -> Any:
    """Free variables made loose: the first name is the innermost."""
    given = tuple(names)
    return put_node(lift(e, len(given)), Put(tuple((name, bound(i)) for i, name in enumerate(given))))


def at(e: Any, *values: Index) -> Any:
    """The innermost loose variables given values."""
    return put_node(e, Put(places=values)) if values else e


def conditions(factors: Iterable[tuple[Atom, int]]) -> Iterator[Index]:
    """The forms that are at least 0 wherever the product is not 0 by its brackets."""
    for a, _ in factors:
        if type(a) is Bracket or type(a) is Match:
            yield from (a.form,) if type(a) is Bracket else (a.form, negative(a.form))


def below(known: Iterable[Index], m: Monomial) -> Known:
    """What is known within a monomial: what is known outside, and its own brackets."""
    return (*(lift(d, m.bound) for d in known), *conditions(m.factors))


def replace(p: Term, put: Callable[[Atom, int, Known], Term | None], depth: int = 0, known: Known = ()) -> Term:
    """``p`` with ``put(atom, depth, known)`` for each atom for which that is not None, also within functions.

    ``known`` are forms that are at least 0 wherever the atom matters: the brackets that it is multiplied by.
    """
    parts = []
    for m, c in p.terms:
        here, inner = below(known, m), depth + m.bound
        factors = [(a, e, _replaced(a, put, inner, here)) for a, e in m.factors]
        if all(new is None for *_, new in factors):
            parts.append(_term({m: c}))
            continue
        kept = monomial(0, ((a, e) for a, e, new in factors if new is None))
        changed = (power(new, e) for _, e, new in factors if new is not None)
        parts.append(times(c, bind(m.bound, product(kept, *changed))))
    return add(*parts)


def _replaced(a: Atom, put: Callable[[Atom, int, Known], Term | None], depth: int, known: Known) -> Term | None:
    new = put(a, depth, known)
    if new is None and type(a) is Applied:
        inner = replace(a.argument, put, depth, known)
        return None if inner is a.argument else applied(a.function, a.order, inner)
    if new is None and type(a) is Group:
        inner = replace(a.term, put, depth, known)
        return None if inner is a.term else inner
    return new


def diff(p: Term, by: By, need: Callable[[str, Term, int, Known], None], depth: int = 0, known: Known = ()) -> Term:
    """The derivative of p, where ``by(quantity, depth)`` is that of a quantity; ``need`` is told what it needs.

    Refused where p has derivatives in it: there are no second ones.
    """
    parts = []
    for m, c in p.terms:
        here, inner = below(known, m), depth + m.bound
        for a, e in m.factors:
            slope = _slope(a, by, need, inner, here)
            if slope is ZERO:
                continue
            if e <= 0:
                need("nonzero", a.term if type(a) is Group else atom(a), inner, here)
            rest = monomial(0, m.factors - {(a, e)})
            base = a.term if type(a) is Group else atom(a)
            left = ONE if e == 1 else times(e, power(base, e - 1))
            parts.append(times(c, bind(m.bound, product(rest, left, slope))))
    return add(*parts)


def _slope(a: Atom, by: By, need: Callable[[str, Term, int, Known], None], depth: int, known: Known) -> Term:
    require(type(a) not in (Derivative, Partial), "derivative", "no second derivatives: {}", a)
    if type(a) is Quantity:
        return by(a, depth)
    if type(a) is Group:
        return diff(a.term, by, need, depth, known)
    if type(a) is not Applied:
        return ZERO
    inner = diff(a.argument, by, need, depth, known)
    if inner is ZERO:
        return ZERO
    claim = ELEMENTARY[a.function][1] if a.function in ELEMENTARY else ""
    if claim:
        need(claim, a.argument, depth, known)
    return product(applied(a.function, a.order + 1, a.argument), inner)


UNIT: Monomial = node(Monomial, 0, frozenset())
ZERO, ONE = _term({}), _term({UNIT: 1})
