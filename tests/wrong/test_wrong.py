"""Classic wrong derivations: each is refused at its line.

Every other file of this folder is one: ``LINE`` is the number of its wrong line, ``derive`` the calculation.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from backproof.core.index import variable
from backproof.derive.calc import WrongLine, context
from backproof.oracle.exact import judge
from backproof.surface import back
from backproof.surface.elaborate import dimensions, elaborate
from backproof.surface.terms import NonNegative

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
    if hasattr(wrong, "SAID"):  # before there are lines: what is to be shown is no equation
        with pytest.raises(ValueError, match=wrong.SAID):
            wrong.derive()
        return
    with pytest.raises(WrongLine) as caught:
        wrong.derive()
    assert caught.value.number == wrong.LINE, str(caught.value)
    line = caught.value
    assert judge(line.net, line.before, line.claim, in_range(line)).kind in ("refuted", "malformed")


def in_range(line: WrongLine) -> frozenset[Any]:
    """That all that the line before reads is there: where it is not, a true line may be false."""
    at = [variable(f"at{place}") for place, _ in enumerate(dimensions(line.net.core, line.before))]
    known = context(line.net, [elaborate(line.net.core, line.before, *at).term]).known
    return frozenset(NonNegative(back.index(d)) for d in known if all(d.names.isdisjoint(i.names) for i in at))


def test_there_are_enough() -> None:
    assert len(FILES) >= 42
