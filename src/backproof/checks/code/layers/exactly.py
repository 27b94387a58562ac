"""NumPy as a program sees it in an exact run: its arrays of floating-point numbers have exact entries.

``np.zeros`` and its like make floats, into which no residue goes. In the copy of this process in which a program runs,
its ``np`` is this one: what would be an array of floats is one of objects, and ``astype(float)`` leaves them.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, Final

import numpy as np

from ..residue import Field, Residue

FLOATS: Final = (
    float, "float", "float32", "float64", "f", "d", "f4", "f8", np.float16, np.float32, np.float64, np.floating, None,
)  # fmt: skip
MAKERS: Final = ("zeros", "ones", "empty", "full", "eye", "identity")
LIKE: Final = ("zeros_like", "ones_like", "empty_like", "full_like")
CONVERTERS: Final = ("array", "asarray", "ascontiguousarray")
FUNCTIONS: Final = (
    "exp", "log", "sqrt", "tanh", "cosh", "sinh", "square", "log1p", "expm1", "log2", "log10", "abs", "absolute",
    "fabs",
    "cos", "sin",
)  # fmt: skip
#: Of constants as well: the angles of rotary embeddings are some.
ANGLES: Final = ("cos", "sin")


class Exact(np.ndarray):
    """An array of residues that stays one."""

    def astype(self, dtype: Any, *args: Any, **more: Any) -> Any:
        """The same where floating-point numbers are asked for."""
        return self.copy() if _is_float(dtype) else super().astype(dtype, *args, **more)

    def __array_finalize__(self, of: Any) -> None:
        """Nothing is kept beside the numbers."""


def _is_float(dtype: Any) -> bool:
    if isinstance(dtype, np.dtype):
        return dtype.kind == "f"
    return any(dtype is e or (isinstance(dtype, str) and dtype == e) for e in FLOATS)


class Numbers:
    """Arrays whose entries are exact, and NumPy's functions on them."""

    def __init__(self, of: Field) -> None:
        self.field = of

    def residues(self, array: Any) -> Any:
        """``array`` with residues for floating-point numbers; other arrays as they are."""
        found = np.asarray(array)
        if found.dtype.kind == "f":
            found = found.astype(object)
        if found.dtype != object:
            return array
        made = np.empty(found.shape, dtype=object)
        for at in np.ndindex(found.shape):
            made[at] = self.residue(found[at])
        return made.view(Exact) if made.ndim else made.item()

    def residue(self, e: Any) -> Any:
        """A number as one of the field."""
        if isinstance(e, Residue) or not isinstance(e, int | float | np.number | bool | np.bool_):
            return e
        if abs(e) == np.inf:  # what a mask puts there: its exponential is 0
            return Residue(self.field, self.field.draw(), float(e))
        return self.field.number(e.item() if isinstance(e, np.generic) else e)

    def made(self, make: Callable[..., Any]) -> Callable[..., Any]:
        """``np.zeros`` and its like."""

        def call(*args: Any, **more: Any) -> Any:
            dtype = more.pop("dtype", None)
            found = make(*args, **more)
            if not _is_float(dtype):
                return found.astype(dtype)
            return self.residues(found) if found.dtype.kind in "fO" else found

        return call

    def function(self, of: Callable[..., Any], *, always: bool = False) -> Callable[..., Any]:
        """A function of each entry, of which some may be plain numbers, or all where that is ``always`` meant."""

        def call(*args: Any, **more: Any) -> Any:
            if not always and not any(_has_residues(arg) for arg in args):
                return of(*args, **more)
            return of(*(self.residues(arg) for arg in args), **more)

        return call

    def chosen(self, condition: Any, *args: Any) -> Any:
        """``np.where``; the condition may be numbers."""
        if not any(_has_residues(arg) for arg in args):
            return np.where(condition, *args)
        return np.where(condition, *map(self.residues, args)).view(Exact)

    def plainly(self, of: Callable[..., Any]) -> Callable[..., Any]:
        """``np.isnan`` and its like, of real numbers."""

        def call(array: Any, *args: Any, **more: Any) -> Any:
            return of(np.vectorize(_shadow, otypes=[float])(array), *args, **more) if _has_residues(array) else of(
                array, *args, **more
            )  # fmt: skip

        return call

    def numpy(self) -> ModuleType:
        """The module."""
        module = ModuleType("numpy")
        module.__dict__.update(vars(np))
        replaced = {name: self.made(getattr(np, name)) for name in (*MAKERS, *LIKE, *CONVERTERS)}
        replaced |= {name: self.function(getattr(np, name), always=name in ANGLES) for name in FUNCTIONS}
        replaced |= {name: self.plainly(getattr(np, name)) for name in ("isnan", "isinf", "isfinite", "sign")}
        replaced["where"] = self.chosen
        replaced["einsum"] = lambda *args, **more: np.einsum(
            *args, **{k: v for k, v in more.items() if k != "optimize"}
        )
        module.__dict__.update(replaced)
        module.__dict__["__getattr__"] = lambda name: getattr(np, name)
        return module

    def maths(self) -> ModuleType:
        """The module ``math``, whose functions take residues as well."""
        module = ModuleType("math")
        module.__dict__.update(vars(math))
        for name in ("exp", "log", "sqrt", "tanh", "cosh", "sinh", "fabs", "erf", "cos", "sin", "log1p", "expm1"):
            own, plain = getattr(Residue, name, None), getattr(math, name)
            module.__dict__[name] = _of_either(own, plain)
        return module

    def put_into(self, function: Any) -> None:
        """Let all modules that are no installed ones see these, from this function's on."""
        scopes = {id(scope): scope for scope in _scopes(function)}
        modules = {id(np): self.numpy(), id(math): self.maths()}
        names = {id(getattr(np, name)): e for name, e in vars(modules[id(np)]).items() if hasattr(np, name)}
        names |= {id(getattr(math, name)): e for name, e in vars(modules[id(math)]).items() if hasattr(math, name)}
        for scope in scopes.values():
            for name, value in list(scope.items()):
                if id(value) in modules:
                    scope[name] = modules[id(value)]
                elif callable(value) and getattr(value, "__module__", None) in ("numpy", "math") and id(value) in names:
                    scope[name] = names[id(value)]


def _of_either(own: Any, plain: Callable[..., Any]) -> Callable[..., Any]:
    return lambda u, *more: own(u) if own is not None and isinstance(u, Residue) else plain(u, *more)


def _has_residues(value: Any) -> bool:
    if isinstance(value, Residue):
        return True
    found = np.asarray(value)
    return found.dtype == object and any(isinstance(e, Residue) for e in found.flat)


def _shadow(e: Any) -> float:
    return e.shadow if isinstance(e, Residue) else float(e)


def _scopes(function: Any, seen: set[int] | None = None) -> list[dict[str, Any]]:
    """The globals of a function, and of functions and modules of the same folder that it sees."""
    seen = set() if seen is None else seen
    of = getattr(function, "__func__", function)
    if isinstance(of, type):
        found: list[dict[str, Any]] = []
        for e in vars(of).values():
            found += _scopes(e, seen)
        return found
    if not isinstance(of, FunctionType) or id(of.__globals__) in seen:
        return []
    seen.add(id(of.__globals__))
    found = [of.__globals__]
    for e in list(of.__globals__.values()):
        if isinstance(e, FunctionType | type) and not _installed(getattr(e, "__module__", "")):
            found += _scopes(e, seen)
        elif isinstance(e, ModuleType) and not _installed(e.__name__):
            for inner in list(vars(e).values()):
                found += _scopes(inner, seen)
    return found


def _installed(module: str) -> bool:
    """Whether a module is of the standard library, of this package, or installed: its own names stay as they are."""
    head = module.partition(".")[0]
    if head in sys.stdlib_module_names or head in ("numpy", "backproof"):
        return True
    file = vars(sys.modules[module]).get("__file__") if module in sys.modules else None
    return file is not None and not {"site-packages", "dist-packages"}.isdisjoint(Path(file).parts)


__all__ = ["Exact", "Numbers"]
