"""A program as a module: a file, whose text may be of Python 2 where only ``print`` and ``xrange`` are in the way."""

from __future__ import annotations

import ast
import importlib
import math
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import numpy as np

from .epochs import once

#: What is rewritten of Python 2, a line at a time, so that lines keep their numbers.
OLD: Final = (
    (re.compile(r"^(\s*|.*[:;]\s*)print\s*$"), r"\1print()"),
    (re.compile(r"^(\s*|.*[:;]\s*)print\s+(?!\()(?!>>)(.*\S)\s*$"), r"\1print(\2)"),
    (re.compile(r"\bxrange\b"), "range"),
    (re.compile(r"\bcPickle\b"), "pickle"),
    (re.compile(r"\.iteritems\(\)"), ".items()"),
)


def module(target: str) -> ModuleType:
    """The module of a file, or by its name. What it raises is the program's own affair."""
    if not target.endswith(".py"):
        return importlib.import_module(target)
    path = Path(target).resolve()
    made = ModuleType(path.stem)
    made.__file__ = str(path)
    sys.modules[path.stem] = made  # classes look for their module by its name
    sys.path.insert(0, str(path.parent))
    text = readable(path.read_text(encoding="utf-8"), str(path))
    exec(compile(once(ast.parse(text, str(path))), str(path), "exec"), made.__dict__)  # noqa: S102
    return made


def readable(text: str, name: str) -> str:
    """The text; of one of Python 2, with what changed since then. SyntaxError where it is neither."""
    try:
        compile(text, name, "exec")
    except SyntaxError as error:
        new = "\n".join(map(_renewed, text.split("\n")))
        try:
            compile(new, name, "exec")
        except SyntaxError:
            raise error from None
        return new
    return text if not re.search(r"\bxrange\b", text) else re.sub(r"\bxrange\b", "range", text)


def _renewed(line: str) -> str:
    for old, new in OLD:
        line = old.sub(new, line)
    return line


def _of_number(name: str, plain: Any) -> Any:
    def function(u: Any, *rest: Any) -> Any:
        own = getattr(u, name, None) if hasattr(u, "residue") else None
        return own() if own is not None and not rest else plain(u, *rest)

    return function


def _power(plain: Any) -> Any:
    def power(u: Any, v: Any) -> Any:
        return u**v if hasattr(u, "residue") else plain(u, v)

    return power


def exact_mathematics() -> None:
    """Let the functions of ``math`` take exact numbers as well, in this process."""
    for name in ("exp", "log", "sqrt", "tanh", "sinh", "cosh", "log1p", "expm1", "erf", "fabs", "sin", "cos"):
        setattr(math, name, _of_number(name, getattr(math, name)))
    plain = math.pow
    math.pow = _power(plain)


@contextmanager
def fresh_arrays(like: Any) -> Iterator[None]:
    """Let ``np.zeros`` and the like make arrays of numbers of this kind, so that what is added to them stays exact."""
    if not hasattr(like, "residue"):
        yield
        return
    plain = {name: getattr(np, name) for name in ("zeros", "ones")}

    def making(name: str) -> Any:
        def make(shape: Any, dtype: Any = None, *rest: Any, **named: Any) -> Any:
            if (dtype is not None and dtype is not float) or rest or named:  # such as NumPy's own calls
                return plain[name](shape, dtype or float, *rest, **named)
            made = np.empty(shape, object)
            made[...] = like.field.number(int(name == "ones"))
            return made

        return make

    for name in plain:
        setattr(np, name, making(name))
    try:
        yield
    finally:
        for name, own in plain.items():
            setattr(np, name, own)


def callables(made: ModuleType) -> dict[str, Any]:
    """The functions and classes that a module defines itself, in the order in which they stand there."""
    own = {
        name: e
        for name, e in vars(made).items()
        if callable(e) and getattr(e, "__module__", None) == made.__name__ and not name.startswith("__")
    }
    return dict(own)


__all__ = ["callables", "exact_mathematics", "fresh_arrays", "module", "readable"]
