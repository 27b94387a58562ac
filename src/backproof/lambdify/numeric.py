"""The right-hand side of a theorem as a function of numbers: what ``lambdify`` makes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from operator import index
from typing import Any, Final

import numpy as np
from sympy import Symbol

from ..notation import profiles, text
from ..surface.network import Network
from ..surface.terms import ELEMENTARY, Apply, D, Kron, Member, Total, free, n, substitute
from ..surface.theorem import Theorem
from .arrays import Arrays, Unsupported, free_axes
from .contraction import einsum, masked
from .identifiers import Identifiers
from .python import Python, family, letter, parts, prepared, slots
from .quantities import Data, Quantity, by_layer, data
from .ranges import axis, bracket, everywhere, size, values
from .scalar import RUNTIME, Smooth, U, derivative, finite
from .sizes import Sizes

INDENT: Final = "    "

#: What the text for all entries may call besides.
ON_ARRAYS: Final[dict[str, Callable[..., Any]]] = {
    "einsum": einsum, "masked": masked, "where": np.where, "axis": axis, "size": size,
    "values": values, "bracket": bracket, "everywhere": everywhere, "min": min, "max": max,
}  # fmt: skip


@dataclass(frozen=True)
class Inputs:
    """What a numeric function may be given, by argument, and how that becomes what the compiled text is run on."""

    net: Network
    whole: bool  # whether the theorem is about arrays
    quantities: Mapping[str, Quantity]
    functions: Mapping[str, Mapping[str, int]]  # left open by the network: derivatives, by name in the text
    symbols: Mapping[str, Symbol]
    indices: frozenset[str]  # the symbols that are whole numbers
    arguments: tuple[str, ...]
    widths: bool  # whether the text asks for widths
    axes: tuple[str, ...] = ()  # the indices that may be left out, for all their values

    @property
    def parameters(self) -> Iterator[str]:
        """Those of the compiled function: the arguments, with each derivative by itself."""
        for name in self.arguments:
            yield from self.functions.get(name, (name,))
        yield from ("n",) * self.widths

    def values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """What the compiled function is called with."""
        unknown = given.keys() - {*self.quantities, *self.functions, *self.symbols, "n"}
        if unknown:
            raise TypeError(f"no {' or '.join(sorted(unknown))} in this theorem: it takes {', '.join(self.arguments)}")
        numbers = {name: self._number(name, given[name]) for name in self.symbols if name in given}
        known = {self.symbols[name]: number for name, number in numbers.items() if name in self.indices}
        sizes = Sizes(self.net, known, by_layer("n", "the widths", given.get("n", {})))
        values = data(given, self.quantities, sizes, whole=self.whole)
        found: dict[str, Any] = {"n": sizes.n}
        for name in self.arguments:
            if name in self.axes:
                found[name] = numbers.get(name)
            elif name in self.symbols:
                found[name] = self._symbol(name, numbers, sizes)
            for local, order in self.functions.get(name, {}).items():
                found[local] = _function(name, given.get(name), order)
        return {name: found[name] if name in found else values[name] for name in self.parameters}

    def _number(self, name: str, value: Any) -> Any:
        try:
            return index(value) if name in self.indices else value
        except TypeError:
            raise TypeError(f"{name} is an index, and {value!r} is no whole number") from None

    def _symbol(self, name: str, numbers: Mapping[str, Any], sizes: Sizes) -> Any:
        """A number that is given; sizes may be seen from the data."""
        value = numbers.get(name)
        value = sizes.value(self.symbols[name]) if value is None else value
        if value is None:
            kind = "a whole number" if name in self.indices else "a number"
            raise TypeError(f"{self.symbols[name]} is missing: pass {name}=, {kind}")
        return value


def _function(name: str, given: Any, order: int) -> Callable[[Any], Any]:
    """A derivative of a function that the network leaves open."""
    if callable(given):
        return partial(given, order)
    if given is None or len(given) <= order or not callable(given[order]):
        what = ("the function itself", "its derivative")[order] if order < 2 else f"its derivative of order {order}"
        raise TypeError(f"{what} is needed: pass {name}=({name}, its derivative, ...), or {name}(order, value)")
    return given[order]  # type: ignore[no-any-return]


@dataclass(frozen=True, eq=False, repr=False)
class Numeric:
    """The right-hand side of ``theorem`` as a function; ``source`` is the Python text that computes it."""

    theorem: Theorem
    source: str
    inputs: Inputs
    compute: Callable[..., Any]
    names: Identifiers

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of what it mentions, to be given by keyword."""
        return self.inputs.arguments

    def __call__(self, /, **given: Any) -> Any:
        """A number, or an array where the theorem is about arrays, or where indices of ``whole`` are left out.

        TypeError where an argument is missing or unknown; ValueError where arrays do not fit, or one is missing.
        """
        if self._indices - given.keys() and self.whole is not None and set(self.whole.indices) - given.keys():
            return self.whole(given)
        result = self.compute(**self.inputs.values(given))
        if self.inputs.whole:
            return np.array(result)
        return result.item() if isinstance(result, np.generic | np.ndarray) else result

    @property
    def _indices(self) -> set[str]:
        return {name for name in self.arguments if name in self.inputs.indices}

    @cached_property
    def whole(self) -> Whole | None:
        """All entries at once; None where the theorem is about arrays anyway, or its indices have no ranges."""
        return None if self.inputs.whole else whole(self)

    def __repr__(self) -> str:
        row = profiles.for_network(profiles.NIELSEN, self.theorem.net)
        shown = text.equation(self.theorem.lhs, self.theorem.rhs, row)
        return f"<numeric function of {', '.join(self.arguments) or 'nothing'}: {shown}>"


@dataclass(frozen=True, eq=False)
class Whole:
    """All entries of a theorem as one array, an axis for each of the ``indices``; ``source`` computes it."""

    indices: tuple[str, ...]
    source: str
    inputs: Inputs
    compute: Callable[..., Any]

    @property
    def arguments(self) -> tuple[str, ...]:
        """All that may be given. Sizes may be left out where arrays show them."""
        return self.inputs.arguments

    def __call__(self, given: Mapping[str, Any]) -> Any:
        """The array; it has no axes for indices that are given."""
        called = self.inputs.values(given)
        result = self.compute(**called)[tuple(0 if name in given else slice(None) for name in self.indices)]
        given_arrays = (
            array for value in called.values() if isinstance(value, Data) for array in value.arrays.values()
        )
        theirs = (
            np.ndim(result) == 0
            or not result.flags.writeable
            or any(np.may_share_memory(result, d) for d in given_arrays)
        )
        return np.array(result) if theirs else result


def whole(entry: Numeric) -> Whole | None:
    """Compile the right-hand side for all entries; None where it has none that are numbered."""
    theorem, names, net = entry.theorem, entry.names, entry.theorem.net
    e, ends = prepared(theorem.rhs), free_axes(net, theorem)
    if not ends:
        return None
    taken = (free(theorem.lhs) | free(e) | net.symbols) - ends.keys()
    writer = Arrays(net, Python(net, names, {}), dict(ends), frozenset(taken))
    try:
        statements = writer.statements(e)
    except Unsupported:
        return None
    axes = tuple(map(writer.name, ends))
    asked = set(re.findall(r"\w+", "\n".join(statements)))
    numbers = [name for name in entry.inputs.symbols if name in asked and name not in axes]
    others = [name for name in entry.arguments if name not in entry.inputs.symbols]
    inputs = replace(entry.inputs, arguments=(*others, *numbers, *axes), widths="n" in asked, axes=axes)
    lines = [*_definitions(net, e, names), f"def rhs({', '.join(inputs.parameters)}):"]
    source = "\n".join([*lines, *(INDENT + line for line in statements)])
    return Whole(axes, source, inputs, _compiled(source, {**RUNTIME, **ON_ARRAYS}))


def _compiled(source: str, runtime: Mapping[str, Any]) -> Callable[..., Any]:
    namespace: dict[str, Any] = {"__builtins__": {}, **runtime}
    exec(compile(source, "<theorem>", "exec"), namespace)  # noqa: S102 - written here, of terms and checked names alone
    return namespace["rhs"]  # type: ignore[no-any-return]


def numeric(theorem: Theorem) -> Numeric:
    """Compile the right-hand side."""
    net, names = theorem.net, Identifiers({*RUNTIME, *ON_ARRAYS, "n", "rhs"})
    e = prepared(theorem.rhs)
    inputs = _inputs(theorem, e, names)
    lines = [*_definitions(net, e, names), f"def rhs({', '.join(inputs.parameters)}):"]
    source = "\n".join([*lines, *(INDENT + line for line in Python(net, names, {}).statements(e))])
    return Numeric(theorem, source, inputs, _compiled(source, RUNTIME), names)


def _inputs(theorem: Theorem, e: Any, names: Identifiers) -> Inputs:
    net, computed = theorem.net, list(parts(e))
    numbers = {symbol.name for symbol in free(theorem.lhs) | free(e)}  # such as eta, for the quantity without an index
    families = [f.name for f in net.families if f.kinds or f.name not in numbers]
    partials = dict.fromkeys(family(part) for part in computed if isinstance(part, D))
    quantities = {names.of(of, letter(of)): of for of in (*families, *partials)}
    mentioned = {family(part) for part in computed if isinstance(part, Member | D)}
    bodies = [d.body for d in net.definitions if d.body is not None]
    open_functions = dict.fromkeys(
        name for body in (e, *bodies) for name, _ in sorted(_applied(body)) if not _is_defined(net, name)
    )
    writer = Python(net, names, {})
    functions = {
        writer.function(name, 0): {writer.function(name, order): order for f, order in sorted(_applied(e)) if f == name}
        for name in open_functions
    }
    every = free(theorem.lhs) | free(e) | net.symbols
    layer_first = sorted(every, key=lambda symbol: (symbol.name != "l", symbol.name))
    symbols = {names.of(symbol, symbol.name): symbol for symbol in layer_first}
    whole_numbers = {symbol for part in computed for symbol in _whole_numbers(net, part)}
    return Inputs(
        net, bool(theorem.indices),
        {name: Quantity(net, name, of) for name, of in quantities.items()}, functions, symbols,
        frozenset(name for name, s in symbols.items() if s.is_integer or s in whole_numbers),
        (
            *(name for name, of in quantities.items() if of in mentioned),
            *(name for name, orders in functions.items() if orders),
            *(name for name, symbol in symbols.items() if symbol in free(e)),
        ),
        e.has(n),
    )  # fmt: skip


def _whole_numbers(net: Network, e: Any) -> Iterator[Symbol]:
    """The symbols that stand for indices here."""
    if isinstance(e, Member | D):
        yield from (symbol for slot in slots(net, e) if slot is not None for symbol in free(slot))
    elif isinstance(e, Kron | n):
        yield from free(e)
    elif isinstance(e, Total):
        yield from (symbol for end in e.args[2:] for symbol in free(end))


def _applied(e: Any) -> set[tuple[str, int]]:
    """The functions in ``e``, each with the order of its derivative."""
    return {
        (str(part.args[0]), int(part.args[2]))
        for part in parts(e)
        if isinstance(part, Apply) and not isinstance(part, Smooth)
    }


def _is_defined(net: Network, name: str) -> bool:
    return name in ELEMENTARY or name in {f.name for f in net.functions}


def _definitions(net: Network, e: Any, names: Identifiers) -> list[str]:
    """The functions that ``e`` needs and that have bodies, each after those that it needs."""
    bodies = {f.name: substitute(f.body, {f.variable: U}) for f in net.functions}
    bodies |= {name: Apply(name, U) for name in ELEMENTARY}
    writer, written = Python(net, names, {U: "u"}), dict[tuple[str, int], list[str]]()

    def write(e: Any) -> None:
        for name, order in sorted(_applied(e) - written.keys()):
            if name in bodies and (order or name not in ELEMENTARY):
                body = finite(derivative(bodies[name], order))
                written[name, order] = []
                write(body)
                statements = writer.statements(body) if body.has(U) else [f"return constant(u, {writer.text(body)})"]
                written.pop((name, order))
                written[name, order] = [
                    f"def {writer.function(name, order)}(u):",
                    *(INDENT + s for s in statements),
                    "",
                ]

    write(e)
    return [line for lines in written.values() for line in lines]
