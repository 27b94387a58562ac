"""Which libraries a program imports, by its text: nothing is loaded to know it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final

#: Names of libraries, which are those of our extras, and how one calls them.
SHOWN: Final = {"torch": "PyTorch", "jax": "JAX"}


def missing(target: str) -> str | None:
    """A library that a program cannot do without, and that is not installed."""
    needed = set(imported(target, needed=True)) if target.endswith(".py") else set()
    return next((name for name in SHOWN if name in needed and find_spec(name) is None), None)


def imported(target: str, *, needed: bool = False, seen: frozenset[str] = frozenset()) -> Iterator[str]:
    """The modules that a file imports, and those that it imports of the same folder import in turn.

    ``needed``: without what stands in ``try``.
    """
    path = _file(target)
    if path is None or str(path) in seen:
        return
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError):
        return
    for name in _imports(tree, needed=needed):
        yield name
        yield from imported(str(path.with_name(f"{name}.py")), needed=needed, seen=seen | {str(path)})


def _file(target: str) -> Path | None:
    if target.endswith(".py"):
        return Path(target).resolve()
    try:
        found = find_spec(target)
    except (ImportError, ValueError, AttributeError):
        return None
    return Path(found.origin) if found is not None and found.origin and found.origin.endswith(".py") else None


def _imports(node: ast.AST, *, needed: bool) -> Iterator[str]:
    for e in ast.iter_child_nodes(node):
        if isinstance(e, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in e.names)
        elif isinstance(e, ast.ImportFrom) and e.module:
            yield e.module.partition(".")[0]
        elif not (needed and isinstance(e, ast.Try)):
            yield from _imports(e, needed=needed)


__all__ = ["SHOWN", "imported", "missing"]
