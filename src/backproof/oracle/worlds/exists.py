"""Where a statement without hypotheses is claimed: where all that it speaks of exists."""

from __future__ import annotations

from typing import Any

from ...surface.terms import Head
from .terms import members


class Exists(Head):
    """A hypothesis on indices: the network has this quantity, or this array."""


def where_all_exists(*sides: Any) -> frozenset[Any]:
    """The hypotheses that put the indices of every quantity within their ranges; those of sums have theirs."""
    return frozenset(Exists(member) for side in sides for member in members(side) if member.args[1:])
