r"""How a document writes what belongs to its one example, so that it can be read by entries.

``E_k`` and ``y_j^k`` have the number of the example, which says no more than that there is one. ``p_{y_i}`` and
``1(y_i = k)`` have the number of the true class: an index like others. What stands there instead is as long, so that
every place in the text stays where it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_CLASS: Final = re.compile(r"_\s*\{\s*([a-z])_(?:\{([a-z])\}|([a-z]))\s*\}")
_FREE: Final = "cvursq"  # letters for the true class, of which one is taken that the document has not


@dataclass(frozen=True)
class Wording:
    """``example``: the letter that numbers the example, or none. ``target``: y of ``p_{y_i}``, and its index."""

    example: str = ""
    target: tuple[str, str] = ("", "")
    true: str = ""  #: the letter for the true class

    @property
    def words(self) -> tuple[str, ...]:
        """What is read in another way, in words."""
        return (f"{self.true} is {self.target[0]}_{self.target[1]}",) if self.true else ()

    def read(self, text: str) -> str:
        """The text as it is read by entries."""
        if self.example:
            mark = rf"\^(?:\{{\s*{self.example}\s*\}}|{self.example}(?![A-Za-z]))"
            text = re.sub(mark, _blank, text)
            text = re.sub(rf"(?<=[A-Z}}])_(?:\{{{self.example}\}}|{self.example}(?![A-Za-z]))", _blank, text)
        if self.true:
            letter, index = self.target
            text = re.sub(rf"(?<![A-Za-z\\]){letter}_(?:\{{{index}\}}|{index})", self._true, text)
            text = re.sub(rf"(?<=_){index}(?![A-Za-z])|(?<=_\{{){index}(?=\}})", self.true, text)
        return text

    def _true(self, found: re.Match[str]) -> str:
        return self.true.ljust(len(found[0]))


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def wording(texts: Iterable[str], cost: str) -> Wording:
    """How these texts are worded, whose cost is written so: ``E_k``."""
    whole = "\n".join(texts)
    found = re.fullmatch(r"[^_]+_\{?([a-z])\}?", cost)
    example = found[1] if found and not re.search(rf"\\sum_\{{?{found[1]}\b", whole) else ""
    if (classes := _CLASS.search(whole)) is None:
        return Wording(example)
    letter, index = classes[1], classes[2] or classes[3]
    free = next((one for one in _FREE if not re.search(rf"(?<![A-Za-z\\]){one}(?![A-Za-z])", whole)), "")
    if not free or re.search(rf"\\sum_\{{?{index}\b", whole):
        return Wording(example)
    return Wording(example, (letter, index), free)


__all__ = ["Wording", "wording"]
