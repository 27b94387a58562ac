"""A hypothesis is dropped, or asks for less."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from backproof.surface.terms import NonNegative

Hypotheses = frozenset[Any]


def weakened(given: Hypotheses) -> Iterator[tuple[str, Hypotheses]]:
    """Each without one of them, or with one more value of an index allowed, such as j <= n(l) + 1."""
    for h in sorted(given, key=str):
        yield "hypothesis dropped", given - {h}
        if isinstance(h, NonNegative):
            yield "hypothesis weakened", given - {h} | {NonNegative(h.args[0] + 1)}
