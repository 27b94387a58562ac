"""A layer's backward pass by where it is: ``kernels.c:layernorm_backward``, ``layers.py:LayerNorm``, ``pkg.mod:f``."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any, Final

from ..c.function import CFunction
from ..frameworks import layers
from ..frameworks import table as frameworks
from ..load import callables, module
from . import process
from .check import SCHEMA, check_layer

IN_C: Final = (".c", ".h", ".cc", ".cpp", ".cu", ".cuh", ".hpp")
BACKWARD: Final = ("backward", "bwd", "grad", "bprop", "vjp")  # what names of backward passes have in them
SECONDS: Final = 600.0  # for loading a file, and all runs of its function


def check_target(target: str, *, network: str, forward: str | None = None, **said: Any) -> dict[str, Any]:
    """Check a function, or a class with a method ``backward``, of a file or module, in the schema of ``check_layer``.

    In C the name may be left out where the file has one backward pass. ``forward``: the name of a function of the same
    file that runs first. ``said``: what ``check_layer`` takes besides. A Python file is run in a process of its own.
    CannotRun where a file is not there or no compiler is; ValueError where there is no such layer.
    """
    place, colon, name = target.rpartition(":")
    if not colon or (len(place) == 1 and place.isalpha()):  # C:\ is no file
        place, name = target, ""
    if Path(place).suffix in IN_C:
        return check_layer(CFunction(Path(place), name or None), network=network, **said)
    answer = process.called(lambda: _of_python(place, name, network, forward, said), SECONDS)
    if "returned" in answer:
        return {**answer["returned"], "target": target}
    return {
        "schema": SCHEMA, "target": target, "assumed": {"network": network}, "overall": "raises", "grade": None,
        "error_bound_log2": None, "reason": answer["failed"], "findings": [],
    }  # fmt: skip


def _of_python(place: str, name: str, network: str, forward: str | None, said: dict[str, Any]) -> dict[str, Any]:
    """In the copy of this process."""
    frameworks.prepare(place)
    loaded = module(place)
    found: Any = loaded
    for part in (name or _only(loaded)).split("."):
        if not hasattr(found, part):
            raise LookupError(f"there is no {name} in it: there are {', '.join(callables(loaded))}")
        found = getattr(found, part)
    first = getattr(loaded, forward) if forward is not None else None
    return check_layer(found, network=network, forward=first, **said)


def _only(loaded: ModuleType) -> str:
    """The one backward pass of a module. LookupError where it is not clear which that is."""
    own = callables(loaded)
    rules = layers.candidates(loaded)
    if len(rules) == 1:
        return rules[0]
    found = [name for name in own if any(word in name.casefold() for word in BACKWARD)]
    if len(found) != 1:
        raise LookupError(f"say which function is meant, as FILE.py:NAME, of {', '.join(own)}")
    return found[0]


__all__ = ["check_target"]
