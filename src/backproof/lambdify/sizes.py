"""How wide the layers are and how many examples there are, as far as the arguments of a numeric function say."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from sympy import Add, Integer, Symbol

from ..surface.network import Network
from ..surface.terms import n


class Unsized(ValueError):  # noqa: N818 - the reader's word for it
    """A size is not known."""


class Sizes:
    """The value of each width, and of L, M and other indices, with whose word it is."""

    def __init__(self, net: Network, numbers: Mapping[Symbol, int], widths: Mapping[int, int]) -> None:
        self._known: dict[Any, tuple[int, str]] = {symbol: (value, str(symbol)) for symbol, value in numbers.items()}
        for whose, given in (("the network", dict(enumerate(net.widths or (), start=1))), ("n", widths)):
            for layer, width in given.items():
                self.learn(n(layer), width, whose)

    def value(self, e: Any) -> int | None:
        """The number that an index term is; None where that is not known."""
        if isinstance(e, Integer):
            return int(e)
        if isinstance(e, Symbol | n):
            return self._known.get(self._key(e), (None,))[0]
        values = [value for arg in e.args if (value := self.value(arg)) is not None]
        return None if len(values) < len(e.args) else sum(values) if isinstance(e, Add) else math.prod(values)

    def _key(self, e: Any) -> Any:
        layer = self.value(e.args[0]) if isinstance(e, n) else None
        return e if layer is None else n(layer)

    def learn(self, end: Any, value: int, whose: str) -> None:
        """That ``end``, the last value of an index, is ``value``. ValueError where it is known to be another."""
        unknown = [part for part in end.as_coefficients_dict() if self.value(part) is None]
        if len(unknown) == 1 and isinstance(unknown[0], Symbol | n):
            factor = end.coeff(unknown[0])
            times, rest = divmod(value - (self.value(end - factor * unknown[0]) or 0), int(factor))
            if rest:
                raise ValueError(f"{end} is {value} by {whose}: {unknown[0]} would be no whole number")
            self._known[self._key(unknown[0])] = (times, whose)
        before = self.value(end)
        if before not in (None, value):
            key = self._key(end)
            what = f"layer {key.args[0]} has {{}} units" if isinstance(key, n) else f"{key} is {{}}"
            other = self._known[key][1] if key in self._known else "other arguments"
            raise ValueError(f"{what.format(value)} by {whose}, and {before} by {other}")

    def n(self, layer: int) -> int:
        """The units of a layer."""
        found = self.value(n(layer))
        if layer < 1:
            raise ValueError(f"there is no layer {layer}")
        if found is None:
            raise Unsized(f"it is not known how many units layer {layer} has: pass n={{{layer}: ...}}")
        return found
