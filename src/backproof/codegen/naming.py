"""Names for what would be computed more than once: t1, t2, ... for entries, s1, s2, ... for sums over a layer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from sympy import Expr, Pow, Symbol

from ..surface.terms import Apply, Binder, Member, free, i, j, k, n, substitute
from .entries import Statement, Where, rewrite
from .infix import negative

Scope = dict[Symbol, int]  # the indices of units, with how many there are


class Names:
    """Finds what is repeated, and gives it names; ``sizes`` are the units of the layers."""

    def __init__(self, sizes: Sequence[int]) -> None:
        self.sizes, self._places = sizes, count(1)

    def shared(self, first: Sequence[Statement], *others: Sequence[Statement]) -> list[list[Statement]]:
        """The same, where each of ``others`` is run after ``first`` or not at all: so it may use its names."""
        sums: dict[Any, Member] = {}
        head = list(self._summed(first, sums))
        tails = [list(self._summed(part, dict(sums))) for part in others]
        repeated = [self._repeated([*head, *tail]) for tail in tails or [[]]]
        known: dict[Any, str] = {}
        named = list(self._named(head, frozenset().union(*repeated), known))
        return [named, *(list(self._named(*both, dict(known))) for both in zip(tails, repeated, strict=bool(tails)))]

    # Sums over a layer that are the same for all units.

    def _summed(self, statements: Sequence[Statement], known: dict[Any, Member]) -> Iterator[Statement]:
        for statement in statements:
            before: list[Statement] = []

            def rule(e: Any, before: list[Statement] = before) -> Any:
                if not isinstance(e, Binder) or not isinstance(e.args[3], n) or free(e) - {i}:
                    return e
                body, bound, lo, hi = e.args
                key = e.func(substitute(body, {bound: k}), k, lo, hi)
                if key not in known:
                    known[key] = Member(f"s{next(self._places)}", i)
                    before.append(Statement(known[key], key))
                return known[key]

            value = statement.value
            body = value.args[0] if isinstance(value, Binder) else value
            inside = rewrite(body, rule)
            value = value.func(inside, *value.args[1:]) if isinstance(value, Binder) else inside
            yield from _together(before, replace(statement, value=value))

    # Entries.

    def _inside(self, e: Binder, scope: Scope) -> Scope:
        """The scope within a sum."""
        _, bound, _, hi = e.args
        return scope | {bound: self.sizes[int(hi.args[0]) - 1]} if isinstance(hi, n) else scope

    def _repeated(self, statements: Sequence[Statement]) -> frozenset[Any]:
        """What would be computed more than once, at the index j."""
        times: Counter[Any] = Counter()

        def visit(e: Any, scope: Scope, often: int) -> None:
            if isinstance(e, Where):  # one of the branches is not computed
                e = e.args[0]
            if _is_atom(e):
                return
            if isinstance(e, Binder):
                visit(e.args[0], self._inside(e, scope), often)
                return
            sign, inner = _plain(e)
            if sign is not None:
                visit(inner, scope, often)
                return
            key = _key(e, scope)
            if key is not None:
                seen = key in times
                times[key] += 2 if scope and free(e).isdisjoint(scope) else often
                if seen:
                    return
                often = 1
            twice = isinstance(e, Pow) or (isinstance(e, Apply) and str(e.args[0]) == "phi")
            for arg in e.args:
                visit(arg, scope, 2 * often if twice else often)

        for statement in statements:
            visit(statement.value, dict(statement.units), 1)
        return frozenset(key for key, number in times.items() if number > 1)

    def _named(
        self, statements: Sequence[Statement], repeated: frozenset[Any], known: dict[Any, str]
    ) -> Iterator[Statement]:
        for statement in statements:
            before: list[Statement] = []
            value = self._put(statement.value, dict(statement.units), repeated, known, before)
            yield from _together(before, replace(statement, value=value))

    def _put(
        self, e: Any, scope: Scope, repeated: frozenset[Any], known: dict[Any, str], before: list[Statement]
    ) -> Any:
        """``e`` with names for what is repeated; what is named first is computed ``before``."""
        if _is_atom(e):
            return e
        if isinstance(e, Binder):
            inside = self._put(e.args[0], self._inside(e, scope), repeated, known, before)
            return e.func(inside, *e.args[1:])
        sign, inner = _plain(e)
        if sign is not None:
            found = self._put(inner, scope, repeated, known, before)
            return -found if sign == "-" else 1 / found
        key = _key(e, scope)
        if key not in known and key not in repeated:
            return e.func(*(self._put(arg, scope, repeated, known, before) for arg in e.args))
        units = [unit for unit in scope if unit in free(e)]
        if key not in known:
            of = ((j, scope[units[0]]),) if units else ()
            value = key.func(*(self._put(arg, dict(of), repeated, known, before) for arg in key.args))
            known[key] = f"t{next(self._places)}"
            before.append(Statement(Member(known[key], *(symbol for symbol, _ in of), i), value, of))
        return Member(known[key], *units, i)


def _together(before: list[Statement], statement: Statement) -> list[Statement]:
    """All of them, with the comments at the head."""
    first, *rest = [*before, replace(statement, comments=())]
    return [replace(first, comments=statement.comments), *rest]


def _is_atom(e: Any) -> bool:
    return not isinstance(e, Expr) or not e.args or isinstance(e, Member) or bool(e.is_number)


def _plain(e: Any) -> tuple[str | None, Any]:
    """What is negated or divided by, which is where the work is."""
    if negative(e):
        return "-", -e
    if isinstance(e, Pow) and e.exp < 0:
        return "/", 1 / e
    return None, e


def _key(e: Any, scope: Scope) -> Any:
    """``e`` at the index j, None where it is about more than one unit, or about sums."""
    units = [unit for unit in scope if unit in free(e)]
    if len(units) > 1 or e.has(Binder):
        return None
    return substitute(e, {units[0]: j}) if units else e
