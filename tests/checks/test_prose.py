"""What the words before a formula say of it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from backproof.checks import prose


@dataclass
class At:
    span: tuple[int, int]
    displayed: bool


def test_words_stand_before_a_formula_in_its_paragraph_from_the_last_display_on() -> None:
    text = "one $$A$$ two $b$ three\n\nfour $c$"
    places = [At((4, 9), True), At((14, 17), False), At((30, 33), False)]
    assert prose.before(text, places) == ("one", " two", "four")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Let", True), ("We define", True), ("Here we write $a$,", True), ("令", True), ("It follows that", False),
        ("Let $a$ be given. Then", False), ("Define $a$, so that we have", False), ("Let it be small;", False),
        ("", False),
    ],
)  # fmt: skip
def test_which_words_define(said: str, kind: object) -> None:
    assert prose.defines(said) is kind


def test_numbers_conditions_and_layers() -> None:
    assert prose.numbers("with $x = 1$ and y = 0, for $w^l = 2$") == {"x": 1, "y": 0}
    assert prose.condition(r"When $k \neq j$ we get") == r"k \neq j"
    assert prose.condition("When $k < j$. Then") == ""
    assert prose.layers("For $l = L-1, L-2, ..., 2$ change") == ("L-1", "2")
    assert prose.layers("For all of them") == ()
