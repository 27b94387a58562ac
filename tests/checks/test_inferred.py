"""The notation of a document that says nothing of it."""

import pytest

from backproof import checking
from backproof.checks.inferred import ROWS, inferred

FORMULAS = {
    "deeplearning.ai": [r"dZ^{[l]} = W^{[l+1]T} dZ^{[l+1]} * g'(Z^{[l]})"],
    "rumelhart": [r"\mathrm{net}_j = \sum_i w_{ji} o_i", r"\delta_j = -\frac{\partial E}{\partial \mathrm{net}_j}"],
    "ng": [r"\Theta^{(l)} := \Theta^{(l)} - \alpha D^{(l)}"],
    "ufldl": [r"z^{(l+1)} = W^{(l)} a^{(l)} + b^{(l)}"],
    "rows": [r"Z = X W + b"],
}


@pytest.mark.parametrize("row", FORMULAS)
def test_a_row_is_known_by_its_formulas(row: str) -> None:
    assert inferred({}, FORMULAS[row])["notation"] == row
    assert row in {name for name, _ in ROWS}


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        (r"\delta^l = ((w^{l+1})^T \delta^{l+1}) \odot \sigma'(z^l)", {}),
        (r"\frac{\partial C}{\partial b^l_j} = \delta^l_j", {}),
        (r"\frac{\partial E}{\partial b^l_j} = \delta^l_j", {"letters": {"cost": "E"}}),
        (r"\frac{\partial \mathcal{L}}{\partial w^l} = \delta^l (a^{l-1})^T", {"letters": {"cost": r"\mathcal{L}"}}),
        (r"\delta^L = \nabla_a C \odot \phi'(z^L)", {"letters": {"sigma": r"\phi"}}),
        (r"\frac{\partial E}{\partial b^l} + \frac{\partial J}{\partial b^l} = 0", {}),  # which of them?
        (r"\frac{\partial L^{(n)}}{\partial b^l} = \delta^l", {}),  # L is the last layer
        (r"z^{(2)} = W^{(2)} a^{(1)} + b^{(2)}", {}),
    ],
)
def test_letters_are_taken_where_there_is_one_for_it(formula: str, said: dict[str, object]) -> None:
    assert inferred({}, [formula]) == said


@pytest.mark.parametrize("front", [{"notation": "nielsen"}, {"letters": {"cost": "C"}}, {"network": "own"}])
def test_what_is_said_is_not_inferred(front: dict[str, object]) -> None:
    assert inferred(front, FORMULAS["ng"]) == {}


def test_what_is_inferred_is_said_back(tmp_path) -> None:  # type: ignore[no-untyped-def]
    page = tmp_path / "page.md"
    page.write_text(r"$$\frac{\partial E}{\partial b^l_j} = \delta^l_j$$", encoding="utf-8")
    [found] = checking.check([str(page)])
    assert found.assumed["letters"] == {"cost": "E"}
    assert found.assumed["inferred"] == ["letters"]
    assert found.summary == {"proved": 1}
