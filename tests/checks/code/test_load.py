"""Programs as modules; those of Python 2 with only ``print`` and ``xrange`` in the way are read."""

from __future__ import annotations

import math

import pytest

from backproof.checks.code.load import callables, exact_mathematics, module, readable
from backproof.checks.code.residue import Field

OLD = """\
import math
def total(n):
    t = 0
    for i in xrange(n):
        t += i
    print "sum", t
    if t: print t
    print
    return t
"""


def test_python_2_is_read_with_the_same_lines(tmp_path, capsys):
    file = tmp_path / "old_program.py"
    file.write_text(OLD, encoding="utf-8")
    made = module(str(file))
    assert made.total(4) == 6
    assert capsys.readouterr().out == "sum 6\n6\n\n"
    assert len(readable(OLD, "old").splitlines()) == len(OLD.splitlines())


def test_what_is_neither_is_a_syntax_error():
    with pytest.raises(SyntaxError):
        readable("def f(:\n    print 1\n", "broken")


def test_new_programs_stay_as_they_are():
    text = "def f(x):\n    print(x)\n    return range(x)\n"
    assert readable(text, "new") == text


def test_only_what_a_module_defines_itself_is_its_own(tmp_path):
    file = tmp_path / "own_names.py"
    file.write_text("from math import exp\nimport numpy as np\ndef f(): pass\nclass A: pass\nx = 1\n", encoding="utf-8")
    assert list(callables(module(str(file)))) == ["f", "A"]


def test_functions_of_plain_python_take_exact_numbers():
    kept = {name: getattr(math, name) for name in dir(math) if callable(getattr(math, name))}
    try:
        exact_mathematics()
        u = Field(2).variable(0.5)
        assert math.exp(u) * math.exp(-u) == 1
        assert math.tanh(u) == u.tanh()
        assert math.pow(u, 2) == u * u
        assert (math.exp(0.0), math.sqrt(4.0), math.pow(2, 3)) == (1.0, 2.0, 8.0)
    finally:
        for name, function in kept.items():
            setattr(math, name, function)
