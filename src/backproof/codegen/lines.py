"""Lines of Python as a formatter would leave them: short enough, whatever the length of a formula.

What is at most ``WIDTH`` columns wide stays in one line, and what is wider is written in parts that are, so that it
does not matter whether a formatter is told 88 columns or 100.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

WIDTH: Final = 88
INDENT: Final = "    "
PARTS: Final = (ast.BinOp, ast.Call, ast.IfExp, ast.UnaryOp, ast.Compare)


def comment(text: str, width: int = WIDTH - 4) -> list[str]:
    """A comment of as many lines as it takes."""
    return textwrap.wrap(
        text, width, initial_indent="# ", subsequent_indent="#     ", break_long_words=False, break_on_hyphens=False
    )


def assigned(target: str, value: str, width: int = WIDTH - 4) -> list[str]:
    """``target = value``; a value that is too wide is put together from part1, part2, ..."""
    return list(_assigned(target, tidied(value), width, []))


def returned(value: str, width: int = WIDTH - 4) -> list[str]:
    """``return value``, in the same way."""
    value = tidied(value)
    if len(f"return {value}") <= width:
        return [f"return {value}"]
    return [*assigned("value", value, width), "return value"]


def tidied(value: str) -> str:
    """An expression with the blanks and brackets that a formatter puts around powers and between numbers."""
    edits = dict[tuple[int, int], str]()
    for node in ast.walk(ast.parse(value, mode="eval")):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow | ast.Div):
            (_, start), (end, _) = _span(node.left), _span(node.right)
            sign = "**" if isinstance(node.op, ast.Pow) else "/"
            blank = "" if sign == "**" and isinstance(node.left, ast.Name | ast.Constant) else " "
            at = value.index(sign, start, end)
            before, after = value[start:at].rstrip(), value[at + len(sign) : end].lstrip()
            edits[start, end] = f"{before}{blank}{sign}{blank}{after}"
        if (
            isinstance(node, ast.UnaryOp)
            and isinstance(node.operand, ast.BinOp)
            and isinstance(node.operand.op, ast.Pow)
        ):
            start, end = _span(node.operand)
            if value[start - 1] != "(" or value[end : end + 1] != ")":
                edits |= {(start, start): "(", (end, end): ")"}
    for start, end in sorted(edits, reverse=True):
        value = value[:start] + edits[start, end] + value[end:]
    return value


def _assigned(target: str, value: str, width: int, parts: list[str]) -> Iterator[str]:
    while len(f"{target} = {value}") > width:
        whole = ast.parse(value, mode="eval").body
        if isinstance(whole, ast.IfExp):
            yield from _branches(target, value, whole, width, parts)
            return
        found = _part(whole, width)
        if found is None:
            break
        start, end = found
        name = f"part{len(parts) + 1}"
        parts.append(name)
        yield from _assigned(name, value[start:end], width, parts)
        value = _put(value, start, end, name)
    yield f"{target} = {value}"


def _branches(target: str, value: str, e: ast.IfExp, width: int, parts: list[str]) -> Iterator[str]:
    """A conditional expression as a statement: what it does not choose is not computed."""
    test = value[slice(*_span(e.test))]
    if len(f"if {test}:") > width:
        yield from _assigned("test", test, width, parts)
        test = "test"
    yield f"if {test}:"
    yield from (INDENT + line for line in _assigned(target, value[slice(*_span(e.body))], width - 4, parts))
    yield "else:"
    yield from (INDENT + line for line in _assigned(target, value[slice(*_span(e.orelse))], width - 4, parts))


def _part(whole: ast.expr, width: int) -> tuple[int, int] | None:
    """Where the longest part is that fits into a line, or the first conditional one; None where there is none."""
    spans = [_span(node) for node in _parts(whole) if node is not whole]
    fitting = [span for span in spans if span[1] - span[0] <= width - len("part99 = ")]
    longest = max(fitting, key=lambda span: (span[1] - span[0], -span[0]), default=None)
    if longest and longest[1] - longest[0] > len("part99"):
        return longest
    return max(spans, key=lambda span: span[1] - span[0], default=None)


def _parts(node: ast.AST) -> Iterator[ast.expr]:
    """What is computed in any case: a conditional expression is one part, with what it chooses from."""
    if isinstance(node, PARTS):
        yield node
    if not isinstance(node, ast.IfExp):
        for child in ast.iter_child_nodes(node):
            yield from _parts(child)


def _span(node: ast.expr) -> tuple[int, int]:
    assert node.end_col_offset is not None
    return node.col_offset, node.end_col_offset


def _put(value: str, start: int, end: int, name: str) -> str:
    """``value`` with a name between ``start`` and ``end``, and without the brackets around it."""
    before, after = value[:start], value[end:]
    called = len(before) > 1 and (before[-2].isalnum() or before[-2] in "_])")
    if before.endswith("(") and after.startswith(")") and not called:
        before, after = before[:-1], after[1:]
    return before + name + after


def bracketed(before: str, items: Sequence[str], after: str = "", width: int = WIDTH - 4) -> list[str]:
    """``before`` items ``after``, where ``before`` ends with a bracket: in one line, or an item in each."""
    close = {"(": ")", "[": "]", "{": "}"}[before[-1]]
    single = "," if len(items) == 1 and close == ")" and before[-2:] in ("(", "= (", " (") else ""
    line = f"{before}{', '.join(items)}{single}{close}{after}"
    if len(line) <= width:
        return [line]
    return [before, *(line for item in items for line in _item(item, width - 4)), close + after]


def _item(item: str, width: int) -> list[str]:
    """An item of a list; a list that is too wide itself is broken too."""
    if len(item) < width or item[0] not in "[(":
        return [f"{INDENT}{item},"]
    lines = [item[0], *(line for part in parts(item) for line in _item(part, width - 4)), {"[": "]", "(": ")"}[item[0]]]
    return [INDENT + line for line in [*lines[:-1], lines[-1] + ","]]


def parts(text: str) -> list[str]:
    """The items of a list."""
    node = ast.parse(text, mode="eval").body
    assert isinstance(node, ast.List | ast.Tuple), text
    return [text[slice(*_span(e))] for e in node.elts]


STANDARD: Final = {
    "math": "", "random": "", "sys": "", "Any": "typing", "Callable": "collections.abc", "Literal": "typing",
    "Sequence": "collections.abc", "inf": "math", "local": "threading", "pairwise": "itertools",
    "perf_counter": "time",
}  # fmt: skip


def imports(text: str, modules: Mapping[str, Iterable[str]] = {}) -> list[str]:
    """The lines that import what the names in ``text`` stand for: of the standard library, and of other ``modules``."""
    names = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
    plain = sorted(name for name in names if STANDARD.get(name) == "")
    places = sorted({STANDARD[name] for name in names if STANDARD.get(name)})
    lines = [f"import {name}" for name in plain]
    for place in places:
        lines += _imported(place, [name for name in names if STANDARD.get(name) == place])
    for module, offered in modules.items():
        lines += _imported(module, sorted(names & {*offered}))
    return lines


def _imported(module: str, names: Sequence[str]) -> list[str]:
    """A line, or one for each name."""
    if not names:
        return []
    names = sorted(names, key=lambda name: (not name.isupper(), not name[0].isupper(), name))
    line = f"from {module} import {', '.join(names)}"
    return [line] if len(line) <= WIDTH else [f"from {module} import (", *(f"    {name}," for name in names), ")"]


__all__ = ["WIDTH", "assigned", "bracketed", "comment", "imports", "parts", "returned"]
