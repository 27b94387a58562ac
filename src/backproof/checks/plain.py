"""Claims in plain SymPy: an equation of indexed letters, sums and derivatives, as ``to_sympy`` writes theorems."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sympy import (
    Basic,
    Derivative,
    Eq,
    Heaviside,
    Indexed,
    Integer,
    KroneckerDelta,
    Matrix,
    Subs,
    Sum,
    Symbol,
    exp,
    log,
    sqrt,
)
from sympy.core.function import AppliedUndef

from ..surface.terms import Apply, D, Kron, Member, Total, free, n
from . import arrays, quantities
from .refusals import Refusal
from .relation import Reading, answered, equated
from .verdict import Verdict
from .when import When

KNOWN: Final = {exp: "exp", log: "log", Heaviside: "step"}
_SPAN: Final = (0, 0)


class NotRead(Exception):  # noqa: N818 - a verdict
    """What has no meaning in the network."""


def judge(claim: Any, about: Reading) -> Verdict:
    """What is said of ``Eq(left, right)``, or of a pair of sides, for all values of the indices that are free."""
    left, right = claim.args if isinstance(claim, Eq) else claim
    shown = str(left), str(right)
    try:
        lhs, rhs = (_Back(about).term(side) for side in (left, right))
        sides = tuple(arrays.number(side, _SPAN) for side in (lhs, rhs))
        there = [c for side in (lhs, rhs) for c in _conditions(side, about)]
        equation = equated(sides[0], sides[1], ("", ""), there, When(), about)
    except NotRead as why:
        return Verdict("unknown", *shown, str(why))
    except Refusal as why:
        return Verdict("unknown", *shown, why.reason)
    return answered(equation, shown)


def is_plain(claim: Any) -> bool:
    """Whether it is an equation in SymPy, or a pair of sides."""
    return isinstance(claim, Eq) or (
        isinstance(claim, tuple) and len(claim) == 2 and all(isinstance(side, Basic) for side in claim)
    )


def _conditions(e: Any, about: Reading, bound: frozenset[Any] = frozenset()) -> Iterator[Any]:
    """What has to hold for all quantities to be there, as far as it is about what is not summed over."""
    if isinstance(e, Total):
        yield from _conditions(e.args[0], about, bound | {e.args[1]})
    elif isinstance(e, Member):
        lowering = about.lowering("")
        quantities.note(lowering, e.family, e.indices, set())
        yield from (c for c in lowering.conditions if free(c).isdisjoint(bound))
    else:
        for inner in e.args:
            if isinstance(inner, Basic):
                yield from _conditions(inner, about, bound)


class _Back:
    """From SymPy's heads to ours."""

    def __init__(self, about: Reading) -> None:
        self.net = about.net
        self.symbols = {s.name: s for s in self.net.symbols}

    def term(self, e: Any) -> Any:
        if isinstance(e, Indexed):
            name, at = str(e.base.label), [self.term(i) for i in e.indices]
            return n(*at) if name == "n" and name not in self.net.kinds else self.member(name, at)
        if isinstance(e, Symbol):
            return self.member(e.name, []) if e.name in self.net.kinds else self.symbols.get(e.name, e)
        if isinstance(e, Derivative):
            return self.derivative(e)
        if isinstance(e, Subs):
            return self.slope(e)
        if isinstance(e, Sum):
            return self.sum(e)
        if isinstance(e, KroneckerDelta):
            return Kron(*(self.term(i) for i in e.args[:2]))
        if isinstance(e, AppliedUndef):
            return Apply(self.function(e.func.__name__), self.term(e.args[0]))
        if e.func in KNOWN:
            return Apply(KNOWN[e.func], self.term(e.args[0]))
        if isinstance(e, Matrix) or not (e.is_Add or e.is_Mul or e.is_Pow or e.is_Number):
            raise NotRead(f"{e} has no meaning in this network")
        if e.is_Pow and e.exp == sqrt(2).exp:
            return Apply("sqrt", self.term(e.base))
        return e.func(*map(self.term, e.args)) if e.args else e

    def member(self, name: str, at: list[Any]) -> Any:
        kinds = self.net.kinds.get(name)
        if kinds is None or len(kinds) != len(at):
            raise NotRead(f"{name} with {len(at)} indices is no quantity of this network")
        return Member(name, *at)

    def function(self, name: str) -> str:
        known = {f.name for f in self.net.functions} | {"sigma"}
        if name not in known:
            raise NotRead(f"{name} is no function of this network")
        return name

    def derivative(self, e: Any) -> Any:
        of, (x, count) = e.expr, e.variable_count[0]
        if len(e.variable_count) > 1 or count != 1 or not isinstance(of, AppliedUndef) or of.args[-1] != x:
            raise NotRead(f"{e}: a derivative is written C(x) by x, or a(L, k, x) by x")
        name = of.func.__name__
        if name not in self.net.kinds:
            return Apply(self.function(name), self.term(x), 1)
        return D(self.member(name, [self.term(i) for i in of.args[:-1]]), self.term(x))

    def slope(self, e: Any) -> Any:
        """A function, differentiated, and taken somewhere."""
        inner, (xi,), (at,) = e.expr, e.variables, e.point
        if not isinstance(inner, Derivative) or inner.variables != (xi,) * len(inner.variables):
            raise NotRead(f"{e} has no meaning in this network")
        f = inner.expr
        if not isinstance(f, AppliedUndef) or f.args != (xi,):
            raise NotRead(f"{e} has no meaning in this network")
        return Apply(self.function(f.func.__name__), self.term(at), Integer(len(inner.variables)))

    def sum(self, e: Any) -> Any:
        made = self.term(e.function)
        for k, lo, hi in e.limits:
            made = Total(made, k, self.term(lo), self.term(hi))
        return made


__all__ = ["NotRead", "is_plain", "judge"]
