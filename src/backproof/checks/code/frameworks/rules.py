"""What a library differentiates: by rules of the program's own, or by itself; and what it is called with.

A ``Rule`` is called with numbers by name and gives its output with the gradient by each of them. ``plainly`` leaves the
program's own rule out: then the library differentiates the forward pass as it stands.
"""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

Array = Any
NOTHING: Final = object()


class NoDerivativeError(Exception):
    """The forward pass cannot be differentiated as it stands."""


@dataclass(frozen=True)
class Taken:
    """A parameter: of a call, or, ``made``, of what makes the object, or one that the object keeps."""

    name: str
    default: Any = NOTHING
    made: bool = False
    kept: bool = False

    @property
    def needed(self) -> bool:
        """Whether it has no default."""
        return self.default is NOTHING


@dataclass(frozen=True)
class Differentiated:
    """The outputs, as all ways to ask for them give them, and the gradients by name, None where there is none."""

    outputs: list[Array]
    gradients: Mapping[str, Array] = field(default_factory=dict)


class Rule(ABC):
    """Something that a library differentiates."""

    has_own: bool  # whether the derivative is the program's own

    @abstractmethod
    def takes(self) -> list[Taken]:
        """All that it is called with."""

    @abstractmethod
    def run(self, given: Mapping[str, Any], above: Array | None, *, plainly: bool) -> Differentiated:
        """Forward, and back from ``above``, which is 1 where it is None."""

    @abstractmethod
    def source(self) -> Any:
        """The function in which gradients get their values."""


def in_order(takes: list[Taken], given: Mapping[str, Any]) -> list[Any]:
    """What a call gets by position, up to the last that is given."""
    last = max((place for place, t in enumerate(takes) if t.name in given), default=-1)
    return [given.get(t.name, t.default) for t in takes[: last + 1]]


def taken(function: Callable[..., Any], skip: int = 0) -> list[Taken]:
    """The parameters of a function, but for the first ones."""
    listed = list(inspect.signature(function).parameters.values())[skip:]
    some = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return [Taken(p.name, NOTHING if p.default is p.empty else p.default) for p in listed if p.kind not in some]


def first(output: Any) -> Any:
    """The output, where others are returned besides."""
    return output[0] if isinstance(output, tuple | list) and output else output


def is_real(value: Any) -> bool:
    """Whether one can differentiate by it: an array of floating-point numbers."""
    return getattr(getattr(value, "dtype", None), "kind", "") == "f"


__all__ = ["Differentiated", "NoDerivativeError", "Rule", "Taken", "first", "in_order", "is_real", "taken"]
