"""A slip in a printed source: what it says, and the derivation of what is right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .derivation import Derivation


@dataclass(frozen=True)
class Slip:
    """``lhs = rhs`` is what the source prints; it is judged under the hypotheses of ``right``."""

    title: str
    source: str
    lhs: Any
    rhs: Any
    right: Derivation
    note: str
