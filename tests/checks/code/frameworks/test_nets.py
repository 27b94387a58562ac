"""Dense networks of PyTorch and JAX: written by hand with their arrays, and differentiated by them."""

from __future__ import annotations

from typing import Any

import pytest

from .programs import NET_SLIPS, SOURCES, answers

NETS = sorted((SOURCES / "nets").glob("*.py"))


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    return answers([{"kind": "net", "file": str(path)} for path in NETS], tmp_path_factory.mktemp("right"))


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder, jobs = tmp_path_factory.mktemp("wrong"), []
    for number, (file, old, new, *_) in enumerate(NET_SLIPS):
        text = (SOURCES / "nets" / f"{file}.py").read_text()
        assert old in text, f"{file} has no {old}"
        path = folder / f"slip_{number}_{file}.py"
        path.write_text(text.replace(old, new, 1))
        jobs.append({"kind": "net", "file": str(path)})
    return answers(jobs, folder)


@pytest.mark.parametrize("number", range(len(NETS)), ids=lambda number: NETS[number].stem)
def test_a_right_network_is_not_accused(number: int, right: list[dict[str, Any]]) -> None:
    answer = right[number]
    assert (answer["overall"], answer["grade"]) == ("ok", "float64"), answer
    assert all(row["max_relative_error"] < 1e-8 for row in answer["findings"])
    assert "floating-point numbers" in answer["reason"]


@pytest.mark.parametrize("number", range(len(NET_SLIPS)), ids=lambda number: " ".join(NET_SLIPS[number][0::2][:2]))
def test_a_slip_is_found_with_its_equation(number: int, wrong: list[dict[str, Any]]) -> None:
    *_, equation, mistake = NET_SLIPS[number]
    assert (equation, mistake) in [(d["equation"], d["mistake"]) for d in wrong[number]["defects"]], wrong[number]


def test_an_activation_that_is_not_known_is_no_accusation_unless_another_one_is_declared(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("unknown")
    path = folder / "mish.py"
    path.write_text((SOURCES / "nets" / "module_and_train.py").read_text().replace("F.relu", "F.mish"))
    jobs = [{"kind": "net", "file": str(path)}, {"kind": "net", "file": str(path), "hidden": "relu"}]
    plain, declared = answers(jobs, folder)
    assert plain["overall"] == "unknown"
    assert "PyTorch's derivative of its own forward pass" in plain["reason"]
    assert declared["overall"] == "wrong"
    assert [d["equation"] for d in declared["defects"]] == ["forward"]
