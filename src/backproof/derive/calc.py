"""Calculations: a start, and lines that each equal the one before, for a reason."""

from __future__ import annotations

from typing import Any

from sympy import sympify

from ..core.arrays import entry
from ..core.kernel import components, refl, ring, trans
from ..core.network import Network
from ..core.terms import Refused
from .derivation import Derivation, Line, Words
from .reasons import Reason


class WrongLine(Exception):  # noqa: N818 - the reader's word for it
    """A line that does not follow: its number from 1, what it claims, and what its reason gives instead."""

    def __init__(self, number: int, net: Network, before: Any, claim: Any, reason: Reason, refusal: Refused) -> None:
        self.number, self.net, self.before, self.claim, self.reason, self.refusal = (
            number, net, before, claim, reason, refusal,
        )  # fmt: skip
        super().__init__(f"line {number} ({''.join(map(str, reason.words))}): {refusal}")

    @property
    def instead(self) -> Any:
        """What the reason makes of the line before, None where it does not apply."""
        try:
            made = self.reason.convert(self.net, self.before)
        except Refused:
            return None
        return None if made.rhs == self.before else made.rhs


def calc(net: Network, start: Any, *lines: tuple[Any, Reason]) -> Derivation:
    """The derivation ``start = line 1 = line 2 = ...``; WrongLine where one does not follow."""
    before, done, whole = sympify(start), [], refl(net, sympify(start))
    for number, (claim, reason) in enumerate(lines, 1):
        after = sympify(claim)
        try:
            proved = reason.prove(net, before, after)
            whole = trans(whole, proved)
        except Refused as refusal:
            raise WrongLine(number, net, before, after, reason, refusal) from None
        done.append(Line(proved, reason.words))
        before = after
    return Derivation("", "", whole, tuple(done))


def entrywise(net: Network, lhs: Any, rhs: Any, indices: tuple[Any, ...], *lines: tuple[Any, Reason]) -> Derivation:
    """The array equation ``lhs = rhs``, by a calculation with the entries at ``indices``: from lhs's to rhs's.

    The last line is supplied: what the matrix products and sums of rhs say of their entries.
    """
    start, end = entry(net, lhs, indices), entry(net, rhs, indices)
    steps = calc(net, start, *lines)
    proved = steps.theorem
    last = ring(net, proved.rhs, end)
    if proved.rhs != end:
        steps = Derivation("", "", trans(proved, last), (*steps.lines, Line(last, _entry_words(indices))))
    return Derivation("", "", components(steps.theorem, lhs, rhs, indices), steps.lines)


def _entry_words(indices: tuple[Any, ...]) -> Words:
    inner: Words = tuple(part for index in indices for part in (index, ", "))[:-1]
    return "the entry ", *inner, " of the right-hand side"


__all__ = ["WrongLine", "calc", "entrywise"]
