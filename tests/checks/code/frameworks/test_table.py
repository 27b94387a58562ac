"""What a program imports is found in its text, and said where it is not installed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from backproof.checks.code.frameworks import imports, table
from backproof.checks.code.residue import InexactError
from backproof.errors import CannotRun
from backproof.examining import examine


def test_imports_are_found_wherever_they_are(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text("import layers\ntry:\n    import jax\nexcept ImportError:\n    jax = None\n")
    (tmp_path / "layers.py").write_text("def f():\n    from torch.nn import functional\n    import net\n")
    target = str(tmp_path / "net.py")
    assert set(imports.imported(target)) >= {"layers", "torch", "jax"}
    assert "jax" not in set(imports.imported(target, needed=True))


def test_a_library_that_is_missing_is_named_with_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "net.py"
    path.write_text("import torch\n")
    monkeypatch.setattr(imports, "find_spec", lambda _: None)
    with pytest.raises(CannotRun, match=r"needs PyTorch, which is not installed: pip install backproof\[torch\]"):
        examine(str(path))


def test_exact_numbers_are_not_put_into_arrays_of_libraries() -> None:
    exact = np.array([1], dtype=object)
    for library in table.FRAMEWORKS:
        with pytest.raises(InexactError, match=f"{library.shown}'s, which have floating-point numbers"):
            table.handed([exact], library)


def test_values_of_no_library_stay_as_they_are() -> None:
    value = {"a": (1, [np.zeros(2)])}
    assert table.deep(value)["a"][1][0] is value["a"][1][0]
    assert table.handed(value, None) is value
