"""What is printed in a notation reads back as the same theorem: the same term of the core, entry by entry."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Symbol

from backproof.checks.arrays import SINGLE
from backproof.checks.lower import Lowering
from backproof.checks.senses import about_net
from backproof.core import term as core
from backproof.core.network import known_sizes
from backproof.derive.registry import chapter, library_module
from backproof.notation import latex
from backproof.notation.profiles import NOTATIONS, for_network
from backproof.notation.reader import read, tree
from backproof.notation.row import Notation
from backproof.surface.elaborate import elaborate
from backproof.surface.theorem import Theorem

DENSE = ("forward", "bp1", "bp2", "bp3", "bp4", "backward", "five_layers", "activations", "costs", "examples")


def read_back(theorem: Theorem, row: Notation) -> tuple[Any, ...]:
    """Both sides as they are printed and read back: terms of the core, at the indices of the theorem."""
    text = latex.equation(theorem.lhs, theorem.rhs, row)
    display = read(text, "latex")
    [taken] = about_net(display, row, theorem.net)
    [[statement]] = display.lines
    assert isinstance(statement.says, tree.Relation)
    left, right = statement.says.sides
    assert left is not None
    assert right is not None
    found = Lowering(text, taken.net, taken.row, taken.sense).both(left, right)
    at = tuple(map(Symbol, theorem.indices))
    entries = [side.entry() if side.is_number else side.entry(*_placed(at, side.dims, row)) for side in found]
    put = known_sizes(theorem.net.core)
    return tuple(core.put(elaborate(theorem.net.core, entry).term, put) for entry in entries)


def _placed(at: tuple[Symbol, ...], dims: tuple[Any, ...], row: Notation) -> tuple[Symbol, ...]:
    """The indices of the entry of what was printed; of a column or a row, one of them."""
    return (at[0], at[0]) if SINGLE in dims else at[::-1] if row.vectors == "rows" else at


@pytest.mark.parametrize("row", NOTATIONS.values(), ids=NOTATIONS)
@pytest.mark.parametrize("name", DENSE)
def test_what_is_printed_reads_back(name: str, row: Notation) -> None:
    for made in chapter(library_module(name)).derivations:
        theorem = made.theorem
        found = read_back(theorem, for_network(row, theorem.net))
        assert found == (theorem.proof.lhs, theorem.proof.rhs), made.name
