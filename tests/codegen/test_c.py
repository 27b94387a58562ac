"""The C backend: every activation and cost, layout, reduction and type; what compilers and sanitizers say; comments."""

from __future__ import annotations

import ctypes
import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from shutil import which

import numpy as np
import pytest

from backproof.codegen import c_runner
from backproof.codegen.backend import Failed
from backproof.codegen.backends import c as target
from backproof.codegen.c_code import comment, safe
from backproof.codegen.expected import expected
from backproof.codegen.program import compile_program
from backproof.codegen.sample import ETA, draw
from backproof.codegen.templating import render
from backproof.codegen.trials import AT_EXTREMES, saturated
from backproof.codegen.unroll import singles, together
from backproof.codegen.verification import in_target
from backproof.networks import Activation

from .cases import EIGHT, EXAMPLES, relative_error, sample, spec, specs

pytestmark = pytest.mark.skipif(not (which("cc") or os.environ.get("CI")), reason="there is no C compiler")

DOUBLE = [of for place, of in enumerate(specs()) if (place // 4 + place) % 2]  # both layouts, both reductions, by turns
SINGLE = [of for place, of in enumerate(specs("float32", sizes=((3, 4, 2),))) if (place // 4 + place) % 4 == 0]
SPECS = [*DOUBLE, *SINGLE]
UNROLLED = [of for of in SPECS if of.parameters < 100][::2]
NASTY = "z*/2 /* ??/ \\\n int x; \x00\r\u2028 ??' */ /"


def name(of):
    return "-".join([of.title, *(f.text for f in of.activations), of.cost, of.layout, of.reduction, of.dtype])


# All programs, compiled together: their names begin with net or try.


class Renamed:
    """The functions of one of the many programs in a library."""

    def __init__(self, library, place):
        self.library, self.place = library, place

    def __getattr__(self, name):
        return getattr(self.library, f"p{self.place}_{name}")


def build(folder, specs, write, *, one):
    """Every program, in a library that is compiled with warnings as errors: two are made at the same time."""

    def library(part):
        texts = []
        for place in range(part, len(specs), 2):
            text = write(compile_program(specs[place])) + render("c_driver.j2", one=one, eta=ETA)
            texts.append(re.sub(r"\b(net|try|NET|TRY)_", rf"p{place}_\1_", text))
        out = folder / f"part{part}.so"
        c_runner.build("\n".join(texts), out, "-O1", "-shared", "-fPIC", *c_runner.WARNINGS, "-Werror")
        return ctypes.CDLL(str(out))

    with ThreadPoolExecutor(2) as pool:
        libraries = list(pool.map(library, range(2)))
    return {of: c_runner.Loaded(of, Renamed(libraries[place % 2], place), one=one) for place, of in enumerate(specs)}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    return build(tmp_path_factory.mktemp("c"), SPECS, target.write, one=False)


@pytest.fixture(scope="module")
def unrolled(tmp_path_factory):
    return build(tmp_path_factory.mktemp("unrolled"), UNROLLED, target.write_unrolled, one=True)


def assert_right(of, known, found):
    if of.dtype == "float64":
        assert relative_error(known, found) < 1e-12
    for pair, sizes, got in zip(known.result.gradient, known.magnitude, found.gradient, strict=True):
        for wanted, size, is_ in zip(pair, sizes, got, strict=True):
            assert np.all(np.abs(is_ - wanted) <= 1e-5 * size)


@pytest.mark.parametrize("of", SPECS, ids=name)
def test_it_agrees_with_the_reference(loaded, of):
    for examples in EXAMPLES:
        one, known = sample(of, examples)
        found = loaded[of].result(one)
        assert_right(of, known, found)
        np.testing.assert_allclose(found.outputs, known.result.outputs, rtol=1e-5, atol=1e-6)
        for (w, b), (nabla_w, nabla_b), (moved_w, moved_b) in zip(
            one.parameters, known.result.gradient, found.stepped, strict=True
        ):
            np.testing.assert_allclose(moved_w, w - ETA * nabla_w, rtol=1e-5, atol=1e-6)
            np.testing.assert_allclose(moved_b, b - ETA * nabla_b, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("of", UNROLLED, ids=name)
def test_what_is_unrolled_agrees_with_the_reference(unrolled, of):
    one, known = sample(of, 3)
    assert_right(of, known, together(of, one, map(unrolled[of].result, singles(one))))


@pytest.mark.parametrize("of", SPECS, ids=name)
def test_saturated_units_are_right(loaded, of):
    extreme = saturated(of)
    known, found = expected(of, extreme), loaded[of].result(extreme)
    assert np.isfinite(found.cost)
    assert found.cost == pytest.approx(known.result.cost, rel=1e-6, abs=1e-6)
    for pair, got in zip(known.result.gradient, found.gradient, strict=True):
        for wanted, is_ in zip(pair, got, strict=True):
            np.testing.assert_allclose(is_, wanted, rtol=AT_EXTREMES, atol=1e-7)


# What tools of C say.


@pytest.mark.parametrize(
    "of",
    [
        spec((2, 3, 1), "gelu", "sigmoid", "cross-entropy"),
        spec((70, 30, 10), "leaky-relu", "softmax", "log-likelihood", layout="rows", dtype="float32"),
    ],
    ids=name,
)
@pytest.mark.parametrize("form", ["loops", "unrolled"])
def test_compilers_and_sanitizers_have_no_objection(of, form):
    backend = target.BACKEND if form == "loops" else target.UNROLLED
    if form == "unrolled" and of.parameters > 1_000:
        of = spec((4, 3, 2), "leaky-relu", "softmax", "log-likelihood", layout="rows", dtype="float32")
    program = compile_program(of)
    warnings, sanitizers = backend.checks(program, backend.write(program), [sample(of, 3)[0]])
    assert "no warning" in warnings
    assert sanitizers.endswith("on batches of 3 and 9")


@pytest.mark.parametrize("edit", [("[NET_BLOCK]", "[NET_BLOCK - 1]"), ("x[j * m + i]", "x[j * m + i + 1]")])
def test_sanitizers_see_what_goes_beyond_an_array(edit):
    of = spec((5, 3, 2), "sigmoid", "sigmoid", "quadratic")
    text = target.write(compile_program(of))
    assert edit[0] in text
    with pytest.raises(Failed, match="sanitizer"):
        c_runner.sanitized(of, text.replace(*edit), [draw(of, 8)])


def test_a_wrong_block_fails_although_small_batches_are_right():
    of = spec((5, 3, 2), "sigmoid", "sigmoid", "quadratic")
    program = compile_program(of)
    text = target.write(program).replace("first += NET_BLOCK", "first += NET_BLOCK + 1")
    [found] = target.run(program, text, [sample(of, 5)[0]])
    assert relative_error(sample(of, 5)[1], found) < 1e-12
    with pytest.raises(Failed, match=r"∂C|the outputs|the cost"):
        target.checks(program, text, [sample(of, 3)[0]])


@pytest.mark.parametrize("form", [target.write, target.write_unrolled])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_it_tests_itself(tmp_path, form, dtype):
    of = spec((6, 5, 3), "relu", "softmax", "log-likelihood", dtype=dtype)
    text = form(compile_program(of))
    c_runner.build(text, tmp_path / "net", "-DNET_MAIN", *c_runner.WARNINGS, "-Werror")
    done = subprocess.run([tmp_path / "net"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "differences of the cost" in done.stdout
    wrong = text.replace("g->w2[j][k] += ", "g->w2[j][k] += 2 * ").replace("g->w2[1][0] = ", "g->w2[1][0] = 3 * ")
    assert wrong != text
    c_runner.build(wrong, tmp_path / "wrong", "-DNET_MAIN")
    assert subprocess.run([tmp_path / "wrong"], capture_output=True, check=False).returncode == 1


def test_other_files_include_it_for_its_declarations(tmp_path):
    of = spec((2, 3, 1), "sigmoid", "sigmoid", "quadratic")
    (tmp_path / "net.c").write_text(target.write(compile_program(of)))
    (tmp_path / "main.c").write_text(
        '#define NET_DECLARATIONS\n#include "net.c"\n#include "net.c"\n'
        "int main(void)\n{\n    net_parameters p;\n    net_real x[2] = {1, 2}, a;\n    net_init(&p, 1);\n"
        "    return net_forward(&p, x, 1, &a) != NET_OK || net_forward(&p, x, 0, &a) != NET_NO_EXAMPLES;\n}\n"
    )
    command = ["cc", "-std=c99", *c_runner.WARNINGS, "-Werror", "net.c", "main.c", "-o", "main", "-lm"]
    subprocess.run(command, cwd=tmp_path, check=True)
    subprocess.run([tmp_path / "main"], check=True)


# The text.


def test_a_changed_theorem_changes_the_code():
    """The code is made of the right-hand sides, and of nothing else: without BP1's factor, there is none in C."""
    of = spec((2, 3, 1), "tanh", "sigmoid", "quadratic")
    program, other = compile_program(of), compile_program(spec((2, 3, 1), "tanh", "sigmoid", "cross-entropy"))
    mixed = type(program)(of, program.net, program.forward, program.cost, program.slopes, other.backward)
    errors = [line for line in target.write(mixed).splitlines() if "s->delta3[i][j] = " in line]
    assert errors == ["            s->delta3[i][j] = (s->a3[i][j] - y[j * m + i]) / (net_real)m;"]


def test_small_things_lie_on_the_stack_and_large_ones_come_from_the_heap():
    small, large = (
        target.write(compile_program(spec(sizes, "relu", "relu", "quadratic"))) for sizes in ((9, 8), (784, 30))
    )
    assert "malloc" not in small
    assert "They allocate nothing." in small
    assert large.count("malloc(") == large.count("free(") - large.count("free(g);\n        return") > 0
    assert "16 KiB" in large


def test_every_equation_stands_above_its_code():
    text = target.write(compile_program(spec((3, 4, 2), "gelu", "softmax", "quadratic")))
    for equation in (
        "z² = w² x + b²",
        "BP2: δ² = (w³ᵀ δ³) ⊙ gelu′(z²)",
        "gelu′(z) = z φ(z) + Φ(z)",
        "BP3: ∂C/∂b³ = Σₓ δ³",
    ):
        assert f"    /* {equation} */\n" in text


@pytest.mark.parametrize("write", [target.write, target.write_unrolled])
def test_what_users_wrote_stays_inside_comments(tmp_path, write):
    of = spec((2, 3, 1), "z/(1+exp(-z))", "sigmoid", "quadratic")
    mine = tuple(Activation(f.name, f.body, NASTY) if f.own else f for f in of.activations)
    nasty = type(of)(of.sizes, mine, of.cost)
    text = write(compile_program(nasty), [NASTY])
    assert "int x;" in text
    c_runner.build(text, tmp_path / "net.o", "-c", "-trigraphs", *c_runner.WARNINGS, "-Werror")
    assert without_comments(text) == without_comments(write(compile_program(of), []))


def without_comments(text):
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


def test_comments_are_safe():
    assert "*/" not in safe(NASTY)
    assert "/*" not in safe(NASTY)
    assert "??" not in safe("????/")
    assert safe("*/*/") == "* / * /"
    assert comment("z² = w² x") == "/* z² = w² x */"


def test_a_number_that_a_float_cannot_hold_is_refused():
    of = spec((2, 3, 1), "z*1e40/(1+exp(-z))", "sigmoid", "quadratic", dtype="float32")
    with pytest.raises(ValueError, match=r"1e\+40 is too large for float32"):
        target.write(compile_program(of))


def test_eight_layers_where_an_absolute_tolerance_would_pass_a_zero():
    of = spec(EIGHT, "sigmoid", "sigmoid", "quadratic", layout="rows")
    program = compile_program(of)
    text = target.write(program)
    [found] = target.run(program, text, [sample(of, 3)[0]])
    assert relative_error(sample(of, 3)[1], found) < 1e-12
    with pytest.raises(Failed, match="∂C/∂w2"):
        in_target(program, target.BACKEND, text.replace("g->w2[k][j] += ", "g->w2[k][j] = 0 * "))
