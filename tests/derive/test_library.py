"""The library: every derivation replays, and its lines are its theorem."""

from __future__ import annotations

from itertools import pairwise

import pytest

from backproof import replay
from backproof.derive.derivation import Derivation
from backproof.derive.registry import LIBRARY, chapter, library_module
from backproof.notation import text
from backproof.surface.terms import Equal

CHAPTERS = [chapter(library_module(name)) for name in LIBRARY]
DERIVATIONS = [made for found in CHAPTERS for made in found.derivations]


@pytest.mark.parametrize("made", DERIVATIONS, ids=lambda made: made.name)
def test_a_derivation_replays(made: Derivation) -> None:
    again = replay(made.theorem, *(line.theorem for line in made.lines))
    assert [str(t) for t in again] == [str(made.theorem), *(str(line.theorem) for line in made.lines)]


@pytest.mark.parametrize("made", DERIVATIONS, ids=lambda made: made.name)
def test_each_line_starts_where_the_one_before_ends(made: Derivation) -> None:
    assert made.lines
    for line, following in zip(made.lines, made.lines[1:], strict=False):
        assert line.theorem.rhs == following.theorem.lhs
    assert all(line.theorem.net == made.net and line.because for line in made.lines)
    assert made.composes()
    if not made.by_entries:
        assert (made.theorem.lhs, made.theorem.rhs) == (made.lines[0].theorem.lhs, made.lines[-1].theorem.rhs)


def test_names_and_titles_are_said_once() -> None:
    for said in (made.name for made in DERIVATIONS), (made.title for made in DERIVATIONS):
        listed = list(said)
        assert len(set(listed)) == len(listed)
    assert all(found.title and found.source for found in CHAPTERS)


def test_only_the_steps_of_an_induction_and_what_says_so_rest_on_an_assumption() -> None:
    assumed = {made.name for made in DERIVATIONS if any(h.has(Equal) for h in made.theorem.hypotheses)}
    steps = {
        "recursion-step",
        "paths-step",
        "residual-stream-step",
        "model-stream-step",
        "online-sum-step",
        "online-values-step",
    }
    assert assumed == {*steps, "log-likelihood", "log-likelihood-vector"}


@pytest.mark.parametrize("made", DERIVATIONS, ids=lambda made: made.name)
def test_no_line_is_printed_as_the_one_before(made: Derivation) -> None:
    """SymPy may cancel what a line was to show."""
    shown = [text.text(line.theorem.rhs) for line in made.lines]
    assert all(before != after for before, after in pairwise(shown))
