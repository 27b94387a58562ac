"""How wide a formula will be, roughly, in em: good enough to decide where to break a line."""

from __future__ import annotations

import re
from typing import Final

TEXT_WIDTH: Final = 38.5  #: em of the page's text block at its size
MARGIN: Final = 4.0  #: of it, for the number of a step and the relation sign
ALONE: Final = 0.22  #: of the text block: a wider left-hand side gets a line of its own

_TOKEN: Final = re.compile(r"\\begin\{(?P<env>\w+)\}|\\end\{\w+\}|\\(?P<command>[A-Za-z]+|.)|(?P<sign>\S)", re.DOTALL)
_WIDTHS: Final = {
    "frac": 0.0, "sum": 1.45, "left": 0.1, "right": 0.1, ",": 0.17, ";": 0.28, " ": 0.25, "quad": 1.0, "qquad": 2.0,
    "odot": 1.3, "ast": 0.5, "cdot": 0.3, "mathbin": 0.5, "ln": 1.1, "exp": 1.6, "nabla": 0.85, "partial": 0.56,
    "le": 1.3, "ne": 1.3, "mathrm": 0.0, "text": 0.0, "hat": 0.0, "mathbf": 0.0, "mathcal": 0.0, "mu": 0.6,
    "+": 1.2, "-": 1.2, "=": 1.3, "<": 1.3, ">": 1.3, "(": 0.4, ")": 0.4, "[": 0.3, "]": 0.3, "'": 0.25, ".": 0.28,
}  # fmt: skip
_OTHER: Final = 0.56
_SMALL: Final = 0.72


def width(latex: str) -> float:
    """The width of a formula in display style."""
    return _Reader(latex).sequence()


class _Reader:
    """Reads LaTeX from left to right and adds widths up."""

    def __init__(self, latex: str) -> None:
        self.tokens = list(_TOKEN.finditer(latex))
        self.place = 0

    def sequence(self, closing: str = "") -> float:
        """The width up to ``closing``."""
        total = 0.0
        while self.place < len(self.tokens):
            token = self.tokens[self.place]
            self.place += 1
            if token[0] == closing or (closing == "end" and token[0].startswith(r"\end")):
                break
            total += self._one(token)
        return total

    def _one(self, token: re.Match[str]) -> float:
        name = token["command"] or token["sign"] or ""
        if token["env"]:
            return self._matrix()
        if name == "{" and token["sign"]:
            return self.sequence("}")
        if name == "frac":
            return 0.25 + max(self._argument(), self._argument())
        if name in "^_" and token["sign"]:
            return self._script()
        if name == "sum":
            return max(_WIDTHS["sum"], self._scripts()) + 0.2
        return _WIDTHS.get(name, _OTHER)

    def _argument(self) -> float:
        if self.place >= len(self.tokens):
            return 0.0
        self.place += 1
        return self._one(self.tokens[self.place - 1])

    def _scripts(self) -> float:
        widest = 0.0
        while self.place < len(self.tokens) and self.tokens[self.place][0] in ("^", "_"):
            self.place += 1
            widest = max(widest, _SMALL * self._argument())
        return widest

    def _script(self) -> float:
        """A superscript and a subscript stand above one another."""
        first = _SMALL * self._argument()
        return max(first, self._scripts())

    def _matrix(self) -> float:
        """The widest row is as wide as its cells and the space between them."""
        start, depth = self.place, 1
        while depth and self.place < len(self.tokens):
            token = self.tokens[self.place][0]
            depth += token.startswith(r"\begin") - token.startswith(r"\end")
            self.place += 1
        inside = "".join(token[0] for token in self.tokens[start : self.place - 1])
        rows = [[width(cell) for cell in row.split("&")] for row in inside.split("\\\\")]
        return 1.2 + max(sum(cells) + 1.0 * (len(cells) - 1) for cells in rows)


def broken(terms: list[str], room: float) -> list[str]:
    """Terms put together into as few lines as fit; a term that is too wide gets its own."""
    lines = [terms[0]]
    for term in terms[1:]:
        longer = f"{lines[-1]} {term.removeprefix('{}')}"
        if width(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(term)
    return lines
