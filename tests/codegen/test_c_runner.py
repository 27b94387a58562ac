"""Compiling and loading C: what there is to say where it fails, and that no wrong size reaches it."""

from __future__ import annotations

from shutil import which

import numpy as np
import pytest

from backproof.codegen import c_runner
from backproof.codegen.backend import Failed
from backproof.codegen.backends import c as target
from backproof.codegen.program import compile_program
from backproof.codegen.sample import draw
from backproof.output import CannotRun

from .cases import sample, spec

pytestmark = pytest.mark.skipif(which("cc") is None, reason="there is no C compiler")


def test_a_warning_fails():
    with pytest.raises(Failed, match="unused"):
        c_runner.without_warning("void f(void);\nvoid f(void)\n{\n    int unused;\n}\n")


def test_where_there_is_no_compiler_it_says_what_to_install(monkeypatch):
    of = spec((2, 3, 1), "sigmoid", "sigmoid", "quadratic")
    program = compile_program(of)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("CC", raising=False)
    with pytest.raises(CannotRun, match="install a C compiler"):
        target.run(program, target.write(program), [sample(of, 1)[0]])


def test_the_compiler_is_the_one_in_the_environment(monkeypatch):
    monkeypatch.setenv("CC", f"{which('cc')} -O0")
    assert c_runner.compiler() == [which("cc"), "-O0"]
    monkeypatch.setenv("CC", "no-such-compiler -O0")
    with pytest.raises(CannotRun, match="no-such-compiler is not found"):
        c_runner.compiler()


def test_a_compiler_that_refuses_is_quoted():
    of = spec((2, 3, 1), "sigmoid", "sigmoid", "quadratic")
    with pytest.raises(Failed, match=r"refuses what was written:\n.*error"):
        target.run(compile_program(of), "nonsense", [sample(of, 1)[0]])


@pytest.fixture(scope="module")
def small():
    of = spec((2, 3, 1), "sigmoid", "sigmoid", "quadratic")
    with c_runner.load(of, target.write(compile_program(of))) as made:
        yield of, made


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ((3, 4), (1, 4), r"x has the shape \(3, 4\), where one example or more of 2 numbers are needed"),
        ((2, 4), (1, 3), "x has 4 examples and y has 3"),
        ((2, 4), (4,), r"y has the shape \(4,\)"),
        ((2, 0), (1, 0), r"x has the shape \(2, 0\)"),
    ],
)
def test_wrong_sizes_never_reach_c(small, x, y, message):
    of, made = small
    parameters, _, _ = draw(of, 1).laid_out(of)
    with pytest.raises(ValueError, match=message):
        made.gradient(parameters, np.ones(x), np.ones(y))


def test_wrong_parameters_never_reach_c(small):
    of, made = small
    ((w2, b2), last), x, y = draw(of, 1).laid_out(of)
    with pytest.raises(ValueError, match="the parameters have the shapes"):
        made.cost([(w2.T, b2), last], x, y)
    with pytest.raises(ValueError, match="the parameters have the shapes"):
        made.cost([(w2, b2)], x, y)


def test_arrays_need_not_be_contiguous_or_of_the_type(small):
    of, made = small
    one, known = sample(of, 5)
    parameters, x, y = one.laid_out(of)
    gradient = made.gradient(parameters, np.asfortranarray(x), np.repeat(y, 2, axis=1)[:, ::2])
    np.testing.assert_allclose(gradient[0][0], known.result.gradient[0][0], rtol=1e-12)
