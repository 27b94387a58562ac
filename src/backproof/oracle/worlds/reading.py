"""One reading of the terms for all judges: each term becomes a function of a world and of the values of its indices.

A *world* (``worlds.py``) says what numbers are and how to differentiate; here it is only said what the heads mean.
Arrays are evaluated entry by entry with concrete shapes; a shape that does not fit is ``Malformed``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from sympy import Add, Integer, Mul, Symbol

from ...surface.terms import Apply, D, Dot, Hadamard, Member, Outer, Total, Transposed, n
from .terms import family as name
from .verdicts import Malformed, Unsupported

Env = dict[str, Any]  # by name: it is looked up a hundred thousand times, and SymPy's own hash is slow
Code = Callable[[Any, Env], Any]  # (world, values of the indices) -> number or array

Rules = dict[type, "Callable[[Reader, Any], Code]"]


class Array(NamedTuple):
    """A vector or matrix: the range of each index, and the entries by index."""

    ranges: tuple[range, ...]
    entries: dict[tuple[int, ...], Any]

    def map(self, f: Callable[[Any], Any]) -> Array:
        return Array(self.ranges, {place: f(value) for place, value in self.entries.items()})

    def __str__(self) -> str:
        return " x ".join(str(len(r)) for r in self.ranges)


class Reader:
    """Turns the terms over the given families into code, once each, by the rules for numbers and for arrays."""

    def __init__(self, kinds: dict[str, str], numbers: Rules, arrays: Rules) -> None:
        self.kinds, self.numbers, self.arrays = kinds, numbers, arrays
        self._codes: dict[Any, Code] = {}
        self._indices: dict[Any, Code] = {}

    def name(self, symbol: Any) -> str:
        """The name of a symbol; in a statement, no two have the same."""
        return str(symbol.name)

    # Indices: integers.

    def index(self, e: Any) -> Code:
        """The code of an index, a limit or a layer."""
        if e not in self._indices:
            self._indices[e] = _function(self._written(e))
        return self._indices[e]

    def _written(self, e: Any) -> str:
        """An index in Python."""
        if isinstance(e, Integer):
            return f"{int(e)}"
        if isinstance(e, Symbol):
            return f"env[{self.name(e)!r}]"
        if isinstance(e, n):
            return f"world.shape.width({self._written(e.args[0])})"
        if isinstance(e, Add | Mul):
            return f"({(' + ' if isinstance(e, Add) else ' * ').join(map(self._written, e.args))})"
        raise Unsupported(f"{e} is no index")

    def key(self, e: Any) -> Code:
        """The code of a member's name, such as ("w", 2, 1, 3)."""
        return _function(self.written_key(e))

    def written_key(self, e: Any) -> str:
        """The same in Python."""
        if not isinstance(e, Member):
            raise Unsupported(f"a derivative by {e}, which is no quantity of the network")
        if name(e) not in self.kinds:
            raise Unsupported(f"the network does not say what {name(e)} is")
        return f"({name(e)!r}, {''.join(f'{self._written(index)}, ' for index in e.args[1:])})"

    def value(self, e: Any) -> Code:
        """The code of a quantity's value."""
        return _function(f"world.value({self.written_key(e)})")

    # Numbers and arrays.

    def rank(self, e: Any) -> int:
        """How many indices ``e`` leaves open: 0 for a number."""
        if isinstance(e, Member):
            return len(self.kinds.get(name(e), e.args[1:])) - len(e.args[1:])
        if isinstance(e, Transposed):
            return 2
        if isinstance(e, Dot):
            return max(self.rank(e.args[1]), 1)
        if isinstance(e, Add | Hadamard):
            return max(map(self.rank, e.args))
        if isinstance(e, D | Mul | Outer):
            return sum(map(self.rank, e.args))
        if isinstance(e, Apply | Total):
            return self.rank(e.args[isinstance(e, Apply)])
        if any(map(self.rank, e.args)):
            raise Unsupported(f"{e}: what {type(e).__name__} of an array means is not known to the judges")
        return 0

    def code(self, e: Any) -> Code:
        """The code of a term: it returns a number, or an ``Array`` where ``e`` leaves indices open."""
        if e not in self._codes:
            if self.rank(e) < 0:
                raise Malformed(f"{e} has too many indices")
            rules = self.arrays if self.rank(e) else self.numbers
            for head, rule in rules.items():
                if isinstance(e, head):
                    self._codes[e] = rule(self, e)
                    break
            else:
                raise Unsupported(f"no meaning for {e}")
        return self._codes[e]

    def codes(self, e: Any) -> list[Code]:
        return [self.code(arg) for arg in e.args]


@lru_cache(maxsize=2**12)
def _function(written: str) -> Code:
    """Python of our own, as a function: it is called some hundred thousand times."""
    return eval(f"lambda world, env: {written}", {})  # type: ignore[no-any-return]  # noqa: S307 - made of names and numbers


def multiply(values: Any) -> Any:
    """The product of numbers of a world; None of none."""
    result: Any = None
    for value in values:
        result = value if result is None else result * value
    return result
