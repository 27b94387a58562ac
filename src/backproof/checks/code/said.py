"""What is declared of a program under check."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    """By flags or from Python; None where nothing is. ``entry``: the object of the module that is asked for."""

    hidden: str | None = None
    output: str | None = None
    cost: str | None = None
    reduction: str | None = None
    entry: str = ""


__all__ = ["Said"]
