"""Calculations: a start, and lines that each equal the one before, for a reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import Derivative, Expr, Float, Sum, sympify, zoo
from sympy import Function as SymPyFunction

from ..core.arrays import entry
from ..core.grammar import rank
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
    before, done = _term(net, start, "the start"), []
    whole = refl(net, before)
    for number, line in enumerate(lines, 1):
        claim, reason = _claim(line, number)
        after = _term(net, claim, f"line {number}")
        try:
            proved = reason.prove(net, before, after)
            whole = trans(whole, proved)
        except Refused as refusal:
            raise WrongLine(number, net, before, after, reason, refusal) from None
        done.append(Line(proved, reason.words))
        before = after
    return Derivation("", "", whole, tuple(done))


def _claim(line: Any, number: int) -> tuple[Any, Reason]:
    if not isinstance(line, tuple) or len(line) != 2:
        raise TypeError(f"line {number} is not a pair, of a term and a reason: {line}")
    if not isinstance(line[1], Reason):
        raise TypeError(f"line {number} has no reason, such as definition(...) or algebra, but {line[1]!r}")
    return line


def _term(net: Network, e: Any, where: str) -> Any:
    """``e`` as a term of the network; TypeError or ValueError, in words for the author, where it is none."""
    if not isinstance(e, Expr | int):
        raise TypeError(f"{where} is not a term but {type(e).__name__}: {e}. Has it lost its indices?")
    term = sympify(e, strict=True)
    if rank(net.families, net.symbols, term) is None:
        hints = [hint for head, hint in HINTS.items() if term.has(head)]
        raise ValueError(f"{where} is not a term of {net.title}: {term}. {' '.join(hints) or EVERYTHING}")
    return term


#: What is written in place of what SymPy would write.
HINTS = {
    Float: "Write Rational(1, 2) or an integer for a decimal number.",
    Sum: "Write total(e, k, l) for the sum over the units k of layer l, or Total(e, k, lo, hi).",
    SymPyFunction: "Write sigma, exp, log, step, Phi and phi of backproof.core.terms for functions.",
    Derivative: "Write D(y, x) for a partial derivative.",
    zoo: "It divides by zero.",
}
EVERYTHING = "Terms are made of the network's quantities, whole numbers and fractions, total, D and functions of ours."


def entrywise(net: Network, lhs: Any, rhs: Any, indices: tuple[Any, ...], *lines: tuple[Any, Reason]) -> Derivation:
    """The array equation ``lhs = rhs``, by a calculation with the entries at ``indices``: from lhs's to rhs's.

    The last line is supplied: what the matrix products and sums of rhs say of their entries.
    """
    start, end = entry(net, lhs, indices), entry(net, rhs, indices)
    claims = [start, *(_claim(line, number)[0] for number, line in enumerate(lines, 1))]
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
