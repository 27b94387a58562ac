r"""LaTeX formulas as trees: what printers make, and what ``is_math`` lets through. A form then writes the tree.

Nothing is skipped: a command that is not in the tables here raises ``Unknown``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from ..notation.mathematics import DECORATIONS, GREEK

#: Signs that are set as operators, with the space of one; the last column is what is said aloud.
OPERATORS: Final[dict[str, tuple[str, str]]] = {
    "le": ("≤", "at most"), "leq": ("≤", "at most"), "ge": ("≥", "at least"), "geq": ("≥", "at least"),
    "ne": ("≠", "is not"), "neq": ("≠", "is not"), "approx": ("≈", "about"), "equiv": ("≡", "is identical to"),
    "sim": ("∼", "is distributed as"), "in": ("∈", "in"), "notin": ("∉", "not in"), "to": ("→", "to"),
    "rightarrow": ("→", "to"), "leftarrow": ("←", "becomes"), "mapsto": ("↦", "goes to"),
    "Rightarrow": ("⇒", "implies"),
    "times": ("×", "times"), "cdot": ("·", "times"), "odot": ("⊙", "times, entry by entry,"),
    "circ": ("∘", "after"), "bullet": ("•", "times, entry by entry,"), "ast": ("∗", "times, entry by entry,"),
    "pm": ("±", "plus or minus"), "mp": ("∓", "minus or plus"), "mid": ("∣", "given"), "colon": (":", "colon"),
    "forall": ("∀", "for all"), "exists": ("∃", "there is"), "|": ("‖", "norm"),
    "lVert": ("‖", "norm"), "rVert": ("‖", "norm"), "lvert": ("|", "absolute value"), "rvert": ("|", ""),
    "lfloor": ("⌊", "floor of"), "rfloor": ("⌋", ""), "langle": ("⟨", "bracket"), "rangle": ("⟩", ""),
    "{": ("{", "brace"), "}": ("}", ""), "%": ("%", "percent"), "_": ("_", ""), "#": ("#", "number"),
}  # fmt: skip
LETTERS: Final = {
    **GREEK, "partial": "∂", "nabla": "∇", "infty": "∞", "prime": "′", "dots": "…", "ldots": "…", "cdots": "⋯",
    "vdots": "⋮", "checkmark": "✓",
}  # fmt: skip
LARGE: Final = {"sum": "∑", "prod": "∏"}
FUNCTIONS: Final = ("ln", "log", "exp", "tanh", "max", "min")
SPACES: Final = {",": 0.17, ":": 0.22, ";": 0.28, " ": 0.25, "quad": 1.0, "qquad": 2.0, "!": -0.17}
ACCENTS: Final = {"hat": "^", "tilde": "~", "bar": "¯", "vec": "→"}
TRANSPARENT: Final = ("bpfit", "mathbin")  # they say how a group is set, and nothing about it
FENCES: Final = {r"\{": "{", r"\}": "}", r"\langle": "⟨", r"\rangle": "⟩", r"\|": "‖", ".": ""}

_TOKEN: Final = re.compile(
    r"\\text\{(?P<words>[^{}]*)\}|\\(?P<command>[A-Za-z]+|.)|(?P<number>\d+(?:\.\d+)?)|(?P<sign>\S)", re.DOTALL
)


class Unknown(ValueError):  # noqa: N818 - what is said of the formula, not of the program
    """A formula with something that no table here has."""


@dataclass(frozen=True)
class Sign:
    """One sign; ``kind``: letter, number, operator, large (a sum), function or text."""

    text: str
    kind: str
    said: str = ""


@dataclass(frozen=True)
class Row:
    parts: tuple[Any, ...]


@dataclass(frozen=True)
class Fraction:
    above: Any
    below: Any


@dataclass(frozen=True)
class Root:
    of: Any


@dataclass(frozen=True)
class Scripts:
    base: Any
    above: Any
    below: Any


@dataclass(frozen=True)
class Fenced:
    left: str
    inner: Any
    right: str


@dataclass(frozen=True)
class Table:
    environment: str
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Decorated:
    """A letter in another style (mathbf, mathcal), or with an accent (hat)."""

    style: str
    of: Any


@dataclass(frozen=True)
class Space:
    em: float


Tree = Sign | Row | Fraction | Root | Scripts | Fenced | Table | Decorated | Space


@lru_cache(maxsize=8192)
def tree(latex: str) -> Tree:
    r"""The tree of a formula.

    >>> tree("a^{l}_{j}")
    Scripts(base=Sign(text='a', kind='letter', said=''), above=Sign(text='l', ...), below=Sign(text='j', ...))
    """
    reader = _Reader(latex)
    made = reader.sequence()
    if reader.left():
        raise Unknown(f"{reader.next()} has no beginning in {latex}")
    return made


class _Reader:
    def __init__(self, latex: str) -> None:
        self.latex, self.place = latex, 0
        self.tokens = list(_TOKEN.finditer(latex))

    def left(self) -> bool:
        return self.place < len(self.tokens)

    def next(self) -> str:
        return self.tokens[self.place][0] if self.left() else ""

    def take(self, wanted: str = "") -> re.Match[str]:
        if not self.left() or (wanted and self.next() != wanted):
            raise Unknown(f"{wanted or 'something'} is missing in {self.latex}")
        self.place += 1
        return self.tokens[self.place - 1]

    def sequence(self, *ends: str) -> Tree:
        """Atoms with their scripts, up to something that closes."""
        parts: list[Tree] = []
        while self.left() and self.next() not in ("}", r"\right", r"\end", *ends):
            scripted = self.next() in ("^", "_", "'")
            base = (parts.pop() if parts else Row(())) if scripted else self.atom()
            parts.append(self.scripts(base))
        return parts[0] if len(parts) == 1 else Row(tuple(parts))

    def scripts(self, base: Tree) -> Tree:
        above: list[Tree] = []
        below: Tree | None = None
        primes = 0
        while self.next() in ("^", "_", "'"):
            sign = self.take()[0]
            if sign == "'":
                primes += 1
            elif sign == "^":
                above.append(self.argument())
            else:
                below = self.argument()
        if primes:
            above.insert(0, Sign("′" * primes, "operator", " prime" * primes))
        if not above and below is None:
            return base
        return Scripts(base, above[0] if len(above) == 1 else Row(tuple(above)) if above else None, below)

    def argument(self) -> Tree:
        return self.group() if self.next() == "{" else self.atom()

    def group(self) -> Tree:
        self.take("{")
        made = self.sequence()
        self.take("}")
        return made

    def atom(self) -> Tree:
        if self.next() == "{":
            return self.group()
        token = self.take()
        if token["words"] is not None:
            return Sign(token["words"], "text")
        if token["number"]:
            return Sign(token["number"], "number")
        return self.command(token["command"]) if token["command"] else _plain(token["sign"])

    def command(self, name: str) -> Tree:
        if name == "left":
            return self.fenced()
        if name == "begin":
            return self.table()
        if name == "frac":
            return Fraction(self.argument(), self.argument())
        if name == "sqrt":
            return Root(self.argument())
        if name in TRANSPARENT:
            return self.argument()
        if name in ("operatorname", "mathrm"):
            return Sign(self.name(), "function")
        if name in DECORATIONS:
            return Decorated(name, self.argument())
        return _sign(name)

    def name(self) -> str:
        self.take("{")
        letters = ""
        while self.next() != "}":
            letters += self.take()[0].replace("\\", "")
        self.take("}")
        return letters

    def fenced(self) -> Tree:
        left = self.take()[0]
        inner = self.sequence()
        self.take(r"\right")
        right = self.take()[0]
        return Fenced(FENCES.get(left, left), inner, FENCES.get(right, right))

    def table(self) -> Tree:
        environment, rows, cells = self.name(), list[tuple[Tree, ...]](), list[Tree]()
        while self.next() != r"\end":
            cells.append(self.sequence("&", "\\\\"))
            if self.next() == "&":
                self.take()
                continue
            rows.append(tuple(cells))
            cells = []
            if self.next() == "\\\\":
                self.take()
        self.take(r"\end")
        self.name()
        return Table(environment, tuple(rows + ([tuple(cells)] if cells else [])))


#: What is said for signs that are written as themselves.
SAID: Final = {
    "+": "plus", "-": "minus", "=": "equals", "<": "less than", ">": "greater than", "/": "over",
    "(": "open bracket", ")": "close bracket", "[": "open square bracket", "]": "close square bracket",
}  # fmt: skip


def _plain(sign: str) -> Tree:
    if sign.isalpha():
        return Sign(sign, "letter")
    return Sign({"-": "−"}.get(sign, sign), "operator", SAID.get(sign, sign))


def _sign(name: str) -> Tree:
    if name in LETTERS:
        return Sign(LETTERS[name], "letter", name.removeprefix("var"))
    if name in OPERATORS:
        return Sign(OPERATORS[name][0], "operator", OPERATORS[name][1])
    if name in LARGE:
        return Sign(LARGE[name], "large", name)
    if name in FUNCTIONS:
        return Sign(name, "function")
    if name in SPACES:
        return Space(SPACES[name])
    if name == "displaystyle":
        return Row(())
    raise Unknown(f"no form has a sign for \\{name}")


__all__ = [
    "Decorated",
    "Fenced",
    "Fraction",
    "Root",
    "Row",
    "Scripts",
    "Sign",
    "Space",
    "Table",
    "Tree",
    "Unknown",
    "tree",
]
