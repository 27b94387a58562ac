"""Layers of PyTorch and JAX: right ones are not accused, and single slips are found, with array and equation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .programs import LAYERS, SLIPS, SOURCES, Slip, answers, place


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    jobs = [{"kind": "layer", "file": str(SOURCES / file), "name": name, "network": network}
            for file, name, network in LAYERS]  # fmt: skip
    return answers(jobs, tmp_path_factory.mktemp("right"))


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder, jobs = tmp_path_factory.mktemp("wrong"), []
    for number, slip in enumerate(SLIPS):
        file, name, network, text = place(slip)
        path = folder / f"slip_{number}_{file}"
        path.write_text(text)
        jobs.append({"kind": "layer", "file": str(path), "name": name, "network": network})
    return answers(jobs, folder)


@pytest.mark.parametrize("number", range(len(LAYERS)), ids=lambda number: "-".join(LAYERS[number][1:]))
def test_a_right_layer_is_not_accused(number: int, right: list[dict[str, Any]]) -> None:
    answer = right[number]
    assert (answer["overall"], answer["grade"]) == ("ok", "float64"), answer
    assert answer["findings"]
    assert all(row["max_relative_error"] < 1e-8 for row in answer["findings"])


@pytest.mark.parametrize("number", range(len(SLIPS)), ids=lambda number: str(SLIPS[number]).replace("\n", " "))
def test_a_slip_is_found_with_its_array_and_equation(number: int, wrong: list[dict[str, Any]]) -> None:
    slip: Slip = SLIPS[number]
    answer = wrong[number]
    assert answer["overall"] in ("wrong", "scale"), answer
    rows = {row["parameter"]: row["equation"] for row in answer["findings"] if row["verdict"] != "ok"}
    assert rows.get(slip.row) == slip.equation, answer["findings"]


def reasons(wrong: list[dict[str, Any]], name: str, new: str) -> dict[str, str]:
    number = next(at for at, slip in enumerate(SLIPS) if (slip.name, slip.new) == (name, new))
    return {row["parameter"]: row["reason"] for row in wrong[number]["findings"] if row["verdict"] != "ok"}


def test_the_librarys_own_derivative_tells_a_wrong_rule_from_another_forward_pass(wrong: list[dict[str, Any]]) -> None:
    rule = reasons(wrong, "RMSNorm", "inv**2")
    assert rule["grad_x"].endswith("PyTorch's derivative of the forward pass is what the theorem says")
    forward = reasons(wrong, "LlamaRMSNorm", "abs().mean")
    assert set(forward.values()) == {"the forward pass is not y = w x / sqrt(mean of squares + eps)"}
    cut = reasons(wrong, "LayerNorm", "mean = x.mean(-1, keepdim=True).detach()")
    assert cut["grad_x"].startswith("the output is right, and not its derivative")


def test_gradients_in_another_order_are_told_so(wrong: list[dict[str, Any]]) -> None:
    found = reasons(wrong, "SwiGLU", "return d_up, d_gate")
    assert found["grad_gate"].startswith("it is the gradient that grad_up should be")


def test_a_loss_that_leaves_out_what_comes_from_above_is_right_where_it_is_the_end(wrong: list[dict[str, Any]]) -> None:
    number = next(at for at, slip in enumerate(SLIPS) if slip.new == "grad / grad.size(0)")
    assert wrong[number]["right_if"] == ["what comes from above is 1"]


def test_what_a_rule_lacks_is_said_by_the_library(tmp_path: Path) -> None:
    path = tmp_path / "short.py"
    text = (SOURCES / "torch_layers.py").read_text()
    path.write_text(text.replace("return d_gate, d_up", "return d_gate"))
    [answer] = answers([{"kind": "layer", "file": str(path), "name": "SwiGLU", "network": "swiglu"}], tmp_path)
    assert answer["overall"] == "raises"
    assert "incorrect number of gradients (expected 2, got 1)" in answer["reason"]
