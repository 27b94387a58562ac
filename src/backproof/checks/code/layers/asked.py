"""A layer's backward pass as the command line names it: a file of Python or C, a function in it, and the layer."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ..answer import Answer, Finding
from ..load import callables, module
from ..raising import raised
from .check import check_layer
from .table import LAYERS

BACKWARD = ("backward", "bwd", "grad", "bprop", "vjp")  # what names of backward passes have in them


def asked(target: str, entry: str, network: str) -> dict[str, Any]:
    """What is right in it, in the schema of programs."""
    if network not in LAYERS:
        return Answer("unknown", reason=f"there is no layer {network!r}: there are {', '.join(LAYERS)}").to_json(target)
    if target.endswith(".c"):
        from ..c.function import CFunction

        return _told(check_layer(CFunction(Path(target), entry or None), network=network))
    try:
        made = module(target)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - it is somebody's program
        file = str(Path(target).resolve())
        return Answer("raises", reason=f"it cannot be loaded: {raised(error, file)}").to_json(target)
    own = callables(made)
    chosen = own.get(entry.split(".")[0]) if entry else _only(own)
    if chosen is None:
        why = f"there is no {entry} in it" if entry else f"say which of {', '.join(own)}, as FILE.py:NAME"
        return Answer("unknown", reason=why).to_json(target)
    forward = next((f for name, f in own.items() if "forward" in name and not inspect.isclass(f)), None)
    return _told(check_layer(chosen, network=network, forward=None if inspect.isclass(chosen) else forward))


def _only(own: Mapping[str, Any]) -> Any:
    """The one backward pass of a module."""
    found = [f for name, f in own.items() if any(word in name.casefold() for word in BACKWARD)]
    return found[0] if len(found) == 1 else None


def _told(found: dict[str, Any]) -> dict[str, Any]:
    """With what the schema of programs has besides: each thing that is wrong, once."""
    rows = [{**row, "reason": row["reason"] or ""} for row in found["findings"]]
    wrong = [row for row in rows if row["verdict"] != "ok"]
    defects = [
        Finding(row["equation"] or found["assumed"]["network"], (), row["mistake"], row["reason"], row["where"])._asdict()
        for row in wrong
    ]
    return {
        **found, "version": version("backproof"), "reason": found["reason"] or "", "right_if": [], "findings": rows,
        "defects": [defect | {"layers": []} for defect in defects],
    }  # fmt: skip


__all__ = ["asked"]
