r"""Displays about functions of one number, as in tables of derivatives: ``\sigma'(x) = \sigma(x)(1 - \sigma(x))``.

The number may have any letter. It is taken for the weighted input of a unit that has no other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

from sympy import Add, Mul, Pow, expand

from ..networks.setting import Setting
from ..notation.reader import tree
from ..notation.reader.tree import Part
from ..notation.row import Notation, Spelling
from ..surface.terms import Apply, Member
from .arrays import Array, number
from .refusals import Unknown
from .spelling import flat, letter, plain, spellings

if TYPE_CHECKING:
    from .lower import Lowering

LIMIT: Final = "limit"  #: the family of the number that goes to 0 in a limit
_KNOWN: Final = (
    "exp", "log", "ln", "sqrt", "tanh", "sigmoid", "Sigmoid", "relu", "ReLU", "Relu", "max", "min",
)  # fmt: skip
_INDICATORS: Final = (r"\mathbb{1}", r"\mathbf{1}", r"\mathbb{I}", "1")


class _NotScalarError(Exception):
    """There is more than functions and their argument."""


@dataclass(frozen=True)
class Scalar:
    """The letters of the ``argument``, of the function that is not known by name, and of what goes to 0."""

    argument: str
    function: str = ""
    small: str = ""


def scalar(parts: tuple[Part, ...], row: Notation) -> Scalar | None:
    """What a display about functions of one number says; None where it is about more."""
    reader = _Reader(row)
    try:
        letters = {found for part in parts for found in reader.letters(part)}
    except _NotScalarError:
        return None
    argument = letters - reader.small
    named = reader.functions - set(_KNOWN)
    if len(argument) != 1 or len(named) > 1 or len(reader.small) > 1 or not reader.functions or named & letters:
        return None
    return Scalar(*argument, *(named or ("",)), *(reader.small or ("",)))


class _Reader:
    """What is met on the way through a display."""

    def __init__(self, row: Notation) -> None:
        self.row = row
        self.functions: set[str] = set()
        self.small: set[str] = set()

    def letters(self, part: Part) -> Iterator[str]:
        """The letters that stand for numbers."""
        if isinstance(part, tree.Name):
            yield letter(part)
        elif isinstance(part, tree.Scripted):
            yield from self._scripted(part)
        elif isinstance(part, tree.Product):
            yield from self._product(part.factors)
        elif isinstance(part, tree.Fraction) and (by := _by(part)) is not None:
            yield letter(by)
            yield from self._product(_over(part))
        elif isinstance(part, tree.Big):
            yield from self._limit(part)
        elif isinstance(part, tree.Matrix | tree.Mark | tree.Words):
            raise _NotScalarError
        else:
            for inner in tree.below(part):
                yield from self.letters(inner)

    def _product(self, factors: tuple[Part, ...]) -> Iterator[str]:
        applied = False
        for part, behind in zip_longest(factors, factors[1:]):
            name = letter(part.base if isinstance(part, tree.Scripted) else part)
            called = isinstance(behind, tree.Group) or isinstance(getattr(behind, "base", None), tree.Group)
            bare = name in _KNOWN and behind is not None
            is_sign = name in _INDICATORS and called
            if not is_sign and not applied and (bare or (called and self._is_function(part, name))):
                self.functions.add(name)
                applied = True
                continue
            applied = False
            if not is_sign:
                yield from self.letters(part)

    def _is_function(self, part: Part, name: str) -> bool:
        """A letter of the activation, or one with a prime, or of a cost, before parentheses; marks say no layer."""
        if isinstance(part, tree.Scripted) and (part.lower or not _are_numbers(part.upper)):
            return False
        primed = isinstance(part, tree.Scripted) and part.primes > 0
        found = spellings(name, self.row, ("sigma", "C", "Cx"))
        return bool(found) or (primed and bool(name))

    def _scripted(self, part: tree.Scripted) -> Iterator[str]:
        if letter(part.base) == "e" and not part.lower:
            self.functions.add("exp")
            for upper in part.upper:
                yield from self.letters(upper)
            return
        if part.lower or part.behind or part.primes or not _are_numbers(part.upper):
            raise _NotScalarError
        yield from self.letters(part.base)

    def _limit(self, part: tree.Big) -> Iterator[str]:
        lower = part.lower[0] if len(part.lower) == 1 else None
        if part.operator != "lim" or not isinstance(lower, tree.Relation) or not isinstance(lower.sides[0], tree.Name):
            raise _NotScalarError
        self.small.add(letter(lower.sides[0]))
        yield from self.letters(part.of)


def _are_numbers(parts: tuple[Part, ...]) -> bool:
    return all(isinstance(upper, tree.Number) for upper in flat(parts))


def _factors(part: Part) -> tuple[Part, ...]:
    return part.factors if isinstance(part, tree.Product) else (part,)


def _by(part: tree.Fraction) -> Part | None:
    """x in d/dx and in df(x)/dx."""
    under, over = _factors(part.under), _factors(part.over)
    signs = {letter(under[0]), letter(over[0])}
    is_derivative = len(under) == 2 and len(signs) == 1 and signs <= {"d", r"\partial"}
    return under[1] if is_derivative and isinstance(under[1], tree.Name) else None


def _over(part: tree.Fraction) -> tuple[Part, ...]:
    return _factors(part.over)[1:]


def settings(found: Scalar, setting: Setting, row: Notation) -> Iterator[Setting]:
    """One unit with one input, with each of the activations that the network has; of another letter, any."""
    is_sigma = not found.function or bool(spellings(found.function, row, ("sigma",)))
    activations = [f for _, _, f in setting.layers if f is None or f.name != "softmax"] if is_sigma else [None]
    for activation in dict.fromkeys(activations or [None]):
        yield Setting(sizes=(1, 1), activation=activation)


def lettered(found: Scalar, row: Notation) -> Notation:
    """The notation in which its letters are these."""
    for family, text in (("E", r"\epsilon"), ("z", found.argument), ("sigma", found.function)):
        row = _with(row, family, text) if text and not (family == "sigma" and _is_own(row, text)) else row
    if found.small:
        row = replace(row, also=(*_without(row.also, found.small), Spelling(LIMIT, found.small)))
        row = replace(row, letters={f: rf"\tilde{{{f}}}" if plain(t) == found.small else t
                                    for f, t in row.letters.items()})  # fmt: skip
    return row


def _is_own(row: Notation, text: str) -> bool:
    return bool(spellings(text, row, ("sigma",)))


def _with(row: Notation, family: str, text: str) -> Notation:
    old = row.letters[family]
    letters = {f: old if plain(t) == text else t for f, t in row.letters.items()}
    whole = {f: t for f, t in row.whole.items() if plain(t) != text}
    return replace(row, letters={**letters, family: text}, also=_without(row.also, text), whole=whole)


def _without(also: tuple[Spelling, ...], text: str) -> tuple[Spelling, ...]:
    return tuple(s for s in also if plain(s.letter) != text)


def limit(low: Lowering, part: tree.Big) -> Array:
    """The limit of a quotient of two terms that become 0: that of their slopes."""
    lower = part.lower[0] if len(part.lower) == 1 else None
    if not isinstance(lower, tree.Relation) or lower.relations != ("→",) or lower.sides[0] is None:
        raise Unknown(part.span, "a limit of this kind")
    at, to = low.number(lower.sides[0]), lower.sides[1]
    if not isinstance(at, Member) or at.family != LIMIT or not isinstance(to, tree.Number) or to.text != "0":
        raise Unknown(lower.span, "only limits of one number at 0 are understood here")
    over, under = low.number(part.of).as_numer_denom()
    zeros = [expand(e.xreplace({at: 0})) for e in (over, under)]
    slopes = [_slope(e, at).xreplace({at: 0}) for e in (over, under)]
    if zeros != [0, 0] or not slopes[1].is_number or slopes[1] == 0:
        raise Unknown(part.span, "only limits of difference quotients are understood here")
    return number(slopes[0] / slopes[1], part.span)


def _slope(e: Any, at: Any) -> Any:
    """The slope of a term by a number that nothing else depends on."""
    if e == at:
        return e / at
    if isinstance(e, Add):
        return Add(*(_slope(term, at) for term in e.args))
    if isinstance(e, Mul):
        first, rest = e.args[0], Mul(*e.args[1:])
        return _slope(first, at) * rest + first * _slope(rest, at)
    if isinstance(e, Pow) and e.exp.is_Integer:
        return e.exp * e.base ** (e.exp - 1) * _slope(e.base, at)
    if isinstance(e, Apply):
        f, u, order = e.args
        return Apply(f, u, order + 1) * _slope(u, at)
    return e * 0 if not e.has(at) else _refused(e)


def _refused(_: Any) -> Any:
    raise Unknown((0, 0), "a limit of this kind")


__all__ = ["LIMIT", "Scalar", "lettered", "limit", "scalar", "settings"]
