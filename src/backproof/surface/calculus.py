"""Derivatives of terms in one quantity, as people write them, for the kernel to prove. Nothing rests on it."""

from __future__ import annotations

from typing import Any

from sympy import Add, Mul, Pow, S

from .terms import ELEMENTARY, Apply, Choice


def derivative(e: Any, x: Any) -> Any:
    """The derivative by ``x`` of a term in which nothing else moves."""
    if e == x:
        return S.One
    if isinstance(e, Add):
        return Add(*(derivative(part, x) for part in e.args))
    if isinstance(e, Mul):
        parts = ((derivative(f, x), e.args[:place] + e.args[place + 1 :]) for place, f in enumerate(e.args))
        return Add(*(Mul(inner, *rest) for inner, rest in parts))
    if isinstance(e, Pow):
        return e.exp * e.base ** (e.exp - 1) * derivative(e.base, x)
    if isinstance(e, Apply):
        name, u, times = e.args
        outer = ELEMENTARY[name.name][0](u) if name.name in ELEMENTARY and times == 0 else Apply(name, u, times + 1)
        return outer * derivative(u, x)
    if isinstance(e, Choice):
        test, *branches = e.args
        return Choice(test, *(derivative(part, x) for part in branches))
    return S.Zero
