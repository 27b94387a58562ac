"""Arrays, read entry by entry: an array is its dimensions, and the term for the entry at some indices.

What does not fit is told in letters: "w[l + 1] is n(l + 1) × n(l), delta[l] has n(l) entries". Whether two dimensions
that are written differently are the same number is for the networks to say: a ``Clash`` is what has to be tried.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from sympy import Add, Dummy, Integer, Mul, Pow

from ...surface.network import Network
from ...surface.terms import Apply, D, Dot, Hadamard, Member, Outer, Total, Transposed
from .terms import family, free, members, replaced
from .verdicts import Malformed, Unsupported

Range = tuple[Any, Any]


class Clash(NamedTuple):
    """Two ranges that have to be the same, within the sums (symbol, lo, hi) around them, and why."""

    one: Range
    other: Range
    around: tuple[tuple[Any, Any, Any], ...]
    reason: str


class Entries(NamedTuple):
    """A number (no dimensions) or an array; ``at`` makes the term of an entry."""

    dimensions: tuple[Range, ...]
    at: Callable[[tuple[Any, ...]], Any]


class Elaboration:
    """Reads the terms of one statement, and keeps what has to fit."""

    def __init__(self, net: Network) -> None:
        self.net, self.kinds = net, {f.name: f.kinds for f in net.families}
        self.clashes: list[Clash] = []
        self._around: tuple[tuple[Any, Any, Any], ...] = ()

    def read(self, e: Any) -> Entries:
        """The entries of a term. Malformed where it makes no sense, Unsupported where it cannot be read."""
        for head in type(e).__mro__:
            if head in ARRAYS:
                return ARRAYS[head](self, e)
        if any(self._is_array(arg) for arg in e.args):
            raise Unsupported(f"{e}: what {type(e).__name__} of an array means is not known to the judges")
        return Entries((), lambda _: e)

    def number(self, e: Any) -> Any:
        """The term of a number. Malformed if it is an array."""
        found = self.read(e)
        if found.dimensions:
            raise Malformed(f"a number is needed, and {self.describe(e, found)}")
        return found.at(())

    def describe(self, e: Any, found: Entries) -> str:
        """What a term is, in letters."""
        counts = [counted(r) for r in found.dimensions]
        if not counts:
            return f"{e} is a number"
        return f"{e} has {counts[0]} entries" if len(counts) == 1 else f"{e} is {' × '.join(counts)}"

    def both(self, *described: tuple[Any, Entries]) -> str:
        """What several terms are, in letters."""
        return ", ".join(self.describe(e, found) for e, found in described)

    def same(self, one: Range, other: Range, *described: tuple[Any, Entries]) -> None:
        """Two ranges of two terms have to be the same."""
        if one != other:
            self.clashes.append(Clash(one, other, self._around, self.both(*described)))

    # Quantities.

    def _is_array(self, e: Any) -> bool:
        return any(len(m.args) - 1 < len(self.kinds.get(family(m), "")) for m in members(e, every=True))

    def _member(self, e: Any) -> Entries:
        kinds = self.kinds.get(family(e))
        if kinds is None:
            raise Unsupported(f"the network does not say what {family(e)} is")
        given = e.args[1:]
        if len(given) > len(kinds):
            raise Malformed(f"{e} has too many indices: {family(e)} has {len(kinds)}")
        if kinds.startswith("l") and not given:
            raise Unsupported(f"{e} of all layers at once")
        indices = [self.number(index) for index in given]
        return Entries(self._dimensions(e, indices), lambda rest: Member(family(e), *indices, *rest))

    def _dimensions(self, e: Any, given: list[Any]) -> tuple[Range, ...]:
        """The ranges of the indices that are left open, by an equation in which they are variables."""
        count = len(given)
        found = [
            (d.head.args[1:], {v: (lo, hi) for v, lo, hi in d.bounds})
            for d in self.net.definitions if family(d.head) == family(e)
        ]  # fmt: skip
        found = [(pattern, limits) for pattern, limits in found if all(v in limits for v in pattern[count:])]
        for pattern, limits in found:
            if pattern[:count] == tuple(given):
                return self._ranges(limits, pattern, given)
        for pattern, limits in found:  # beyond its layers a quantity has as many entries as there would be
            if all(v in limits for v in pattern):
                return self._ranges(limits, pattern, given)
        raise Unsupported(f"the network does not say how many entries {e} has")

    @staticmethod
    def _ranges(limits: dict[Any, Range], pattern: tuple[Any, ...], given: list[Any]) -> tuple[Range, ...]:
        values = {v: index for v, index in zip(pattern, given, strict=False) if v in limits}
        ends = (limits[v] for v in pattern[len(given) :])
        return tuple((replaced(lo, values), replaced(hi, values)) for lo, hi in ends)

    # Numbers and arrays together.

    def _entrywise(self, e: Any) -> Entries:
        """Sums, and functions and ⊙, entry by entry; numbers stand for arrays of them."""
        return self._together(e, [self.read(arg) for arg in e.args])

    def _together(self, e: Any, parts: list[Entries]) -> Entries:
        arrays = [(arg, part) for arg, part in zip(e.args, parts, strict=True) if part.dimensions]
        if not arrays:
            return Entries((), lambda _: e.func(*(part.at(()) for part in parts)))
        first, shape = arrays[0]
        for other, part in arrays[1:]:
            if len(part.dimensions) != len(shape.dimensions):
                raise Malformed(self.both((first, shape), (other, part)))
            for one, two in zip(shape.dimensions, part.dimensions, strict=True):
                self.same(one, two, (first, shape), (other, part))
        func = Mul if isinstance(e, Hadamard) else e.func
        return Entries(
            shape.dimensions, lambda rest: func(*(part.at(rest if part.dimensions else ()) for part in parts))
        )

    def _function(self, e: Any) -> Entries:
        f, u, times = e.args
        inner = self.read(u)
        return Entries(inner.dimensions, lambda rest: Apply(f, inner.at(rest), times))

    def _product(self, e: Any) -> Entries:
        parts = [self.read(arg) for arg in e.args]
        arrays = sum(bool(part.dimensions) for part in parts)
        if arrays > 1:
            raise Malformed(f"a product of {arrays} arrays that is neither ⊙ nor a matrix product: {e}")
        return self._together(e, parts)

    def _power(self, e: Any) -> Entries:
        if self.read(e.args[0]).dimensions:
            raise Unsupported(f"{e}: a power of an array")
        return Entries((), lambda _: Pow(self.number(e.args[0]), e.args[1]))

    def _sum(self, e: Any) -> Entries:
        body, bound, lo, hi = e.args
        around = self._around
        try:
            self._around = (*around, (bound, lo, hi))
            inner = self.read(body)
        finally:
            self._around = around
        if any(bound in free(end) for r in inner.dimensions for end in r):
            raise Unsupported(f"{e}: a sum of arrays of different sizes")
        return Entries(inner.dimensions, lambda rest: Total(inner.at(rest), bound, lo, hi))

    # Matrices.

    def _matrix(self, e: Any, why: str) -> Entries:
        found = self.read(e)
        if len(found.dimensions) == 1:
            raise Unsupported(f"{why}, and {self.describe(e, found)}: rows are not read, only columns and matrices")
        if len(found.dimensions) != 2:
            raise Malformed(f"{why}, and {self.describe(e, found)}")
        return found

    def _transposed(self, e: Any) -> Entries:
        matrix = self._matrix(e.args[0], "a transpose is of a matrix")
        return Entries(matrix.dimensions[::-1], lambda rest: matrix.at(rest[::-1]))

    def _dot(self, e: Any) -> Entries:
        first, second = self._matrix(e.args[0], "a matrix product begins with a matrix"), self.read(e.args[1])
        described = (e.args[0], first), (e.args[1], second)
        if not second.dimensions:
            raise Malformed(self.both(*described))
        self.same(first.dimensions[1], second.dimensions[0], *described)
        (lo, hi), inner = first.dimensions[1], Dummy("q")
        return Entries(
            first.dimensions[:1] + second.dimensions[1:],
            lambda rest: Total(first.at((rest[0], inner)) * second.at((inner, *rest[1:])), inner, lo, hi),
        )

    def _outer(self, e: Any) -> Entries:
        first, second = map(self.read, e.args)
        if (len(first.dimensions), len(second.dimensions)) != (1, 1):
            raise Malformed(f"{e} needs two columns: {self.both(*zip(e.args, (first, second), strict=True))}")
        return Entries(first.dimensions + second.dimensions, lambda at: first.at(at[:1]) * second.at(at[1:]))

    def _derivative(self, e: Any) -> Entries:
        y, x = map(self.read, e.args)
        if not isinstance(e.args[1], Member):
            raise Unsupported(f"a derivative by {e.args[1]}, which is no quantity of the network")
        above = len(y.dimensions)
        return Entries(y.dimensions + x.dimensions, lambda at: D(y.at(at[:above]), x.at(at[above:])))


def counted(r: Range) -> str:
    """How many values a range has, in letters."""
    lo, hi = r
    return str(hi - lo + 1)


ARRAYS: dict[type, Callable[[Elaboration, Any], Entries]] = {
    Member: Elaboration._member,  # noqa: SLF001 - the table of its own methods
    Add: Elaboration._entrywise,  # noqa: SLF001
    Hadamard: Elaboration._entrywise,  # noqa: SLF001
    Mul: Elaboration._product,  # noqa: SLF001
    Pow: Elaboration._power,  # noqa: SLF001
    Apply: Elaboration._function,  # noqa: SLF001
    Total: Elaboration._sum,  # noqa: SLF001
    Dot: Elaboration._dot,  # noqa: SLF001
    Transposed: Elaboration._transposed,  # noqa: SLF001
    Outer: Elaboration._outer,  # noqa: SLF001
    D: Elaboration._derivative,  # noqa: SLF001
    Integer: lambda _, e: Entries((), lambda _: e),
}
