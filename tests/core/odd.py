"""Objects that are not what they look like, or equal everything."""

from __future__ import annotations

import numbers
from fractions import Fraction

from sympy import Integer, Rational, Symbol

from backproof.core.index import NODES, Node


class EvilInt(int):
    def __eq__(self, other):
        return True

    def __hash__(self):
        return hash(7)


class EvilStr(str):
    __slots__ = ()

    def __eq__(self, other):
        return True

    def __hash__(self):
        return hash("k")


class EvilTuple(tuple):
    __slots__ = ()
    shown = ()

    def __iter__(self):
        return iter(EvilTuple.shown)

    def __eq__(self, other):
        return True

    def __hash__(self):
        return hash(())


class EvilFraction(Fraction):
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 7


class MoreThanItSays(int):
    """It equals a number and multiplies as 5; the numerator of a Fraction that is made of it."""

    @property
    def numerator(self):
        return self

    def __mul__(self, other):
        return 5 * int(other)

    __rmul__ = __mul__


@numbers.Rational.register
class Ratio:
    """What calls itself rational: a Fraction that is made of it takes both numbers as they are."""

    def __init__(self, numerator, denominator):
        self.numerator, self.denominator = numerator, denominator


class EvilSet(frozenset):
    def __eq__(self, other):
        return True

    def __hash__(self):
        return hash(frozenset())


class EvilSymbol(Symbol):
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 7


class EvilInteger(Integer):
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 7


ODD = (
    EvilInt(7),
    EvilStr("k"),
    EvilTuple((1, 2)),
    EvilFraction(7),
    EvilSet(),
    EvilSymbol("zzz"),
    EvilInteger(7),
    True,
    False,
    7.0,
    float("nan"),
    None,
    b"k",
    object(),
    [],
    {},
    set(),
    Symbol("k"),
    Integer(7),
    Rational(1, 2),
    int,
    lambda *_: 7,
    complex(7),
    ...,
    Fraction(1, 2),
)


def is_exact(made):
    """Whether it is a node of the core's own, made of such and of plain integers, strings and fractions."""
    if type(made) in (tuple, frozenset):
        return all(map(is_exact, made))
    if isinstance(made, Node):
        return NODES.get((type(made), made.parts)) is made and all(map(is_exact, made.parts))
    return type(made) in (int, str, Fraction) or made is None


def twin(real, **parts):
    """Something that is equal to ``real``, also as a key, and has other parts."""

    class Twin:
        __slots__ = ("__dict__",)

        def __eq__(self, other):
            return True

        def __hash__(self):
            return hash(real)

    made = Twin()
    made.__dict__ |= parts
    return made
