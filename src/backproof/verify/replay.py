"""Proofs as plain data, and theorems made anew from them.

A proof is a list of entries, each a list: the name of a maker or of a rule, and its arguments. An argument is a number,
a string or null as it is; ``["#", i]``, what entry i made; ``["()", ...]``, a tuple; ``["{}", ...]``, a set; and
``["/", p, q]``, the fraction p/q. An entry refers to earlier ones only. Loading calls the makers and rules of the core:
nothing that is written is believed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import partial
from typing import Any

from ..core.index import FAULTS, MOST_NODES, NODES, Node, Put, basic, index, node, require
from ..core.kernel import RULES
from ..core.network import network
from ..core.term import ATOMS, Term, add, atom, bind, power, product, times, value
from .text import Refused


def load(entries: Iterable[Any]) -> list[Any]:
    """What each entry makes. Refused where one is no call of a maker or a rule, or its rule refuses."""
    made, calls, before = list[Any](), {**RULES, **MAKERS}, len(NODES)

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
            require(type(name) is str and name in calls, "load", "there is no maker or rule {!r}", name)
            made.append(calls[name](*map(get, parts)))
            require(len(NODES) - before <= MOST_NODES // 2, "load", "more than {} nodes", MOST_NODES // 2)
        except (Refused, *FAULTS) as error:
            raise Refused("load", f"entry {place}: {error}") from error
    return made


#: Most kinds are made of their parts as they are, which ``node`` checks; the others have a normal form, or more checks.
#: Makers of atoms make terms of them, but for quantities and partial derivatives.
MAKERS: dict[str, Callable[..., Any]] = {
    k.__name__: partial(node, k) for k in Node.__subclasses__() if k is not Put
} | {
    **{k.__name__: make for k, make in ATOMS.items()},
    "Index": index,
    "Value": lambda b: value(basic(b)),
    "Monomial": lambda n, factors: bind(n, product(*(power(a if type(a) is Term else atom(a), e) for a, e in factors))),
    "Term": lambda terms: add(*(times(c, m) for m, c in terms)),
    "Network": network,
}
