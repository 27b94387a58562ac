"""Theorems as plain SymPy: indexed letters, sums and derivatives; or matrices of symbols, for a net with numbers.

SymPy takes ``Derivative(C, z[l, j])`` for 0, since it sees no z in C. So what is differentiated is a function of what
it is differentiated by: ``Derivative(C(z[l, j]), z[l, j])``, and of an entry ``Derivative(a(L, k, z[L, j]), z[L, j])``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Final

from sympy import (
    Derivative,
    Eq,
    Function,
    Heaviside,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Matrix,
    Subs,
    Sum,
    Symbol,
    erf,
    exp,
    log,
    pi,
    sqrt,
)

from ..derive.derivation import Derivation
from ..surface.back import term
from ..surface.terms import Apply, D, Kron, L, Member, NonNegative, Total, free, n
from ..surface.theorem import Theorem

#: What SymPy has for the elementary functions. A step is 0 at 0, where nothing is claimed.
KNOWN: Final[Mapping[str, Any]] = {
    "exp": exp, "log": log, "sqrt": sqrt, "step": lambda u: Heaviside(u, 0),
    "Phi": lambda u: (1 + erf(u / sqrt(2))) / 2, "phi": lambda u: exp(-(u**2) / 2) / sqrt(2 * pi),
}  # fmt: skip
MOST: Final = 10_000  # entries that are written out


def to_sympy(self: Theorem | Derivation, sizes: Sequence[int] | None = None) -> Any:
    r"""What a theorem says, in plain SymPy: an equation with ``Indexed``, ``Sum``, ``Function`` and ``Derivative``.

    >>> import backproof
    >>> bp2 = backproof.prove(["bp2"], formats=()).derivations[0].derivation
    >>> bp2.to_sympy().lhs
    delta[l, j]

    With ``sizes``, the units of each layer from the input on, it is a list of equations, one for each layer for which
    the theorem is said: of numbers, columns or matrices of symbols, ``w_3_21`` for the weight from unit 1 of layer 2
    to unit 2 of layer 3.

    >>> [equation] = bp2.to_sympy(sizes=(2, 2, 1))
    >>> equation.lhs
    Matrix([
    [delta_2_1],
    [delta_2_2]])

    ValueError where the network has other sizes than those of layers.
    """
    theorem = self.theorem if isinstance(self, Derivation) else self
    sides = term(theorem.proof.lhs), term(theorem.proof.rhs)
    if not theorem.indices:
        sides = theorem.lhs, theorem.rhs
    if sizes is None:
        return Eq(*map(_Indexed().plain, sides), evaluate=False)
    return list(_written_out(theorem, sides, tuple(map(int, sizes))))


class _Indexed:
    """From our heads to SymPy's, with indexed letters."""

    def plain(self, e: Any) -> Any:
        if isinstance(e, Member):
            return self.member(e)
        if isinstance(e, n):
            return self.size(e)
        if isinstance(e, D):
            return self.derivative(*e.args)
        if isinstance(e, Kron):
            return KroneckerDelta(*map(self.plain, e.args))
        if isinstance(e, Total):
            body, k, lo, hi = e.args
            return self.sum(body, k, lo, hi)
        if isinstance(e, Apply):
            return self.applied(*e.args)
        return e.func(*map(self.plain, e.args)) if e.args else e

    def member(self, e: Member) -> Any:
        return IndexedBase(e.family)[tuple(map(self.plain, e.indices))] if e.indices else Symbol(e.family)

    def size(self, e: n) -> Any:
        return IndexedBase("n")[self.plain(e.args[0])]

    def derivative(self, y: Any, x: Any) -> Any:
        by = self.plain(x)
        if isinstance(y, Member):
            return Derivative(Function(y.family)(*map(self.plain, y.indices), by), by)
        raise ValueError(f"the derivative of {y} has no name in plain SymPy")

    def sum(self, body: Any, k: Any, lo: Any, hi: Any) -> Any:
        return Sum(self.plain(body), (k, self.plain(lo), self.plain(hi)))

    def applied(self, f: Any, u: Any, d: Any) -> Any:
        name, at = str(f), self.plain(u)
        known = KNOWN.get(name, Function(name))
        if not d:
            return known(at)
        x = Symbol("xi")
        return Subs(Derivative(known(x), (x, int(d))), x, at)


class _WrittenOut(_Indexed):
    """The same for a net with numbers: each quantity is a symbol, and sums are written out."""

    def __init__(self, sizes: tuple[int, ...], values: Mapping[Any, int]) -> None:
        self.sizes, self.values = sizes, dict(values)

    def plain(self, e: Any) -> Any:
        if isinstance(e, Symbol):
            return self.symbol(e)
        return super().plain(e)

    def symbol(self, e: Symbol) -> Any:
        found = self.values.get(e, len(self.sizes) if e == L else None)
        if found is None:
            raise ValueError(f"{e} has no number: only the units of layers have")
        return Integer(found)

    def member(self, e: Member) -> Any:
        layer, *units = (str(self.plain(i)) for i in e.indices) if e.indices else ("",)
        separator = "," if any(len(unit) > 1 for unit in units) else ""
        return Symbol("_".join(filter(None, (e.family, layer, separator.join(units)))))

    def size(self, e: n) -> Any:
        layer = int(self.plain(e.args[0]))
        return Integer(self.sizes[layer - 1]) if 1 <= layer <= len(self.sizes) else Integer(0)

    def derivative(self, y: Any, x: Any) -> Any:
        by = self.plain(x)
        if isinstance(y, Member):
            return Derivative(Function(str(self.member(y)))(by), by)
        return super().derivative(y, x)

    def is_there(self, m: Member, theorem: Theorem) -> bool:
        """Whether the indices of a quantity are within their ranges."""
        count = int(theorem.net.kinds[m.family].startswith("l"))
        if count and not 1 <= self.plain(m.indices[0]) <= len(self.sizes):
            return False
        ends = zip(m.indices[count:], theorem.net.shape(Member(m.family, *m.indices[:count])), strict=True)
        return all(self.plain(lo) <= self.plain(i) <= self.plain(hi) for i, (lo, hi) in ends)

    def sum(self, body: Any, k: Any, lo: Any, hi: Any) -> Any:
        first, last, made = int(self.plain(lo)), int(self.plain(hi)), Integer(0)
        for value in range(first, last + 1):
            made += _WrittenOut(self.sizes, {**self.values, k: value}).plain(body)
        return made


def _written_out(theorem: Theorem, sides: tuple[Any, Any], sizes: tuple[int, ...]) -> Iterator[Any]:
    """An equation for each layer, with the units as rows and columns."""
    if theorem.net.depth is None or theorem.net.widths is not None:
        raise ValueError("sizes are those of the layers of a dense network")
    if not sizes or min(sizes) < 1:
        raise ValueError("sizes are numbers of units, at least 1 for each layer")
    indices = sorted((s for s in free(sides[0]) | free(sides[1]) if s not in theorem.net.symbols and s != L), key=str)
    layered = {s for side in sides for m in side.atoms(Member, n) for s in _layers(m, theorem)}
    layers, units = [s for s in indices if s in layered], _units(sides, [s for s in indices if s not in layered])
    for at in product(range(1, len(sizes) + 1), repeat=len(layers)):
        rows = list(_entries(theorem, sides, sizes, dict(zip(layers, at, strict=True)), units))
        if rows and len(units) <= 2:
            yield _equation(rows, len(units))


def _layers(m: Any, theorem: Theorem) -> frozenset[Any]:
    if isinstance(m, n):
        return free(m.args[0])
    kinds = theorem.net.kinds.get(m.family, "")
    return free(m.indices[0]) if kinds.startswith("l") and m.indices else frozenset()


def _units(sides: tuple[Any, Any], found: list[Any]) -> list[Any]:
    """Unit indices in the order in which the left side has them."""
    members = [m for m in sides[0].atoms(Member) if m.indices]
    order = [s for m in sorted(members, key=lambda m: -len(m.indices)) for i in m.indices for s in free(i)]
    return sorted(found, key=lambda s: order.index(s) if s in order else len(order))


def _entries(
    theorem: Theorem, sides: tuple[Any, Any], sizes: tuple[int, ...], at: dict[Any, int], units: list[Any]
) -> Iterator[tuple[tuple[int, ...], Any, Any]]:
    """The entries that are there, each with its place."""
    forms = [h.args[0] for h in theorem.hypotheses if isinstance(h, NonNegative)]
    if max(sizes) ** len(units) > MOST:
        raise ValueError(f"more than {MOST:,} entries")
    for place in product(range(1, max(sizes) + 1), repeat=len(units)):
        reader = _WrittenOut(sizes, {**at, **dict(zip(units, place, strict=True))})
        members = sides[0].atoms(Member)
        if all(reader.plain(form) >= 0 for form in forms) and all(reader.is_there(m, theorem) for m in members):
            yield place, reader.plain(sides[0]), reader.plain(sides[1])


def _equation(rows: list[tuple[tuple[int, ...], Any, Any]], count: int) -> Any:
    if not count:
        return Eq(rows[0][1], rows[0][2], evaluate=False)
    last = max(place for place, *_ in rows)
    height, width = last[0], last[1] if count == 2 else 1
    found = {place: pair for place, *pair in rows}
    made = [Matrix(height, width, lambda r, c, s=side: found[(r + 1, c + 1)[:count]][s]) for side in (0, 1)]
    return Eq(*made, evaluate=False)


def install() -> None:
    """Give theorems and derivations the method."""
    for named in (Theorem, Derivation):
        setattr(named, "to_sympy", to_sympy)  # noqa: B010 - the class does not declare it


__all__ = ["install", "to_sympy"]
