"""Statements as C: loops over the units and a block of examples, or straight-line code for one example."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from textwrap import wrap
from typing import Any, Final

import numpy as np
from sympy import Add

from ..surface.terms import Binder, Member, Total, i, n
from .entries import Statement, Top, rewrite
from .infix import ATOM, Shown
from .program import Spec
from .scalar_code import CASES, Functions, Scalars, Unrolled, decimal, place

INDENT: Final = "    "
WIDTH: Final = 96


def functions(suffix: str) -> Functions:
    """Those of the mathematical library, with the suffix of the type of numbers, and those that the text defines."""
    return {
        **{name: (f"{name}{suffix}({{u}})", ATOM) for name in ("exp", "log", "tanh", "sqrt", "expm1", "log1p", "erf")},
        **{name: (f"net_{name}({{u}})", ATOM) for name in ("sigmoid", "softplus", "Phi", "phi", "max")},
        "step": ("{u} <= 0 ? 0 : 1", CASES),
        "power": (f"pow{suffix}({{u}}, {{n}})", ATOM),
    }


def safe(text: str) -> str:
    """For the inside of a comment: nothing that ends it, begins another or is read as another character."""
    plain = "".join(c if c.isprintable() and c != "\\" else "?" for c in text)
    return re.sub(r"(?<=[*])(?=/)|(?<=/)(?=[*])|(?<=[?])(?=[?])", " ", plain)


def comment(text: str) -> str:
    """A comment of as many lines as it takes."""
    return "/* " + "\n * ".join(wrap(safe(text), WIDTH)) + " */"


class CScalars(Scalars):
    """Expressions."""

    def __init__(self, spec: Spec) -> None:
        super().__init__(spec)
        self.single = spec.dtype == "float32"
        self.functions = functions("f" if self.single else "")

    def conditional(self, test: str, yes: str, no: str) -> str:
        return f"{test} ? {yes} : {no}"

    def literal(self, value: Fraction) -> str:
        if not self.single:
            return decimal(value)
        if abs(value) > Fraction(float(np.finfo(np.float32).max)):
            raise ValueError(f"{decimal(value)} is too large for float32")
        return f"{np.float32(decimal(value))!s}f"

    def examples(self) -> str:
        return "(net_real)m"

    def parameter(self, family: str, layer: int | None, indices: Sequence[str]) -> str:
        """A weight or a bias of the struct p, or the derivative by one, of the struct g."""
        turned = reversed(indices) if self.rows else indices
        return f"{PARAMETERS[family]}{layer}" + "".join(f"[{index}]" for index in turned)


PARAMETERS: Final = {"w": "p->w", "b": "p->b", "nabla_w": "g->w", "nabla_b": "g->b"}


class CUnrolled(CScalars, Unrolled):
    """Local variables, for one example: x and y are arrays of its numbers."""

    def element(self, family: str, layer: int | None, units: Sequence[Any]) -> str:
        numbers = [self.unit(unit) for unit in units if unit != i]
        if family in ("x", "y") or (family, layer) == ("a", 1):
            return f"{'y' if family == 'y' else 'x'}[{numbers[0] - 1}]"
        if family in PARAMETERS:
            return self.parameter(family, layer, [str(number - 1) for number in numbers])
        return "_".join([family + ("" if layer is None else str(layer)), *map(str, numbers)])

    def largest(self, texts: Sequence[str]) -> Shown:
        *rest, last = texts
        for text in reversed(rest):
            last = self.call("max", u=f"{text}, {last}").text
        return Shown(last)

    def lines(self, statements: Sequence[Statement]) -> Iterator[str]:
        """Declarations and assignments, below their equations."""
        for statement in statements:
            yield from (f"/* {safe(text)} */" for text in statement.comments)
            start = "" if statement.target.family in PARAMETERS else "const net_real "
            for name, value in self.statement(statement):
                yield f"{start}{name} = {value};"


class Loops(CScalars):
    """Elements of the arrays of a workspace s, for ``count`` examples of a batch of m.

    An array has a row for each example. x and y point to the first of the examples, in the layout of the program.
    """

    def __init__(self, spec: Spec) -> None:
        super().__init__(spec)
        self.sizes = spec.sizes
        self.arrays: dict[str, int | None] = {}  # of the workspace: how many units, None for one number an example

    def element(self, family: str, layer: int | None, units: Sequence[Any]) -> str:
        names = [_index(unit) for unit in units]
        if family in ("x", "y"):
            unit, example = names
            size = self.sizes[0] if family == "x" else self.sizes[-1]
            return f"{family}[{example} * {size} + {unit}]" if self.rows else f"{family}[{unit} * m + {example}]"
        if family in PARAMETERS:
            return self.parameter(family, layer, names)
        *rest, example = names
        return f"s->{family}{'' if layer is None else layer}[{example}]" + "".join(f"[{unit}]" for unit in rest)

    # Sums within an expression: rows times rows.

    def binder(self, e: Binder) -> Shown:
        found = self._row_product(e)
        assert found is not None, e
        return found

    def _row_product(self, e: Binder) -> Shown | None:
        """The sum of the products of two rows, None for other sums."""
        body, bound, _, hi = e.args
        if not isinstance(e, Total) or not body.is_Mul or len(body.args) != 2 or not isinstance(hi, n):
            return None
        texts, end = [self.text(f) for f in sorted(body.args, key=place)], f"[{_index(bound)}]"
        rows = [text.removesuffix(end) for text in texts]
        if not all(isinstance(f, Member) for f in body.args) or not all(text.endswith(end) for text in texts):
            return None
        self.used.add("dot")
        return Shown(f"net_dot({rows[0]}, {rows[1]}, {self.size(hi)})")

    def size(self, hi: Any) -> str:
        """The end of an index."""
        return str(self.sizes[int(hi.args[0]) - 1]) if isinstance(hi, n) else "count"

    # Statements.

    def lines(self, statements: Sequence[Statement]) -> Iterator[str]:
        """Loops, below their equations."""
        for statement in statements:
            self._declare(statement)
            yield from (f"/* {safe(text)} */" for text in statement.comments)
            yield from self._loops(statement)

    def _declare(self, statement: Statement) -> None:
        target = statement.target
        if statement.per_example:
            name = self.quantity(target).removeprefix("s->").partition("[")[0]
            self.arrays[name] = statement.units[0][1] if statement.units else None

    def _loops(self, statement: Statement) -> Iterator[str]:
        value, target = statement.value, self.quantity(statement.target)
        units = [(_index(symbol), str(size)) for symbol, size in statement.units]
        each = [("i", "count")] if statement.per_example else []
        sums = [e for e in value.atoms(Binder) if self._row_product(e) is None]
        if not sums:
            order = [*units, *each] if value.has(Binder) else [*each, *units]
            yield from nest(order, f"{target} = {self.text(value, CASES)};")
            return
        [inner] = sums
        rest = value - inner if inner in Add.make_args(value) else None
        if each:
            start = "(net_real)-INFINITY" if isinstance(inner, Top) else "0" if not rest else self.text(rest, CASES)
            yield from nest([*each, *units], f"{target} = {start};")
        elif rest != 0:
            raise TypeError(f"there are no loops for {value}")
        yield from nest(self._order(inner, units, each), self._added(inner, target))
        if rest is None:
            after = rewrite(value, lambda part: statement.target if part == inner else part)
            yield from nest([*each, *units], f"{target} = {self.text(after, CASES)};")

    def _added(self, e: Binder, target: str) -> str:
        """What is done with each term of a sum."""
        body = self.text(e.args[0])
        if isinstance(e, Top):
            return f"{target} = {self.call('max', u=f'{target}, {body}').text};"
        return f"{target} += {body};"

    def _order(self, e: Binder, units: list[Loop], each: list[Loop]) -> list[Loop]:
        """Outermost the rows of a matrix, then the examples, innermost what is contiguous."""
        bound = (_index(e.args[1]), self.size(e.args[3]))
        if not each:  # a sum over the examples
            *row, column = reversed(units) if self.rows else units
            return [*row, bound, column]
        return [bound, *each, *units] if units else [*each, bound]


Loop = tuple[str, str]  # the index, and its end


def nest(loops: Sequence[Loop], body: str) -> Iterator[str]:
    """Loops inside one another."""
    for depth, (index, end) in enumerate(loops):
        yield f"{INDENT * depth}for (size_t {index} = 0; {index} < {end}; {index}++)"
    yield INDENT * len(loops) + body


def _index(symbol: Any) -> str:
    return str(symbol).replace("'", "_")
