"""What a program assigns, and where."""

from __future__ import annotations

import numpy as np

from backproof.checks.code.watching import first, watched


def helper(x):
    doubled = 2 * x
    parts = {"last": doubled + 1}
    total = [doubled]
    total.append(doubled @ doubled.T)
    return parts, total


def line(text):
    import inspect

    lines, start = inspect.getsourcelines(helper)
    return next(start + place for place, one in enumerate(lines) if text in one)


def test_each_array_is_seen_at_the_line_that_made_it():
    x = np.array([[1.0, 2.0], [3.0, 5.0]])
    seen = watched(__file__, lambda: helper(x))
    found = first(seen, 2 * x, exactly=True)
    assert (found.name, found.line, found.function) == ("doubled", line("doubled = 2"), "helper")
    assert first(seen, 2 * x + 1).line == line("parts =")
    assert first(seen, 4 * (x @ x.T)).line == line("total.append")
    assert first(seen, np.array([[1.0, 7.0], [2.0, 2.0]])) is None


def test_a_transpose_and_a_constant_are_seen_through_unless_it_has_to_be_exact():
    x = np.array([[1.0, 2.0], [3.0, 5.0]])
    seen = watched(__file__, lambda: helper(x))
    assert first(seen, x.T / 3).name == "doubled"
    assert first(seen, -2 * x.T, exactly=True).name == "doubled"
    assert first(seen, x.T / 3, exactly=True) is None


def test_other_files_are_not_looked_at_and_tracing_ends():
    import sys

    before = sys.gettrace()
    assert watched("elsewhere.py", lambda: helper(np.ones((1, 1)))) == []
    assert sys.gettrace() is before
