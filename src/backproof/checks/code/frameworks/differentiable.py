"""A layer that PyTorch or JAX differentiates, as code under check."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, Final

import numpy as np

from ..layers import process
from ..layers.layer import Drawn, Layer
from ..layers.pair import OUTPUT
from ..layers.python import Asked, Python, plain
from .framework import Framework
from .rules import Rule

ABOVE: Final = "grad_output"
OF: Final = "grad_"  # what stands before the name of an input in that of its gradient


@dataclass(frozen=True)
class Differentiable:
    """``above``: whether a loss is given a number for each position; ``plainly``: without the program's own rule.

    ``times``: what the gradient of a loss is multiplied by further on.
    """

    rule: Rule
    framework: Framework
    declared: Mapping[str, str] = field(default_factory=dict)
    above: bool = True
    plainly: bool = False
    times: float = 1.0
    flat: bool = False
    run: ClassVar[Callable[..., dict[str, Any]]] = staticmethod(process.directly)

    def asked(self, layer: Layer) -> list[Asked]:
        """What it takes, and what comes from above."""
        made = [Asked(t.name, (_group(t), t.name), needed=t.needed and not t.kept, array=False if t.made else None)
                for t in self.rule.takes()]  # fmt: skip
        outputs = any(slot.role == "output" for slot in layer.slots)
        return [*made, Asked(ABOVE, ("above", ABOVE))] if outputs or self.above else made

    def output(self, e: Mapping[str, Any], found: Any, layer: Layer) -> dict[str, Any]:
        """What is said of its output."""
        from .judging import output

        return output(e, found, layer, above=self.above)

    def exact(self) -> str:
        """Why it cannot run on exact numbers."""
        return f"~{self.framework.shown} computes in floating point"

    def call(self, values: Mapping[tuple[Any, ...], Any], filled: Mapping[str, Any], drawn: Drawn | None) -> Any:  # noqa: ARG002
        """In the copy: forward and back."""
        given = {way[1]: value for way, value in values.items() if way[0] != "above"}
        above = next((value for way, value in values.items() if way[0] == "above"), None)
        if above is None and self.times != 1:
            above = np.array(self.times)
        found = self.rule.run(given, above, plainly=self.plainly)
        zero = {name: np.zeros(given[name].shape) for name in found.gradients}
        slopes = {name: zero[name] if e is None else e / self.times for name, e in found.gradients.items()}
        arrays = [(OUTPUT, e) for e in found.outputs] + [(f"{OF}{name}", e) for name, e in slopes.items()]
        return [{"name": name, "filled": False, **plain(e)} for name, e in arrays]

    def where(self, name: str) -> str | None:
        """The line of the rule in which a gradient gets its value, or is returned."""
        if not self.rule.has_own:
            return None
        names = [t.name for t in self.rule.takes()]
        returned = dict(zip(names, self._source.returned, strict=False))
        return self._source.where(returned.get(name.removeprefix(OF), ""))

    @cached_property
    def _source(self) -> Python:
        return Python(self.rule.source())


def _group(taken: Any) -> str:
    return "made" if taken.made else "kept" if taken.kept else "given"


__all__ = ["ABOVE", "Differentiable"]
