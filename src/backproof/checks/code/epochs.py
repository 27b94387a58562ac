"""Loops over epochs whose number stands in the text of a function: one turn is what is looked at.

A function that makes steps is read with ``range(1)`` in place of ``range(10000)``, and ``while i < 1`` in place of
``while i < 10000``; the lines keep their numbers. What a loop counts is an epoch if nothing is looked up by it.
"""

from __future__ import annotations

import ast
from typing import Final

from . import roles

FEWEST: Final = 10  # turns that are so many that they are no layers
FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)


def once(tree: ast.Module) -> ast.Module:
    """The module with one turn of each such loop."""
    for function in ast.walk(tree):
        if isinstance(function, FUNCTIONS) and roles.kind(function.name) in ("step", ""):
            _shorten(function)
    return tree


def _shorten(function: ast.AST) -> None:
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            if roles.role(node.targets[0].id) == "once" and _is_many(node.value):
                node.value = ast.copy_location(ast.Constant(1), node.value)
        elif isinstance(node, ast.For) and isinstance(node.target, ast.Name):
            if _is_count(node.iter) and not _looked_up(node.target.id, node.body):
                call = node.iter
                call.args = [ast.copy_location(ast.Constant(1), call.args[-1])]  # type: ignore[attr-defined]
        elif isinstance(node, ast.While) and isinstance(node.test, ast.Compare) and len(node.test.comparators) == 1:
            limit = node.test.comparators[0]
            if (
                isinstance(node.test.left, ast.Name)
                and _is_many(limit)
                and not _looked_up(node.test.left.id, node.body)
            ):
                node.test.comparators = [ast.copy_location(ast.Constant(1), limit)]


def _is_many(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int and node.value >= FEWEST


def _is_count(node: ast.AST) -> bool:
    """Whether it is range(10000), or range(0, 10000)."""
    named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute)
    if not named or not node.args or node.keywords:  # type: ignore[attr-defined]
        return False
    name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr  # type: ignore[attr-defined]
    return name in ("range", "xrange", "arange", "trange") and len(node.args) < 3 and _is_many(node.args[-1])  # type: ignore[attr-defined]


def _looked_up(name: str, body: list[ast.stmt]) -> bool:
    """Whether something is looked up by a name: then it counts examples, or units."""
    for statement in body:
        for node in ast.walk(statement):
            read = isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load)
            if read and any(isinstance(e, ast.Name) and e.id == name for e in ast.walk(node.slice)):  # type: ignore[attr-defined]
                return True
    return False


__all__ = ["once"]
