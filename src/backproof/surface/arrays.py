"""What vectors and matrices mean: the shape of an array and its entries. An array equation says no more than these."""

from __future__ import annotations

from typing import Any

from sympy import Add, Mul, Symbol

from .network import Network
from .terms import Apply, D, Dot, Hadamard, M, Member, Outer, Refused, Total, Transposed, free, variant

Shape = tuple[tuple[Any, Any], ...]  # lower and upper end of each index


def shape(net: Network, e: Any) -> Shape:
    """The bounds of the indices of ``e``; () for a number. Refused where the shapes do not fit."""
    if isinstance(e, Member):
        return net.shape(e)
    if isinstance(e, D):
        return shape(net, e.args[0]) + shape(net, e.args[1])
    if isinstance(e, Apply):
        return shape(net, e.args[1])
    if isinstance(e, Transposed):
        return _of_rank(shape(net, e.args[0]), 2, e)[::-1]
    if isinstance(e, Outer):
        return sum((_of_rank(shape(net, arg), 1, e) for arg in e.args), ())
    if isinstance(e, Dot):
        first, second = _of_rank(shape(net, e.args[0]), 2, e), shape(net, e.args[1])
        if not second or first[1] != second[0]:
            raise Refused("components", f"the shapes in {e} do not fit: {_all_described(net, e.args)}")
        return first[:1] + second[1:]
    if isinstance(e, Add | Hadamard):  # a number stands for as many as there are entries
        shapes = {found for arg in e.args if (found := shape(net, arg))}
        if len(shapes) > 1:
            raise Refused("components", f"the shapes in {e} differ: {_all_described(net, e.args)}")
        return next(iter(shapes), ())
    if isinstance(e, Mul):
        factors = [found for found in (shape(net, arg) for arg in e.args) if found]
        return _of_rank(factors[0], len(factors[0]) if len(factors) == 1 else 0, e) if factors else ()
    return ()


def _of_rank(found: Shape, rank: int, e: Any) -> Shape:
    if len(found) != rank:
        raise Refused("components", f"{e} needs arrays with {rank} indices, and has one with {len(found)}")
    return found


def described(net: Network, e: Any) -> str:
    """What something is, in the author's letters: ``D(C, Q) is B × T × H``."""
    if why := misfit(net, e):
        return why
    sizes = [str(hi) if lo == 1 else f"({lo}..{hi})" for lo, hi in shape(net, e)]
    what = " × ".join(sizes) if len(sizes) > 1 else f"a vector of {sizes[0]}" if sizes else "a number"
    return f"{e} is {what}"


def _all_described(net: Network, those: tuple[Any, ...]) -> str:
    return ", ".join(described(net, e) for e in those)


def misfit(net: Network, e: Any) -> str | None:
    """Why the shapes in a term do not fit; None if they do."""
    try:
        shape(net, e)
    except Refused as why:
        return why.reason
    return None


def entry(net: Network, e: Any, indices: tuple[Any, ...]) -> Any:
    """The entry of ``e`` at ``indices``; ``entry(Dot(A, B), (i, j))`` is the sum over k of A[i, k] B[k, j]."""
    if not indices or not shape(net, e):
        return e
    if isinstance(e, Member):
        return Member(*e.args, *indices)
    if isinstance(e, D):
        rank = len(shape(net, e.args[0]))
        return D(entry(net, e.args[0], indices[:rank]), entry(net, e.args[1], indices[rank:]))
    if isinstance(e, Apply):
        return Apply(e.args[0], entry(net, e.args[1], indices), e.args[2])
    if isinstance(e, Transposed):
        return entry(net, e.args[0], indices[::-1])
    if isinstance(e, Outer):
        return entry(net, e.args[0], indices[:1]) * entry(net, e.args[1], indices[1:])
    if isinstance(e, Hadamard):
        return entry(net, e.args[0], indices) * entry(net, e.args[1], indices)
    if isinstance(e, Dot):
        name = "i" if shape(net, e.args[0])[1][1] == M else "k"  # over examples, or over units
        bound = variant(Symbol(name), frozenset().union(free(e), *map(free, indices)))
        first, second = entry(net, e.args[0], (indices[0], bound)), entry(net, e.args[1], (bound, *indices[1:]))
        return Total(first * second, bound, *shape(net, e.args[0])[1])
    if isinstance(e, Add):
        return Add(*(entry(net, arg, indices) for arg in e.args))
    return Mul(*(entry(net, arg, indices) for arg in e.args))
