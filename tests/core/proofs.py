"""A few real proofs, BP1 to BP4 from the library; and how plain data are written, sent and read."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from backproof.core.kernel import Theorem
from backproof.derive.registry import chapter, library_module
from backproof.surface.proofs import dump
from backproof.verify.replay import load

NAMES = ("bp1", "bp2", "bp3", "bp4")


@cache
def proved(name: str) -> Theorem:
    """What the core proved."""
    [made] = (made for made in chapter(library_module(name)).derivations if made.name == name)
    return made.theorem.proof


def entries(*proofs: Theorem) -> list[Any]:
    """Theorems as plain data."""
    return dump(*proofs)[0]


def again(p: Theorem) -> Theorem:
    """The theorem made anew, from plain data that were sent."""
    return load(json.loads(json.dumps(entries(p))))[-1]


def says(p: Theorem) -> tuple[Any, ...]:
    """What a theorem is."""
    return p.net, p.lhs, p.rhs, p.hypotheses
