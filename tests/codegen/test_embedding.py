"""C inside other programs: C++, two nets in one program, work of the caller's, long sums in float32."""

from __future__ import annotations

import os
import re
import subprocess
from itertools import product
from shutil import which

import numpy as np
import pytest

from backproof.codegen.backends import c
from backproof.codegen.c_runner import opened, renamed
from backproof.codegen.program import compile_program

from .cases import spec

WARNINGS = ("-Wall", "-Wextra", "-pedantic", "-Wconversion", "-Wshadow", "-Werror")
LANGUAGES = [
    (name, language)
    for names, language in ((("gcc", "clang"), "c99"), (("g++", "clang++"), "c++17"))
    for name in names
    if which(name)
]
NETS = [
    spec((2, 3, 1), "sigmoid", "sigmoid", "quadratic", dtype=dtype, layout=layout)
    for dtype, layout in product(("float32", "float64"), ("columns", "rows"))
] + [
    spec((1, 8, 1), "gelu", "softplus", "quadratic", dtype="float32"),
    spec((20, 30, 5), "softplus", "softmax", "log-likelihood", dtype="float32"),
]


def written(of, *, one=False):
    return (c.write_unrolled if one else c.write)(compile_program(of))


def called(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize(("compiler", "standard"), LANGUAGES)
@pytest.mark.parametrize("one", [False, True])
def test_it_is_c_and_c_plus_plus(tmp_path, compiler, standard, one):
    for place, of in enumerate(NETS[:5] if one else NETS):
        text = written(of, one=one)
        assert max(map(len, text.splitlines())) <= 100
        for form in ((), ("-DNET_MAIN",), ("-DNET_DECLARATIONS",)):
            file = tmp_path / f"net{place}.{'c' if standard == 'c99' else 'cpp'}"
            file.write_text(text)
            called(compiler, f"-std={standard}", *WARNINGS, *form, "-c", str(file), "-o", str(tmp_path / "net.o"))


MAIN = """
#define A_DECLARATIONS
#include "a.c"
#define B_DECLARATIONS
#include "b.c"
#include <stdio.h>
int main(void)
{
    static a_parameters p, g;
    static a_work s;
    static b_parameters q, h;
    a_real x[2] = {1, 2}, y[1] = {0.5}, before, after;
    b_real u[4] = {1, 2, 3, 4}, v[2] = {0.25, 0.5}, least, most;
    a_init(&p, 1);
    b_init(&q, 1);
    a_cost(&p, x, y, 1, &before);
    a_step_in(&s, &p, x, y, 1, (a_real)0.1, &g);
    a_cost_in(&s, &p, x, y, 1, &after);
    most = b_cost(&q, u, v);
    b_gradient(&q, u, v, &h);
    b_step(&q, u, v, (b_real)0.01);
    least = b_cost(&q, u, v);
    printf("%d\\n", after < before && least < most && A_INPUTS == 2 && B_INPUTS == 4);
    return 0;
}
"""


@pytest.mark.skipif(not (which("g++") or os.environ.get("CI")), reason="no C++ compiler")
def test_two_nets_link_into_one_program_in_c_and_from_c_plus_plus(tmp_path):
    one = renamed(written(NETS[0]), "a_")
    two = renamed(written(spec((4, 3, 2), "tanh", "sigmoid", "quadratic"), one=True), "b_")
    for name, text in (("a.c", one), ("b.c", two), ("main.c", MAIN), ("main.cpp", MAIN)):
        (tmp_path / name).write_text(text)
    for name in "ab":
        called("gcc", "-std=c99", *WARNINGS, "-c", str(tmp_path / f"{name}.c"), "-o", str(tmp_path / f"{name}.o"))
    objects = [str(tmp_path / "a.o"), str(tmp_path / "b.o")]
    for compiler, file in (("gcc", "main.c"), ("g++", "main.cpp")):
        out = str(tmp_path / "main")
        called(compiler, str(tmp_path / file), *objects, "-lm", "-o", out)
        assert called(out) == "1\n"


@pytest.mark.parametrize("layout", ["columns", "rows"])
def test_sums_over_a_long_batch_keep_their_digits_in_float32(layout):
    of = spec((3, 4, 2), "sigmoid", "sigmoid", "cross-entropy", layout=layout, dtype="float32")
    wide = spec((3, 4, 2), "sigmoid", "sigmoid", "cross-entropy", layout=layout)
    short, long = (opened(one, written(one)) for one in (of, wide))
    rng, m = np.random.default_rng(0), 300_000
    x, y = (rng.random((size, m) if layout == "columns" else (m, size), "f") for size in (3, 2))
    parameters = [
        (rng.random(w, "f"), rng.random(b, "f")) for w, b in zip(*[iter(short.layout.shapes)] * 2, strict=True)
    ]
    assert short.cost(parameters, x, y) == pytest.approx(long.cost(parameters, x, y), rel=1e-6)
    pairs = zip(short.gradient(parameters, x, y), long.gradient(parameters, x, y), strict=True)
    for found, wanted in ((part, right) for both in pairs for part, right in zip(*both, strict=True)):
        assert np.abs(found - wanted).max() < 1e-5 * np.abs(wanted).max()


def test_what_small_libraries_lack_is_not_called():
    text = written(spec((2, 3, 1), "softplus", "sigmoid", "cross-entropy", dtype="float32"))
    code = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    assert "expf(" in code
    assert "log1p" not in code
