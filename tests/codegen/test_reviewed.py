"""What a reviewer looks at: width, types, names, format; what verification runs is what is emitted."""

from __future__ import annotations

import ast
import subprocess
import sys
from types import FrameType
from typing import Any

import numpy as np
import pytest

from backproof.codegen.backend import backend, unrolled
from backproof.codegen.header import command
from backproof.codegen.program import compile_program
from backproof.codegen.verification import in_target

from .cases import EIGHT, spec

LONG = "0.125*z + exp(-z**2/4) - 3*tanh(z/7)**2 + sigmoid(z - 5)*softplus(1.75*z) - z/3"
NETS = {
    "2-3-1": spec((2, 3, 1), "sigmoid", "sigmoid", "quadratic"),
    "one layer": spec((3, 2), "sigmoid", "softmax", "log-likelihood"),
    "rows": spec((3, 4, 3), "relu", "softmax", "log-likelihood", "sum", "rows"),
    "wide": spec((784, 30, 10), "sigmoid", "sigmoid", "cross-entropy"),
    "wide rows": spec((20, 30, 5), "gelu", "identity", "quadratic", "sum", "rows"),
    "eight": spec(EIGHT, "leaky-relu", "softmax", "quadratic"),
    "deep and wide": spec((40, 30, 20, 30, 20, 30, 20, 10), "softplus", "tanh", "quadratic"),
    "own": spec((8, 8, 1), "tanh", "z/(1+exp(-z))", "quadratic"),
    "long": spec(
        (3, 9, 2),
        "0.125*z + exp(-z**2/4) - 3*tanh(z/7)**2 + sigmoid(z - 5)*softplus(1.75*z) - z/3",
        "tanh",
        "quadratic",
    ),
}
KINDS = [
    *(("numpy", name, False) for name in NETS),
    *(("torch", name, False) for name in NETS if name != "wide"),
    *(("jax", name, False) for name in NETS if name != "wide"),
    *(("numpy", name, True) for name in ("2-3-1", "one layer", "rows", "eight", "own", "long")),
]
TOOLS = {
    "ruff": ("ruff", "check", "--isolated", "--extend-select", "I,UP,B", "--target-version", "py311"),
    "format": ("ruff", "format", "--isolated", "--diff"),
    "format at 100": ("ruff", "format", "--isolated", "--diff", "--line-length", "100"),
    "types": ("mypy", "--strict"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """All of them, as files."""
    place = tmp_path_factory.mktemp("exported")
    for to, name, one in KINDS:
        chosen = unrolled(to) if one else backend(to)
        text = chosen.write(compile_program(NETS[name]), ("a line of what was verified",))
        (place / f"{to}_{name.replace(' ', '_').replace('-', '_')}{'_one' * one}.py").write_text(text, encoding="utf-8")
    return place


@pytest.mark.parametrize("tool", TOOLS)
def test_tools_have_nothing_to_say(folder, tool):
    files = sorted(map(str, folder.glob("*.py")))
    command = [sys.executable, "-m", *TOOLS[tool], *files]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr


def test_lines_are_at_most_100_columns_wide(folder):
    wide = [line for file in folder.glob("*.py") for line in file.read_text().splitlines() if len(line) > 100]
    assert wide == []


def test_every_function_is_described(folder):
    for file in folder.glob("*.py"):
        tree = ast.parse(file.read_text())
        bare = [node.name for node in tree.body if isinstance(node, ast.FunctionDef) and not ast.get_docstring(node)]
        assert {*bare} <= {"_cost"}
        for name in ("gradient", "forward", "cost"):
            [function] = [node for node in tree.body if getattr(node, "name", "") == name]
            assert "ValueError" in ast.get_docstring(function)


def test_the_slope_of_minus_the_identity_is_no_square():
    text = backend("numpy").write(compile_program(spec((2, 2, 1), "-z", "identity", "quadratic")))
    assert "′(z²) = -1" not in text
    assert "′(z) = -1" in text
    assert "superscripts of w, b, z, a and δ are layers" in " ".join(text.split())


def test_the_header_says_how_the_file_is_made_again():
    of = spec((2, 3, 1), "z/(1+exp(-z))", "sigmoid", "cross-entropy", "sum", "rows", "float32")
    assert command(of, "numpy") == [
        "backproof export --sizes 2,3,1 --activation='z/(1+exp(-z)),sigmoid' \\",
        "    --cost cross-entropy --to numpy --reduction sum --layout rows --dtype float32",
    ]
    header = ast.get_docstring(ast.parse(backend("numpy").write(compile_program(of))))
    for words in ("backproof export", f"NumPy {np.__version__}", "Python 3.", "to license as you like"):
        assert words in " ".join(header.split())


@pytest.mark.parametrize("name", ["2-3-1", "wide rows", "own"])
def test_every_line_of_it_is_run_by_the_verification(name):
    program, chosen = compile_program(NETS[name]), backend("numpy")
    text = chosen.write(program)
    run = set[int]()

    def trace(frame: FrameType, *_: Any) -> Any:
        if frame.f_code.co_filename != "exported.py":
            return None
        run.add(frame.f_lineno)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        in_target(program, chosen, text)
    finally:
        sys.settrace(before)
    code = compile(text, "exported.py", "exec")
    lines = {line for one in _codes(code) for _, _, line in one.co_lines() if line}
    shown = text.splitlines()
    left = [shown[line - 1].strip() for line in sorted(lines - run)]
    assert [line for line in left if not line.startswith("sys.exit(")] == []


def _codes(code):
    yield code
    for one in code.co_consts:
        if hasattr(one, "co_code"):
            yield from _codes(one)
