"""Terms: canonical polynomials over atoms, so that what is equal by algebra is the same object.

Everything is total: a quantity outside its range is some number, 1/0 = 0, and x^0 stands for [x is not 0], so that
powers add: x x^-1 = x^0. A sum goes over all integers, and its range is a product of brackets [d >= 0]; a sum without
two ends cannot be made (``bounded``), neither by itself nor on the way to another. [d = 0] is [d >= 0] [-d >= 0].
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import groupby, islice, permutations
from itertools import product as choices
from math import gcd, lcm, prod
from typing import Any

from .index import (
    BITS, Basic, Bound, Index, Node, Put, Size, Variable, _build, basic, bound, changes, each, entails, index,
    kept, key, lift, minus, negative, node, occurs, put_index, putting, require, tight, variable,
)  # fmt: skip

Rational = int | Fraction


class Quantity(Node):
    """A member of an indexed family. The families ``?0``, ``?1``, ... are the holes of ``subst``."""

    family: str
    indices: tuple[Index, ...]


class Derivative(Node):
    """The derivative of one quantity by another, when that is shifted and all that depends on it follows."""

    of: Quantity
    by: Quantity


class Partial(Node):
    """The partial derivative of the open function that defines ``head``, by its input ``slot`` at ``indices``."""

    head: Quantity
    slot: int
    indices: tuple[Index, ...]


class Applied(Node):
    """A function of one number, or a derivative of it, at ``argument``."""

    function: str
    degree: int
    argument: Term


class Bracket(Node):
    """1 where ``form`` >= 0, else 0."""

    form: Index


class Value(Node):
    """A variable or a size, as a number."""

    basis: Variable | Bound | Size


class Group(Node):
    """A sum as an atom, where it is divided by."""

    term: Term


class Monomial(Node):
    """The sum, over all values of ``bound`` variables, of a product of powers of atoms."""

    bound: int
    factors: frozenset[tuple[Quantity | Derivative | Partial | Applied | Bracket | Value | Group, int]]


class Term(Node):
    """A sum of monomials with rational coefficients."""

    terms: frozenset[tuple[Monomial, int | Fraction]]


class NonZero(Node):
    """The claim that a number is not 0."""

    term: Term


class Positive(Node):
    """The claim that a number is above 0."""

    term: Term


Atom = Quantity | Derivative | Partial | Applied | Bracket | Value | Group
Factors = frozenset[tuple[Atom, int]]
Known = tuple[Index, ...]  # forms that are at least 0
By = Callable[[Quantity, int], Term]  # the derivative of a quantity, so many binders further in
Claim = type[NonZero] | type[Positive]
Need = Callable[[Claim, Term, int, Known], None]  # what a derivative needs: a claim, of what, so many binders in, where
MOST, MOST_TERMS = 1000, 10_000  # for exponents, and for variables bound at once; for products at once


# Sums and products.


def _term(terms: Mapping[Monomial, Rational]) -> Term:
    short = all(max(c.numerator.bit_length(), c.denominator.bit_length()) <= BITS for c in terms.values())
    require(short, "number", "a number of more than {} bits", BITS)
    return _build(Term, frozenset((m, c.numerator if c.denominator == 1 else c) for m, c in terms.items() if c))


def number(c: Rational) -> Term:
    """A rational number."""
    return _term({_build(Monomial, 0, frozenset()): c})


@kept
def add(*parts: Term) -> Term:
    """The sum."""
    terms: dict[Monomial, Rational] = {}
    for p in parts:
        for m, c in p.terms:
            terms[m] = terms.get(m, 0) + c
    return _term(terms)


@kept
def times(c: Rational, p: Term) -> Term:
    """A rational number times a term."""
    return p if c == 1 else _term({m: c * d for m, d in p.terms})


def product(*parts: Term) -> Term:
    """The product."""
    return bind(0, *parts)


@kept
def bind(n: int, *parts: Term) -> Term:
    """The sum of the product over its n innermost loose variables."""
    require(type(n) is int and 0 <= n <= MOST, "bind", "{} is no number of variables", n)
    plain = [next(iter(p.terms)) for p in parts if len(p.terms) == 1 and not next(iter(p.terms))[0].bound]
    rest = [p for p in parts if len(p.terms) != 1 or next(iter(p.terms))[0].bound]
    result = times(prod(c for _, c in plain), monomial(0 if rest else n, [f for m, _ in plain for f in m.factors]))
    for left, p in zip(
        reversed(range(len(rest))), sorted(rest, key=key), strict=True
    ):  # on every run in the same order
        over = 0 if left else n
        result = _times(over, result, p) if over or result is not ONE else p
    return result


def _times(n: int, p: Term, q: Term) -> Term:
    require(len(p.terms) * len(q.terms) <= MOST_TERMS, "product", "it would have more than {} terms", MOST_TERMS)
    parts = []
    for (one, c), (other, d) in choices(p.terms, q.terms):
        first = ((lift(a, other.bound, one.bound), e) for a, e in one.factors) if other.bound else one.factors
        second = ((lift(a, one.bound), e) for a, e in other.factors) if one.bound else other.factors
        parts.append(times(c * d, monomial(n + one.bound + other.bound, (*first, *second))))
    return add(*parts)


@kept
def power(p: Term, exponent: int) -> Term:
    """An integer power; the power 0 is [p is not 0], and 1/0 = 0."""
    require(type(exponent) is int and abs(exponent) <= MOST, "power", "{} is not an exponent", exponent)
    if exponent > 0 or p is ZERO:
        if exponent <= 1:
            return p if exponent == 1 else ZERO
        return product(*[power(p, exponent // 2)] * 2, *[p] * (exponent % 2))
    [*terms] = p.terms
    if len(terms) == 1 and not terms[0][0].bound:
        [(m, c)] = terms
        return times(Fraction(c) ** exponent, monomial(0, ((a, e * exponent) for a, e in m.factors)))
    numbers = [Fraction(c) for _, c in sorted(terms, key=key)]  # what all have in common is taken out
    unit = Fraction(gcd(*(c.numerator for c in numbers)), lcm(*(c.denominator for c in numbers)))
    unit *= 1 if (sum(numbers) or numbers[0]) > 0 else -1
    return times(unit**exponent, monomial(0, ((node(Group, times(1 / unit, p)), exponent),)))


def monomial(n: int, factors: Iterable[tuple[Atom, int]]) -> Term:
    """The sum over n bound variables of a product of powers, in normal form. Refused where the sum has no end."""
    powers: dict[Atom, int] = {}
    for a, e in factors:
        powers[a] = 1 if type(a) is Bracket else powers.get(a, 0) + e
    return _monomial(n, frozenset(f for f in powers.items() if f[1] or not _is_above(f[0])))


@kept
def _monomial(n: int, factors: Factors) -> Term:
    if sums := [(a, e) for a, e in factors if type(a) is Group and e > 0]:
        whole = (power(a.term, e) for a, e in sums)
        return bind(n, _monomial(0, factors.difference(sums)), *whole)
    ends: dict[frozenset[tuple[Basic, int]], Index] = {}  # of brackets that differ in the constant, the one that counts
    for d in conditions(factors):
        ends[d.terms] = min(d, ends.get(d.terms, d), key=lambda e: e.constant)
    opposite = {terms: ends.get(frozenset((b, -c) for b, c in terms)) for terms in ends}
    pairs = [(d, e) for d, e in ((ends[terms], e) for terms, e in opposite.items()) if e is not None]
    if any(d.constant + e.constant < 0 for d, e in pairs):
        return ZERO
    made = frozenset(f for f in factors if type(f[0]) is not Bracket or ends[f[0].form.terms] is f[0].form)
    for d in sorted({min(d, e, key=key) for d, e in pairs if d.constant + e.constant == 0}, key=key):
        if (solved := _solved(n, d, made)) is not None:
            return solved
    return _ordered(n, made) if n > 1 else _term({_build(Monomial, n, made): 1})


def _is_above(a: Atom) -> bool:
    """Whether it certainly is not 0, so that its power 0 is 1."""
    return (type(a) is Applied and (a.function, a.degree) == ("exp", 0)) or (type(a) is Value and type(a.basis) is Size)


def _solved(n: int, d: Index, factors: Factors) -> Term | None:
    """[x = e] f(x) = [x = e] f(e), and if x is summed over, the sum of it is f(e). None if nothing is to be done.

    ``factors`` say that d = 0. In d, x's coefficient is 1 or -1 and the others are integers, so e is an integer; and e
    does not depend on x, also not within a size. So exactly one integer x is e, and at any other the product is 0.
    """
    own = [(b, c) for b, c in d.terms if type(b) is Bound and b.place < n]
    rest = factors - {(node(Bracket, form), 1) for form in (d, negative(d))}
    for x, c in sorted(d.terms, key=lambda term: (term in own, key(term)), reverse=True):
        e = index(-c * d.constant, ((b, -c * k) for b, k in d.terms if b is not x))
        if abs(c) != 1 or type(x) is Size or occurs(x, e):
            continue
        if (x, c) in own:  # x is nowhere else
            places = tuple(bound(i - (i > x.place)) for i in range(n))  # type: ignore[union-attr]
            inner = put_index(lift(e, n - 1, n), putting(places=places))
            return moved(rest, tuple(inner if bound(i) is basic(x) else b for i, b in enumerate(places)), n - 1, n - 1)
        if type(x) is Variable:
            new = product(*(power(put_atom(a, putting(((x.name, e),))), k) for a, k in rest))
        else:
            new = moved(rest, (*map(bound, range(x.place)), e), x.place + 1)  # type: ignore[union-attr]
        return None if new is _monomial(0, rest) else bind(n, new, *(atom(a) for a, _ in factors - rest))
    return None


def moved(factors: Iterable[tuple[Atom, int]], values: tuple[Index, ...], within: int, n: int = 0) -> Term:
    """The product, with values for its innermost variables; these stand below ``within`` binders, and so does it.

    Then the sum of it over n variables.
    """
    return bind(n, *(power(put_atom(lift(a, within, len(values)), putting(places=values)), e) for a, e in factors))


def _ordered(n: int, factors: Factors) -> Term:
    """The bound variables in an order that does not depend on the one given, as far as it goes: any order is right."""
    looks = [putting(places=tuple(variable("x" if k == i else "y") for k in range(n))) for i in range(n)]
    marks = [sorted((key(put_atom(a, look)), e) for a, e in factors) for look in looks]  # as each variable sees it
    alike = [[*group] for _, group in groupby(sorted(range(n), key=marks.__getitem__), key=marks.__getitem__)]
    orders = (sum(o, ()) for o in choices(*(islice(permutations(group), 120) for group in alike)))
    found = [moved(factors, tuple(bound(o.index(i)) for i in range(n)), n) for o in islice(orders, 120)]
    best = min((p for p in found if [m.bound for m, _ in p.terms] == [0]), key=key, default=None)  # else it binds more
    [(m, c)] = best.terms if best else {(_build(Monomial, 0, factors), 1)}
    return _term({_build(Monomial, n, m.factors): c})


# Makers of atoms, as terms.


def quantity(family: str, *indices: Index) -> Quantity:
    """One quantity of a family."""
    return node(Quantity, family, indices)


@kept
def atom(a: Atom) -> Term:
    """An atom as a term."""
    return _monomial(0, frozenset([(a, 1)]))


def derivative(y: Quantity, x: Quantity) -> Term:
    """The derivative of y by x; of x by itself, 1."""
    return ONE if y is x else atom(node(Derivative, y, x))


@kept
def bracket(d: Index) -> Term:
    """[d >= 0]"""
    if entails((), d):
        return ONE
    return ZERO if entails((), minus(index(-1), d)) else atom(node(Bracket, tight(d)))


def match(d: Index) -> Term:
    """[d = 0]"""
    return product(bracket(d), bracket(negative(d)))


def same(one: Quantity, other: Quantity) -> Term:
    """[the quantities are one]"""
    if one.family != other.family or len(one.indices) != len(other.indices):
        return ZERO
    return product(*(match(minus(i, j)) for i, j in zip(one.indices, other.indices, strict=True)))


def value(d: Index) -> Term:
    """An index as a number."""
    return add(number(d.constant), *(times(c, atom(node(Value, b))) for b, c in d.terms))


#: What is known of functions: the derivative, and the claim about the argument that it needs.
ELEMENTARY: dict[str, tuple[Callable[[Term], Term], Claim | None]] = {
    "exp": (lambda u: applied("exp", 0, u), None),
    "log": (lambda u: power(u, -1), Positive),
    "sqrt": (lambda u: times(Fraction(1, 2), power(applied("sqrt", 0, u), -1)), Positive),
    "step": (lambda _: ZERO, NonZero),
    "Phi": (lambda u: applied("phi", 0, u), None),
    "phi": (lambda u: times(-1, product(u, applied("phi", 0, u))), None),
}


def applied(function: str, degree: int, u: Term) -> Term:
    """The derivative of that degree of a function, at u; exp of a sum is a product."""
    made = node(Applied, function, degree, u)
    if function in ELEMENTARY and degree:
        require(degree == 1, "applied", "{} is differentiated once at a time", function)
        return ELEMENTARY[function][0](u)
    if (function, degree) != ("exp", 0):
        return atom(made)
    whole = [(m, Fraction(c)) for m, c in u.terms]  # exp(3 v) = exp(v)^3, exp(-v/2) = exp(v/2)^-1
    parts = [(m, 1, int(c)) if c.denominator == 1 else (m, abs(c), 1 if c > 0 else -1) for m, c in whole]
    return product(*(monomial(0, [(node(Applied, "exp", 0, _term({m: unit})), e)]) for m, unit, e in parts))


# Traversals.

#: How atoms are made that have a normal form; the others are made of their parts as they are.
ATOMS: dict[type[Node], Callable[..., Term]] = {Derivative: derivative, Applied: applied, Bracket: bracket, Group: add}


def remade(a: Atom, change: Callable[[Any], Any]) -> Term:
    """An atom of these kinds with ``change`` made to the parts that are nodes."""
    return ATOMS[type(a)](*each(a.parts, change))


@kept
def put_atom(a: Atom, s: Put, depth: int = 0) -> Term:
    """What an atom becomes after a substitution, below so many binders."""
    if not changes(s, a, depth):
        return atom(a)
    if type(a) is Value:
        return value(put_index(basic(a.basis), s, depth))
    return remade(a, lambda part: put(part, s, depth)) if type(a) in ATOMS else atom(put(a, s, depth))


@kept
def put(e: Any, s: Put, depth: int = 0) -> Any:
    """Anything after a substitution, below so many binders; a term in normal form."""
    if type(e) is Index:
        return put_index(e, s, depth)
    if not changes(s, e, depth):
        return _term({e: 1}) if type(e) is Monomial else e
    if type(e) is Monomial:
        return bind(e.bound, *(power(put_atom(a, s, depth + e.bound), k) for a, k in e.factors))
    if type(e) is Term:
        return add(*(times(c, put(m, s, depth)) for m, c in e.terms))
    inner = depth + getattr(e, "bound", 0)
    return _build(type(e), *each(e.parts, lambda part: put(part, s, inner)))


def named(names: Sequence[str], e: Any) -> Any:
    """Free variables made loose: the first name is the innermost."""
    return put(lift(e, len(names)), putting(tuple((name, bound(i)) for i, name in enumerate(names))))


@kept
def at(e: Any, *values: Index) -> Any:
    """The innermost loose variables given values."""
    return put(e, putting(places=values)) if values else e


def conditions(factors: Iterable[tuple[Atom, int]]) -> Iterator[Index]:
    """The forms that are at least 0 wherever the product is not 0 by its brackets."""
    return (a.form for a, _ in factors if type(a) is Bracket)


def below(known: Iterable[Index], m: Monomial) -> Known:
    """What is known within a monomial: what is known outside, and its own brackets."""
    return (*(lift(d, m.bound) for d in known), *conditions(m.factors))


def replace(p: Term, change: Callable[[Atom, int, Known], Term | None], depth: int = 0, known: Known = ()) -> Term:
    """``p`` with ``change(atom, depth, known)`` for each atom for which that is not None, also within functions.

    ``known`` are forms that are at least 0 wherever the atom matters: the brackets that it is multiplied by.
    """
    parts = []
    for m, c in p.terms:
        here, inner = below(known, m), depth + m.bound
        made = [(a, _replaced(a, change, inner, here), e) for a, e in m.factors]
        new = any(atom(a) is not other for a, other, _ in made)
        parts.append(times(c, bind(m.bound, *(power(e, k) for _, e, k in made)) if new else _term({m: 1})))
    return add(*parts)


def _replaced(a: Atom, change: Callable[[Atom, int, Known], Term | None], depth: int, known: Known) -> Term:
    new = change(a, depth, known)
    if new is None and type(a) in (Applied, Group):
        return remade(a, lambda p: replace(p, change, depth, known))
    return atom(a) if new is None else new


def diff(p: Term, by: By, need: Need, depth: int = 0, known: Known = ()) -> Term:
    """The derivative of p, where ``by(quantity, depth)`` is that of a quantity; ``need`` is told what it needs.

    Refused where p has derivatives in it: there are no second ones.
    """
    parts = []
    for m, c in p.terms:
        here, inner = below(known, m), depth + m.bound
        for a, e in m.factors:
            slope, base = _slope(a, by, need, inner, here), a.term if type(a) is Group else atom(a)
            if slope is ZERO:
                continue
            if e <= 0:
                need(NonZero, base, inner, here)
            left = ONE if e == 1 else times(e, power(base, e - 1))
            parts.append(times(c, bind(m.bound, monomial(0, m.factors - {(a, e)}), left, slope)))
    return add(*parts)


def _slope(a: Atom, by: By, need: Need, depth: int, known: Known) -> Term:
    require(type(a) not in (Derivative, Partial), "derivative", "no second derivatives: {}", a)
    if type(a) is Quantity:
        return by(a, depth)
    if type(a) is Group:
        return diff(a.term, by, need, depth, known)
    inner = diff(a.argument, by, need, depth, known) if type(a) is Applied else ZERO
    if type(a) is not Applied or inner is ZERO:
        return ZERO
    if claim := ELEMENTARY.get(a.function, (None, None))[1]:
        need(claim, a.argument, depth, known)
    return product(applied(a.function, a.degree + 1, a.argument), inner)


ZERO: Term = _term({})
ONE: Term = number(1)
