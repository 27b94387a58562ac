"""What a derivation is: theorems with words beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from sympy import Symbol

from ..surface.arrays import entry
from ..surface.network import Network
from ..surface.theorem import Theorem

Words = tuple[Any, ...]  # strings and terms, in reading order: ("chain rule through ", z[l + 1, k])


@dataclass(frozen=True)
class Line:
    """``theorem`` says: the line before = this one. ``because``: what the reader is told; ``quotes``: what it cites."""

    theorem: Theorem
    because: Words
    quotes: tuple[Theorem, ...] = ()


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
    judged_by: str = ""  #: why it may stay without a judge
    by_entries: bool = False  #: the lines are about the entries of an array
    kind: str = ""  #: what it is called where it is printed: lemma, theorem or corollary; "": as the report decides
    again: Callable[[Network], Derivation] | None = field(default=None, compare=False)  #: it, for another network

    def __repr__(self) -> str:
        return f"<derivation {self.name or 'without a name'}: {self.theorem}>"

    def composes(self) -> bool:
        """Whether the lines follow one another, and come to the theorem: to its sides, or to their entries."""
        if not self.lines or any(one.theorem.rhs != two.theorem.lhs for one, two in pairwise(self.lines)):
            return False
        made, ends = self.theorem, (self.lines[0].theorem.lhs, self.lines[-1].theorem.rhs)
        at = tuple(map(Symbol, made.indices))
        return ends in ((made.lhs, made.rhs), tuple(entry(made.net, side, at) for side in (made.lhs, made.rhs)))

    def parts(self) -> Iterator[Any]:
        """The sides and the hypotheses of the theorem and of its lines."""
        for theorem in (self.theorem, *(line.theorem for line in self.lines)):
            yield from (theorem.lhs, theorem.rhs, *theorem.hypotheses)

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """The variables that it is written with, bound ones too, each once."""
        return tuple(sorted({s for part in {*self.parts()} for s in part.atoms(Symbol)}, key=lambda s: str(s.name)))

    @property
    def net(self) -> Network:
        net: Network = self.theorem.net
        return net


@dataclass(frozen=True)
class Chapter:
    """The derivations of one file, with the title and the prose of its docstring."""

    name: str
    title: str
    prose: str
    source: str
    derivations: tuple[Derivation, ...]
