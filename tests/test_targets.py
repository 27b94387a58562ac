"""What is to be proved, by name."""

import pytest

from backproof import targets
from backproof.errors import CannotRun


def test_of_a_derivation_that_is_named_no_other_is_proved(monkeypatch):
    tried, failure = [], targets._failure
    monkeypatch.setattr(targets, "_failure", lambda make: tried.append(make.derivation) or failure(make))
    monkeypatch.setattr(targets, "library", targets.library.__wrapped__)
    [chapter], refused = targets.load(["BP4-matrix"])
    assert [d.name for d in chapter.derivations] == tried == ["bp4-matrix"]
    assert refused == []


def test_nothing_is_proved_for_a_name_that_does_not_exist(monkeypatch):
    monkeypatch.setattr(targets, "_failure", lambda _: pytest.fail("it is proved"))
    with pytest.raises(CannotRun, match="did you mean layer-norm-input"):
        targets.load(["layer-norm-inputt"])
