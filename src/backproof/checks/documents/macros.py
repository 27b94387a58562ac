r"""Commands that a document defines: ``\newcommand{\R}{\mathbb{R}}``, with plain arguments, within limits.

They are replaced as text, in formulas only; nothing else of TeX is done.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from .document import Formula

STEPS, LONGEST = 1_000, 20_000  # replacements in one formula; characters that it may come to
MOST: Final = 500  # commands of a document; those behind them are not known
BODY: Final = 2_000  # characters of what a command stands for
_DEFINES: Final = re.compile(
    r"\\(?P<how>(?:re)?newcommand|providecommand|DeclareMathOperator|def)\*?\s*"
    r"(?:\{\s*\\(?P<braced>[A-Za-z]+)\s*\}|\\(?P<bare>[A-Za-z]+))\s*"
    r"(?P<count>\[\s*[0-9]\s*\]|(?:\#[1-9])*)\s*(?=\{)"
)
_COMMAND: Final = re.compile(r"\\([A-Za-z]+)|\\.", re.DOTALL)


@dataclass(frozen=True)
class Macro:
    """What a command stands for, and how many arguments it takes."""

    count: int
    body: str


@dataclass(frozen=True)
class Macros:
    """The commands of a document, by name; ``spans`` is where they are defined."""

    table: Mapping[str, Macro]
    spans: tuple[tuple[int, int], ...] = ()

    @staticmethod
    def of(text: str) -> Macros:
        """Those that ``text`` defines; of two definitions the last one counts."""
        table: dict[str, Macro] = {}
        spans = []
        for found in islice(_DEFINES.finditer(text), MOST):
            end = closed(text, found.end(), BODY)
            if end is None:
                continue
            body = text[found.end() + 1 : end - 1]
            name, given = found.group("braced") or found.group("bare"), found.group("count")
            count = given.count("#") if "#" in given else int(given.strip("[] ") or 0)
            if found.group("how") == "DeclareMathOperator":
                body = rf"\operatorname{{{body}}}"
            table[name] = Macro(count, body)
            spans.append((found.start(), end))
        return Macros(table, tuple(spans))

    def expanded(self, formulas: Iterable[Formula]) -> Iterator[Formula]:
        """The formulas without these commands; what only defines commands is none."""
        for f in formulas:
            text = _without_definitions(f.text).strip() if self.table else f.text
            if not text:
                continue
            made = self.expand(text)
            flaw = f.flaw or ("" if made is not None else "its commands come to more than is read")
            yield f if made == f.text else replace(f, text=text if made is None else made, flaw=flaw)

    def expand(self, text: str) -> str | None:
        """``text`` with what its commands stand for; None where that does not come to an end, or is too long."""
        if not self.table:
            return text
        at = 0
        for _ in range(STEPS):
            found = next((f for f in _COMMAND.finditer(text, at) if f.group(1) in self.table), None)
            if found is None:
                return text
            at = found.start()
            text = self._replaced(text, found)
            if len(text) > LONGEST:
                return None
        return None

    def _replaced(self, text: str, found: re.Match[str]) -> str:
        macro, end = self.table[found.group(1)], found.end()
        arguments = []
        for _ in range(macro.count):
            first, last, end = _argument(text, end)
            arguments.append(text[first:last])
        made = re.sub(r"#([1-9])", lambda one: _nth(arguments, int(one.group(1))), macro.body)
        space = " " if re.search(r"\\[A-Za-z]+$", made) and text[end : end + 1].isalpha() else ""
        return text[: found.start()] + made + space + text[end:]


def _nth(arguments: list[str], number: int) -> str:
    return arguments[number - 1] if number <= len(arguments) else ""


def _argument(text: str, at: int) -> tuple[int, int, int]:
    """From where to where the next argument stands, without its braces, and where to go on."""
    while text[at : at + 1].isspace():
        at += 1
    if text[at : at + 1] == "{" and (end := closed(text, at, LONGEST)) is not None:
        return at + 1, end - 1, end
    found = _COMMAND.match(text, at)
    end = found.end() if found else min(at + 1, len(text))
    return at, end, end


def closed(text: str, at: int, most: int) -> int | None:
    """Where the brace that opens at ``at`` has been closed, within so many characters."""
    depth, escaped = 0, False
    for place in range(at, min(len(text), at + most)):
        depth += 0 if escaped else {"{": 1, "}": -1}.get(text[place], 0)
        escaped = text[place] == "\\" and not escaped
        if depth == 0:
            return place + 1
    return None


def _without_definitions(text: str) -> str:
    kept, at = [], 0
    for found in _DEFINES.finditer(text):
        end = closed(text, found.end(), BODY) if found.start() >= at else None
        if end is not None:
            kept.append(text[at : found.start()])
            at = end
    return "".join((*kept, text[at:]))


__all__ = ["Macro", "Macros"]
