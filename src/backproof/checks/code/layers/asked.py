"""A layer's backward pass as the command line names it, told in the schema of programs."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from importlib.metadata import version
from typing import Any

from ....errors import CannotRun
from ..answer import Answer, Finding
from .table import LAYERS
from .target import check_target


def asked(target: str, network: str, seconds: float) -> dict[str, Any]:
    """What is right in it: file.py:function, file.c:function, or without a name where there is one backward pass."""
    if network not in LAYERS:
        return Answer("unknown", reason=f"there is no layer {network!r}: there are {', '.join(LAYERS)}").to_json(target)
    try:
        return _told(check_target(target, network=network, seconds=seconds)) | {"target": target}
    except CannotRun as why:
        return Answer("unknown", reason=str(why)).to_json(target)


def _told(found: Mapping[str, Any]) -> dict[str, Any]:
    """With what the schema of programs has besides: each thing that is wrong, once."""
    rows = [
        {
            **row,
            "reason": row["reason"] or "",
            "factor": None if row["factor"] is None else float(Fraction(row["factor"])),
        }
        for row in found["findings"]
    ]
    defects = [
        Finding(row["equation"] or "forward", (), *(row[key] for key in ("mistake", "reason", "where")))._asdict()
        | {"layers": []}
        for row in rows
        if row["verdict"] != "ok"
    ]
    return {
        **found, "version": version("backproof"), "reason": found["reason"] or "",
        "right_if": list(found.get("right_if", ())), "findings": rows, "defects": defects,
    }  # fmt: skip


__all__ = ["asked"]
