"""All entries of a theorem at once: terms as NumPy, where each index of theirs is an axis.

A sum of products is an ``einsum``, what a bracket or the ends of a sum leave out is masked, and the rest is broadcast.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from string import ascii_letters
from typing import Any, NamedTuple

from sympy import Add, Integer, Mul, Pow, Rational, Symbol

from ..surface.network import Network
from ..surface.terms import (
    Apply,
    D,
    Kron,
    Member,
    NonNegative,
    Total,
    difference,
    free,
    n,
    order,
    substitute,
    variant,
)  # fmt: skip
from .python import ATOM, POWER, PRODUCT, SUM, Python, family, letter, negative, parts, shared, slots
from .scalar import Smooth

Ends = tuple[Any, Any]


class Unsupported(Exception):  # noqa: N818 - no error: it is computed entry by entry
    """What has no entries that are numbered from an end to an end, such as a sum over layers."""


class Value(NamedTuple):
    """A text, how strongly it holds together, and the axes of what it computes, in their order."""

    text: str
    strength: int = ATOM
    axes: tuple[Symbol, ...] = ()


@dataclass
class Arrays:
    """Writes a right-hand side whose free indices ``ends`` are axes; more of them come with sums."""

    net: Network
    python: Python
    ends: dict[Symbol, Ends]
    taken: frozenset[Any]  # the symbols that are numbers
    named: dict[Any, Value] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.result = tuple(self.ends)

    # Statements.

    def statements(self, e: Any) -> list[str]:
        """Axes, what is computed more than once, and a return."""
        lines = list[str]()
        for place, part in enumerate(shared(e), start=1):
            name, made = self.python.names.of(("shared of arrays", place), f"t{place}"), self.value(part)
            lines.append(f"{name} = {made.text}")
            self.named[part] = Value(name, ATOM, made.axes)
        made = self.value(e)
        text = self.along(made, self.result)
        if made.axes != self.result:
            text = f"everywhere({', '.join([text, *map(self.name, self.result)])})"
        lines.append(f"return {text}")
        return [*self._axes("\n".join(lines)), *lines]

    def _axes(self, text: str) -> list[str]:
        """Those of the result, and those that the text speaks of or that one after them does."""
        lines = list[str]()
        for symbol, (lo, hi) in reversed(self.ends.items()):
            name, only = self.name(symbol), f", {self.name(symbol)}" if symbol in self.result else ""
            if only or re.search(rf"\b{name}\b(?!\()", text):
                lines.insert(0, f"{name} = axis({self.index(lo)}, {self.index(hi)}{only})")
                text = f"{lines[0]}\n{text}"
        return lines

    def name(self, symbol: Symbol) -> str:
        return self.python.names.of(symbol, symbol.name)

    def index(self, e: Any) -> str:
        """An index, or one of its ends."""
        if isinstance(e, Ceiling):
            return f"-(({self.index(e.above)}) // {e.below})"
        if isinstance(e, Floor):
            return f"({self.index(e.above)}) // {e.below}"
        if isinstance(e, Extreme):
            return f"{e.which}({', '.join(map(self.index, e.of))})"
        return self.python.text(e)

    # Values.

    def value(self, e: Any, *, near: bool = False) -> Value:
        """``e``; with ``near`` it is masked, and may speak of what is not there."""
        if e in self.named:
            return self.named[e]
        if isinstance(e, Member | D):
            return self._read(e, near=near)
        if isinstance(e, Symbol) and e in self.ends:
            return Value(f"values({self.name(e)})", ATOM, (e,))
        if isinstance(e, Add):
            return self._sum(e, near=near)
        if isinstance(e, Total):
            return self._total(e, near=near)
        if isinstance(e, Kron):
            return self._equality(e)
        if isinstance(e, Apply):
            inner = self.value(e.args[1], near=near)
            name = str(e.args[0]) if isinstance(e, Smooth) else self.python.function(str(e.args[0]), int(e.args[2]))
            return Value(f"{name}({inner.text})", ATOM, inner.axes)
        if isinstance(e, Pow) and e.exp > 0:
            base = self.value(e.base, near=near)
            return Value(f"{held(base, ATOM)} ** {e.exp}", POWER, base.axes)
        if isinstance(e, Mul | Pow | Rational) and not isinstance(e, Integer):
            return self._product(e, near=near)
        if isinstance(e, Symbol | Integer | n):
            return Value(self.python.text(e), SUM if negative(e) else ATOM)
        raise Unsupported(e)

    def _read(self, e: Any, *, near: bool) -> Value:
        of, inner = family(e), slots(self.net, e)
        if None in inner or any(self._axes_of(slot) for slot, kind in indexed(self.net, e) if kind == "l"):
            raise Unsupported(e)
        axes = tuple(dict.fromkeys(a for slot in inner for a in self._axes_of(slot)))
        where, name = ", ".join(map(self.index, inner)), self.python.names.of(of, letter(of))
        if near and axes:
            return Value(f"{name}.near({where})", ATOM, axes)
        return Value(f"{name}[{where or '...'}]", ATOM, axes)

    def _axes_of(self, e: Any) -> tuple[Symbol, ...]:
        """Those that an index speaks of, in their order."""
        found = free(e)
        return tuple(symbol for symbol in self.ends if symbol in found)

    def union(self, *made: Value) -> tuple[Symbol, ...]:
        found = {axis for one in made for axis in one.axes}
        return tuple(symbol for symbol in self.ends if symbol in found)

    def along(self, made: Value, axes: tuple[Symbol, ...], least: int = SUM) -> str:
        """The text of something that is broadcast along these axes."""
        own = tuple(axis for axis in axes if axis in made.axes)
        if not own:
            return held(made, least)
        if own != made.axes:
            letters = self._letters([made.axes])
            made = Value(f'einsum("{spell(letters, made.axes)}->{spell(letters, own)}", {made.text})', ATOM, own)
        rest = axes[axes.index(own[0]) :]
        if rest == own:
            return held(made, least)
        return f"{held(made, ATOM)}[{', '.join(':' if axis in own else 'None' for axis in rest)}]"

    def _letters(self, of: list[tuple[Symbol, ...]]) -> dict[Symbol, str]:
        """A letter for each axis: its own, where that is one and is free."""
        found = dict[Symbol, str]()
        for symbol in dict.fromkeys(chain(*of)):
            own = symbol.name if symbol.name in ascii_letters and len(symbol.name) == 1 else ""
            spare = (x for x in [own, *ascii_letters] if x and x not in found.values())
            found[symbol] = next(spare)
        return found

    # Sums of terms and products.

    def _sum(self, e: Any, *, near: bool) -> Value:
        terms = sorted(e.args, key=lambda term: (negative(term), isinstance(term, Rational), order(term)))
        minus = [negative(term) for term in terms]
        made = [self.value(-term if less else term, near=near) for term, less in zip(terms, minus, strict=True)]
        axes = self.union(*made)
        first, *rest = (self.along(one, axes, PRODUCT) for one in made)
        signs = (" - " if less else " + " for less in minus[1:])
        return Value(
            ("-" if minus[0] else "") + first + "".join(map("".join, zip(signs, rest, strict=True))), SUM, axes
        )

    def _product(self, e: Any, *, near: bool) -> Value:
        if negative(e):
            inner = self.value(-e, near=near)
            return Value(f"-{held(inner, PRODUCT)}", SUM, inner.axes)
        factors = split(e)
        brackets = [f for f in factors.above if isinstance(f, Kron) and self._axes_of(f)]
        above = [f for f in factors.above if f not in brackets]
        made = self._quotient(
            [self.value(f, near=near or bool(brackets)) for f in above],
            [self.value(f, near=near or bool(brackets)) for f in factors.below],
        )
        if not brackets:
            return made
        conditions = [d for f in brackets for d in self._equal(f)]
        mask = Value(self._bracket(conditions), ATOM, self._axes_of(Member("any", *conditions)))
        axes = self.union(made, mask)
        return Value(f"where({self.along(mask, axes)}, {self.along(made, axes)}, 0)", ATOM, axes)

    def _quotient(self, above: list[Value], below: list[Value]) -> Value:
        axes = self.union(*above, *below)
        top = " * ".join(self.along(one, axes, POWER) for one in above) or "1"
        bottom = " * ".join(self.along(one, axes, POWER) for one in below)
        if not below and len(above) == 1:
            return Value(self.along(above[0], axes), above[0].strength, axes)
        return Value(top + (f" / {f'({bottom})' if len(below) > 1 else bottom}" if below else ""), PRODUCT, axes)

    # Sums over axes.

    def _total(self, e: Any, *, near: bool) -> Value:
        body, bound = self._opened(e)
        factors = split(body)
        if factors.minus:
            inner = self._contracted(factors, bound, near=near)
            return Value(f"-{held(inner, PRODUCT)}", SUM, inner.axes)
        return self._contracted(factors, bound, near=near)

    def _opened(self, e: Any) -> tuple[Any, dict[Symbol, Ends]]:
        """The body of sums inside sums, and their variables, each an axis of its own."""
        bound = dict[Symbol, Ends]()
        while isinstance(e, Total):
            body, symbol, lo, hi = e.args
            if any(isinstance(x, Member | D) for x in chain(parts(lo), parts(hi))) or self._is_layer(body, symbol):
                raise Unsupported(e)
            fresh = symbol
            while (
                fresh in bound
                or fresh in self.result
                or fresh in self.taken
                or self.ends.get(fresh, (lo, hi)) != (lo, hi)
            ):
                fresh = variant(fresh, {fresh, *free(body)})
            self.ends.setdefault(fresh, (lo, hi))
            bound[fresh] = lo, hi
            e = body if fresh == symbol else substitute(body, {symbol: fresh})
        return e, bound

    def _is_layer(self, body: Any, symbol: Symbol) -> bool:
        found = (slot for e in parts(body) for slot, kind in indexed(self.net, e) if kind == "l")
        return any(symbol in free(slot) for slot in found)

    def _contracted(self, factors: Factors, bound: dict[Symbol, Ends], *, near: bool) -> Value:
        factors, summed, conditions = self._sifted(factors, dict(bound))
        for symbol, (lo, hi) in summed.items():
            conditions += [d for end, d in ((lo, symbol - lo), (hi, hi - symbol)) if self._axes_of(end)]
        near = near or bool(conditions)
        inside = [f for f in factors.above if self._axes_of(f)]
        outer = [f for f in factors.above if f not in inside]
        below = [f for f in factors.below if not self._speaks(f, summed)] if not conditions else []
        operands = [self.value(f, near=near) for f in inside]
        operands += [self._quotient([], [self.value(f, near=near)]) for f in factors.below if f not in below]
        if not conditions:  # what all terms have stands before the sum
            common = [one for one in operands if not set(one.axes) & set(summed)]
            operands = [one for one in operands if one not in common]
        else:
            common = []
        mask = Value(self._bracket(conditions), ATOM, self._axes_of(Member("any", *conditions))) if conditions else None
        made = self._einsum(operands, mask, summed)
        return self._quotient(
            [*(self.value(f, near=near) for f in outer), *made, *common], [self.value(f, near=near) for f in below]
        )

    def _speaks(self, f: Any, summed: dict[Symbol, Ends]) -> bool:
        return not free(f).isdisjoint(summed)

    def _einsum(self, operands: list[Value], mask: Value | None, summed: dict[Symbol, Ends]) -> list[Value]:
        every = [one.axes for one in ([mask] if mask else []) + operands]
        there = {axis for axes in every for axis in axes}
        times = [Value(f"size({self.name(s)})") for s in summed if s not in there]
        if not every:
            return times
        left = tuple(axis for axis in self.ends if axis in there and axis not in summed)
        letters = self._letters(every)
        spelled = ",".join(spell(letters, axes) for axes in every)
        texts = [one.text for one in ([mask] if mask else []) + operands]
        name = "masked" if mask else "einsum"
        return [Value(f'{name}("{spelled}->{spell(letters, left)}", {", ".join(texts)})', ATOM, left), *times]

    def _sifted(self, factors: Factors, bound: dict[Symbol, Ends]) -> tuple[Factors, dict[Symbol, Ends], list[Any]]:
        """Without the brackets [i = j], each of which leaves one term of a sum, or none: then it is left out."""
        above, below, conditions = list(factors.above), list(factors.below), list[Any]()
        while brackets := [f for f in above if isinstance(f, Kron) and self._axes_of(f)]:
            one = brackets[0]
            above.remove(one)
            gap = one.args[0] - one.args[1]
            solved = next((s for s in bound if abs(gap.coeff(s)) == 1 and not self._ends_speak(bound, s)), None)
            if solved is None:
                conditions += self._equal(one)
                continue
            lo, hi = bound.pop(solved)
            there = (solved - gap * gap.coeff(solved)).expand()
            conditions = [substitute(d, {solved: there}) for d in conditions] + [there - lo, hi - there]
            above, below = ([substitute(f, {solved: there}) for f in side] for side in (above, below))
        return Factors(factors.minus, above, below), bound, conditions

    def _ends_speak(self, bound: dict[Symbol, Ends], symbol: Symbol) -> bool:
        return any(symbol in free(end) for ends in bound.values() for end in ends)

    # Brackets.

    def _equal(self, e: Any) -> list[Any]:
        gap = e.args[0] - e.args[1]
        return [gap, -gap]

    def _equality(self, e: Any) -> Value:
        if axes := self._axes_of(e):
            return Value(f"where({self._bracket(self._equal(e))}, 1, 0)", ATOM, axes)
        return Value(self.python.text(e))

    def _bracket(self, conditions: list[Any]) -> str:
        return f"bracket({', '.join(self.index(d) for d in conditions)})"


class Factors(NamedTuple):
    """A product: whether it is negative, and what is above and below the line."""

    minus: bool
    above: list[Any]
    below: list[Any]


def split(e: Any) -> Factors:
    """A product in its factors, numbers first."""
    minus = negative(e)
    above, below = list[Any](), list[Any]()
    for factor in sorted(
        Mul.make_args(-e if minus else e), key=lambda f: (not f.is_Rational, not f.is_Symbol, order(f))
    ):
        if isinstance(factor, Rational):
            above += [Integer(factor.p)] * (factor.p != 1)
            below += [Integer(factor.q)] * (factor.q != 1)
        elif isinstance(factor, Pow) and factor.exp < 0:
            below.append(1 / factor)
        else:
            above.append(factor)
    return Factors(minus, above, below)


def held(made: Value, least: int) -> str:
    """The text, in brackets where it holds together less than ``least``."""
    return made.text if made.strength >= least else f"({made.text})"


def spell(letters: dict[Symbol, str], axes: tuple[Symbol, ...]) -> str:
    return "".join(letters[axis] for axis in axes)


def indexed(net: Network, e: Any) -> Iterator[tuple[Any, str]]:
    """The indices of ``e``, if it is read from data or a number of units, and their kinds: l(ayer) or others."""
    if isinstance(e, n):
        yield e.args[0], "l"
    elif isinstance(e, Member | D):
        kinds = "".join(map(net.kind, _members(e)))
        yield from ((slot, kind) for slot, kind in zip(slots(net, e), kinds, strict=True) if slot is not None)


def _members(e: Any) -> Iterator[Member]:
    """The quantities that a partial derivative is about."""
    if isinstance(e, D):
        for arg in e.args:
            yield from _members(arg)
    else:
        yield e


# The ranges of the free indices.


class Ceiling(NamedTuple):
    """The ``above / below`` of an index term, rounded up, with the sign turned: see ``Arrays.index``."""

    above: Any
    below: int


class Floor(NamedTuple):
    """``above / below``, rounded down."""

    above: Any
    below: int


class Extreme(NamedTuple):
    """The ``min`` or the ``max`` of these."""

    which: str
    of: tuple[Any, ...]


def free_axes(net: Network, theorem: Any) -> dict[Symbol, Ends] | None:
    """The free indices of a theorem that count entries, as its left side has them, and their ranges; None: no range."""
    found, layers = dict[Symbol, None](), set[Symbol]()
    for e in chain(parts(theorem.lhs), parts(theorem.rhs)):
        for slot, kind in indexed(net, e):
            symbols = sorted(free(slot), key=str)
            layers |= set(symbols) if kind == "l" else set()
            found |= dict.fromkeys(symbols) if kind != "l" else {}
    mentioned = free(theorem.lhs) | free(theorem.rhs)
    symbols = [s for s in found if s in mentioned and s not in layers and not s.is_positive and s not in net.symbols]
    ends = {s: _ends(net, theorem, s, frozenset(symbols)) for s in symbols}
    return None if any(None in pair for pair in ends.values()) else ends


def _ends(net: Network, theorem: Any, symbol: Symbol, axes: frozenset[Symbol]) -> Ends:
    said = [h.args[0] for h in theorem.hypotheses if isinstance(h, NonNegative)]
    lows, highs = _bounds(said, symbol, axes)
    for side in (theorem.lhs, theorem.rhs):
        if lows and highs:
            break
        there = _bounds([d for d in _existence(net, side) if symbol in free(d)], symbol, axes)
        lows, highs = lows or there[0], highs or there[1]
    return _tightest(lows, "max"), _tightest(highs, "min")


def _bounds(conditions: list[Any], symbol: Symbol, axes: frozenset[Symbol]) -> tuple[list[Any], list[Any]]:
    """The lower and upper ends of ``symbol`` where these are at least 0."""
    lows, highs = list[Any](), list[Any]()
    for d in conditions:
        factor = d.expand().coeff(symbol)
        rest = (d - factor * symbol).expand()
        if not isinstance(factor, Integer) or factor == 0 or free(rest) & (axes | {symbol}):
            continue
        if factor > 0:
            lows.append(-rest if factor == 1 else Ceiling(rest, int(factor)))
        else:
            highs.append(rest if factor == -1 else Floor(rest, int(-factor)))
    return lows, highs


def _existence(net: Network, e: Any) -> Iterator[Any]:
    """What is at least 0 where the quantities exist."""
    for m in (m for x in parts(e) if isinstance(x, Member | D) for m in _members(x)):
        kinds = net.kind(m)
        layer = m.indices[: kinds.count("l")]
        if len(m.indices) == len(kinds):
            for slot, (lo, hi) in zip(m.indices[len(layer) :], net.shape(Member(m.family, *layer)), strict=True):
                yield from (slot - lo, hi - slot)


def _tightest(ends: list[Any], which: str) -> Any:
    """The one end of several, as far as that can be seen."""
    kept = list[Any]()
    for end in ends:
        if isinstance(end, Ceiling | Floor):
            kept += [end] * (end not in kept)
            continue
        gaps = [(old, difference(end, old)) for old in kept if not isinstance(old, Ceiling | Floor)]
        if any(g is not None and (g <= 0 if which == "max" else g >= 0) for _, g in gaps):
            continue
        kept = [old for old in kept if (old, None) in gaps or isinstance(old, Ceiling | Floor)] + [end]
    if not kept:
        return None
    return kept[0] if len(kept) == 1 else Extreme(which, tuple(kept))
