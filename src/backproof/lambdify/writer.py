"""Terms as NumPy, where each index of theirs is an axis.

A sum of products is an ``einsum``, what a bracket or the ends of a sum leave out is masked, and the rest is broadcast.
``w[l + 1, k, j]`` stays as it is written: what the text is run on takes the indices of the theorem.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from string import ascii_letters
from typing import Any, ClassVar, Final, NamedTuple

from sympy import Add, Integer, Mul, Pow, Rational, Symbol

from ..surface.arrays import shape
from ..surface.network import Network
from ..surface.terms import ELEMENTARY, Apply, D, Kron, Member, Total, free, n, order, substitute, variant
from .domain import Ceiling, Ends, Extreme, Floor
from .identifiers import Identifiers
from .parts import Factors, family, has_terms, indexed, is_layer, letter, members, negative, shared, split
from .scalar import Smooth

SUM, PRODUCT, POWER, ATOM = range(4)  # how strongly a text holds together
MANY: Final = 50  # terms, above which a sum is one call: Python's parser is recursive
INDENT: Final = "    "

Conditions = tuple[Any, ...]  # index terms that are at least 0 where it counts
Axes = tuple[Symbol, ...]


class Value(NamedTuple):
    """A text, how strongly it holds together, and the axes of what it computes, in their order."""

    text: str
    strength: int = ATOM
    axes: Axes = ()

    def held(self, least: int) -> str:
        """The text, in brackets where it holds together less than ``least``."""
        return self.text if self.strength >= least else f"({self.text})"


def function_name(function: str, times: int) -> str:
    """What is like the name of a derivative of a function."""
    return f"{function}_{times}" if times > 1 else f"{function}_prime" if times else function


class Writer:
    """Writes terms whose indices ``ends`` are axes; more of them come with sums. ``taken`` are numbers.

    ``lines`` are statements that come before what is written, ``used`` the symbols that it speaks of.
    """

    def __init__(
        self, net: Network, names: Identifiers, ends: Mapping[Symbol, Ends], taken: Iterable[Any],
        named: Mapping[Any, Value],
    ) -> None:  # fmt: skip
        self.net, self.names, self.taken = net, names, frozenset(taken)
        self.named: dict[Any, Value] = dict(named)
        self.ends, self.result = dict(ends), tuple(ends)
        self.lines, self.used = list[str](), set[Any]()

    # Statements.

    def statements(self, e: Any, given: Iterable[Symbol] = (), besides: Conditions = ()) -> list[str]:
        """Axes, what is computed more than once, and a return; nan where ``besides`` are not all at least 0.

        Some of the axes may be ``given`` as numbers.
        """
        for place, part in enumerate([] if besides else shared(e), start=1):
            name, made = self.names.of(("shared", place), f"t{place}"), self.value(part)
            self.lines.append(f"{name} = {made.text}")
            self.named[part] = Value(name, ATOM, made.axes)
        made = self.value(e, besides)
        if besides:
            made = self._only("said", made, besides)
        self.lines.append(f"return {self.everywhere(made)}")
        return [*self.axis_lines(self.ends, given), *self.lines]

    def everywhere(self, made: Value) -> str:
        """As ``along`` all axes of the result, and as large."""
        text = self.along(made, self.result)
        there = {*made.axes} == {*self.result}
        return text if there else f"everywhere({', '.join([text, *map(self.name, self.result)])})"

    def axis_lines(self, axes: Iterable[Symbol], given: Iterable[Symbol] = ()) -> list[str]:
        """Those of the result, and others that are used."""
        lines = list[str]()
        for symbol in reversed(tuple(axes)):
            if symbol in self.result or symbol in self.used:
                name, (lo, hi) = self.name(symbol), self.ends[symbol]
                only = f", {name}={name}" if symbol in given else ""
                lines.insert(0, f"{name} = axis({self.index(lo)}, {self.index(hi)}{only})")
        return lines

    def name(self, symbol: Symbol) -> str:
        self.used.add(symbol)
        return self.names.of(symbol, symbol.name)

    def index(self, e: Any) -> str:
        """An index, or one of its ends."""
        if isinstance(e, Ceiling):
            return f"-(({self.index(e.above)}) // {e.below})"
        if isinstance(e, Floor):
            return f"({self.index(e.above)}) // {e.below}"
        if isinstance(e, Extreme):
            return f"{e.which}({', '.join(map(self.index, e.of))})"
        if isinstance(e, Symbol):
            return self.name(e)
        if isinstance(e, Add):
            return _added([(negative(term), self.index(-term if negative(term) else term)) for term in _terms(e)])
        if isinstance(e, Mul):
            times, *others = e.args
            inner = self.index(Mul(*others))
            return f"-{inner}" if times == -1 else f"{times} * {inner}"
        return self._number(e, ()).text

    # Values.

    def value(self, e: Any, under: Conditions = ()) -> Value:
        """``e``, where all of ``under`` are at least 0: elsewhere it is anything."""
        if e in self.named:
            return self.named[e]
        for kind, write in self.KINDS.items():
            if isinstance(e, kind):
                return write(self, e, under)
        raise ValueError(f"there is no Python for {e}")

    def _number(self, e: Any, _: Conditions) -> Value:
        if isinstance(e, n):
            self.used.add(n)
            return Value(f"n({self.index(e.args[0])})")
        return Value(str(e), SUM if negative(e) else ATOM)

    def _symbol(self, e: Symbol, _: Conditions) -> Value:
        return Value(f"values({self.name(e)})", ATOM, (e,)) if e in self.ends else Value(self.name(e))

    def _read(self, e: Any, under: Conditions) -> Value:
        slots = [slot for slot, _ in indexed(self.net, e)]
        axes = tuple(dict.fromkeys(a for slot in slots for a in self._axes_of(slot)))
        name, of = self.names.of(family(e), letter(family(e))), ", ".join(map(self.index, slots))
        if under and not self._is_there(e):
            name = f"{name}.where({', '.join(map(self.index, under))})"
        return Value(f"{name}[{of or '...'}]", ATOM, axes)

    def _is_there(self, e: Any) -> bool:
        """Whether that is seen: the ranges of its indices are those that it has."""
        bare = (Member(m.family, *m.indices[: self.net.kind(m).count("l")]) for m in members(e))
        ends = [pair for m in bare for pair in shape(self.net, m)]
        units = [slot for slot, kind in indexed(self.net, e) if kind != "l"]
        return all(self.ends.get(slot) == pair for slot, pair in zip(units, ends, strict=True))

    def _applied(self, e: Any, under: Conditions) -> Value:
        inner = self.value(e.args[1], under)
        name = str(e.args[0]) if isinstance(e, Smooth) else self.function(str(e.args[0]), int(e.args[2]))
        return Value(f"{name}({inner.text})", ATOM, inner.axes)

    def function(self, name: str, times: int) -> str:
        """The name of a function or of its derivative."""
        if name in ELEMENTARY and not times:
            return name
        return self.names.of(("function", name, times), function_name(name, times))

    def _equality(self, e: Any, _: Conditions) -> Value:
        if axes := self._axes_of(e):
            return Value(f"where({self._bracket(_equal(e))}, 1, 0)", ATOM, axes)
        return Value(f"int({' == '.join(map(self.index, e.args))})")

    # Axes.

    def _axes_of(self, *of: Any) -> Axes:
        """Those that indices speak of, in their order."""
        found = frozenset().union(*map(free, of))
        return tuple(symbol for symbol in self.ends if symbol in found)

    def union(self, *made: Value) -> Axes:
        found = {axis for one in made for axis in one.axes}
        return tuple(symbol for symbol in self.ends if symbol in found)

    def along(self, made: Value, axes: Axes, least: int = SUM) -> str:
        """The text of something that is broadcast along these axes."""
        own = tuple(axis for axis in axes if axis in made.axes)
        if not own:
            return made.held(least)
        if own != made.axes:
            letters = _letters([made.axes])
            made = Value(f'einsum("{_spell(letters, made.axes)}->{_spell(letters, own)}", {made.text})', ATOM, own)
        rest = axes[axes.index(own[0]) :]
        if rest == own:
            return made.held(least)
        return f"{made.held(ATOM)}[{', '.join(':' if axis in own else 'None' for axis in rest)}]"

    # Sums of terms, products and powers.

    def _sum(self, e: Any, under: Conditions) -> Value:
        terms = [(negative(term), self.value(-term if negative(term) else term, under)) for term in _terms(e)]
        axes = self.union(*(made for _, made in terms))
        texts = [(minus, self.along(made, axes, PRODUCT)) for minus, made in terms]
        if len(texts) > MANY:
            return Value(f"sum([{', '.join('-' * minus + text for minus, text in texts)}])", ATOM, axes)
        return Value(_added(texts), SUM, axes)

    def _power(self, e: Any, under: Conditions) -> Value:
        if e.exp < 0:
            return self._product(e, under)
        base = self.value(e.base, under)
        return Value(f"{base.held(ATOM)} ** {e.exp}", POWER, base.axes)

    def _product(self, e: Any, under: Conditions) -> Value:
        if negative(e):
            return _minus(self.value(-e, under))
        factors = split(e)
        brackets = [f for f in factors.above if isinstance(f, Kron) and self._axes_of(f)]
        conditions = tuple(d for f in brackets for d in _equal(f))
        made = self._quotient(
            [self.value(f, under + conditions) for f in factors.above if f not in brackets],
            [self.value(f, under + conditions) for f in factors.below],
        )
        return self._only("where", made, conditions, ", 0") if brackets else made

    def _only(self, function: str, made: Value, conditions: Conditions, otherwise: str = "") -> Value:
        mask = Value(self._bracket(conditions), ATOM, self._axes_of(*conditions))
        axes = self.union(made, mask)
        return Value(f"{function}({self.along(mask, axes)}, {self.along(made, axes)}{otherwise})", ATOM, axes)

    def _quotient(self, above: list[Value], below: list[Value]) -> Value:
        axes = self.union(*above, *below)
        if not below and len(above) == 1:
            return Value(self.along(above[0], axes), above[0].strength, axes)
        top = " * ".join(self.along(one, axes, POWER) for one in above) or "1"
        bottom = " * ".join(self.along(one, axes, POWER) for one in below)
        return Value(top + (f" / {f'({bottom})' if len(below) > 1 else bottom}" if below else ""), PRODUCT, axes)

    def _bracket(self, conditions: Iterable[Any]) -> str:
        return f"bracket({', '.join(map(self.index, conditions))})"

    # Sums over axes.

    def _total(self, e: Any, under: Conditions) -> Value:
        if (e.args[3] - e.args[2]).is_negative:
            return Value("0")
        if is_layer(self.net, e.args[1], e.args[0]):
            return self._over_layers(e, under)
        body, bound = self._opened(e)
        factors = split(body)
        made = self._contracted(factors, bound, under)
        return _minus(made) if factors.minus else made

    def _over_layers(self, e: Any, under: Conditions) -> Value:
        """Each layer has sizes of its own: one after another."""
        body, layer, lo, hi = e.args
        outer = {s: ends for s, ends in self.ends.items() if s != layer}
        named = {part: made for part, made in self.named.items() if layer not in free(part)}
        inner = Writer(self.net, self.names, outer, self.taken | {layer}, named)
        made = inner.value(body, under)
        axes = inner.axis_lines(s for s in inner.ends if s not in outer)
        name, bound = self.names.of(("layer", e), "of_layer"), self.names.of(layer, layer.name)
        lines = [*axes, *inner.lines, f"return {made.text}"]
        self.lines += [f"def {name}({bound}):", *(INDENT + line for line in lines)]
        self.used |= inner.used - {layer}
        text = f"sum(map({name}, range({self.index(lo)}, {self.index(hi + 1)})))"
        if made.axes:
            text = f"everywhere({', '.join([text, *map(self.name, made.axes)])})"
        return Value(text, ATOM, made.axes)

    def _opened(self, e: Any) -> tuple[Any, dict[Symbol, Ends]]:
        """The body of sums inside sums, and their variables, each an axis of its own."""
        bound = dict[Symbol, Ends]()
        while isinstance(e, Total) and not is_layer(self.net, e.args[1], e.args[0]):
            body, symbol, lo, hi = e.args
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

    def _contracted(self, factors: Factors, bound: dict[Symbol, Ends], under: Conditions) -> Value:
        """A sum of products. Where it is masked, all of them are in it; else what all its terms have is before it."""
        factors, summed, conditions = self._sifted(factors, dict(bound))
        for symbol, (lo, hi) in summed.items():
            conditions += [d for end, d in ((lo, symbol - lo), (hi, hi - symbol)) if self._axes_of(end)]
            if not self._axes_of(lo, hi) and not has_terms(lo, hi):
                conditions.append(hi - lo)
        under += tuple(conditions)

        above, times = self._parted(factors.above, summed, under, masked=bool(conditions))
        below, by = self._parted(factors.below, summed, under, masked=bool(conditions))
        mask = [Value(self._bracket(conditions), ATOM, self._axes_of(*conditions))] if conditions else []
        made = self._einsum(mask, above + [self._quotient([], [one]) for one in below], summed)
        return self._quotient(times + made, by)

    def _parted(self, factors: list[Any], summed: Iterable[Any], under: Conditions, *, masked: bool) -> Any:
        """What is in the sum, and what is before it."""
        made = [(f, self.value(f, under)) for f in factors]
        inside = [
            one for f, one in made
            if not {*one.axes}.isdisjoint(summed) or (masked and not isinstance(f, Integer | Symbol | n))
        ]  # fmt: skip
        return inside, [one for _, one in made if one not in inside]

    def _einsum(self, mask: list[Value], operands: list[Value], summed: dict[Symbol, Ends]) -> list[Value]:
        every = mask + operands
        there = {axis for one in every for axis in one.axes}
        times = [Value(f"size({self.name(s)})") for s in summed if s not in there]
        if not every:
            return times
        left = tuple(axis for axis in self.ends if axis in there and axis not in summed)
        letters = _letters([one.axes for one in every])
        spelled = f"{','.join(_spell(letters, one.axes) for one in every)}->{_spell(letters, left)}"
        text = f'{"masked" if mask else "einsum"}("{spelled}", {", ".join(one.text for one in every)})'
        return [Value(text, ATOM, left), *times]

    def _sifted(self, factors: Factors, bound: dict[Symbol, Ends]) -> tuple[Factors, dict[Symbol, Ends], list[Any]]:
        """Without the brackets [i = j], each of which leaves one term of a sum, or none: then it is left out."""
        above, below, conditions = list(factors.above), list(factors.below), list[Any]()
        while brackets := [f for f in above if isinstance(f, Kron) and self._axes_of(f)]:
            one = brackets[0]
            above.remove(one)
            gap = one.args[0] - one.args[1]
            solved = next((s for s in bound if abs(gap.coeff(s)) == 1 and not _ends_speak(bound, s)), None)
            if solved is None:
                conditions += _equal(one)
                continue
            lo, hi = bound.pop(solved)
            there = (solved - gap * gap.coeff(solved)).expand()
            conditions = [substitute(d, {solved: there}) for d in conditions] + [there - lo, hi - there]
            above, below = ([substitute(f, {solved: there}) for f in side] for side in (above, below))
        return Factors(factors.minus, above, below), bound, conditions

    #: How each kind of term is written.
    KINDS: ClassVar[dict[Any, Callable[..., Value]]] = {
        (Member, D): _read, Total: _total, Kron: _equality, Apply: _applied, Symbol: _symbol, (Integer, n): _number,
        Add: _sum, Pow: _power, (Mul, Rational): _product,
    }  # fmt: skip


def _terms(e: Any) -> list[Any]:
    """Those of a sum, in the order in which they are written."""
    return sorted(e.args, key=lambda term: (negative(term), isinstance(term, Rational), order(term)))


def _added(texts: list[tuple[bool, str]]) -> str:
    (minus, first), *rest = texts
    return "-" * minus + first + "".join((" - " if less else " + ") + text for less, text in rest)


def _minus(made: Value) -> Value:
    return Value(f"-{made.held(PRODUCT)}", SUM, made.axes)


def _equal(e: Any) -> Conditions:
    """What is at least 0 where the two indices of a bracket are equal."""
    gap = e.args[0] - e.args[1]
    return gap, -gap


def _ends_speak(bound: dict[Symbol, Ends], symbol: Symbol) -> bool:
    return any(symbol in free(end) for ends in bound.values() for end in ends)


def _letters(of: list[Axes]) -> dict[Symbol, str]:
    """A letter for each axis: its own first one, where that is free."""
    found = dict[Symbol, str]()
    for symbol in dict.fromkeys(chain(*of)):
        spare = (x for x in symbol.name[0] + ascii_letters if x in ascii_letters and x not in found.values())
        found[symbol] = next(spare)
    return found


def _spell(letters: dict[Symbol, str], axes: Axes) -> str:
    return "".join(letters[axis] for axis in axes)


__all__ = ["INDENT", "Value", "Writer", "function_name"]
