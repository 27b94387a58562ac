"""A refusal has no names but the author's: true derivations are broken by program, and what is said of them is read."""

from __future__ import annotations

import io
import random
import re
from typing import Any

import pytest

from backproof import refusals, table
from backproof.derive import calc as calculations
from backproof.derive.reasons import algebra
from backproof.derive.registry import REGISTRY, library_module
from backproof.notation import text
from tests.mutations.edits import edits

CHAPTERS = ("bp2", "layer_norm", "embedding", "losses")
EDITS = 2  # of each line, drawn by chance
#: Names that only the machine has: _0, k', k′ as an index, i0, #0, ?0, and what SymPy and Python write.
MADE = re.compile(
    r"(?<!\w)_\d|\w'(?!\w)|\w′[,\] =+-]|(?<!\w)i\d+\b|[#?]\d|\b(Total|Member|Kron|Apply)\(|<function|\b0x[\da-f]+"
)


@pytest.mark.parametrize("words", ["Σ__2 [_2=k]", "Σ_k′ a[2,k′]", "D(z[i0], x)", "#0", "?0", "Total(a[k], k, 1, N)"])
def test_such_names_are_seen(words: str) -> None:
    assert MADE.search(words)


@pytest.mark.parametrize("words", ["σ′(z[l,j]) Σ_k w[l+1,k,j]", "tau′(s[i])", "1 - τ", "author's", "∂C/∂i"])
def test_what_an_author_has_is_not(words: str) -> None:
    assert not MADE.search(words)


def lines_of(chapter: str, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, Any, Any, list[Any]]]:
    """Each line of a chapter's calculations: network, the line before, the line, its reason and those beside it."""
    seen = []
    calculated = calculations._calculated

    def record(net: Any, claims: list[Any], reasons: list[Any]) -> Any:
        for place, reason in enumerate(reasons):
            beside = [reasons[other] for other in (place - 1, place + 1) if 0 <= other < len(reasons)]
            seen.append((net, claims[place], claims[place + 1], [reason, *beside]))
        return calculated(net, claims, reasons)

    monkeypatch.setattr(calculations, "_calculated", record)
    for make in REGISTRY[library_module(chapter).__name__]:
        make.__wrapped__.__wrapped__()  # past what has been remembered
    monkeypatch.undo()
    return seen


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_message_has_a_name_that_the_machine_made(chapter: str, monkeypatch: pytest.MonkeyPatch) -> None:
    chance, refused = random.Random(chapter), 0
    for net, before, line, (reason, *others) in lines_of(chapter, monkeypatch):
        edited = [e for _, e in edits(net, line)]
        broken = [(e, reason) for e in chance.sample(edited, min(EDITS, len(edited)))]
        for claim, why in [*broken, *((line, other) for other in (*others, algebra))]:
            said = message(net, before, claim, why)
            refused += said is not None
            assert not MADE.search(said or ""), said
    assert refused


def message(net: Any, before: Any, claim: Any, reason: Any) -> str | None:
    """What is printed of a line that does not follow; None if it does."""
    try:
        calculations.calc(net, before, (claim, reason))
    except calculations.WrongLine as error:
        printed = io.StringIO()
        table.show_refused([refusals.wrong_line(error)], printed)
        return printed.getvalue()
    except ValueError as error:  # no line at all
        return refusals.malformed(error, "mine.py").reason
    return None


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_hypothesis_has_one(chapter: str) -> None:
    for make in REGISTRY[library_module(chapter).__name__]:
        for line in make().lines:
            assert not MADE.search("; ".join(text.conditions(line.theorem.hypotheses)))
