"""A document, and its formulas in the order in which they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Formula:
    r"""What stands between signs for mathematics. ``span`` is where it stands with these, ``line`` where it begins.

    ``label`` is a comment right before it, its ``\label`` or its ``\tag``; ``flaw`` says why nothing can be read, as
    where it is not closed.
    """

    text: str
    line: int
    displayed: bool
    span: tuple[int, int]
    label: str = ""
    flaw: str = ""


@dataclass(frozen=True)
class Document:
    """``text`` with its formulas. ``lines``: where each line of it stood in the file, if that is another place."""

    target: str
    text: str
    formulas: tuple[Formula, ...]
    front: Mapping[str, Any] = field(default_factory=dict)

    @property
    def displayed(self) -> tuple[Formula, ...]:
        """Those that stand on lines of their own."""
        return tuple(f for f in self.formulas if f.displayed)


__all__ = ["Document", "Formula"]
