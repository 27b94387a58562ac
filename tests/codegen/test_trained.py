"""Trained parameters in the file, and another prefix."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

import backproof
from backproof.codegen.loading import loaded
from backproof.errors import CannotRun


@pytest.fixture
def weights(tmp_path):
    rng = np.random.default_rng(0)
    arrays = {"w2": rng.random((30, 2)), "b2": rng.random((30, 1)), "w3": rng.random((1, 30)), "b3": rng.random((1, 1))}
    np.savez(tmp_path / "trained.npz", **arrays)
    return tmp_path / "trained.npz", [(arrays["w2"], arrays["b2"]), (arrays["w3"], arrays["b3"])]


@pytest.mark.parametrize("unroll", [False, True])
def test_python_gives_them_back(weights, unroll, tmp_path):
    file, wanted = weights
    made = backproof.export((2, 30, 1), weights=file, unroll=unroll)
    for (w, b), (w_, b_) in zip(wanted, loaded(made.text).trained(), strict=True):
        assert np.array_equal(w, w_)
        assert np.array_equal(b.ravel(), np.ravel(b_))
    (tmp_path / "net.py").write_text(made.text)
    for command in (["ruff", "format", "--isolated", "--check"], ["ruff", "check", "--isolated"], ["mypy", "--strict"]):
        done = subprocess.run(
            [sys.executable, "-m", *command, "net.py"], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout


PROGRAM = """
#define NET_DECLARATIONS
#include "net.c"
#include <stdio.h>
int main(void)
{
    for (size_t at = 0; at < sizeof net_trained; at += sizeof(net_real)) {
        const net_real *number = (const net_real *)(const void *)((const char *)&net_trained + at);
        printf("%.17g\\n", (double)*number);
    }
    return 0;
}
"""


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_c_has_them_as_a_constant(weights, dtype, tmp_path):
    file, wanted = weights
    made = backproof.export((2, 30, 1), to="c", dtype=dtype, weights=file)
    (tmp_path / "net.c").write_text(made.text)
    (tmp_path / "main.c").write_text(PROGRAM)
    command = ["cc", "-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror", "net.c", "main.c", "-lm", "-o", "main"]
    subprocess.run(command, cwd=tmp_path, check=True)
    said = subprocess.run([str(tmp_path / "main")], capture_output=True, text=True, check=True).stdout
    flat = np.concatenate([part.ravel() for pair in wanted for part in pair]).astype(dtype)
    assert np.array_equal(np.array(said.split(), float).astype(dtype), flat)
    assert made.load().forward(wanted, [[1.0], [2.0]]).shape == (1, 1)


def test_a_prefix_is_on_every_name():
    made = backproof.export((2, 3, 1), to="c", prefix="xor_")
    code = made.text.split("*/", 1)[1]
    assert "net_" not in code
    assert "xor_gradient" in code
    assert (
        made.load().cost([(np.ones((3, 2)), np.ones((3, 1))), (np.ones((1, 3)), np.ones((1, 1)))], [[1], [2]], [[1]])
        > 0
    )


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"w2": np.ones((30, 2))}, "no array b2"),
        ({"w2": np.ones((2, 30)), "b2": np.ones((30, 1))}, "w2 has the shape"),
        ({"w2": np.full((30, 2), np.nan), "b2": np.ones((30, 1))}, "not finite"),
    ],
)
def test_other_parameters_are_refused(arrays, words, tmp_path):
    np.savez(tmp_path / "other.npz", **arrays)
    with pytest.raises(CannotRun, match=words):
        backproof.export((2, 30, 1), weights=tmp_path / "other.npz")


@pytest.mark.parametrize(("to", "prefix"), [("numpy", "a_"), ("c", "_a_"), ("c", "1_"), ("c", "a"), ("c", "a b_")])
def test_other_prefixes_are_refused(to, prefix):
    with pytest.raises(CannotRun, match="the prefix"):
        backproof.export((2, 3, 1), to=to, prefix=prefix)
