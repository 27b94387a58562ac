"""The brute-force judge: a small concrete network is composed whole, and what comes out is differentiated.

To find dy/dx, the quantity x of a small network gets t added, all others being whole numbers; y is multiplied out to
one polynomial in t by SymPy, with exact coefficients, and that is differentiated term by term: no chain rule anywhere.
An activation that the network leaves open is a polynomial, and so is an unspecified cost. Where elementary functions
come in, dy/dx is what it is defined as, (y(t) - y(0))/t for a small t, in numbers of 120 digits (``digits``).
Every entry for every value of the indices is compared.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

import sympy
from sympy import QQ, ZZ, Integer, Pow, Rational, Symbol

from ..surface.network import Network
from ..surface.terms import Apply, D, M, Mults
from .answer import DIFFERENT, NOTHING, Answer, Counterexample, differ, malformed, unsupported
from .digits import DIGITS, Moved, moved, number, unmoved
from .worlds import own
from .worlds.shapes import EXAMPLES, Shape, fixed_depth
from .worlds.sizes import whole
from .worlds.statement import statement
from .worlds.terms import family, members
from .worlds.verdicts import Malformed, Undefined, Unsupported
from .worlds.world import Key, World

TOLERANCE = 1e-25
TINY = 1e-10  # numbers that are smaller are what is left of larger ones that cancel
WIDTHS = ((2, 3, 2), (2, 1, 3, 2))
U = Symbol("u", real=True)
POLYNOMIALS = (2 * U + U**2 - U**3, U - 2 * U**2)  # of a shallow network; of a deeper, or recurrent, one
LOGISTIC = 1 / (1 + sympy.exp(-U))
BODIES = {
    "exp": sympy.exp(U),
    "log": sympy.log(U),
    "sqrt": sympy.sqrt(U),
    "Phi": sympy.erfc(-U / sympy.N(sympy.sqrt(2), DIGITS.dps)) / 2,
    "phi": sympy.exp(-(U**2) / 2) / sympy.N(sympy.sqrt(2 * sympy.pi), DIGITS.dps),
}
ELEMENTARY = frozenset({*BODIES, "step"})
DEEP = 4


class Polynomials(World):
    """Numbers are integers; shifted ones are polynomials in t, multiplied out."""

    domain: Any = ZZ

    def __init__(self, net: Network, shape: Shape, seed: str) -> None:
        super().__init__(net, shape, seed)
        _, self.t = sympy.ring("t", self.domain)
        deep = len(shape.widths) >= DEEP or bool(own.recurrent(net))
        self.polynomial = POLYNOMIALS[deep]

    def draw(self, key: Any) -> Any:
        return self.domain(_odd(f"{self.seed}{key}"))

    def number(self, value: Any) -> Any:
        return self.domain(value) if isinstance(value, int) else value

    def rational(self, top: int, bottom: int) -> Any:
        raise Unsupported(f"{top}/{bottom} in whole numbers")

    def inverse(self, value: Any) -> Any:
        raise Unsupported(f"1/{value} in whole numbers")

    def function(self, name: str, times: int, u: Any) -> Any:  # noqa: ARG002 - any name is that of the polynomial
        result = 0
        for coefficient in _coefficients(self.polynomial, times):
            result = result * u + self.domain(coefficient)
        return result

    def unspecified(self, key: Key, inputs: list[tuple[Key, Any]]) -> Any:
        """(sum of c v)^2 + sum of c' v^2: it depends on every input, with cross terms."""
        inner = sum(self.draw((key, name)) * value for name, value in inputs)
        return inner**2 + sum(self.draw((key, name, 2)) * value**2 for name, value in inputs)

    def shift(self, value: Any) -> Any:
        return value + self.t

    def is_shifted(self, value: Any) -> bool:
        return isinstance(value, type(self.t))

    def slope(self, value: Any) -> Any:
        return value.diff(self.t).evaluate(self.t, 0) if self.is_shifted(value) else 0

    def differ(self, lhs: Any, rhs: Any) -> bool:
        """Whether the two numbers are different."""
        return bool(lhs != rhs)


class Quotients(Polynomials):
    """Numbers are rational."""

    domain = QQ

    def rational(self, top: int, bottom: int) -> Any:
        return QQ(top, bottom)

    def inverse(self, value: Any) -> Any:
        if self.is_shifted(value):
            raise Unsupported("a quotient that is no polynomial")
        if value == 0:
            raise Undefined("division by 0")
        return QQ(1) / value


@lru_cache(maxsize=2**14)
def _odd(text: str) -> int:
    """An odd number from -31 to 31, the same for the same text."""
    return 2 * (hashlib.blake2b(text.encode(), digest_size=8).digest()[0] % 32) - 31


@lru_cache(maxsize=16)
def _coefficients(polynomial: Any, times: int) -> tuple[Any, ...]:
    found = sympy.Poly(sympy.diff(polynomial, U, times), U).all_coeffs()
    return tuple(map(int, found))


class Digits(World):
    """Numbers have 120 digits; shifted ones are there twice, for t = 0 and for a small t."""

    def draw(self, key: Any) -> Any:
        return DIGITS.mpf(_odd(f"{self.seed}{key}")) / 32

    def number(self, value: Any) -> Any:
        return DIGITS.mpf(value) if isinstance(value, int) else value

    def rational(self, top: int, bottom: int) -> Any:
        return DIGITS.mpf(top) / bottom

    def inverse(self, value: Any) -> Any:
        if unmoved(value) == 0:
            raise Undefined("division by 0")
        return moved(lambda u: 1 / u, self.number(value))

    def function(self, name: str, times: int, u: Any) -> Any:
        if name == "step":
            return 0 if times else int(bool(unmoved(u) > 0))
        if name in ("log", "sqrt") and not unmoved(u) > 0:
            raise Undefined(f"{name} of a number that is not positive")
        formula = _derivative(BODIES.get(name, LOGISTIC), times)
        return moved(lambda at: number(formula, at), u)

    def unspecified(self, key: Key, inputs: list[tuple[Key, Any]]) -> Any:
        inner = sum(self.draw((key, name)) * value for name, value in inputs)
        return inner**2 + sum(self.draw((key, name, 2)) * value**2 for name, value in inputs)

    def shift(self, value: Any) -> Any:
        return Moved.by_t(value)

    def is_shifted(self, value: Any) -> bool:
        return isinstance(value, Moved)

    def slope(self, value: Any) -> Any:
        return value.slope if isinstance(value, Moved) else 0

    def is_zero(self, value: Any) -> bool:
        return bool(abs(value) < TOLERANCE)

    def differ(self, lhs: Any, rhs: Any) -> bool:
        """Whether the two numbers are different, up to the digits kept."""
        return bool(abs(lhs - rhs) > TOLERANCE * max(abs(lhs), abs(rhs), TINY))


@lru_cache(maxsize=16)
def _derivative(body: Any, times: int) -> Any:
    return sympy.diff(body, U, times)


def _mentions(e: Any, head: Any, names: frozenset[str] = frozenset()) -> bool:
    """Whether ``e`` has this head, with a first argument that is one of the names (if there are any)."""
    if isinstance(e, Mults):
        return False
    here = isinstance(e, head) and (not names or str(e.args[0]) in names)
    return here or any(_mentions(arg, head, names) for arg in e.args)


def _kind(terms: Any) -> Any:
    """The numbers that these terms need."""
    if any(_mentions(e, Apply, ELEMENTARY) for e in terms):
        return Digits
    return Quotients if any(map(_divides, terms)) else Polynomials


def _divides(e: Any) -> bool:
    fraction = isinstance(e, Rational) and not isinstance(e, Integer)
    return fraction or (isinstance(e, Pow) and e.exp.is_negative) or any(map(_divides, e.args))


@lru_cache(maxsize=64)
def _kind_of(net: Network) -> Any:
    shares = [1 / M for d in net.definitions if {own.POSITIVE, own.SUMS_TO_1} <= {*d.facts}]
    return _kind([d.body for d in net.definitions if d.body is not None] + [f.body for f in net.functions] + shares)


@lru_cache(maxsize=64)
def models(net: Network, kind: Any) -> tuple[Any, ...]:
    """Small networks of that kind; of equal widths if need be."""
    shapes = _small(net, 1 if kind is Digits else 2)
    if not whole(net, shapes):
        shapes = [Shape((2,) * (fixed_depth(net) or 3), EXAMPLES)]
    return tuple(kind(net, shape, f" {place}") for place, shape in enumerate(shapes))


def _small(net: Network, most: int) -> list[Shape]:
    if net.widths is not None:
        return [Shape(net.widths, 2)] * most
    if net.depth is None:
        return list(own.small(net))
    depth = fixed_depth(net)
    if depth is not None:
        return [Shape(tuple(2 + place % 2 for place in range(depth)), 2)] * most
    return [Shape(widths, 2) for widths in WIDTHS[:most]]


def judge(net: Network, lhs: Any, rhs: Any, hypotheses: frozenset[Any] = frozenset()) -> Answer:
    """Whether ``lhs = rhs`` holds in small concrete networks, at every value of the indices."""
    try:
        claim = statement(net, lhs, rhs, hypotheses)
        kind = max(_kind_of(claim.net), _kind(claim.terms), key=(Polynomials, Quotients, Digits).index)
        compared = [(model.shape, *_compare(claim, model)) for model in models(claim.net, kind)]
    except Malformed as why:
        return malformed(why)
    except Unsupported as why:
        return unsupported(why)
    networks = {str(shape): count for shape, count, _ in compared if count}  # at another point, the same counts once
    if not networks:
        return unsupported(NOTHING)
    entries = sum(networks.values())
    partials = entries if _is_backward(net, lhs, rhs) else 0
    failure = next((failure for *_, failure in compared if failure), None)
    if failure:
        return Answer("refuted", DIFFERENT, failure, tuple(networks), entries, partials)
    return Answer("holds", f"equal in {len(networks)} networks", None, tuple(networks), entries, partials)


def _compare(claim: Any, model: Any) -> tuple[int, Counterexample | None]:
    """How many entries were compared, and where the first two differ."""
    failure, count = None, 0
    for entry in claim.cases(model):
        count += 1
        if failure is None and model.differ(entry.lhs, entry.rhs):
            failure = differ(model.shape, entry.indices, str(entry.lhs), str(entry.rhs))
    return count, failure


def _is_backward(net: Network, *sides: Any) -> bool:
    """Whether a side speaks of a derivative, or of what is defined by one."""
    return any(_mentions(side, D) or _families(side) & _looking_back(net) for side in sides)


@lru_cache(maxsize=64)
def _looking_back(net: Network) -> frozenset[str]:
    """The families that are defined by a derivative, or by such families."""
    defined = [(family(d.head), d.body) for d in net.definitions if d.body is not None]
    found = {name for name, body in defined if _mentions(body, D)}
    for _ in defined:
        found |= {name for name, body in defined if _families(body) & found}
    return frozenset(found)


def _families(e: Any) -> set[str]:
    return {family(m) for m in members(e, every=True)}
