"""What is said of a program that raises, or that cannot be called."""

from __future__ import annotations

from backproof.checks.code import words
from backproof.checks.code.asking import tried
from backproof.checks.code.calls import CannotCallError
from backproof.checks.code.load import module
from backproof.checks.code.raising import line_of, none_worked, raised
from backproof.checks.code.said import Said

from .some import NET, subject, written


def failure(tmp_path, text):
    try:
        module(written(tmp_path, text))
    except ZeroDivisionError as error:
        return error
    raise AssertionError


def test_the_last_line_of_the_program_is_told(tmp_path):
    error = failure(tmp_path, "def f(n):\n    return 1 / n\n\n\nf(0)\n")
    file = written(tmp_path, "def f(n):\n    return 1 / n\n\n\nf(0)\n")
    assert raised(error, file) == "ZeroDivisionError at line 2: return 1 / n: division by zero"
    assert line_of(error, file) == 2
    assert raised(error, "another.py") == "ZeroDivisionError: division by zero"
    assert line_of(error, "another.py") is None


def answer(tmp_path, text):
    own = subject(tmp_path, text)
    talk = words.said(own.text)
    return none_worked(tried(own, Said(entry="Net.gradient"), talk), str(own.module.__file__), talk)


def test_a_program_that_raises_as_it_says_to_be_called_raises(tmp_path):
    text = NET.replace("d2 = self.forward(X) - Y", "d2 = self.forward(X) - Y[:, :2]")
    found = answer(tmp_path, text)
    line = text.splitlines().index("        d2 = self.forward(X) - Y[:, :2]") + 1
    assert (found.overall, found.assumed["examples"]) == ("raises", "an example is a row")
    assert found.reason.startswith(f"ValueError at line {line}")


def test_where_nothing_is_said_of_examples_nothing_is_held_against_it(tmp_path):
    text = NET.replace(" Examples are rows.", "").replace("- Y\n        d1", "- Y[:, :2]\n        d1")
    found = answer(tmp_path, text)
    assert found.overall == "unknown"
    assert found.reason.startswith("it could not be called in any of the usual ways")


def test_what_is_not_known_is_told(tmp_path):
    found = answer(tmp_path, NET.replace("def gradient(self, X, Y)", "def gradient(self, X, Y, gadget, widget)"))
    assert (found.overall, found.reason) == (
        "unknown", "what gradient takes as gadget, widget is not known; declare it with an adapter",
    )  # fmt: skip
    assert issubclass(CannotCallError, Exception)
