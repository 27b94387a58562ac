"""Activations of one's own: the text of an expression in z, read as a term in u.

The reader is written by hand: neither Python nor SymPy ever evaluates the text. Decimals are read exactly, and what
would take too long to work with is refused, so that any text gets an answer at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from math import comb, prod
from typing import Any, Final, NamedTuple

from sympy import Add, Integer, Mul, Pow, Rational, S

from ..networks import u
from ..surface.algebra import is_zero, polynomial
from ..surface.terms import Apply, Refused
from .vocabulary import FUNCTIONS, unknown

LONGEST = 500  # characters
DEEPEST = 40  # brackets and exponents inside one another
HIGHEST = 64  # power
MOST_DIGITS = 40  # of a number as it is written, and the most places that its exponent moves the point
LARGEST = 10**100  # number that is computed with, above and below the stroke
MOST_TERMS = 250  # of the expression multiplied out
MOST_FACTORS = 1000  # z and exp(z) that are multiplied together: exp(9 z) is nine of them to the kernel

TOKEN: Final = re.compile(
    r" *(?:(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)|(?P<name>[A-Za-z_][A-Za-z_0-9]*)"
    r"|(?P<sign>\*\*|[-+*/^(),])|(?P<end>\Z))"
)


class Token(NamedTuple):
    """A piece of the text: what it is, and where it begins."""

    kind: str
    text: str
    at: int


ALLOWED: Final = (
    f"An expression is made of the variable z, numbers, + - * /, ** with a whole number up to {HIGHEST}, brackets, and "
    f"{', '.join(sorted(FUNCTIONS, key=str.lower))}."
)


def parse(text: str) -> Any:
    """The term in u that ``text``, an expression in z, means: over exp, log, step, Phi and phi.

    ValueError where it is no such expression, with the place and with what is allowed; also where it does not depend
    on z, or divides by what is 0 whatever z is.
    """
    return _Reader(text).whole()


class _Reader:
    """Precedence as in Python: a power binds more tightly than a sign before it."""

    def __init__(self, text: str) -> None:
        self.text, self.depth, self.place = text, 0, 0
        if len(text) > LONGEST:
            raise self.error(f"longer than {LONGEST} characters", LONGEST, LONGEST + 1)
        self.tokens, at = list[Token](), 0
        while not self.tokens or self.tokens[-1].kind != "end":
            found = TOKEN.match(text, at)
            if found is None or found.lastgroup is None:
                at += len(text[at:]) - len(text[at:].lstrip(" "))
                raise self.error(f"{_shown(text[at])} has no meaning here", at, at + 1)
            self.tokens.append(Token(found.lastgroup, found[found.lastgroup], found.start(found.lastgroup)))
            at = found.end()

    def error(self, reason: str, start: int, end: int) -> ValueError:
        """What is wrong, with the text and a mark below the place."""
        first = max(0, start - 60)  # of what is shown
        shown = "".join(c if " " <= c <= "~" else "?" for c in self.text[first : first + 120])
        mark = " " * (start - first) + "^" * min(max(1, end - start), 120 - start + first)
        return ValueError(f"{reason}\n    {shown}\n    {mark}\n{ALLOWED}")

    def wrong(self, reason: str, since: int | None = None) -> ValueError:
        """The error about the token to come, or about all from the token ``since`` to the one before."""
        tokens = self.tokens[self.place : self.place + 1] if since is None else self.tokens[since : self.place]
        return self.error(reason, tokens[0].at, tokens[-1].at + len(tokens[-1].text))

    def take(self, *texts: str) -> str | None:
        """The next token if it is one of these."""
        token = self.tokens[self.place]
        if token.text not in texts:
            return None
        self.place += 1
        return token.text

    def checked(self, make: Callable[..., Any], since: int, *args: Any) -> Any:
        """``make(*args)`` if that can be worked with."""
        try:
            made = make(*args)
            reason = _unwieldy(made)
        except (ValueError, Refused) as error:
            raise self.wrong(str(error), since) from None
        if reason:
            raise self.wrong(reason, since)
        return made

    def whole(self) -> Any:
        e = self.sum()
        self.close("")
        if u.name not in polynomial(e).names:
            raise self.error("this does not depend on z", 0, len(self.text))
        return e

    def nested(self, inside: Callable[[], Any]) -> Any:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.wrong(f"more than {DEEPEST} brackets or exponents inside one another")
        e = inside()
        self.depth -= 1
        return e

    def sum(self) -> Any:
        since, e = self.place, self.product()
        while sign := self.take("+", "-"):
            right = self.product()
            e = self.checked(Add, since, e, right if sign == "+" else -right)
        return e

    def product(self) -> Any:
        since, e = self.place, self.signed()
        while sign := self.take("*", "/"):
            start, right = self.place, self.signed()
            e = self.checked(Mul, since, e, right if sign == "*" else self.checked(_power, start, right, S.NegativeOne))
        return e

    def signed(self) -> Any:
        negative = False
        while sign := self.take("+", "-"):
            negative ^= sign == "-"
        e = self.power()
        return -e if negative else e

    def power(self) -> Any:
        since, base = self.place, self.atom()
        if not self.take("**", "^"):
            return base
        start, exponent = self.place, self.nested(self.signed)
        if not isinstance(exponent, Integer) or abs(exponent) > HIGHEST:
            raise self.wrong(f"an exponent is a whole number, from -{HIGHEST} to {HIGHEST}", start)
        return self.checked(_power, since, base, exponent)

    def atom(self) -> Any:
        token = self.tokens[self.place]
        if token.kind == "number":
            return self.number()
        if token.text in FUNCTIONS:
            return self.call()
        if self.take("z"):
            return u
        if self.take("("):
            e = self.nested(self.sum)
            self.close(")")
            return e
        if token.kind == "name":
            raise self.wrong(unknown(token.text))
        raise self.wrong("a number, z, a function or a bracket is missing here")

    def close(self, bracket: str) -> None:
        """The closing bracket, or the end."""
        token = self.tokens[self.place]
        if token.kind in ("number", "name") or token.text == "(":
            raise self.wrong("an operator is missing: a product is written *")
        if token.text != bracket:
            raise self.wrong(f"a {bracket} is missing here" if bracket else "this ends nothing that has begun")
        self.place += 1

    def number(self) -> Any:
        since, token = self.place, self.tokens[self.place]
        self.place += 1
        digits, _, exponent = token.text.lower().partition("e")
        if len(digits) > MOST_DIGITS or len(exponent) > MOST_DIGITS or abs(int(exponent or 0)) > MOST_DIGITS:
            raise self.wrong(f"a number has at most {MOST_DIGITS} digits, and as many as its exponent", since)
        exact = Fraction(token.text)
        return Rational(exact.numerator, exact.denominator)

    def call(self) -> Any:
        since, name = self.place, self.tokens[self.place].text
        wanted, make = FUNCTIONS[name]
        self.place += 1
        if not self.take("("):
            raise self.wrong(f"{name} needs brackets: {name}({', '.join(['z', '0'][:wanted])})", since)
        args = [self.nested(self.sum)]
        while self.take(","):
            args.append(self.nested(self.sum))
        self.close(")")
        if len(args) != wanted:
            raise self.wrong(f"{name} takes {'one argument' if wanted == 1 else 'two arguments'}", since)
        return self.checked(make, since, *args)


def _shown(character: str) -> str:
    plain = "!" <= character <= "~"
    return character if plain else f"the character U+{ord(character):04X}"


def _power(base: Any, exponent: Any) -> Any:
    if exponent < 0 and is_zero(polynomial(base)):
        raise ValueError("this is 0, and divided by")
    return Pow(base, exponent)


def _unwieldy(e: Any) -> str | None:
    """Why the rules would take too long with this term, None if they do not."""
    if any(max(abs(number.p), number.q) >= LARGEST for number in e.atoms(Rational)):
        return f"numbers have at most {len(str(LARGEST)) - 1} digits"
    if any(abs(power.exp) > HIGHEST for power in e.atoms(Pow)):
        return f"this comes to a power above {HIGHEST}"
    parts = (e, *(apply.args[1] for apply in e.atoms(Apply)))
    if any(_terms(part) > MOST_TERMS for part in parts):
        return f"multiplied out, this has more than {MOST_TERMS} terms"
    if any(_degree(part) > MOST_FACTORS for part in parts):
        return f"exponentials and powers in this come to more than {MOST_FACTORS} factors"
    return None


def _terms(e: Any) -> int:
    """At most how many terms there are when sums, those that are divided by as well, are multiplied out."""
    if isinstance(e, Add):
        return sum(map(_terms, e.args))
    if isinstance(e, Mul):
        return prod(map(_terms, e.args))
    return comb(_terms(e.base) + abs(int(e.exp)) - 1, abs(int(e.exp))) if isinstance(e, Pow) else 1


def _degree(e: Any) -> int:
    """At most how many factors there are in a term when all is multiplied out."""
    if isinstance(e, Pow):
        return abs(int(e.exp)) * _degree(e.base)
    if isinstance(e, Apply):
        return max((abs(times) for monomial, _ in polynomial(e).terms for _, times in monomial.factors), default=0)
    return sum(map(_degree, e.args)) if e.args else 1
