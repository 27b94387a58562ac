"""Programs in Python, as modules. Only text that this package has written, from terms, is ever run."""

from __future__ import annotations

from types import ModuleType


def loaded(text: str) -> ModuleType:
    """The module that ``text`` is."""
    module = ModuleType("exported")
    exec(compile(text, "exported.py", "exec"), module.__dict__)  # noqa: S102 - it was written here, from terms
    return module
