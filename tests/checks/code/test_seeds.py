"""The programs of four documents on backpropagation, written out: the right ones are right exactly, the turned ones are
told what is turned, and where.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from backproof.checks.code.answer import Answer
from backproof.checks.code.flow import Said, check

HERE = Path(__file__).parent / "seeds"
DOCUMENTS = Path(__file__).parents[3].parent / "shared" / "seeds"
RIGHT = ("notes_lists", "accumulated", "digits", "notebook")


def told(answer: Answer) -> set[tuple[str, tuple[int, ...], str | None, str | None]]:
    return {(d.equation, d.layers, d.mistake, d.where) for d in answer.defects}


def line(name: str, text: str) -> str:
    """Where the program has this in the loop over the layers."""
    lines = (HERE / f"{name}.py").read_text(encoding="utf-8").splitlines()
    start = next(n for n, one in enumerate(lines) if "for l in" in one)
    return f"{name}.py:{next(n for n, one in enumerate(lines[start:], start + 1) if text in one)}"


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_one_is_right_exactly(name: str) -> None:
    answer = check(str(HERE / f"{name}.py"), Said())
    assert (answer.overall, answer.grade, answer.reason) == ("ok", "exact", "")
    assert answer.bound is not None
    assert answer.bound <= -100


def test_the_one_whose_index_was_read_as_1_is_told_so_in_each_place() -> None:
    name = "digits_turned"
    answer = check(str(HERE / f"{name}.py"), Said())
    assert (answer.overall, answer.grade) == ("wrong", "exact")
    assert told(answer) == {
        ("BP2", (1, 2), "wrong-index", line(name, "delta =")),
        ("BP4", (1, 2), "wrong-index", line(name, "nabla_w[-1]")),
        ("BP3", (1, 2, 3), "wrong-index", line(name, "nabla_b[-1]")),
        ("BP4", (1, 2, 3), "wrong-index", line(name, "nabla_w[-1]")),
    }
    assert "with layers of different sizes it raises" in answer.reason


def test_where_the_weights_are_those_of_index_0_that_is_told_as_well(tmp_path: Path) -> None:
    text, file = (HERE / "digits_turned.py").read_text(encoding="utf-8"), tmp_path / "digits.py"
    assert "weights[-l + 1]" in text
    file.write_text(text.replace("weights[-l + 1]", "weights[-1 + 1]"), encoding="utf-8")
    answer = check(str(file), Said())
    reasons = [d.reason.rpartition(": ")[2] for d in answer.defects if d.equation == "BP2"]
    assert reasons == ["σ' is that of layer 3", "the weights are those of layer 1"]
    assert {d.mistake for d in answer.defects} == {"wrong-index"}


@pytest.mark.parametrize("place", ["nabla_b[-{}] = delta", "nabla_w[-{}] = "])
def test_one_place_alone(place: str, tmp_path: Path) -> None:
    """What is written to the last layer in every pass, and what goes in comes from the right ones."""
    text = (HERE / "digits.py").read_text(encoding="utf-8")
    before, start, loop = text.partition("for l in range")
    file = tmp_path / "digits.py"
    file.write_text(before + start + loop.replace(place.format("l"), place.format("1")), encoding="utf-8")
    answer = check(str(file), Said())
    equation = "BP3" if "nabla_b" in place else "BP4"
    assert [(d.equation, d.layers, d.mistake) for d in answer.defects] == [(equation, (1, 2, 3), "wrong-index")]


@pytest.mark.parametrize(("name", "number"), [("notes_lists", "000"), ("digits_turned", "002"), ("notebook", "003")])
def test_the_loop_is_that_of_the_document(name: str, number: str) -> None:
    """Line by line, where the documents are there; the variable of a loop may be mended."""
    ours = (HERE / f"{name}.py").read_text(encoding="utf-8")
    loop = [line.replace(" ", "") for line in ours.partition("for l in")[2].splitlines()[1:6]]
    for document in DOCUMENTS.glob(f"{number}_*.txt"):
        theirs = document.read_text(encoding="utf-8").replace(" ", "")
        assert [line for line in loop if line not in theirs] == []
