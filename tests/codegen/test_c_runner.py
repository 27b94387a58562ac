"""Compiling and loading C: what there is to say where it fails, and that no wrong size reaches it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from shutil import which

import numpy as np
import pytest

from backproof.codegen import c_runner
from backproof.codegen.backend import Failed
from backproof.codegen.backends import c as target
from backproof.codegen.program import compile_program
from backproof.codegen.sample import draw
from backproof.errors import CannotRun
from backproof.exporting import export

from .cases import sample, spec

pytestmark = pytest.mark.skipif(not (which("cc") or os.environ.get("CI")), reason="there is no C compiler")


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


@pytest.mark.parametrize("command", ['"', "false", "true", "cc -no-such-option"])
def test_a_compiler_that_does_not_work_is_no_failure_of_the_program(monkeypatch, command):
    monkeypatch.setenv("CC", command)
    with pytest.raises(CannotRun, match=r"\bCC\b"):
        c_runner.without_warning("int x;\n")


def test_nothing_is_verified_without_sanitizers(monkeypatch):
    of = spec((2, 3, 1), "sigmoid", "sigmoid", "quadratic")
    monkeypatch.setattr(c_runner, "SANITIZERS", ("-fsanitize=none-of-that-name",))
    with pytest.raises(CannotRun, match=r"has no sanitizers: .*use gcc or clang with libasan"):
        target.checks(compile_program(of), target.write(compile_program(of)), [draw(of, 2)])


@pytest.mark.parametrize(
    ("said", "short"),
    [
        ("cc (Debian 12.2.0-14+deb12u1) 12.2.0\nCopyright", "cc 12.2.0"),
        ("cc (GCC) 11.4.1 20230605 (Red Hat 11.4.1-2)", "cc 11.4.1"),
        ("Debian clang version 14.0.6", "clang 14.0.6"),
        ("Apple clang version 15.0.0 (clang-1500.3.9.4)", "clang 15.0.0"),
        ("", "cc"),
    ],
)
def test_a_header_has_no_string_of_a_build(monkeypatch, said, short):
    monkeypatch.setattr(c_runner, "compiler", lambda: ["/usr/bin/cc"])
    monkeypatch.setattr(c_runner, "_called", lambda *_: c_runner.subprocess.CompletedProcess([], 0, said))
    assert c_runner._version() == short


@pytest.mark.parametrize("form", ["NET_MAIN", "NET_DECLARATIONS"])
def test_every_form_of_the_file_is_without_warning(form):
    text = target.write(compile_program(spec((2, 3, 1), "sigmoid", "sigmoid", "quadratic")))
    assert re.fullmatch(r"compiled by \w+ \d+\.\d+\.\d+ with -std=c99 .*: no warning", c_runner.without_warning(text))
    with pytest.raises(Failed, match="unused"):
        c_runner.without_warning(f"{text}\n#ifdef {form}\nstatic int unused;\n#endif\n")


@pytest.mark.parametrize("edit", [(r"p->b2\[j\] = .*;", ";"), (r"= net_normal\(&seed\).*;", "= 1;")])
def test_parameters_to_start_from_are_looked_at(edit):
    of = spec((2, 3, 1), "sigmoid", "sigmoid", "quadratic")
    text = target.write(compile_program(of))
    changed = re.sub(*edit, text)
    assert changed != text
    with pytest.raises(Failed, match="net_init"):
        c_runner.sanitized(of, changed, [draw(of, 2)])


@pytest.mark.parametrize("unroll", [False, True])
def test_users_load_it(unroll, monkeypatch, tmp_path):
    made = export((2, 3, 1), "tanh", to="c", layout="rows", dtype="float32", unroll=unroll)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    net, of = made.load(), made.program.spec
    one, known = sample(of, 1)
    parameters, x, y = one.laid_out(of)
    np.testing.assert_allclose(net.forward(parameters, x), known.result.outputs.T, rtol=1e-5)
    assert net.cost(parameters, x, y) == pytest.approx(known.result.cost, rel=1e-5)
    moved = net.step(parameters, x, y, 0.5)
    for pair, slopes, after in zip(parameters, net.gradient(parameters, x, y), moved, strict=True):
        for part, slope, is_ in zip(pair, slopes, after, strict=True):
            np.testing.assert_allclose(is_, part - slope / 2, rtol=1e-5, atol=1e-7)
    assert [Path(tmp_path, folder, "net.so").exists() for folder in tmp_path.iterdir()] == [True]
    del net
    assert not [*tmp_path.iterdir()]


def test_latex_is_not_loaded():
    with pytest.raises(TypeError, match="latex"):
        export((2, 3, 1), to="latex").load()


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
