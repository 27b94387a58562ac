"""Classic wrong derivations: each is refused at its line.

Every other file of this folder is one: ``LINE`` is the number of its wrong line, ``derive`` the calculation.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from backproof.derive.calc import WrongLine
from backproof.oracle.exact import judge

FILES = sorted(file for file in Path(__file__).parent.glob("*.py") if file.name != Path(__file__).name)


def load(file: Path) -> Any:
    spec = importlib.util.spec_from_file_location(f"wrong_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_it_is_refused_at_its_line(file: Path) -> None:
    wrong = load(file)
    with pytest.raises(WrongLine) as caught:
        wrong.derive()
    assert caught.value.number == wrong.LINE, str(caught.value)
    line = caught.value
    assert judge(line.net, line.before, line.claim).kind == "refuted"


def test_there_are_enough() -> None:
    assert len(FILES) >= 12
