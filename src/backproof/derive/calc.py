"""Calculations: a start, and lines that each equal the one before, for a reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import sympify

from ..core.arrays import entry
from ..core.kernel import Theorem, components, discharge, induct, instantiate, refl, trans
from ..core.network import Network
from ..core.terms import ForAll, NonZero, Positive, Refused, free
from .derivation import Derivation, Line, Words
from .reasons import Reason, algebra, reworded
from .rewrite import match


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
    claims = [start, *(sympify(claim) for claim, _ in lines)]
    last = () if claims[-1] == end else ((end, reworded(algebra, *_entry_words(indices))),)
    steps = calc(net, start, *lines, *last)
    return Derivation("", "", components(steps.theorem, lhs, rhs, indices), steps.lines)


def induction(base: Derivation, step: Derivation, layer: Any, unit: Any) -> Derivation:
    """The claim for every layer, from the last one (``base``) and from each layer to the one before (``step``)."""
    proved = induct(base.theorem, step.theorem, layer, unit)
    words = (f"induction from the last layer down: {base.title.lower()}, then {step.title.lower()}",)
    return Derivation("", "", proved, (Line(proved, words),))


def instance(of: Derivation, net: Network, **values: Any) -> Derivation:
    """A theorem for one network of its kind, and for values of its indices."""
    named = {symbol: values[symbol.name] for symbol in of.theorem.lhs.free_symbols if symbol.name in values}
    proved = instantiate(of.theorem, named, net)
    return Derivation("", "", proved, (Line(proved, (of.title,)),))


def without(made: Derivation, *facts: Theorem) -> Derivation:
    """The derivation without the hypotheses that ``e`` is positive, or not 0, for facts ``e = e'`` with e' positive."""
    proved = made.theorem
    for fact in facts:
        for h in sorted(proved.hypotheses, key=str):
            inner = h.args[0] if isinstance(h, ForAll) else h
            if isinstance(inner, NonZero | Positive):
                values = match(fact.lhs, inner.args[0], free(fact.lhs) - {fact.net.depth})
                if values is not None:
                    proved = discharge(proved, h, instantiate(fact, values))
    return replace(made, theorem=proved)


def _entry_words(indices: tuple[Any, ...]) -> Words:
    inner: Words = tuple(part for index in indices for part in (index, ", "))[:-1]
    return "the entry ", *inner, " of the right-hand side"


__all__ = ["WrongLine", "calc", "entrywise", "induction", "instance", "without"]
