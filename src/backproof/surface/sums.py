"""Sums between numbers, written out term by term."""

from __future__ import annotations

from typing import Any

from sympy import Add, Integer

from .terms import D, Kron, Member, Total, n, substitute


def written_out(e: Any) -> Any:
    """``e`` with every sum between numbers written out."""
    if not e.args or isinstance(e, Member | Kron | n):
        return e
    if isinstance(e, D):
        return D(written_out(e.args[0]), e.args[1])
    if isinstance(e, Total) and all(isinstance(end, Integer) for end in e.args[2:]):
        body, k, lo, hi = e.args
        return Add(*(written_out(substitute(body, {k: Integer(v)})) for v in range(int(lo), int(hi) + 1)))
    return e.func(*map(written_out, e.args))
