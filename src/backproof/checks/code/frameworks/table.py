"""The libraries that a check knows, and values of programs as NumPy sees them."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any, Final

import numpy as np

from .framework import Framework
from .imports import imported
from .jax_arrays import Jax
from .torch_arrays import Torch

Array = Any
FRAMEWORKS: Final[tuple[Framework, ...]] = (Torch(), Jax())


def framework_of(value: Any) -> Framework | None:
    """The library whose array a value is."""
    return next((one for one in FRAMEWORKS if one.loaded and one.holds(value)), None)


def plain(value: Any) -> Any:
    """An array of a library as one of NumPy; anything else as it is."""
    if isinstance(value, np.ndarray | int | float | str | None):
        return value
    found = framework_of(value)
    return value if found is None else found.plain(value)


def deep(value: Any) -> Any:
    """The same of what is in tuples, lists and dictionaries."""
    if isinstance(value, dict):
        return {key: deep(e) for key, e in value.items()}
    if isinstance(value, tuple | list):
        made = [deep(e) for e in value]
        return made if isinstance(value, list) else tuple(made)
    return plain(value)


def handed(value: Any, to: Framework | None) -> Any:
    """NumPy's arrays, wherever they are in lists and tuples, as a library's; numbers and its own arrays as they are."""
    if to is None:
        return value
    if isinstance(value, np.ndarray):
        return to.made(value)
    if isinstance(value, np.generic):
        return to.made(np.asarray(value))
    if type(value) in (list, tuple):
        return type(value)(handed(e, to) for e in value)
    return value


def attributes(value: Any) -> dict[str, Any]:
    """What an object has, by name."""
    for one in FRAMEWORKS:
        if one.loaded and (found := one.attributes(value)) is not None:
            return found
    own: dict[str, Any] = vars(value)
    return own


def put(old: Any, value: Array) -> Any:
    """An array of a library with other numbers; of NumPy, these."""
    found = framework_of(old)
    return value if found is None else found.put(old, value)


def slope(value: Any) -> Array | None:
    """The gradient that an array of a library carries, None where there is none."""
    found = framework_of(value)
    own = None if found is None else found.slope(value)
    return None if own is None else plain(own)


def is_own(cls: Any) -> bool:
    """Whether a class is a library's, and not the program's."""
    return any(_is_of(cls, one.name) for one in FRAMEWORKS)


# Programs.


def prepare(target: str) -> None:
    """Load what a program imports, before it does."""
    names = set(imported(target))
    for one in FRAMEWORKS:
        if one.name in names and find_spec(one.name) is not None:
            one.prepare()


def of_module(space: dict[str, Any]) -> Framework | None:
    """The library whose arrays the functions of a module take: the one that it imports, under whichever name."""
    found = [one for one in FRAMEWORKS if one.loaded and any(_is_of(e, one.name) for e in space.values())]
    return found[0] if found else None


def _is_of(value: Any, name: str) -> bool:
    """Whether it is a module of a library, or something that is in one."""
    own = getattr(value, "__name__", None) if type(value).__name__ == "module" else getattr(value, "__module__", None)
    return isinstance(own, str) and own.partition(".")[0] == name


__all__ = ["FRAMEWORKS", "attributes", "deep", "framework_of", "handed", "is_own", "of_module",
           "plain", "prepare", "put", "slope"]  # fmt: skip
