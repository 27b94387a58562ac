"""Formulas of one's own: the text of an expression in z, read as a term in u; or in other variables.

The reader is written by hand: neither Python nor SymPy ever evaluates the text. Decimals are read exactly, and what
would take too long to work with is refused, so that any text gets an answer at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from math import comb, prod
from typing import Any, Final, NamedTuple

from sympy import Add, Integer, Mul, Pow, Rational, S

from ..core.index import found as found_in
from ..core.term import Applied, Group, Term
from ..networks import u
from ..surface.algebra import is_zero, polynomial
from ..surface.calculus import derivative
from ..surface.terms import Apply, Choice, Refused, free, substitute
from .named import BY_PLAIN_NAME, NAMED, plain
from .stable import unfolded
from .vocabulary import CONSTANTS, FUNCTIONS, choice, root, unknown

LONGEST = 500  # characters
DEEPEST = 40  # brackets and exponents inside one another
HIGHEST = 64  # power
MOST_DIGITS = 40  # of a number as it is written, and the most places that its exponent moves the point
LARGEST = 10**100  # number that is computed with, above and below the stroke
MOST_TERMS = 250  # of the expression multiplied out
HEAVIEST = 2000  # of a derivative: its weight
MOST_FACTORS = 1000  # z and exp(z) that are multiplied together: exp(9 z) is nine of them to the kernel

TOKEN: Final = re.compile(
    r" *(?:(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)|(?P<name>[A-Za-z_][A-Za-z_0-9]*)"
    r"|(?P<sign>\*\*|[<>]=?|[-+*/^(),])|(?P<end>\Z))"
)


class Token(NamedTuple):
    """A piece of the text: what it is, and where it begins."""

    kind: str
    text: str
    at: int


MOST_NODES: Final = 9_000  # of what the rules work with
MOST_DIVISORS: Final = 7  # different sums that are divided by: each is multiplied out
TOO_LONG: Final = "the derivative of this would take too long to prove: functions are too deep inside one another"
COMPARISONS: Final = ("<", "<=", ">", ">=")


def parse(text: str, names: Mapping[str, Any] | None = None) -> Any:
    """The term in u that ``text``, an expression in z, means: over the elementary functions and ``HELPERS``.

    ``names`` are other variables, and the terms that they stand for. ValueError where it is no such expression, with
    the place and with what is allowed; also where it does not depend on its variables, divides by what is 0 whatever
    they are, or would take too long to work with.
    """
    return _Reader(text, {"z": u} if names is None else names).whole()


class _Reader:
    """Precedence as in Python: a power binds more tightly than a sign before it."""

    def __init__(self, text: str, names: Mapping[str, Any]) -> None:
        self.text, self.names, self.depth, self.place = text, names, 0, 0
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
        return ValueError(f"{reason}\n    {shown}\n    {mark}\n{allowed(tuple(self.names))}")

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
            reason = unwieldy(made)
        except (ValueError, Refused) as error:
            raise self.wrong(str(error), since) from None
        if reason:
            raise self.wrong(reason, since)
        return made

    def whole(self) -> Any:
        e = self.sum()
        self.close("")
        variables = {symbol.name for term in self.names.values() for symbol in free(term)}
        if variables.isdisjoint(polynomial(unfolded(e)).names):
            raise self.error(f"this does not depend on {' or '.join(self.names)}", 0, len(self.text))
        if work(e, next(iter(self.names.values()))) > MOST_NODES:
            raise self.error(TOO_LONG, 0, len(self.text))
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
        if isinstance(exponent, Rational) and exponent.q == 2:
            base, exponent = self.checked(root, since, base), Integer(exponent.p)
        if not isinstance(exponent, Integer) or abs(exponent) > HIGHEST:
            raise self.wrong(f"an exponent is a whole number, from -{HIGHEST} to {HIGHEST}, or half of one", start)
        return self.checked(_power, since, base, exponent)

    def atom(self) -> Any:
        token = self.tokens[self.place]
        if token.kind == "number":
            return self.number()
        if self.take(*self.names):
            return self.names[token.text]
        if self.take(*CONSTANTS):
            return CONSTANTS[token.text]
        if token.text == "where":
            return self.where()
        if token.text in FUNCTIONS or plain(token.text) in BY_PLAIN_NAME:
            return self.call()
        if self.take("("):
            e = self.nested(self.sum)
            self.close(")")
            return e
        if token.kind == "name":
            raise self.wrong(unknown(token.text, tuple(self.names)))
        raise self.wrong("a number, z, a function or a bracket is missing here")

    def close(self, bracket: str) -> None:
        """The closing bracket, or the end."""
        token = self.tokens[self.place]
        if token.kind in ("number", "name") or token.text == "(":
            raise self.wrong("an operator is missing: a product is written *")
        if token.text in COMPARISONS:
            raise self.wrong("a comparison stands in where(z > 0, z, 0), and nowhere else")
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
        least, most, make = _called(name)
        self.place += 1
        if not self.take("("):
            raise self.wrong(f"{name} needs brackets: {name}({', '.join(['z', '0', '1'][:least])})", since)
        args = [self.nested(self.sum)]
        while self.take(","):
            args.append(self.nested(self.sum))
        self.close(")")
        if not least <= len(args) <= most:
            counts = " or ".join(COUNTS[count] for count in range(least, most + 1))
            raise self.wrong(f"{name} takes {counts} argument{'s' * (most > 1)}", since)
        return self.checked(make, since, *args)

    def where(self) -> Any:
        """A comparison, and what holds where it does and where it does not."""
        since, self.place = self.place, self.place + 1
        if not self.take("("):
            raise self.wrong("where needs brackets: where(z > 0, z, 0)", since)
        left = self.nested(self.sum)
        sign = self.take(*COMPARISONS)
        if sign is None:
            raise self.wrong("where begins with a comparison: where(z > 0, z, 0)", since)
        parts = [self.nested(self.sum)]
        while self.take(","):
            parts.append(self.nested(self.sum))
        self.close(")")
        if len(parts) != 3:
            raise self.wrong("where takes a comparison and two values: where(z > 0, z, 0)", since)
        right, first, second = parts
        return self.checked(_compared, since, left, sign, right, first, second)


COUNTS: Final = {1: "one", 2: "two", 3: "three"}


@cache
def allowed(variables: tuple[str, ...]) -> str:
    """What an expression in these variables may be made of."""
    called = f"variable{'s' * (len(variables) > 1)} {' and '.join(variables)}"
    functions = sorted({*FUNCTIONS, *NAMED, *CONSTANTS, "where"}, key=str.lower)
    return (
        f"An expression is made of the {called}, numbers, + - * /, ** with a whole number up to {HIGHEST} or half of "
        f"one, brackets, and {', '.join(functions)}."
    )


def _called(name: str) -> tuple[int, int, Callable[..., Any]]:
    """At least and at most how many arguments, and the term."""
    if name in FUNCTIONS:
        count, make = FUNCTIONS[name]
        return count, count, make
    row = NAMED[BY_PLAIN_NAME[plain(name)]]
    given = [text for text in row.parameters.values() if not text]

    def made(v: Any, *more: Any) -> Any:
        rest = list(row.parameters.items())[len(more) :]
        defaults = {name: _Reader(text, {}).sum() for name, text in rest}
        return _Reader(row.formula, {"z": v, **dict(zip(row.parameters, more, strict=False)), **defaults}).sum()

    return 1 + len(given), 1 + len(row.parameters), made


def _compared(left: Any, sign: str, right: Any, first: Any, second: Any) -> Any:
    """The first where the comparison holds, else the second. Where they are equal, ``>=`` and ``<=`` hold."""
    d = left - right if sign in (">", "<=") else right - left
    above, below = (first, second) if sign in (">", "<") else (second, first)
    if isinstance(d, Rational):
        return choice(d, above, below)
    return choice(d, _within(above, d), _within(below, -d))


def _within(e: Any, d: Any) -> Any:
    """``e``, which is looked at only where d >= 0: what might have no value elsewhere is given an argument from there.

    With d = z - c, z is max(z, c) there. So a program that computes both branches meets no overflow.
    """
    slope = d.coeff(u)
    if not isinstance(slope, Rational) or slope == 0 or not isinstance(d - slope * u, Rational):
        return e
    end = (slope * u - d) / slope
    inside = Choice(u - end, u, end) if slope > 0 else Choice(u - end, end, u)
    return _guarded(e, inside)


def _guarded(e: Any, inside: Any) -> Any:
    if (isinstance(e, Apply) and str(e.args[0]) in LIMITED) or (isinstance(e, Pow) and e.exp < 0):
        return substitute(e, {u: inside})
    return e.func(*(_guarded(arg, inside) for arg in e.args)) if e.args else e


LIMITED: Final = ("exp", "expm1", "log", "log1p", "sqrt")  # may overflow, or have no value


def _shown(character: str) -> str:
    plain = "!" <= character <= "~"
    return character if plain else f"the character U+{ord(character):04X}"


def _power(base: Any, exponent: Any) -> Any:
    if exponent < 0 and is_zero(polynomial(unfolded(base))):
        raise ValueError("this is 0, and divided by")
    return Pow(base, exponent)


def unwieldy(e: Any) -> str | None:
    """Why the rules would take too long with this term, None if they do not."""
    if weight(e).slope > HEAVIEST:
        return TOO_LONG
    e = unfolded(e)
    if any(max(abs(number.p), number.q) >= LARGEST for number in e.atoms(Rational)):
        return f"numbers have at most {len(str(LARGEST)) - 1} digits"
    if any(abs(power.exp) > HIGHEST for power in e.atoms(Pow)):
        return f"this comes to a power above {HIGHEST}"
    parts = (e, *(apply.args[1] for apply in e.atoms(Apply)), *(arg for c in e.atoms(Choice) for arg in c.args))
    if any(_terms(part) > MOST_TERMS for part in parts):
        return f"multiplied out, this has more than {MOST_TERMS} terms"
    if any(_degree(part) > MOST_FACTORS for part in parts):
        return f"exponentials and powers in this come to more than {MOST_FACTORS} factors"
    return None


def work(e: Any, variable: Any) -> int:
    """How many nodes a formula or its derivative has, multiplied out in exponentials and written without sharing.

    The time that the proofs take goes with it: some 3,000 a second.
    """
    whole = unfolded(e)
    value, slope = polynomial(whole), polynomial(derivative(whole, variable))
    nodes = max(_nodes(value), _nodes(slope))
    return nodes if len(found_in(slope, Group)) <= MOST_DIVISORS else max(nodes, MOST_NODES + 1)


@cache
def _nodes(p: Term) -> int:
    return sum(1 + sum(map(_nodes_of_atom, dict(m.factors))) for m, _ in p.terms)


@cache
def _nodes_of_atom(a: Any) -> int:
    return 1 + (_nodes(a.argument) if type(a) is Applied else _nodes(a.term) if type(a) is Group else 0)


class Weight(NamedTuple):
    """About how many terms a formula and its derivative have once everything is multiplied out in exponentials."""

    value: int
    slope: int


#: The same of the functions, in terms of what their derivatives are multiplied with.
WEIGHTS: Final = {"tanh": (2, 5), "expm1": (2, 1), "erf": (2, 1)}


@cache
def weight(e: Any) -> Weight:
    """How much work a formula is: what is nested multiplies."""
    if isinstance(e, Apply):
        value, slope = WEIGHTS.get(str(e.args[0]), (1, 1))
        inner = weight(e.args[1])
        return Weight(value, slope * inner.slope * max(1, inner.value))
    if isinstance(e, Add | Choice):
        parts = [weight(arg) for arg in e.args]
        return Weight(sum(part.value for part in parts), sum(part.slope for part in parts))
    if isinstance(e, Mul | Pow):
        times = abs(int(e.exp)) if isinstance(e, Pow) else 1
        parts = [weight(e.base)] if isinstance(e, Pow) else [weight(arg) for arg in e.args]
        value = prod(part.value for part in parts)
        return Weight(value, sum(value // part.value * part.slope for part in parts) * min(times, 2))
    return Weight(1, 1 if free(e) else 0)


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
