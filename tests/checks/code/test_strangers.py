"""Programs that were written, with what is wrong in each, before it was tried what is said of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from backproof.checks.code.flow import Said, check

HERE = Path(__file__).parent / "programs" / "strangers"
TRUTH = json.loads((HERE / "truth.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", TRUTH)
def test_what_is_said_is_what_is_wrong(name: str) -> None:
    truth: dict[str, Any] = TRUTH[name]
    answer = check(str(HERE / f"{name}.py"), Said())
    told = [(d.equation, d.layers, d.mistake) for d in answer.defects]
    assert answer.overall == truth["overall"], (told, answer.reason)
    for d in truth["defects"]:
        alike = [(own, layers) for own, layers, mistake in told if own in d["equations"] and mistake in d["mistakes"]]
        assert {layer for _, layers in alike for layer in layers} >= set(d["layers"]), told
    for own, _, mistake in told:
        assert any(own in d["equations"] and mistake in d["mistakes"] for d in truth["defects"]), told


def test_there_are_many_of_them() -> None:
    assert len(TRUTH) >= 48
    assert sum(row["overall"] == "ok" for row in TRUTH.values()) >= 8
    assert {path.stem for path in HERE.glob("*.py")} == set(TRUTH)
