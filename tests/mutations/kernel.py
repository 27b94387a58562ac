"""Whether the kernel can be brought to accept an edited equation by what was there for the true one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from sympy import Symbol

from backproof.core.index import Refused
from backproof.derive import calc as calculations
from backproof.derive import chain
from backproof.derive.calc import WrongLine, calc, entrywise
from backproof.surface.arrays import entry
from backproof.surface.theorem import Theorem

if TYPE_CHECKING:
    from .mutate import Mutant

#: Of the chain rule on one line: as many as a line of the library takes. From layer to layer it can go on for long.
STEPS = 5
REFUSALS = Refused, WrongLine, ValueError  # ValueError: the edit is no term


def accepts(mutant: Mutant) -> bool:
    """Whether one of the ways leads to a theorem that says no more than is assumed."""
    t = mutant.original.theorem
    if mutant.hypotheses != t.hypotheses:
        return is_around(t, t.rhs, mutant.hypotheses)
    no_advice = patch.object(calculations, "_instead", lambda *_: None)  # nobody asks what would have been right
    with no_advice, patch.object(chain, "MOST_STEPS", STEPS):
        return is_around(t, mutant.rhs, t.hypotheses) or any(_gives(mutant, made) for made in _ways(mutant))


def is_around(t: Theorem, rhs: Any, hypotheses: frozenset[Any]) -> bool:
    """Whether the same proof may be said to be of something else."""
    try:
        with patch.object(Theorem, "__str__", lambda _: "the theorem"):  # for the refusals; it takes long
            Theorem(t.net, hypotheses, t.lhs, rhs, t.proof, t.indices)
    except REFUSALS:
        return False
    return True


def _ways(mutant: Mutant) -> Iterator[Callable[[], Theorem]]:
    t, rhs = mutant.original.theorem, mutant.rhs
    if mutant.original.derivation is not None and mutant.original.derivation.by_entries:
        yield lambda: _by_entries(mutant)
    try:
        lhs, rhs = (entry(t.net, side, tuple(map(Symbol, t.indices))) for side in (t.lhs, rhs))
    except REFUSALS:
        return
    for reason in mutant.original.reasons:
        yield lambda reason=reason: calc(t.net, lhs, (rhs, reason)).theorem  # type: ignore[misc]


def _by_entries(mutant: Mutant) -> Theorem:
    """By the same lines about the entries, but the one that ends them."""
    t, made = mutant.original.theorem, mutant.original.derivation
    lines = [(line.theorem.rhs, reason) for line, reason in zip(made.lines[:-1], mutant.original.reasons, strict=False)]
    return entrywise(t.net, t.lhs, mutant.rhs, tuple(map(Symbol, t.indices)), *lines).theorem


def _gives(mutant: Mutant, make: Callable[[], Theorem]) -> bool:
    """Whether there is a theorem; one that needs more than the true one did is another theorem."""
    try:
        made = make()
    except REFUSALS:
        return False
    return made.hypotheses <= mutant.hypotheses | _of_entries(mutant, made)


def _of_entries(mutant: Mutant, made: Theorem) -> frozenset[Any]:
    """Where the equation is about arrays and the theorem about their entries: that these are within their ranges."""
    named = {s.name for h in made.hypotheses for s in h.free_symbols} & set(mutant.original.theorem.indices)
    return frozenset(h for h in made.hypotheses if {s.name for s in h.free_symbols} & named)
