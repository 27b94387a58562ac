"""Units written out one by one, in sums and in arrays: then a layer has as many as are written, and that is said."""

import pytest

from backproof.checks.claims import judge
from backproof.checks.front import setting_of

NG = setting_of({"notation": "ng", "letters": {"weight": "w"}})
W = r"\begin{bmatrix} w^{(2)}_{11} & w^{(2)}_{12} \\ w^{(2)}_{21} & w^{(2)}_{22} \end{bmatrix}"
DELTA = r"\begin{bmatrix} \delta^{(3)}_1 \\ \delta^{(3)}_2 \end{bmatrix}"

RIGHT = {
    "a column": r"z^{(2)} = \begin{bmatrix} z^{(2)}_1 \\ z^{(2)}_2 \\ z^{(2)}_3 \end{bmatrix}",
    "a column of one": r"w^{(2)} a^{(2)} = \begin{bmatrix} z^{(3)}_1 \end{bmatrix}",
    "with the bias unit": r"a^{(2)} = \begin{bmatrix} a^{(2)}_0 \\ a^{(2)}_1 \\ a^{(2)}_2 \end{bmatrix}",
    "a row of weights": r"w^{(2)} = \begin{bmatrix} w^{(2)}_{10} & w^{(2)}_{11} & w^{(2)}_{12} \end{bmatrix}",
    "two arrays": rf"\delta^{{(2)}} = {W}^T {DELTA} \odot g'(z^{{(2)}})",
    "one array": rf"\delta^{{(2)}} = {W}^T \delta^{{(3)}} \odot g'(z^{{(2)}})",
    "without what belongs to the bias": r"\frac{\partial J}{\partial W^{(1)}} = \begin{bmatrix}"
    r"\delta_1^{(2)} a_1^{(1)} & \delta_1^{(2)} a_2^{(1)} \\ \delta_2^{(2)} a_1^{(1)} & \delta_2^{(2)} a_2^{(1)}"
    r"\end{bmatrix}",
    "a sum": r"z^{(5)}_1 = w^{(4)}_{10} + w^{(4)}_{11} a^{(4)}_1 + w^{(4)}_{12} a^{(4)}_2",
    "a sum of errors": r"\delta^{(4)}_1 = (\delta^{(5)}_1 w^{(4)}_{11} + \delta^{(5)}_2 w^{(4)}_{21}) g'(z^{(4)}_1)",
}
WRONG = {
    "untransposed": (rf"\delta^{{(2)}} = {W} {DELTA} \odot g'(z^{{(2)}})", "transpose"),
    "another row": (
        r"w^{(2)} = \begin{bmatrix} w^{(2)}_{20} & w^{(2)}_{21} & w^{(2)}_{22} \end{bmatrix}", "wrong-index",
    ),
    "another entry": (
        r"w^{(2)} = \begin{bmatrix} w^{(2)}_{10} & w^{(2)}_{11} & w^{(2)}_{11} \end{bmatrix}", "wrong-index",
    ),
    "another unit in a sum": (
        r"\delta^{(4)}_1 = (\delta^{(5)}_1 w^{(4)}_{11} + \delta^{(5)}_2 w^{(4)}_{12}) g'(z^{(4)}_1)", "wrong-index",
    ),
    "no slope": (rf"\delta^{{(2)}} = {W}^T {DELTA}", "missing-sigma-prime"),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_holds_for_so_many_units(name: str) -> None:
    [verdict] = judge(RIGHT[name], NG)
    assert verdict.kind in ("proved", "verified"), verdict.reason
    assert any(" = " in said and said.startswith("S[") for said in verdict.assumed)


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_named(name: str) -> None:
    text, slip = WRONG[name]
    [verdict] = judge(text, NG)
    assert verdict.kind in ("refuted", "malformed")
    assert verdict.mistake == slip
    [mended] = judge(verdict.correction or "", NG)
    assert mended.kind in ("proved", "verified")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (r"z^{(2)} = \begin{bmatrix} z^{(2)}_1 \\ z^{(2)}_2 & z^{(2)}_3 \end{bmatrix}", "rows have different lengths"),
        (r"z^{(2)} = \begin{bmatrix} z^{(2)}_1 & z^{(2)}_2 \end{bmatrix}", "is a row of 2"),
    ],
)
def test_what_has_no_shape_is_malformed(text: str, reason: str) -> None:
    [verdict] = judge(text, NG)
    assert verdict.kind == "malformed"
    assert reason in verdict.reason


def test_what_is_left_out_by_dots_is_unknown() -> None:
    [verdict] = judge(r"z^{(2)} = \begin{bmatrix} z^{(2)}_1 \\ \vdots \\ z^{(2)}_n \end{bmatrix}", NG)
    assert verdict.kind == "unknown"


def test_a_sum_without_a_bias_is_not_accused() -> None:
    """Examples by numbers leave it out; the reading in which it is right is said."""
    [verdict] = judge(r"z^{(5)}_1 = w^{(4)}_{11} a^{(4)}_1 + w^{(4)}_{12} a^{(4)}_2", NG)
    assert verdict.kind == "unknown"
    assert "there is no bias" in verdict.right_if
