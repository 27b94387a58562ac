"""Proofs as plain data, and theorems made anew from them.

A proof is a list of entries, each a list: the name of a maker or of a rule, and its arguments. An argument is a number, a
string or null as it is; ``["#", i]``, what entry i made; ``["()", ...]``, a tuple; ``["{}", ...]``, a set; and
``["/", p, q]``, the fraction p/q. An entry refers to earlier ones only. Loading calls the makers and rules of the core:
nothing that is written is believed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from .index import Index, Node, Refused, bound, index, node, require, size, variable
from .kernel import RULES, Equal, Hypothesis, InRange, NonZero, Positive, Theorem
from .network import equation, family, function, network, read
from .term import (
    Quantity, Term, add, applied, atom, bind, bracket, derivative, match, partial, power, product, quantity, times, value,
)  # fmt: skip


def dump(*proved: Theorem) -> tuple[list[Any], list[int]]:
    """Theorems and all they were made of as entries, and the places of the theorems among them."""
    entries: list[Any] = []
    places: dict[int, int] = {}

    def put(x: Any) -> Any:
        if isinstance(x, Node) or type(x) is Theorem:
            if id(x) not in places:
                name, parts = (x.rule, x.args) if type(x) is Theorem else (type(x).__name__, x.parts)
                entries.append([name, *map(put, parts)])
                places[id(x)] = len(entries) - 1
            return ["#", places[id(x)]]
        if type(x) in (tuple, frozenset):
            return ["()" if type(x) is tuple else "{}", *map(put, x)]
        return ["/", x.numerator, x.denominator] if type(x) is Fraction else x

    return entries, [put(p)[1] for p in proved]


def load(entries: Iterable[Any]) -> list[Any]:
    """What each entry makes. Refused where one is no call of a maker or a rule, or its rule refuses."""
    made: list[Any] = []

    def get(x: Any) -> Any:
        if type(x) is not list:
            require(type(x) in (int, str) or x is None, "load", "{} is no plain data", x)
            return x
        require(x and type(x[0]) is str and x[0] in ("#", "()", "{}", "/"), "load", "{} is no plain data", x)
        if x[0] == "()" or x[0] == "{}":
            return (tuple if x[0] == "()" else frozenset)(map(get, x[1:]))
        require(all(type(i) is int for i in x[1:]), "load", "{} is no plain data", x)
        require(x[0] == "/" or 0 <= x[1] < len(made), "load", "nothing is made of what comes later")
        return made[x[1]] if x[0] == "#" else Fraction(*x[1:])

    for place, entry in enumerate(entries):
        try:
            name, *parts = entry
            made.append({**RULES, **MAKERS}[name](*map(get, parts)))
        except (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError, ZeroDivisionError) as error:
            raise Refused("load", f"entry {place} is no call of a maker or a rule: {error!r}") from error
    return made


def replay(*proved: Theorem) -> tuple[Theorem, ...]:
    """The theorems made anew from plain data; Refused if one comes out differently."""
    entries, places = dump(*proved)
    made = load(entries)
    again = tuple(made[place] for place in places)
    for p, q in zip(proved, again, strict=True):
        same = type(q) is Theorem and all(getattr(p, part) == getattr(q, part) for part in ("net", "hypotheses", "lhs", "rhs"))
        require(same, "replay", "a theorem comes out differently")
    return again


def _basic(make: Callable[..., Index]) -> Callable[..., Any]:
    """The variable or size itself, which a maker wraps as an index expression."""
    return lambda *parts: next(iter(make(*parts).terms))[0]


def _factor(a: Any, exponent: int) -> Term:
    """A power of an atom: what makes atoms makes terms, but for quantities, variables and sizes."""
    return power(a if type(a) is Term else atom(a) if type(a) is Quantity else value(index(0, ((a, 1),))), exponent)


def _hypothesis(n: int, conditions: frozenset[Index], claim: Any) -> Hypothesis:
    plain = type(n) is int and n >= 0 and type(conditions) is frozenset and all(type(d) is Index for d in conditions)
    require(plain and type(claim) in (InRange, NonZero, Positive, Equal), "load", "no hypothesis")
    return node(Hypothesis, n, conditions, claim)


def _claim(kind: type[Node], *types: type[Node]) -> Callable[..., Node]:
    def make(*parts: Any) -> Node:
        require(len(parts) == len(types) and all(type(p) is t for p, t in zip(parts, types, strict=True)), "load", "no claim")
        return node(kind, *parts)

    return make


MAKERS: dict[str, Callable[..., Any]] = {
    "Variable": _basic(variable),
    "Bound": _basic(bound),
    "Size": _basic(lambda indices, name: size(name, *indices)),
    "Index": index,
    "Quantity": lambda name, indices: quantity(name, *indices),
    "Derivative": derivative,
    "Partial": partial,
    "Applied": applied,
    "Bracket": bracket,
    "Match": match,
    "Value": lambda b: b,
    "Group": lambda p: p,
    "Monomial": lambda n, factors: bind(n, product(*(_factor(a, e) for a, e in factors))),
    "Term": lambda terms: add(*(times(c, m) for m, c in terms)),
    "InRange": _claim(InRange, Index),
    "NonZero": _claim(NonZero, Term),
    "Positive": _claim(Positive, Term),
    "Equal": _claim(Equal, Term, Term),
    "Hypothesis": _hypothesis,
    "Family": lambda facts, name, ranges, rank: family(name, ranges, rank, facts),
    "Equation": equation,
    "Read": read,
    "Function": function,
    "Network": network,
}
