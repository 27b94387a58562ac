"""What a derivation is: theorems with words beside them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ..surface.theorem import Theorem
from ..core.network import Network

Words = tuple[Any, ...]  # strings and terms, in reading order: ("chain rule through ", z[l + 1, k])


@dataclass(frozen=True)
class Line:
    """``theorem`` says: the line before = this line. ``because`` is what the reader is told."""

    theorem: Theorem
    because: Words


@dataclass(frozen=True, repr=False)
class Derivation:
    """A theorem and the lines that compose to it.

    ``lines[0].theorem.lhs`` is where the calculation starts; what is printed is taken from the theorems alone.
    """

    name: str
    title: str
    theorem: Theorem
    lines: tuple[Line, ...]
    source: str = ""
    prose: str = ""
    notation: str = "nielsen"
    chapter: str = ""

    def __repr__(self) -> str:
        return f"<derivation {self.name or 'without a name'}: {self.theorem}>"

    def composes(self) -> bool:
        """Whether the lines follow one another, and the theorem is what they come to, or what was made of just that."""
        joined = all(one.theorem.rhs == two.theorem.lhs for one, two in pairwise(self.lines))
        if not self.lines or not joined:
            return False
        made, ends = self.theorem, (self.lines[0].theorem.lhs, self.lines[-1].theorem.rhs)
        while made.rule in ("discharge", "components") and (made.lhs, made.rhs) != ends:
            made = made.premises[0]
        return (made.lhs, made.rhs) == ends

    @property
    def net(self) -> Network:
        return self.theorem.net


@dataclass(frozen=True)
class Chapter:
    """The derivations of one file, with the title and the prose of its docstring."""

    name: str
    title: str
    prose: str
    source: str
    derivations: tuple[Derivation, ...]
