"""Claims as each notation has them: right ones hold, and with one slip they do not."""

from __future__ import annotations

from typing import Any

import pytest

from backproof import NotEstablished, assert_holds
from backproof.checks.claims import answers
from backproof.checks.front import setting_of

NG = {
    "notation": "ng",
    "cost": "cross-entropy",
    "hidden": "sigmoid",
    "output": "sigmoid",
    "letters": {"weight": r"\Theta"},
}
UFLDL = {"notation": "ufldl", "cost": "quadratic"}
DLAI = {"notation": "deeplearning.ai", "cost": "cross-entropy", "hidden": "tanh", "output": "sigmoid",
        "batch": "columns", "reduction": "mean", "depth": 2}  # fmt: skip
ROWS = {"notation": "rows", "cost": "softmax-log-likelihood", "hidden": "tanh", "output": "softmax", "batch": "rows",
        "reduction": "sum", "depth": 2}  # fmt: skip
RUMELHART = {"notation": "rumelhart", "cost": "quadratic", "hidden": "sigmoid", "output": "sigmoid"}
BISHOP = {"notation": "bishop", "cost": "quadratic", "hidden": "tanh", "output": "identity"}
D2L = {"notation": "d2l", "output": "identity", "depth": 2}
COMPPHYS = {"notation": "compphys", "letters": {"sigma": "f", "cost": r"{\cal C}"}}
BATCH = {"notation": "nielsen", "cost": "quadratic", "reduction": "mean"}
NUMERATOR = {"notation": "column", "layout": "numerator"}

PROD = (
    r"\frac{\partial J}{\partial\mathbf{h}}"
    r" = \textrm{prod}\left(\frac{\partial J}{\partial\mathbf{o}}, \frac{\partial\mathbf{o}}{\partial\mathbf{h}}\right)"
)
RIGHT = [
    (NG, r"\delta^{(l)} = (\Theta^{(l)})^T \delta^{(l+1)} .* a^{(l)} .* (1 - a^{(l)})"),
    (NG, r"\frac{\partial}{\partial\Theta_{ij}^{(l)}}J(\Theta) = a_j^{(l)}\delta_i^{(l+1)}"),
    (NG, r"z^{(l+1)} = \Theta^{(l)}a^{(l)}"),
    (UFLDL, r"\delta_i^{(n_l)} = -(y_i - a_i^{(n_l)}) \cdot f'(z_i^{(n_l)})"),
    (UFLDL, r"\nabla_{b^{(l)}}J(W,b;x,y) = \delta^{(l+1)}"),
    (UFLDL, r"b^{(l)} = b^{(l)} - \alpha\left[\frac1m\Delta b^{(l)}\right]"),
    (UFLDL, r"h_{W,b}(x) = a^{(3)} = f(z^{(3)})"),
    (DLAI, r"dW^{[2]} = \frac{1}{m} dZ^{[2]} A^{[1]T}"),
    (DLAI, r"dW^{[2]} = dz^{[2]} a^{[1]T}"),
    (DLAI, r"dZ^{[1]} = W^{[2]T} dZ^{[2]} * g^{[1]\prime}(Z^{[1]})"),
    (DLAI, r"db^{[2]} = \frac{1}{m}\, np.sum(dZ^{[2]}, axis=1, keepdims=True)"),
    (DLAI, r"Z^{[1]} = W^{[1]}X + b^{[1]}"),
    (DLAI, r"W^{[1]} = W^{[1]} - \alpha\,dW^{[1]}"),
    (DLAI, r"J = -\frac1m\sum_{i=1}^m \left(y^{(i)}\log a^{[2](i)} + (1-y^{(i)})\log(1-a^{[2](i)})\right)"),
    (ROWS, r"\hat{Y} = softmax(A_1 W_2 + b_2)"),
    (ROWS, r"\frac{\partial L}{\partial Z_1} = (\hat{Y}-Y) W_2^T \odot (1 - A_1^2)"),
    (ROWS, r"\frac{\partial L}{\partial b_2} = \sum_n (\hat{y}_n - y_n)"),
    (RUMELHART, r"\delta_{pj} = (t_{pj} - o_{pj}) f'(net_{pj})"),
    (RUMELHART, r"\delta_j = o_j(1-o_j)\sum_k \delta_k w_{kj}"),
    (RUMELHART, r"\Delta w_{ji} = \eta\,\delta_j\,o_i"),
    (BISHOP, r"\delta_j = (1 - z_j^2)\sum_k w_{kj}\delta_k"),
    (BISHOP, r"\frac{\partial E_n}{\partial w_{kj}^{(2)}} = \delta_k z_j"),
    (D2L, r"\mathbf{o} = \mathbf{W}^{(2)}\mathbf{h}"),
    (D2L, PROD),
    (COMPPHYS, r"\delta_j^l = \sum_k \delta_k^{l+1} w_{jk}^{l+1} f'(z_j^l)"),
    (COMPPHYS, r"w_{ij}^l \leftarrow w_{ij}^l - \eta\,\delta_j^l a_i^{l-1}"),
    (BATCH, r"b^l \rightarrow b^l - \frac{\eta}{m}\sum_x\delta^{x,l}"),
    (BATCH, r"\delta^{x,L} = \nabla_a C_x \odot \sigma'(z^{x,L})"),
    (BATCH, r"C = \frac{1}{2n}\sum_x \lVert y - a^L\rVert^2"),
    (NUMERATOR, r"\frac{\partial C}{\partial a^{(l-1)}} = \frac{\partial C}{\partial z^{(l)}}W^{(l)}"),
]
WRONG = [
    (NG, r"\delta^{(l)} = (\Theta^{(l+1)})^T \delta^{(l+1)} .* g'(z^{(l)})"),
    (NG, r"\frac{\partial}{\partial\Theta_{ij}^{(l)}}J(\Theta) = a_i^{(l)}\delta_j^{(l+1)}"),
    (UFLDL, r"\delta_i^{(n_l)} = (y_i - a_i^{(n_l)}) \cdot f'(z_i^{(n_l)})"),
    (UFLDL, r"\nabla_{b^{(l)}}J(W,b;x,y) = \delta^{(l)}"),
    (DLAI, r"dW^{[2]} = dZ^{[2]} A^{[1]T}"),
    (DLAI, r"dW^{[2]} = \frac{1}{m} A^{[1]T} dZ^{[2]}"),
    (DLAI, r"dZ^{[1]} = W^{[2]T} dZ^{[2]} * g^{[1]\prime}(A^{[1]})"),
    (DLAI, r"db^{[2]} = \frac{1}{m}\, np.sum(dZ^{[2]}, axis=0, keepdims=True)"),
    (DLAI, r"W^{[1]} = W^{[1]} + \alpha\,dW^{[1]}"),
    (ROWS, r"\frac{\partial L}{\partial Z_1} = (\hat{Y}-Y) W_2^T \odot (1 - Z_1^2)"),
    (ROWS, r"\frac{\partial L}{\partial W_1} = \frac{\partial L}{\partial Z_1} X^T"),
    (RUMELHART, r"\delta_k = (o_k - t_k) o_k (1 - o_k)"),
    (RUMELHART, r"\delta_j = o_j(1-o_j)\sum_k \delta_k w_{jk}"),
    (RUMELHART, r"\Delta w_{ji} = -\eta\,\delta_j\,o_i"),
    (BISHOP, r"\delta_j = (1 - z_j)^2\sum_k w_{kj}\delta_k"),
    (BISHOP, r"\frac{\partial E_n}{\partial w_{ji}} = \delta_i z_j"),
    (BISHOP, r"\delta_j = h'(a)\sum_k w_{kj}\delta_k"),
    (D2L, r"\frac{\partial J}{\partial\mathbf{h}} = \mathbf{W}^{(2)}\frac{\partial J}{\partial\mathbf{o}}"),
    (COMPPHYS, r"\delta_j^l = \sum_k \delta_k^{l+1} w_{kj}^{l+1} f'(z_j^l)"),
    (BATCH, r"w^l \rightarrow w^l - \eta\sum_x \delta^{x,l}(a^{x,l-1})^T"),
    (BATCH, r"C = \frac{1}{n}\sum_x \lVert y - a^L\rVert^2"),
    (NUMERATOR, r"\frac{\partial C}{\partial a^{(l-1)}} = (W^{(l)})^T\frac{\partial C}{\partial z^{(l)}}"),
]
#: What may be right all the same, and is not accused.
OPEN = [
    (RUMELHART, r"\Delta w_{ji} = \eta\,\frac{\partial E}{\partial w_{ji}}"),
    (ROWS, r"\delta_3 = \hat{y} - y"),
    ({"notation": "generic"}, r"p_k = q_k"),
]


def kinds(front: dict[str, Any], claim: str) -> set[str]:
    return {verdict.kind for verdict in answers(claim, setting_of(front))}


@pytest.mark.parametrize(("front", "claim"), RIGHT)
def test_a_right_claim_holds(front: dict[str, Any], claim: str) -> None:
    assert kinds(front, claim) <= {"proved", "verified"}


@pytest.mark.parametrize(("front", "claim"), WRONG)
def test_a_wrong_claim_does_not(front: dict[str, Any], claim: str) -> None:
    assert kinds(front, claim) & {"refuted", "malformed"}


@pytest.mark.parametrize(("front", "claim"), OPEN)
def test_what_may_be_right_is_left_open(front: dict[str, Any], claim: str) -> None:
    assert kinds(front, claim) == {"unknown"}


def test_what_is_right_for_as_many_units_as_are_written_says_so() -> None:
    [verdict] = answers(r"a_1^{(2)} = g(\Theta_{10}^{(1)}x_0 + \Theta_{11}^{(1)}x_1)", setting_of(NG))
    assert (verdict.kind, verdict.assumed) == ("verified", ("2 ≤ L", "S[1] = 1"))


def test_a_line_for_a_test_suite() -> None:
    assert_holds("dW = X^T dZ / m", notation="rows")
    assert_holds("dW2 = np.dot(A1.T, dZ2) / m", notation="rows")
    assert_holds("dZ[l] = W[l+1].T @ dZ[l+1] * g'(Z[l])", notation="deeplearning.ai")


@pytest.mark.parametrize("claim", ["dW = X^T dZ", "dW = dZ^T X / m", "dW = X^T Z / m", "dW = -X^T dZ / m"])
def test_a_slip_in_it_is_refused(claim: str) -> None:
    with pytest.raises(NotEstablished, match=r"refuted|malformed"):
        assert_holds(claim, notation="rows")
