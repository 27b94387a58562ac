"""What the words before a formula say of it: that it defines something, and what is given where it is claimed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Protocol

LONGEST: Final = 1_000  # characters before a formula that are looked at
_PARAGRAPH: Final = re.compile(r"\n[ \t]*\n")
_SENTENCE: Final = re.compile(r"[.!?](?=\s)|[。;;!?]")
_DEFINES: Final = re.compile(
    r"(?:\b(?:let|define[sd]?|denotes?d?|set|put|write)\b|令|定义|定義|记|記|设|設)(?P<rest>[^.。]*)\Z", re.IGNORECASE
)
#: What comes behind these words is said of what is defined, and no definition.
_FOLLOWS: Final = re.compile(
    r"\b(?:then|so|hence|thus|therefore|that|have|has|get|gives?|be|is|are|by|as)\b|则|則|有|得|是|为|為|所以|那么|于是",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"(?<![\w\\^_{}(')\]])\s*([A-Za-z])\s*=\s*(-?\d+)(?![\w.^/])")
_CONDITION: Final = re.compile(r"\$([^$]*(?:\\n?eq?(?![A-Za-z])|\\[lg]eq?(?![A-Za-z])|[<>≠≤≥])[^$]*)\$([^$]*)\Z")
_SUM_TO_1: Final = re.compile(r"\bsums?\s+(?:up\s+)?to\s+(?:\$?1\b|one\b)|\bone[- ]hot\b", re.IGNORECASE)
_LAYERS: Final = re.compile(r"\$\s*l\s*=([^$,]*),[^$]*,([^$,]*)\$")


class Placed(Protocol):
    """A formula, and where it stands."""

    @property
    def displayed(self) -> bool: ...
    @property
    def span(self) -> tuple[int, int]: ...


def before(text: str, formulas: Sequence[Placed]) -> tuple[str, ...]:
    """What stands before each formula in its paragraph, from the last displayed one on."""
    found, last = list[str](), 0
    for f in formulas:
        start = f.span[0]
        says = text[max(last, start - LONGEST) : start].rstrip()
        found.append(_PARAGRAPH.split(says)[-1])
        last = f.span[1] if f.displayed else last
    return tuple(found)


def defines(said: str) -> bool:
    """Whether the formula behind these words is said to define something."""
    found = _DEFINES.search(_SENTENCE.split(said)[-1])
    return found is not None and not _FOLLOWS.search(re.sub(r"\$[^$]*\$", "", found["rest"]))


def numbers(said: str) -> dict[str, int]:
    """The letters that are said to be numbers: with x = 1 and y = 0."""
    return {name: int(value) for name, value in _NUMBER.findall(said.replace("$", " "))}


def condition(said: str) -> str:
    """The condition on indices that stands before a formula in its sentence; empty where there is none."""
    found = _CONDITION.search(said)
    return "" if found is None or _SENTENCE.search(found[2]) else found[1].strip()


def layers(said: str) -> tuple[str, ...]:
    """The first and the last layer for which the formula behind these words is: l = L-1, L-2, ..., 2."""
    found = _LAYERS.search(_SENTENCE.split(said)[-1])
    return () if found is None else tuple("".join(end.split()) for end in found.groups())


def sum_to_1(text: str) -> bool:
    """Whether a document says that something sums to 1, or is one-hot."""
    return _SUM_TO_1.search(text) is not None


__all__ = ["before", "condition", "defines", "layers", "numbers", "sum_to_1"]
