"""What a check of code has found, as ``backproof check --json`` prints it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any, NamedTuple

SCHEMA = "backproof.check-code/1"
RIGHT = ("ok",)


class Finding(NamedTuple):
    """One thing that is wrong: the equation, the layers (of weights, from 1), the slip or None, in words, and where."""

    equation: str
    layers: tuple[int, ...]
    mistake: str | None
    reason: str
    where: str | None = None


class Judged(NamedTuple):
    """What is said of one array of parameters, or of one gradient of a layer: a row of ``findings``."""

    parameter: str
    layer: int | None
    equation: str | None
    verdict: str
    mistake: str | None = None
    reason: str = ""
    wrong_entries: int = 0
    max_relative_error: float | None = None
    factor: float | None = None
    where: str | None = None


@dataclass(frozen=True)
class Answer:
    """``overall``: ok, wrong, scale, order, raises or unknown; ``grade``: exact, with its bound, or float64.

    ``defects`` are the things that are wrong, each once; ``findings`` has a row for each array of parameters.
    ``reason``: of raises and unknown, or why the run was not exact. ``right_if``: under which other loss all is right.
    """

    overall: str
    assumed: Mapping[str, Any] = field(default_factory=dict)
    grade: str | None = None
    bound: int | None = None
    findings: list[Judged] = field(default_factory=list)
    defects: list[Finding] = field(default_factory=list)
    reason: str = ""
    right_if: tuple[str, ...] = ()

    def to_json(self, target: str) -> dict[str, Any]:
        """In the schema."""
        return {
            "schema": SCHEMA, "version": version("backproof"), "target": target, "assumed": dict(self.assumed),
            "overall": self.overall, "grade": self.grade, "error_bound_log2": self.bound, "reason": self.reason,
            "right_if": list(self.right_if), "findings": [row._asdict() for row in self.findings],
            "defects": [row._asdict() | {"layers": list(row.layers)} for row in self.defects],
        }  # fmt: skip


__all__ = ["Answer", "Finding", "Judged"]
