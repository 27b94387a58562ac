"""Networks of one's own, written as on a page: axes, quantities, what is given and what is defined.

    (t, T), (i, N) = axes("t:T i:N")
    x, mu, c = quantities("x mu c")
    net = network(
        "centring", (t, i),
        x[t, i],
        (mu[t], total(x[t, i], i) / N),
        (c[t, i], x[t, i] - mu[t]),
        (C, any_function(c[t, i])),
    )

An axis goes from 1 to its size, which is a symbol of its own. What is only named is given: data or parameters.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, NamedTuple

from sympy import Expr, Integer, Symbol, SympifyError, sympify

from ..surface.hints import hints
from ..surface.network import Definition, Function, Network
from ..surface.terms import Apply, Family, Member, Total, free, not_called

NAME = re.compile(r"[A-Za-z]\w*", re.ASCII)


def _strictly(e: Any, what: str) -> Any:
    """``e`` as a term. TypeError where it is none: text above all, which SymPy would run."""
    try:
        return sympify(e, strict=True)
    except SympifyError:
        raise TypeError(f"{what} is {e!r}, which is no term") from None


class Written(ABC):
    """What stands for a SymPy term, ``_sympy_()``, wherever one is wanted, and counts like it."""

    @abstractmethod
    def _sympy_(self) -> Any:
        """The term."""

    def __add__(self, other: Any) -> Any:
        return self._sympy_() + other

    def __sub__(self, other: Any) -> Any:
        return self._sympy_() - other

    def __rsub__(self, other: Any) -> Any:
        return other - self._sympy_()

    def __mul__(self, other: Any) -> Any:
        return self._sympy_() * other

    def __truediv__(self, other: Any) -> Any:
        return self._sympy_() / other

    def __rtruediv__(self, other: Any) -> Any:
        return other / self._sympy_()

    def __pow__(self, other: Any) -> Any:
        return self._sympy_() ** other

    def __neg__(self) -> Any:
        return -self._sympy_()

    __radd__, __rmul__ = __add__, __mul__


@dataclass(frozen=True)
class Axis(Written):
    """An index and its range, from 1 to ``size`` where nothing else is said: ``t.between(2, T)``."""

    name: str
    size: Any
    first: Any = 1

    def __iter__(self) -> Iterator[Any]:
        """The axis and its size: ``(t, T), = axes("t:T")``."""
        return iter((self, self.size))

    def between(self, first: Any, last: Any) -> Axis:
        """The same index in another range."""
        return Axis(self.name, _strictly(last, "the last"), _strictly(first, "the first"))

    def _sympy_(self) -> Symbol:
        return Symbol(self.name)


def axes(text: str) -> tuple[Axis, ...]:
    """Axes by their index and their size, ``"t:T i:N"``: each can be unpacked into the axis and its size."""
    made = []
    for word in text.split():
        index, colon, size = word.partition(":")
        if not (colon and NAME.fullmatch(index) and NAME.fullmatch(size)):
            raise ValueError(f"{word!r} is no axis: write its index and its size, as in t:T")
        made.append(Axis(index, Symbol(size, integer=True, positive=True)))
    names = [name for axis in made for name in (axis.name, str(axis.size))]
    if twice := next((name for name in names if names.count(name) > 1 and name in {a.name for a in made}), None):
        raise ValueError(f"{twice} is named twice: an index is not a size, and has one")
    return tuple(made)


@dataclass(frozen=True)
class Letter(Written):
    """A family of quantities: ``x[t, i]`` is one of them; ``eps`` itself, if it has no index."""

    name: str

    __iter__ = None  # it has no end of indices, and nothing should look for one

    def __getitem__(self, indices: Any) -> Any:
        return Member(self.name, *(indices if isinstance(indices, tuple) else (indices,)))

    def __call__(self, *indices: Any) -> Any:
        """TypeError: indices stand in square brackets."""
        raise not_called(self.name, tuple(getattr(index, "name", index) for index in indices))

    def __str__(self) -> str:
        return self.name

    def _sympy_(self) -> Any:
        return Member(self.name)


def quantities(text: str) -> Any:
    """Families of quantities by name, ``"Q K V"``; one of them, if one is named."""
    words = text.split()
    for word in words:
        if not NAME.fullmatch(word):
            raise ValueError(f"{word!r} is no name: write letters, digits and _, the first a letter")
    made = tuple(map(Letter, words))
    return made[0] if len(made) == 1 else made


def function(name: str) -> Callable[..., Any]:
    """A function of one number: ``f(x)``, and its derivative ``f(x, 1)``. Open, unless the network gives it a body."""

    def apply(u: Any, *order: Any) -> Any:
        if len(order) > 1 or not all(isinstance(degree, int | Integer) for degree in order):
            more = ", ".join(f"argument {place}" for place in range(1, len(order) + 2))
            raise TypeError(
                f"{name}({more}): {name} is a function of one number, and {name}(u, 1) its derivative. "
                f"One of several is a quantity that is defined so: ({name}[i], any_function(u[i], v[i]))"
            )
        return Apply(name, u, *order)

    return apply


def total(e: Any, *over: Axis) -> Any:
    """The sum of ``e`` over axes."""
    for axis in reversed(over):
        if not isinstance(axis, Axis):
            raise TypeError(f"a sum goes over an axis, such as those of axes(...), not over {axis}")
        e = Total(e, axis, axis.first, axis.size)
    return e


class Given(NamedTuple):
    """Quantities that are given, and what is said of them."""

    members: tuple[Any, ...]
    facts: tuple[str, ...]


class AnyFunction(NamedTuple):
    """A differentiable function of these, whichever it is."""

    inputs: tuple[Any, ...]


def given(*members: Any, positive: bool = False, sums_to_1: bool = False) -> Given:
    """Data and parameters with facts: each is above 0; over its last axis each sums to 1."""
    return Given(members, (*(["positive"] if positive else []), *(["sums to 1"] if sums_to_1 else [])))


def any_function(*inputs: Any) -> AnyFunction:
    """An open function, such as a cost, of all that is named: ``any_function(y[t, i])`` of all y, in range."""
    return AnyFunction(tuple(_strictly(e, "an argument of any_function(...)") for e in inputs))


def network(
    title: str,
    over: Axis | tuple[Axis, ...],
    *parts: Any,
    functions: Mapping[str, Any] | None = None,
    letters: Mapping[Any, str] | None = None,
    legend: Mapping[Any, str] | None = None,
) -> Network:
    """The network over these axes, of what is given, ``x[t, i]``, and what is defined, ``(mu[t], its value)``.

    A definition in a smaller range says so behind the value, ``(h[t, i], value, t.between(2, T))``, beside ``(h[1, i],
    start)``. ``functions`` gives functions a body, a term in the symbol u; ``letters`` are LaTeX, ``legend`` is words.
    Raises TypeError or ValueError, in words for the author, where a quantity has not exactly one value.
    """
    ranges = {axis.name: axis for axis in ((over,) if isinstance(over, Axis) else over)}
    definitions = [made for part in parts for made in _definitions(part, ranges)]
    arity = _arities(definitions)
    _check_complete(definitions, arity)
    for one, other in combinations(definitions, 2):
        if one.overlaps(other) and None in (one.body, other.body):  # of two bodies the core knows exactly
            raise ValueError(f"{other.head} has a value already: it is given twice, or given and defined")
    return Network(
        tuple(Family(name, "u" * count) for name, count in arity.items()),
        tuple(definitions),
        None,
        functions=tuple(
            Function(name, Symbol("u"), _strictly(body, f"the body of {name}"))
            for name, body in (functions or {}).items()
        ),
        title=title,
        letters={_named(key): value for key, value in (letters or {}).items()},
        legend={**dict.fromkeys(arity, ""), "C": "the cost"}
        | {_named(key): value for key, value in (legend or {}).items()},
    )


def _functions(d: Definition) -> set[Any]:
    return set() if d.body is None else d.body.atoms(Apply)


def _named(key: Any) -> str:
    return str(getattr(key, "name", None) or getattr(key, "family", None) or key)


def _definitions(part: Any, ranges: Mapping[str, Axis]) -> Iterator[Definition]:
    if isinstance(part, Given):
        for head in part.members:
            yield Definition(_head(head), _bounds(_head(head), ranges), facts=part.facts)
    elif isinstance(part, Member | Letter):
        yield Definition(_head(part), _bounds(_head(part), ranges))
    elif isinstance(part, tuple) and len(part) > 1:
        head, body, *narrower = part
        head = _head(head)
        bounds = _bounds(head, {**ranges, **{axis.name: axis for axis in narrower}})
        if isinstance(body, AnyFunction):
            yield Definition(head, bounds, None, body.inputs)
        else:
            yield Definition(head, bounds, _body(head, body, ranges))
    else:
        raise TypeError(f"{part} neither is a quantity that is given, x[t, i], nor defines one, (y[t], its value)")


def _head(head: Any) -> Any:
    head = _strictly(head, "what is given or defined")
    if not isinstance(head, Member):
        raise TypeError(f"{head} cannot be defined: it is no quantity, such as x[t, i]")
    return head


def _bounds(head: Any, ranges: Mapping[str, Axis]) -> tuple[tuple[Any, Any, Any], ...]:
    for index in head.indices:
        if not isinstance(index, Integer) and not (isinstance(index, Symbol) and index.name in ranges):
            raise ValueError(
                f"{head} has the index {index}, which is neither a number nor an axis of this network: "
                f"those are {', '.join(ranges) or 'none'}"
            )
    axes_ = [ranges[index.name] for index in head.indices if isinstance(index, Symbol)]
    if len({axis.name for axis in axes_}) < len(axes_):
        raise ValueError(f"{head} has one axis twice: give it two, of one size if need be")
    return tuple((Symbol(axis.name), axis.first, axis.size) for axis in axes_)


def _body(head: Any, body: Any, ranges: Mapping[str, Axis]) -> Any:
    if not isinstance(body, Expr | int) and not hasattr(body, "_sympy_"):
        raise TypeError(f"{head} is defined by {body!r}, which is no term. A decimal number is written Rational(1, 2)")
    body = sympify(body, strict=True)
    if instead := hints(body):
        raise ValueError(f"{head} is defined by {body}, which is no term of ours. {'. '.join(instead)}")
    for symbol in sorted(free(body) - free(head), key=str):
        if symbol.name in ranges and not symbol.is_positive:
            why = f"is it to be summed over? See total(..., {symbol})"
            raise ValueError(f"{symbol} is free in the definition of {head}: {why}")
        if not symbol.is_positive:
            why = f"it is neither an axis nor a quantity, as of quantities({symbol.name!r}), that is given or defined"
            raise ValueError(f"{symbol} is free in the definition of {head}: {why}")
    return body


def _arities(definitions: list[Definition]) -> dict[str, int]:
    """How many indices each family has; those of its head count."""
    found: dict[str, int] = {}
    for d in definitions:
        if found.setdefault(d.head.family, len(d.head.indices)) != len(d.head.indices):
            raise ValueError(f"{d.head} has another number of indices than elsewhere")
    return found


def _check_complete(definitions: list[Definition], arity: Mapping[str, int]) -> None:
    """What is read is there, with as many indices as it has."""
    for d in definitions:
        for m in sorted({m for e in (d.body, *d.inputs) if e is not None for m in e.atoms(Member)}, key=str):
            if m.family not in arity:
                raise ValueError(f"{d.head} is made of {m}, which is neither given nor defined")
            if len(m.indices) != arity[m.family]:
                raise ValueError(f"{m}, in the definition of {d.head}, should have {_counted(arity[m.family])}")


def _counted(count: int) -> str:
    return f"{count} {'index' if count == 1 else 'indices'}"


__all__ = ["Axis", "any_function", "axes", "function", "given", "network", "quantities", "total"]
