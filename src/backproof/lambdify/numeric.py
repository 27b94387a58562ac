"""The right-hand side of a theorem as a function of numbers: what ``lambdify`` makes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from operator import index
from typing import Any, Final

import numpy as np
from sympy import Symbol

from ..notation import profiles, text
from ..surface.arrays import entry
from ..surface.network import Network
from ..surface.terms import ELEMENTARY, Apply, D, Kron, Member, Total, free, n, substitute
from ..surface.theorem import Theorem
from .contraction import einsum, masked
from .domain import domain
from .identifiers import Identifiers
from .parts import family, indexed, letter, parts, prepared
from .quantities import Data, Quantity, by_layer, columns, data
from .ranges import axis, bracket, everywhere, said, size, values
from .scalar import RUNTIME, Smooth, U, derivative, finite
from .sizes import Sizes, Unsized
from .writer import INDENT, Value, Writer

#: What the text may call: its whole namespace, besides what it is given.
NAMESPACE: Final[dict[str, Callable[..., Any]]] = RUNTIME | {
    "einsum": einsum, "masked": masked, "where": np.where, "axis": axis, "size": size, "values": values,
    "bracket": bracket, "said": said, "everywhere": everywhere, "sum": sum, "map": map, "range": range, "int": int,
    "min": min, "max": max,
}  # fmt: skip


@dataclass(frozen=True)
class Inputs:
    """What a numeric function may be given, by argument, and how that becomes what the compiled text is run on."""

    net: Network
    quantities: Mapping[str, Quantity]
    functions: Mapping[str, Mapping[str, int]]  # left open by the network: derivatives, by name in the text
    symbols: Mapping[str, Symbol]
    indices: frozenset[str]  # the symbols that are whole numbers
    arguments: tuple[str, ...]
    widths: bool  # whether the text asks for widths
    axes: frozenset[str]  # the indices that may be left out, for all their values

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
        values = data(given, self.quantities, sizes)
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
    axes: tuple[str, ...]  # of what is computed: those of an array are last

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of what it mentions, to be given by keyword. Sizes may be left out where arrays show them."""
        return self.inputs.arguments

    def __call__(self, /, **given: Any) -> Any:
        """A number, or an array with an axis for each index that is left out, and those of an array theorem.

        TypeError where an argument is missing or unknown; ValueError where arrays do not fit, or one is missing.
        """
        called = self.inputs.values(given)
        arrays = [value for value in called.values() if isinstance(value, Data)]
        as_columns = len(self.theorem.indices) == 1 and columns(arrays)
        try:
            result = self.compute(**called)
        except Unsized as why:
            unsaid = [name for name in self.inputs.quantities if name in self.arguments and name not in given]
            raise ValueError(", or ".join([str(why), *unsaid])) from None
        if self.axes:
            result = result[tuple(0 if given.get(name) is not None else slice(None) for name in self.axes)]
        if np.ndim(result) == 0:
            return result.item() if isinstance(result, np.generic | np.ndarray) else result
        theirs = not result.flags.writeable or any(
            np.may_share_memory(result, array) for one in arrays for array in one.arrays.values()
        )
        result = np.array(result) if theirs else result
        return result[:, None] if as_columns and result.ndim == 1 else result

    def __repr__(self) -> str:
        row = profiles.for_network(profiles.NIELSEN, self.theorem.net)
        shown = text.equation(self.theorem.lhs, self.theorem.rhs, row)
        return f"<numeric function of {', '.join(self.arguments) or 'nothing'}: {shown}>"


def numeric(theorem: Theorem) -> Numeric:
    """Compile the right-hand side."""
    net, names, last = theorem.net, Identifiers({*NAMESPACE, "n", "rhs"}), tuple(map(Symbol, theorem.indices))
    lhs, rhs = entry(net, theorem.lhs, last), prepared(entry(net, theorem.rhs, last))
    there = domain(net, theorem, lhs, rhs, last)
    given = tuple(s for s in there.ends if s not in last)
    numbers = ((free(lhs) | free(rhs) | net.symbols) - there.ends.keys()) - {*last}
    inputs = _inputs(net, (lhs, rhs), sorted(numbers | {*given}, key=_layer_first), names)
    writer = Writer(net, names, there.ends, numbers, {})
    statements = writer.statements(rhs, given, tuple(there.besides))
    asked = {name for name, symbol in inputs.symbols.items() if symbol in writer.used or symbol in given}
    inputs = replace(
        inputs,
        arguments=(*inputs.arguments, *(name for name in inputs.symbols if name in asked)),
        widths=n in writer.used,
        axes=frozenset(map(writer.name, given)),
    )
    lines = [*_definitions(net, rhs, names), f"def rhs({', '.join(inputs.parameters)}):"]
    source = "\n".join([*lines, *(INDENT + line for line in statements)])
    namespace: dict[str, Any] = {"__builtins__": {}, **NAMESPACE}
    exec(compile(source, "<theorem>", "exec"), namespace)  # noqa: S102 - written here, of terms and checked names alone
    return Numeric(theorem, source, inputs, namespace["rhs"], tuple(map(writer.name, there.ends)))


def _layer_first(symbol: Symbol) -> tuple[bool, str]:
    return symbol.name != "l", symbol.name


def _inputs(net: Network, sides: tuple[Any, Any], symbols: list[Symbol], names: Identifiers) -> Inputs:
    """What may be given, before it is known which of the ``symbols`` are asked for."""
    lhs, e = sides
    computed = list(parts(e))
    numbers = {symbol.name for symbol in symbols}  # such as eta, for the quantity without an index
    families = [f.name for f in net.families if f.kinds or f.name not in numbers]
    partials = dict.fromkeys(family(part) for part in computed if isinstance(part, D))
    quantities = {names.of(of, letter(of)): of for of in (*families, *partials)}
    mentioned = {family(part) for part in computed if isinstance(part, Member | D)}
    bodies = [d.body for d in net.definitions if d.body is not None]
    open_functions = dict.fromkeys(
        name for body in (e, *bodies) for name, _ in sorted(_applied(body)) if not _is_defined(net, name)
    )
    writer = Writer(net, names, {}, (), {})
    functions = {
        writer.function(name, 0): {writer.function(name, order): order for f, order in sorted(_applied(e)) if f == name}
        for name in open_functions
    }
    named = {names.of(symbol, symbol.name): symbol for symbol in symbols}
    whole_numbers = {symbol for part in (*parts(lhs), *computed) for symbol in _whole_numbers(net, part)}
    return Inputs(
        net, {name: Quantity(net, name, of) for name, of in quantities.items()}, functions, named,
        frozenset(name for name, s in named.items() if s.is_integer or s in whole_numbers),
        (
            *(name for name, of in quantities.items() if of in mentioned),
            *(name for name, orders in functions.items() if orders),
        ),
        False, frozenset(),
    )  # fmt: skip


def _whole_numbers(net: Network, e: Any) -> Iterator[Symbol]:
    """The symbols that stand for indices here."""
    if isinstance(e, Member | D):
        yield from (symbol for slot, _ in indexed(net, e) for symbol in free(slot))
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
    written = dict[tuple[str, int], list[str]]()

    def write(e: Any) -> None:
        for name, order in sorted(_applied(e) - written.keys()):
            if name in bodies and (order or name not in ELEMENTARY):
                body = finite(derivative(bodies[name], order))
                written[name, order] = []
                write(body)
                written.pop((name, order))
                written[name, order] = _function_of_u(net, name, order, body, names)

    write(e)
    return [line for lines in written.values() for line in lines]


def _function_of_u(net: Network, name: str, order: int, body: Any, names: Identifiers) -> list[str]:
    writer = Writer(net, names, {}, (), {U: Value("u")})
    statements = writer.statements(body) if body.has(U) else [f"return constant(u, {writer.value(body).text})"]
    return [f"def {writer.function(name, order)}(u):", *(INDENT + s for s in statements), ""]
