"""A forward and a backward pass in Python: what the second one needs of the first is whatever the first one kept."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from .exactly import Numbers
from .layer import Drawn, Layer
from .naming import candidates
from .python import Asked, Kept, Python, flat_answer, left_in, plain

CONTEXT: Final = "ctx"  # what both passes are given
FORWARD: Final = "=forward"  # the way to its parameters
OUTPUT: Final = "=output"  # the name of what it gives


@dataclass(frozen=True)
class Pair(Python):
    """``forward`` runs first, on the same object where both are methods; of what it returns the output is the first."""

    forward: Callable[..., Any] | None = None

    @property
    def first(self) -> Python:
        """The forward pass by itself."""
        return Python(self.forward, self.declared)

    def asked(self, layer: Layer) -> list[Asked]:
        """What the forward pass takes, and of the other what does not come from it."""
        made = [
            Asked(name, (FORWARD, name), needed=parameter.default is parameter.empty)
            for name, parameter in inspect.signature(self.first.function).parameters.items()
            if name not in (self.first.owner, CONTEXT)
        ]
        if self.first.owner is not None:
            made += [Asked(e, (self.owner, e)) for e in self.first.attributes(self.first.owner)]
        known = {a.name for a in made}
        return [*made, *(a for a in self._own(layer) if a.name not in known)]

    def _own(self, layer: Layer) -> list[Asked]:
        found = super().asked(layer)
        found = [a for a in found if a.way[0] != CONTEXT]
        whole = [a for a in found if len(a.way) == 1 and (a.name in self.declared or candidates(a.name, layer))]
        stored = set(self.first.stored(self.first.owner)) if self.first.owner is not None else set()
        return whole + [a for a in found if a.way[0] == self.owner and a.name not in stored]

    def call(self, values: Mapping[tuple[Any, ...], Any], filled: Mapping[str, Any], drawn: Drawn | None) -> Any:
        """In the copy: forward, then backward."""
        if drawn is not None:
            for one in (self.target, self.forward):
                Numbers(drawn.field).put_into(one)
        given = {way[1]: value for way, value in values.items() if way[0] == FORWARD}
        arguments = self.arguments({way: value for way, value in values.items() if way[0] != FORWARD})
        if self.owner is not None:
            given[self.first.owner] = arguments[self.owner]
        if CONTEXT in inspect.signature(self.first.function).parameters:
            given[CONTEXT] = arguments[CONTEXT] = Kept()
        answer = self.first.function(**given)
        output, *others = answer if isinstance(answer, tuple) else (answer,)
        parameters = inspect.signature(self.function).parameters
        missing = [name for name, p in parameters.items() if name not in arguments and p.default is p.empty]
        if len(missing) == 1:
            arguments[missing[0]] = others[0] if len(others) == 1 else tuple(others)
        else:
            arguments |= dict(zip(missing, others, strict=False))
        before = set(vars(arguments[self.owner])) - set(self.containers) if self.owner is not None else set[str]()
        found = [(OUTPUT, output, False), *flat_answer(self.function(**arguments), self.returned, filled)]
        if self.owner is not None:
            found += left_in(arguments[self.owner], before)
        return [{"name": n, "filled": f, **plain(e)} for n, e, f in found]


__all__ = ["OUTPUT", "Pair"]
