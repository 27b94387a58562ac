"""From terms of the core back to what people read: for hypotheses and messages. Nothing rests on it.

Whoever prints what comes from here elaborates it again, and compares.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sympy import Add, Integer, Mul, Rational, Symbol

from ..core import kernel
from ..core import term as core
from ..core.index import Bound, Index, Size, Variable, key, negative, node, occurs, plus, putting, require, variable
from ..core.kernel import Hypothesis
from ..core.term import Monomial, Quantity, Term
from .terms import Apply, D, Equal, ForAll, Kron, Member, NonNegative, NonZero, Positive, Total, n

LETTERS = "kmpqrijst"


def index(d: Index) -> Any:
    """An index expression, without variables bound further out."""
    return Add(Integer(d.constant), *(c * _basic(b) for b, c in d.terms))


def _basic(b: Any) -> Any:
    if type(b) is Variable:
        return Symbol(b.name)
    require(type(b) is Size, "print", "{} has no name", b)
    return n(*map(index, b.indices)) if b.name == "n" else Symbol(b.name, integer=True, positive=True)


def quantity(q: Quantity) -> Any:
    """A quantity."""
    return Member(q.family, *map(index, q.indices))


@cache
def term(p: Term, taken: frozenset[str] = frozenset()) -> Any:
    """A term of the core as SymPy writes it. Refused where a sum does not go from one end to another.

    What is bound has other names than what is free around it, which is ``taken``: a reader would mix them up.
    """
    taken |= p.names
    return Add(*(Rational(c.numerator, c.denominator) * _monomial(m, taken) for m, c in p.terms))


def factored(p: Term) -> Any:
    """A sum with what all of its terms are multiplied or divided by in front of it."""
    powers = [{a: e for a, e in m.factors if type(a) is not core.Bracket and not a.loose} for m, _ in p.terms]
    plain = len(powers) > 1 and all(
        m.bound or not any(type(a) is core.Bracket for a, _ in m.factors) for m, _ in p.terms
    )
    common = {a: e for a, e in powers[0].items() if all(q.get(a) == e for q in powers)} if plain else {}
    if not common:
        return term(p)
    inner = core.add(*(core.times(c, core.monomial(m.bound, set(m.factors) - common.items())) for m, c in p.terms))
    return Mul(*(_atom(a, p.names) ** e for a, e in common.items()), term(inner, p.names))


def _monomial(m: Monomial, taken: frozenset[str]) -> Any:
    names = list[str]()
    for place in range(m.bound):
        names += new_names(1, taken.union(names), "i" if _is_example(m, place) else "")
    taken |= set(names)
    values = tuple(variable(name) for name in names)
    factors = [(core.put(a, putting(places=values)) if values else a, e) for a, e in m.factors]
    brackets = [a.form for a, _ in factors if type(a) is core.Bracket]
    powers = {_atom(a, taken) ** e: not a.names.isdisjoint(names) for a, e in factors if type(a) is not core.Bracket}
    rest = Mul(*(power for power, inside in powers.items() if inside))
    for name in sorted(names, key=lambda x: sum(occurs(_variable(x), d) for d in brackets)):
        own = [d for d in brackets if dict(d.terms).get(_variable(name))]
        slopes = sorted(dict(d.terms)[_variable(name)] for d in own)
        require(slopes == [-1, 1], "print", "a sum over {} without two plain ends", name)
        lo = next(plus(variable(name), d, -1) for d in own if dict(d.terms)[_variable(name)] == 1)
        hi = next(plus(variable(name), d) for d in own if dict(d.terms)[_variable(name)] == -1)
        rest = Total(rest, Symbol(name), index(lo), index(hi))
        brackets = [d for d in brackets if d not in own]
    for d in sorted(brackets, key=key):
        if negative(d) in brackets and d in brackets:
            rest, brackets = rest * _match(d), [e for e in brackets if e not in (d, negative(d))]
    require(not brackets, "print", "a condition outside a sum")
    return Mul(*(power for power, inside in powers.items() if not inside), rest)


def _is_example(m: Monomial, place: int) -> bool:
    """Whether a variable runs over the examples."""
    forms = [a.form.terms for a, _ in m.factors if type(a) is core.Bracket]
    return any({str(b) for b, _ in terms} >= {str(node(Size, "M", ())), str(node(Bound, place))} for terms in forms)


def _match(d: Index) -> Any:
    """[d = 0]: two indices that are equal."""
    b, c = max(d.terms, key=key)
    other = Add(*(-c * k * _basic(v) for v, k in d.terms if v is not b), -c * d.constant)
    return Kron(_basic(b), other) if abs(c) == 1 else Kron(index(d), 0)


def _variable(name: str) -> Variable:
    return node(Variable, name)


def new_names(count: int, taken: Iterable[str], first: str = "") -> list[str]:
    """So many letters that are not taken, ``first`` before others."""
    used = set(taken)
    letters = [*first, *LETTERS, *(f"{letter}{i}" for i in range(1, count + 1) for letter in LETTERS)]
    return [letter for letter in letters if letter not in used][:count]


def _atom(a: Any, taken: frozenset[str]) -> Any:
    if type(a) is Quantity:
        return quantity(a)
    if type(a) is core.Derivative:
        return D(quantity(a.of), quantity(a.by))
    if type(a) is core.Applied:
        return Apply(a.function, term(a.argument, taken), a.degree)
    if type(a) is core.Value:
        return _basic(a.basis)
    require(type(a) is core.Group, "print", "{} has no name", a)
    return term(a.term, taken)


@cache
def hypothesis(h: Hypothesis) -> Any:
    """A hypothesis, as SymPy writes it."""
    names = new_names(h.bound, h.names)
    claim, *conditions = (core.at(e, *map(variable, names)) for e in (h.claim, *h.conditions))
    made = CLAIMS[type(claim)](*(index(e) if type(e) is Index else term(e) for e in claim.parts))
    return for_all(made, names, conditions)


def for_all(claim: Any, names: Iterable[str], conditions: Iterable[Index]) -> Any:
    """A claim for all values of variables, each between two ends."""
    for name in names:
        own = {dict(d.terms)[_variable(name)]: d for d in conditions if dict(d.terms).get(_variable(name))}
        require(own.keys() == {1, -1}, "print", "a hypothesis for all {} without two plain ends", name)
        claim = ForAll(
            claim, Symbol(name), index(plus(variable(name), own[1], -1)), index(plus(variable(name), own[-1]))
        )
        conditions = [d for d in conditions if d not in own.values()]
    require(not conditions, "print", "a condition on what is not bound: {}", conditions)
    return claim


CLAIMS: Mapping[Any, Any] = {
    kernel.InRange: NonNegative,
    core.NonZero: NonZero,
    core.Positive: Positive,
    kernel.Equal: Equal,
}
