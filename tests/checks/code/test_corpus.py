"""What is said of the programs of the corpus, where it is there."""

from __future__ import annotations

from .corpus import judged


def test_the_verdicts() -> None:
    """All of them, and no right program is accused."""
    assert {item.name: item.answer.overall for item in judged()} == {
        item.name: item.truth["overall"] for item in judged()
    }


def test_equations_layers_and_slips() -> None:
    """Of nine in ten, and of eight in ten."""
    for kind, share in (("equations", 0.9), ("layers", 0.8), ("slips", 0.8)):
        assert sum(item.right[kind] for item in judged()) >= share * len(judged()), kind
