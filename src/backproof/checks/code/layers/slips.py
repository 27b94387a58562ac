"""Slips in the right side of a theorem: what a program computes that has one of them, in the words of the theorem."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from sympy import Add, Integer, Mul, Number, Pow, Symbol

from ....surface.terms import D, Kron, Member, Total, free, substitute

Say = Callable[[Any], str]  # how a term is printed


@dataclass(frozen=True)
class Slip:
    """A wrong right side. ``mistake``: a word of the vocabulary of mistakes; ``words``: what is wrong."""

    body: Any
    mistake: str
    words: str


def slips(e: Any, arities: Mapping[str, int], say: Say) -> Iterator[Slip]:
    """Those of one place in ``e``; ``arities``: how many indices the families have."""
    yield from _here(e, arities, say)
    if isinstance(e, Member | D | Kron) or not e.args:
        return
    places = (0,) if isinstance(e, Total) else range(1, 2) if type(e).__name__ == "Apply" else range(len(e.args))
    for place in places:
        for inner in slips(e.args[place], arities, say):
            yield Slip(e.func(*e.args[:place], inner.body, *e.args[place + 1 :]), inner.mistake, inner.words)


def _here(e: Any, arities: Mapping[str, int], say: Say) -> Iterator[Slip]:
    if isinstance(e, Add):
        for part in e.args:
            yield Slip(e - part, "missing-term", f"the term {say(part)} is missing")
            yield Slip(e + part, "missing-term", f"the term {say(part)} is there twice")
            yield Slip(e - 2 * part, "sign", f"the term {say(part)} has the wrong sign")
    elif isinstance(e, Mul):
        for part in e.args:
            if part != -1 and not isinstance(part, Kron):
                mistake = "scale" if isinstance(part, Number) or part.is_number or not part.atoms(Member) else "operand"
                yield Slip(e / part, mistake, f"the factor {say(part)} is missing")
                if mistake == "scale":
                    yield Slip(e / part**2, mistake, f"it is divided by {say(part)} in place of multiplied")
                else:
                    yield Slip(e * part, mistake, f"the factor {say(part)} is there twice")
    yield from _of_slope(e, say)
    for kind, of in ((Pow, _of_power), (Total, _of_sum), (Kron, _of_bracket)):
        if isinstance(e, kind):
            yield from of(e, say)
    if isinstance(e, Member):
        yield from _of_member(e, arities, say)
        yield from _transposed(e, e, say)
    if isinstance(e, D):
        yield from _transposed(e, e.args[1], say)


def _of_slope(e: Any, say: Say) -> Iterator[Slip]:
    """The slope of the logistic function in the place of that of the hyperbolic tangent, and the other way round."""
    for m in e.args and {part for part in e.atoms(Member) if isinstance(e, Add | Mul)}:
        logistic, tangent = m * (1 - m), 1 - m**2
        if e == tangent:
            yield Slip(logistic, "operand", f"{say(logistic)} stands for {say(tangent)}")
        elif isinstance(e, Mul) and {m, 1 - m} <= set(e.args):
            yield Slip(e / logistic * tangent, "operand", f"{say(tangent)} stands for {say(logistic)}")


def _of_power(e: Any, say: Say) -> Iterator[Slip]:
    if isinstance(e.exp, Integer) and abs(e.exp) > 1:
        for change in (-1, 1):
            other = e.exp + change
            yield Slip(e.base**other, "operand", f"{say(e)} has another exponent, {other}")


def _of_sum(e: Any, say: Say) -> Iterator[Slip]:
    body, bound, lo, hi = e.args
    if bound in free(body):
        yield Slip(
            substitute(body, {bound: hi}), "missing-sum", f"only the last of the sum over {say(bound)}: it overwrites"
        )
        yield Slip(substitute(body, {bound: lo}), "missing-sum", f"only the first of the sum over {say(bound)}")
    yield from _of_sums(e, say)
    for first, last in ((lo + 1, hi), (lo, hi - 1)):
        yield Slip(
            Total(body, bound, first, last),
            "wrong-index",
            f"the sum over {say(bound)} goes from {say(first)} to {say(last)}",
        )
    factors = Mul.make_args(body)
    outside = [f for f in factors if bound not in free(f)]
    if outside:
        rest = [f for f in factors if bound in free(f)]
        yield Slip(Mul(Total(Mul(*rest), bound, lo, hi)), "operand", f"{say(Mul(*outside))} is missing")
    yield Slip(e / (hi - lo + 1), "scale", f"the sum over {say(bound)} is a mean")


def _of_sums(e: Any, say: Say) -> Iterator[Slip]:
    """Only the last of several sums at once."""
    names, e = [e.args[1]], substitute(e.args[0], {e.args[1]: e.args[3]})
    while isinstance(e, Total):
        names, e = [*names, e.args[1]], substitute(e.args[0], {e.args[1]: e.args[3]})
        yield Slip(e, "missing-sum", f"only the last of the sums over {', '.join(map(say, names))}: it overwrites")


def _transposed(whole: Any, member: Any, say: Say) -> Iterator[Slip]:
    """Two indices of a quantity, or of what is differentiated by, exchanged."""
    for one, other in combinations(range(len(member.indices)), 2):
        indices = list(member.indices)
        indices[one], indices[other] = indices[other], indices[one]
        moved = Member(member.family, *indices)
        made = moved if whole is member else D(whole.args[0], moved)
        yield Slip(made, "transpose", f"{say(made)} stands for {say(whole)}")


def _of_bracket(e: Any, say: Say) -> Iterator[Slip]:
    one, other = e.args
    for change in (-1, 1):
        yield Slip(Kron(one + change, other), "wrong-index", f"the index is off by one where {say(one)} = {say(other)}")
    symbols = sorted(free(one) | free(other), key=str)
    for s in symbols:
        factor = (one - other).coeff(s)
        if abs(factor) > 1:
            yield Slip(Kron(substitute(one, {s: 0}) if one.coeff(s) == 0 else one - one.coeff(s) * s + s,
                            other - other.coeff(s) * s + s if other.coeff(s) else other),
                       "wrong-index", f"{s} goes on by 1 in place of {abs(factor)}")  # fmt: skip


def _of_member(e: Any, arities: Mapping[str, int], say: Say) -> Iterator[Slip]:
    for family, count in arities.items():
        if family != e.family and count == len(e.indices):
            yield Slip(Member(family, *e.indices), "operand", f"{say(Member(family, *e.indices))} stands for {say(e)}")
    for place, index in enumerate(e.indices):
        for change in (-1, 1):
            if isinstance(index, Symbol) or free(index):
                moved = (*e.indices[:place], index + change, *e.indices[place + 1 :])
                yield Slip(
                    Member(e.family, *moved), "wrong-index", f"{say(Member(e.family, *moved))} stands for {say(e)}"
                )


__all__ = ["Slip", "slips"]
