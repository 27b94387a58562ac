"""Single edits of everything that the library proves: what is true is edited into what is not, and must not pass.

``python -m tests.mutations`` prints how many there are of each kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from unittest.mock import patch
from zlib import crc32

from sympy import expand, zoo

from backproof.oracle import exact
from backproof.oracle.counterexample import search
from backproof.surface.network import Network
from backproof.surface.terms import Equal, ForAll, L, Member, n

from . import kernel
from .additions import additions
from .edits import Edit, edits
from .hypotheses import weakened
from .library import Original, originals
from .truth import is_false

#: Of so many slips, and of so many additions, one is made, beginning anywhere; ``--all`` makes all of them.
SAMPLE, EVERY = (2, 15), (1, 1)

#: Edits after which an equation is as true as before; the file says why.
EQUIVALENT = frozenset(
    line for line in Path(__file__).with_name("equivalent.txt").read_text().splitlines() if not line.startswith("#")
)


@dataclass(frozen=True)
class Mutant:
    """An edited line or statement: an equation under hypotheses, and how it came about."""

    original: Original
    kind: str
    rhs: Any
    hypotheses: frozenset[Any]

    @property
    def equation(self) -> str:
        """What it says, in one line."""
        said = f"{self.original.theorem.lhs} = {self.rhs}"
        if self.hypotheses == self.original.theorem.hypotheses:
            return said
        return f"{', '.join(sorted(map(str, self.hypotheses)))} |- {said}"

    @property
    def key(self) -> tuple[Any, ...]:
        t = self.original.theorem
        return t.net, t.lhs, self.rhs, self.hypotheses

    def __str__(self) -> str:
        return f"{self.original.where} ({self.kind}): {self.equation}"


@dataclass(frozen=True)
class Judged:
    """A mutant and what is said of it."""

    mutant: Mutant
    is_false: bool
    proved: bool
    """Whether the kernel can be brought to accept it."""
    holds: bool | None
    """What the exact judge says; None: it cannot say."""
    reason: str

    @property
    def is_listed(self) -> bool:
        return self.mutant.equation in EQUIVALENT

    @property
    def surprises(self) -> str:
        """What is not as it has to be; empty if nothing is."""
        if not self.is_false:
            unlike = "refuted, and true" if self.holds is False else ""
            return unlike or ("" if self.is_listed else "true, and not listed")
        return "accepted by the kernel" if self.proved else "held by the exact judge" if self.holds else ""

    def __str__(self) -> str:
        return str(self.mutant)


def mutants(one_in: tuple[int, int] = SAMPLE) -> Iterator[Mutant]:
    """Edits that change something, each equation about a network once; those of hypotheses are of statements."""
    seen = set()
    for original in originals():
        for mutant in _edited(original, *one_in):
            if mutant.key not in seen:
                seen.add(mutant.key)
                yield mutant


def _edited(original: Original, slips: int, added: int) -> Iterator[Mutant]:
    t = original.theorem
    layers, units = indices(t.net, t.lhs, t.rhs)
    made = (
        *_one_in(slips, original.where, edits(t.net, t.rhs, _common(units, t))),
        *_one_in(added, original.where, additions(t.net, t.rhs, layers, units, t.hypotheses)),
    )
    for kind, rhs in _different(t.rhs, made):
        yield Mutant(original, kind, rhs, t.hypotheses)
    if original.derivation is not None and not any(h.has(Equal) and h.has(ForAll) for h in t.hypotheses):
        for kind, given in weakened(t.hypotheses):
            yield Mutant(original, kind, t.rhs, given)


def _one_in(count: int, where: str, made: Iterator[Edit]) -> Iterator[Edit]:
    return islice(made, crc32(where.encode()) % count, None, count)


def _common(units: tuple[Any, ...], t: Any) -> tuple[Any, ...]:
    """Those that both sides are written with."""
    return tuple(u for u in units if u in t.lhs.free_symbols and u in t.rhs.free_symbols)


def _different(e: Any, made: Iterable[Edit]) -> Iterator[Edit]:
    """The edits that algebra alone does not undo, each once."""
    seen = {expand(e)}
    for kind, rhs in made:
        value = expand(rhs)
        if value not in seen and not rhs.has(zoo):
            seen.add(value)
            yield kind, rhs


def indices(net: Network, *sides: Any) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """The free symbols that stand for layers, and those that stand for units and examples."""
    layers, others = set(), set()
    for side in sides:
        for e in side.atoms(n):
            layers |= e.args[0].free_symbols
        for e in side.atoms(Member):
            for index, kind in zip(e.indices, net.kind(e), strict=False):
                (layers if kind == "l" else others).update(index.free_symbols)
    free = frozenset().union(*(side.free_symbols for side in sides)) - net.symbols - {L}
    return tuple(tuple(sorted((s for s in found if s in free), key=str)) for found in (layers, others - layers))  # type: ignore[return-value]


def judged(mutant: Mutant) -> Judged:
    """What numbers, the kernel, and the exact judge say."""
    t = mutant.original.theorem
    equation = t.net, t.lhs, mutant.rhs, mutant.hypotheses
    answer = _answer(*equation)
    return Judged(mutant, is_false(*equation, t.rhs), kernel.accepts(mutant), answer.holds, answer.reason)


def _answer(*equation: Any) -> Any:
    """The exact judge's answer, which shows no failure in small integers: to look for one takes most of the time.

    It decides nothing where a statement has no elementary functions; where it has, the network that failed is tried.
    """
    with patch.object(exact, "find", lambda *statement, shapes: search(*statement, shapes)):
        return exact.judge(*equation)


__all__ = ["EQUIVALENT", "Judged", "Mutant", "judged", "mutants"]
