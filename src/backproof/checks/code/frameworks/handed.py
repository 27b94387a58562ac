"""Backward passes that somebody wrote with the arrays of PyTorch or JAX: called as those of NumPy are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ..layers import process
from ..layers.layer import Drawn, Layer
from ..layers.python import Asked
from .framework import Framework


@dataclass(frozen=True)
class Handed:
    """Code that is given arrays of a library."""

    code: Any
    framework: Framework
    flat: bool = False
    run: ClassVar[Callable[..., dict[str, Any]]] = staticmethod(process.directly)

    @property
    def declared(self) -> Mapping[str, str]:
        """What is said of its parameters."""
        found: Mapping[str, str] = self.code.declared
        return found

    def asked(self, layer: Layer) -> list[Asked]:
        """What the code asks for."""
        found: list[Asked] = self.code.asked(layer)
        return found

    def exact(self) -> str:
        """Why it cannot run on exact numbers."""
        return f"~{self.framework.shown} computes in floating point"

    def where(self, name: str) -> str | None:
        """As the code says."""
        found: str | None = self.code.where(name)
        return found

    def call(self, values: Mapping[tuple[Any, ...], Any], filled: Mapping[str, Any], drawn: Drawn | None) -> Any:  # noqa: ARG002
        """With arrays of the library, which share their memory where it can be."""
        made = {way: self.framework.array(e) if isinstance(e, np.ndarray) else e for way, e in values.items()}
        same = {id(e): made[way] for way, e in values.items()}
        return self.code.call(made, {name: same[id(e)] for name, e in filled.items()}, None)


__all__ = ["Handed"]
