"""What a check asks of a library whose arrays are not NumPy's, and what stands there for NumPy itself."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np

from ..residue import InexactError

Array = Any


class Framework(ABC):
    """A library with arrays of its own. ``name``: of the module, and of the extra; ``shown``: as one calls it."""

    name: ClassVar[str]
    shown: ClassVar[str]

    @property
    def loaded(self) -> bool:
        """Whether this process has it already: what it has not, no value is an array of."""
        return self.name in sys.modules

    @abstractmethod
    def prepare(self) -> None:
        """Load it, with double precision for all that a program makes, on the processor."""

    @abstractmethod
    def holds(self, value: Any) -> bool:
        """Whether a value is one of its arrays, with numbers in it."""

    @abstractmethod
    def plain(self, value: Any) -> Array:
        """The numbers of such an array, as a new one of NumPy."""

    @abstractmethod
    def array(self, value: Array) -> Any:
        """An array of this library with these numbers, and the same memory where it can be."""

    @abstractmethod
    def put(self, old: Any, value: Array) -> Any:
        """An array like ``old`` with other numbers; the same one, where it can be changed."""

    def slope(self, value: Any) -> Any:  # noqa: ARG002
        """The gradient that an array carries, None where it has none."""
        return None

    def attributes(self, value: Any) -> dict[str, Any] | None:  # noqa: ARG002
        """What an object of this library has that a program gave it; None where it is none of this library."""
        return None

    def made(self, value: Array) -> Any:
        """``array``, of floating-point numbers: InexactError where they are others."""
        if value.dtype == object:
            raise InexactError(f"its arrays are {self.shown}'s, which have floating-point numbers")
        return self.array(np.ascontiguousarray(value))


__all__ = ["Framework"]
