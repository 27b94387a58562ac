"""What is said of code that cannot be judged, or that breaks down: words, and neither a crash nor a guess."""

from __future__ import annotations

import math
import os
import re
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backproof.checks.code.c.function import CFunction
from backproof.checks.code.layers.check import check_layer
from backproof.checks.code.layers.table import LAYERS
from backproof.checks.code.layers.values import Key
from backproof.surface.terms import C, D, Member
from backproof.surface.theorem import Theorem

SILU = "void silu_backward(float* dx, const float* x, const float* dout, int n) {{ {} }}"
RIGHT = "for (int i = 0; i < n; i++) { float s = 1 / (1 + expf(-x[i])); dx[i] += dout[i] * s * (1 + x[i] * (1 - s)); }"


def in_c(tmp_path: Path, text: str, **more: Any) -> dict[str, Any]:
    path = tmp_path / "own.c"
    path.write_text(text)
    return check_layer(CFunction(path, **more), network="silu")


def silu(dout, x):
    s = 1 / (1 + np.exp(-x))
    return dout * s * (1 + x * (1 - s))


@pytest.mark.parametrize(("name", "forms"), LAYERS.items())
def test_each_gradient_is_a_theorem_of_the_kernel(name: str, forms: Any) -> None:
    for layer in forms:
        proved = layer.proved()
        families = {theorem.lhs.args[1].family for theorem in proved.theorems.values()}
        for theorem in proved.theorems.values():
            assert isinstance(theorem, Theorem), name
            assert theorem.net == proved.net
            assert isinstance(theorem.lhs, D)
            assert theorem.lhs.args[0] == C
            assert isinstance(theorem.lhs.args[1], Member)
        inputs = {part.family for slot in layer.slots if slot.role == "input" for part in slot.parts}
        assert inputs & families, "something is differentiated"


def test_a_right_function_is_equal_and_says_what_was_assumed(tmp_path: Path) -> None:
    report = in_c(tmp_path, SILU.format(RIGHT))
    assert (report["overall"], report["grade"]) == ("ok", "exact")
    assert report["assumed"]["accumulates"] == {"dx": True}
    assert report["schema"] == "backproof.check-code/1"


def test_that_it_overwrites_is_wrong_where_it_has_to_add(tmp_path: Path) -> None:
    path = tmp_path / "own.c"
    path.write_text(SILU.format(RIGHT.replace("dx[i] +=", "dx[i] =")))
    assert check_layer(CFunction(path), network="silu")["overall"] == "ok"
    report = check_layer(CFunction(path), network="silu", accumulates=True)
    assert report["overall"] == "wrong"
    assert "overwrites" in report["findings"][0]["reason"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("int* p = 0; *p = 1;", "has no memory"),
        ("abort();", "aborts"),
        ("exit(0);", "ends its process"),
        ("dx[n * 7 + 20] = dout[0];", "outside of the array dx"),
        ("dx[0] = (int)dout[0];", "converts its numbers to integers"),
        ("dx[0] = 1.0f / (x[0] - x[0]);", "division by 0"),
        ("dx[0] = unknown_function(x[0]);", "does not compile"),
    ],
)
def test_what_breaks_down_in_c_is_told(body: str, words: str, tmp_path: Path) -> None:
    report = in_c(tmp_path, SILU.format(body))
    assert report["overall"] in ("raises", "wrong")
    assert words in report["reason"]


def test_what_does_not_end_is_ended() -> None:
    def backward(dout, x):  # noqa: ARG001
        while True:
            pass

    start = time.monotonic()
    report = check_layer(backward, network="silu", seconds=1.0)
    assert report["overall"] == "raises"
    assert "longer than 1 s" in report["reason"]
    assert time.monotonic() - start < 20


def test_what_it_does_to_itself_stays_there() -> None:
    def backward(dout, x):  # noqa: ARG001
        os.environ["BACKPROOF_TRIED"] = "1"
        raise SystemExit(3)

    report = check_layer(backward, network="silu")
    assert report["overall"] == "raises"
    assert "SystemExit" in report["reason"]
    assert "BACKPROOF_TRIED" not in os.environ
    assert np.zeros(1).dtype == float  # NumPy is another one in the copy alone


def test_a_parameter_that_is_not_known_is_tried_and_else_asked_for() -> None:
    def right(foo, bar):
        return silu(foo, bar)

    def wrong(foo, bar):
        return silu(foo, bar) + bar * foo

    report = check_layer(right, network="silu")
    assert (report["overall"], report["grade"]) == ("ok", "exact")
    assert report["assumed"]["arguments"] == {"foo": "dy", "bar": "x"}
    report = check_layer(wrong, network="silu")
    assert report["overall"] == "unknown"
    assert "foo, bar" in report["reason"]
    declared = check_layer(wrong, network="silu", arguments={"foo": "dout", "bar": "x"})
    assert (declared["overall"], declared["grade"]) == ("wrong", "exact")


def test_what_leaves_the_field_is_judged_in_floating_point() -> None:
    def backward(dout, x):
        s = np.array([[1 / (1 + float(np.exp(-float(e)))) for e in row] for row in x])
        return dout * s * (1 + x * (1 - s))

    report = check_layer(backward, network="silu")
    assert (report["overall"], report["grade"]) == ("ok", "float64")
    assert report["error_bound_log2"] is None
    assert "floating point" in report["reason"]


def test_a_wrong_one_is_wrong_in_floating_point_as_well() -> None:
    def backward(dout, x):
        s = np.array([[1 / (1 + float(np.exp(-float(e)))) for e in row] for row in x])
        return dout * s * (1 + x * s)

    report = check_layer(backward, network="silu")
    assert (report["overall"], report["grade"]) == ("wrong", "float64")


def test_gelu_by_the_error_function_is_told_to_be_that() -> None:
    def backward(dout, x):
        inside = np.vectorize(math.erf)(x / np.sqrt(2))
        return dout * (0.5 * (1 + inside) + x * np.exp(-0.5 * x**2) / np.sqrt(2 * np.pi))

    report = check_layer(backward, network="gelu-erf")
    assert (report["overall"], report["grade"]) == ("ok", "float64")
    report = check_layer(backward, network="gelu")
    assert report["overall"] == "wrong"
    assert "right for another layer" in report["reason"]


def test_attention_without_a_mask_is_no_causal_one_and_told_to_be_the_other() -> None:
    def backward(dout, q, k, v, probs, scale):
        dp = dout @ v.swapaxes(-1, -2)
        ds = probs * (dp - (dp * probs).sum(-1, keepdims=True)) * scale
        return ds @ k, ds.swapaxes(-1, -2) @ q, probs.swapaxes(-1, -2) @ dout

    assert check_layer(backward, network="full-attention")["overall"] == "ok"


def test_a_layer_that_is_not_there_is_an_error_that_says_which_are() -> None:
    with pytest.raises(ValueError, match="layernorm"):
        check_layer(silu, network="nothing")


def test_a_file_without_its_headers_and_other_functions_is_read_as_far_as_needed(tmp_path: Path) -> None:
    other = '#include "not/there.h"\nvoid load(void) { open_it("a"); }\n'
    report = in_c(
        tmp_path, other + SILU.format(RIGHT) + "\nint main(void) { load(); return 0; }\n", name="silu_backward"
    )
    assert (report["overall"], report["grade"]) == ("ok", "exact")


def test_entries_are_those_of_the_definitions() -> None:
    """LayerNorm's own equations, on numbers: what is normalised has the mean 0 and the mean square 1 - eps r^2."""
    from backproof.checks.code.layers.layer import Drawn
    from backproof.checks.code.layers.normalisation import LAYER_NORM

    drawn = Drawn(LAYER_NORM, LAYER_NORM.proved(), LAYER_NORM.letters[0], 0, seed=5)
    h, r = drawn.array(Key("h")), drawn.array(Key("r"))
    eps = drawn.array(Key("eps")).item()
    assert all(row.sum() == 0 for row in h)
    assert all((row * row).sum() / 5 == 1 - eps * e * e for row, e in zip(h, r, strict=True))


def test_a_forward_pass_makes_what_the_backward_pass_takes() -> None:
    from .programs import loaded

    names = ("batchnorm_in_steps_backward", "batchnorm_forward", "SwiGLU")
    backward, forward, unit = (loaded("normalisation.py", name) for name in names)
    for report in (
        check_layer(backward, network="batchnorm", forward=forward),
        check_layer(unit, network="swiglu"),
    ):
        assert (report["overall"], report["grade"]) == ("ok", "exact")
        assert "forward" in {finding["equation"] for finding in report["findings"]}


def test_a_forward_pass_that_is_another_one_is_a_finding_of_its_own() -> None:
    from .programs import loaded

    backward = loaded("normalisation.py", "batchnorm_in_steps_backward")
    right = loaded("normalisation.py", "batchnorm_forward")

    def forward(x, gamma, beta, eps):
        y, cache = right(x, gamma, beta, eps)
        return y + beta, cache

    report = check_layer(backward, network="batchnorm", forward=forward)
    assert report["overall"] == "wrong"
    assert {f["equation"] for f in report["findings"] if f["verdict"] != "ok"} == {"forward"}


def test_constants_of_its_own_are_told_from_slips() -> None:
    def backward(dout, x):
        inner = 0.79788456080287 * (x + 0.044715 * x**3)
        t = np.tanh(inner)
        slope = 0.79788456080287 * (1 + 3 * 0.044715 * x**2)
        return dout * (0.5 * (1 + t) + 0.5 * x * (1 - t**2) * slope)

    report = check_layer(backward, network="gelu")
    assert (report["overall"], report["grade"]) == ("ok", "float64")
    assert "not as exact numbers" in report["reason"]


def test_c_that_only_its_own_functions_are_needed_of(tmp_path: Path) -> None:
    cuda = "template <class T>\n__global__ void k(T* a) { a[blockIdx.x] = 0; }\nhandle_t handle;\n"
    report = in_c(tmp_path, "#include <cuda_runtime.h>\n" + cuda + SILU.format(RIGHT), name="silu_backward")
    assert (report["overall"], report["grade"]) == ("ok", "exact")


def test_a_target_is_named_by_its_file(tmp_path: Path) -> None:
    from backproof.checks.code.layers.target import check_target

    path = tmp_path / "own.c"
    path.write_text(re.sub(r"\bx\b", "a0", SILU.format(RIGHT)))
    report = check_target(f"{path}:silu_backward", network="silu", arguments={"a0": "x"})
    assert (report["overall"], report["grade"]) == ("ok", "exact")
    path = tmp_path / "own.py"
    path.write_text("import numpy as np\nprint('loaded')\ndef back(dout, x):\n    s = 1 / (1 + np.exp(-x))\n"
                    "    return dout * s * (1 + x * s)\n")  # fmt: skip
    report = check_target(f"{path}:back", network="silu")
    assert (report["overall"], report["target"]) == ("wrong", f"{path}:back")
    assert report["findings"][0]["equation"] == "silu-input"
    assert report["findings"][0]["where"] == "own.py:5"
    assert "15 of 15" in report["findings"][0]["reason"]
    path.write_text("1 / 0\n")
    report = check_target(f"{path}:back", network="silu")
    assert (report["overall"], "ZeroDivisionError" in report["reason"]) == ("raises", True)


def test_that_a_function_changes_what_it_is_given_is_said(tmp_path: Path) -> None:
    def backward(dout, x):
        found = silu(dout, x)
        dout *= 2
        return found

    report = check_layer(backward, network="silu")
    assert report["overall"] == "ok"
    assert report["assumed"]["changes what it is given"] == ["dout"]
    assert "changes what it is given" not in check_layer(silu, network="silu")["assumed"]
    report = in_c(tmp_path, SILU.format(RIGHT + " ((float*)x)[0] = 0;"))
    assert report["assumed"]["changes what it is given"] == ["x"]
