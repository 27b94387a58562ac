"""What terms and networks of the core mean, computed from the plain parts of nodes alone: none of the core's code runs.

A model gives each size a positive integer, each family a number for every tuple of integers, in its range or not,
and each function a number for every argument. Numbers are modulo a prime, or floats (``real``), and come as pairs of
a value and its tangent. Everything is total: 1/0 = 0 and x^0 = [x is not 0]. A sum over all integers is taken over a
window larger than any range here; a bracket that bounds a variable, once the others have values, makes it smaller.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any

PRIME = 2**61 - 1
WINDOW = (-40, 40)
Pair = tuple[Any, Any]
Stack = list[int]
Names = Mapping[str, int]
_PLAIN: dict[int, tuple[Any, Any]] = {}


def plain(x: Any) -> Any:
    """Nodes as nested tuples: the name of the kind, then the parts. Sets become tuples too."""
    if not hasattr(x, "parts"):
        return tuple(map(plain, x)) if type(x) in (tuple, frozenset) else x
    known = _PLAIN.get(id(x))
    if known is None or known[0] is not x:
        known = _PLAIN[id(x)] = (x, (type(x).__name__, *map(plain, x.parts)))
    return known[1]


def own_places(d: Any, n: int, *, inside_a_size: bool = False) -> Iterator[tuple[int, bool]]:
    """The places below n that occur in an index expression, and whether that is within a size."""
    for b, _ in d[2]:
        if b[0] == "Bound" and b[1] < n:
            yield b[1], inside_a_size
        elif b[0] == "Size":
            for i in b[2]:
                yield from own_places(i, n, inside_a_size=True)


def shaped(n: int, forms: Iterable[Any]) -> list[Any]:
    """Forms that are at least 0, the places below n in each, and the slopes of those outside sizes."""
    return [(d, dict(own_places(d, n)), {b[1]: c for b, c in d[2] if b[0] == "Bound" and b[1] < n}) for d in forms]


class Model:
    """A network, numbers for its sizes and random data; ``sizes`` has functions of their indices, by name."""

    def __init__(
        self,
        net: Any = None,
        sizes: Mapping[str, Callable[..., int]] | None = None,
        seed: Any = 0,
        *,
        real: bool = False,
    ) -> None:
        _, families, self.equations, functions, known = ("", (), (), (), ()) if net is None else plain(net)
        self.ranges = {f[1]: f[2] for f in families}
        self.by_family: dict[str, list[Any]] = {}
        for e in self.equations:
            self.by_family.setdefault(e[1], []).append(e)
        self.functions = {f[1]: f[2] for f in functions}
        self.known = {(s[1], tuple(i[1] for i in s[2])): c for s, c in known}
        self.sizes, self.seed, self.real = sizes or {}, seed, real
        self.given: dict[tuple[str, tuple[int, ...]], Any] = {}
        self.passes: dict[Any, dict[Any, Pair | None]] = {}
        self.shapes: dict[int, Any] = {}
        self.argument: Pair = (0, 0)

    # Numbers.

    def random(self, *what: Any) -> Any:
        n = int.from_bytes(blake2b(repr((self.seed, what)).encode(), digest_size=8).digest(), "big")
        return 0.25 + (n % 10**6) / 10**6 if self.real else n % PRIME

    def number(self, c: Any) -> Any:
        return c.numerator / c.denominator if self.real else c.numerator * pow(c.denominator, -1, PRIME) % PRIME

    def norm(self, v: Any) -> Any:
        return v if self.real else v % PRIME

    def power(self, v: Any, dv: Any, e: int) -> Pair:
        if e == 1:
            return v, dv
        if e == 0:
            return int(v != 0), 0
        if not v:
            return 0, 0
        if self.real:
            return v**e, e * v ** (e - 1) * dv
        return pow(v, e, PRIME), e * pow(v, e - 1, PRIME) * dv % PRIME

    # Indices.

    def index(self, d: Any, names: Names, stack: Stack) -> int:
        return d[1] + sum(c * self.basic(b, names, stack) for b, c in d[2])

    def basic(self, b: Any, names: Names, stack: Stack) -> int:
        if b[0] == "Variable":
            return names[b[1]]
        if b[0] == "Bound":
            return stack[b[1]]
        at = tuple(self.index(i, names, stack) for i in b[2])
        if (b[1], at) in self.known:
            return self.known[b[1], at]
        if b[1] in self.sizes:
            return self.sizes[b[1]](*at)
        return 1 + int.from_bytes(blake2b(repr((self.seed, b[1], at)).encode(), digest_size=2).digest(), "big") % 3

    # Terms.

    def value(self, p: Any, names: Names | None = None, stack: Stack | None = None) -> Any:
        """The value of a term."""
        return self.term(plain(p), names or {}, stack or [], None)[0]

    def term(self, p: Any, names: Names, stack: Stack, x: Any) -> Pair:
        v, dv = 0, 0
        for m, c in p[1]:
            a, da = self.sum(m, names, stack, x)
            factor = self.number(c)
            v, dv = v + factor * a, dv + factor * da
        return self.norm(v), self.norm(dv)

    def sum(self, m: Any, names: Names, stack: Stack, x: Any) -> Pair:
        n, conditions, rest = self.shape(m)
        v, dv = 0, 0
        for own in self.assignments(n, conditions, names, stack) if n else [[]]:
            inner = [*own, *stack]
            if all(self.index(d, names, inner) >= 0 for d, *_ in conditions):
                a, da = self.product(rest, names, inner, x)
                v, dv = v + a, dv + da
        return v, dv

    def shape(self, m: Any) -> tuple[int, list[Any], list[Any]]:
        """How many variables a monomial binds, its brackets with the places in them, and its other factors."""
        if id(m) not in self.shapes:
            n = m[1]
            conditions = shaped(n, (a[1] for a, _ in m[2] if a[0] == "Bracket"))
            self.shapes[id(m)] = (m, (n, conditions, [f for f in m[2] if f[0][0] != "Bracket"]))
        return self.shapes[id(m)][1]

    def assignments(self, n: int, conditions: list[Any], names: Names, stack: Stack) -> Iterator[list[int]]:
        """Values of the n variables in the window, at least all those that meet the conditions."""
        own = [0] * n

        def go(left: frozenset[int]) -> Iterator[list[int]]:
            if not left:
                yield list(own)
                return
            lo, hi, place = min(
                (self.ends(i, left, conditions, names, [*own, *stack]) for i in left), key=lambda r: r[1] - r[0]
            )
            for i in range(lo, hi + 1):
                own[place] = i
                yield from go(left - {place})
            own[place] = 0

        return go(frozenset(range(n)))

    def ends(
        self, place: int, left: frozenset[int], conditions: list[Any], names: Names, stack: Stack
    ) -> tuple[int, int, int]:
        lo, hi = WINDOW
        for d, places, slopes in conditions:
            if (
                left & places.keys() == {place}
                and place in slopes
                and not any(p == place and deep for p, deep in own_places(d, place + 1))
            ):
                rest, slope = self.index(d, names, stack), slopes[place]  # slope * x + rest >= 0
                if slope > 0:
                    lo = max(lo, -(rest // slope))
                else:
                    hi = min(hi, rest // -slope)
        return lo, hi, place

    def product(self, factors: list[Any], names: Names, stack: Stack, x: Any) -> Pair:
        v, dv = 1, 0
        for a, e in factors:
            u, du = self.power(*self.atom(a, names, stack, x), e)
            v, dv = self.norm(v * u), self.norm(v * du + dv * u)
        return v, dv

    def atom(self, a: Any, names: Names, stack: Stack, x: Any) -> Pair:
        kind = a[0]
        if kind == "Quantity":
            return self.argument if a[1] == "?" else self.quantity(*self.member(a, names, stack), x)
        if kind == "Derivative":
            return self.quantity(*self.member(a[1], names, stack), self.member(a[2], names, stack))[1], 0
        if kind == "Partial":
            at = tuple(self.index(i, names, stack) for i in a[3])
            return self.random("partial", *self.member(a[1], names, stack), a[2], at), 0
        if kind == "Bracket":
            return int(self.index(a[1], names, stack) >= 0), 0
        if kind == "Value":
            return self.norm(self.basic(a[1], names, stack)), 0
        if kind == "Group":
            return self.term(a[1], names, stack, x)
        assert kind == "Applied", kind
        return self.applied(a[1], a[2], *self.term(a[3], names, stack, x))

    def applied(self, name: str, degree: int, u: Any, du: Any) -> Pair:
        if name in self.functions:
            assert degree < 2
            before, self.argument = self.argument, (u, 1 if degree else du)
            v, dv = self.term(self.functions[name], {}, [], None)
            self.argument = before
            return (dv, 0) if degree else (v, dv)
        if self.real:
            f, slope = ELEMENTARY.get(name) or _wave(name, degree)
            return (slope(u), 0) if degree and name in ELEMENTARY else (f(u), slope(u) * du)
        assert name not in ELEMENTARY or name == "log", f"{name} modulo a prime"
        slope = self.power(u, 0, -1)[0] if name == "log" else self.random("function", name, degree + 1, u)
        return self.random("function", name, degree, u), self.norm(slope * du)

    # Quantities.

    def member(self, q: Any, names: Names, stack: Stack) -> tuple[str, tuple[int, ...]]:
        return q[1], tuple(self.index(i, names, stack) for i in q[2])

    def quantity(self, name: str, at: tuple[int, ...], x: Any) -> Pair:
        """The value, and the tangent where x has the tangent 1 instead of its own."""
        memo = self.passes.setdefault(x, {})
        if (name, at) not in memo:
            memo[name, at] = None
            v, dv = self.computed(name, at, x)
            memo[name, at] = v, 1 if (name, at) == x else dv
        found = memo[name, at]
        assert found is not None, "a circle"
        return found

    def is_inside(self, name: str, at: tuple[int, ...]) -> bool:
        ranges = self.ranges.get(name, ())
        return len(ranges) == len(at) and all(
            self.index(lo, {}, list(at)) <= i <= self.index(hi, {}, list(at))
            for i, (lo, hi) in zip(at, ranges, strict=True)
        )

    def equation(self, name: str, at: tuple[int, ...]) -> Any:
        """The one that holds there, None if there is none."""
        candidates = self.by_family.get(name, ())
        if not candidates or not self.is_inside(name, at):
            return None
        found = [e for e in candidates if all(self.index(d, {}, list(at)) >= 0 for d in e[2])]
        assert len(found) < 2, "two equations"
        return found[0] if found else None

    def computed(self, name: str, at: tuple[int, ...], x: Any) -> Pair:
        e = self.equation(name, at)
        if e is None:
            return self.given[name, at] if (name, at) in self.given else self.random("datum", name, at), 0
        if e[3] is not None:
            return self.term(e[3], {}, list(at), x)
        tangent = 0
        for slot, (_, n, conditions, q) in enumerate(e[4]):
            for own in self.assignments(n, shaped(n, conditions), {}, list(at)):
                inner = [*own, *at]
                if all(self.index(d, {}, inner) >= 0 for d in conditions):
                    tangent += (
                        self.random("partial", name, at, slot, tuple(own))
                        * self.quantity(*self.member(q, {}, inner), x)[1]
                    )
        return self.random("open", name, at), self.norm(tangent)

    # Hypotheses.

    def holds(self, h: Any, names: Names, window: range = range(-8, 16)) -> bool:
        """Whether a hypothesis does; what it binds runs over the window."""
        _, n, conditions, claim = plain(h)
        for own in self.assignments(n, shaped(n, conditions), names, []):
            if (
                all(i in window for i in own)
                and all(self.index(d, names, own) >= 0 for d in conditions)
                and not self.claim(claim, names, own)
            ):
                return False
        return True

    def claim(self, claim: Any, names: Names, stack: Stack) -> bool:
        if claim[0] == "InRange":
            return self.index(claim[1], names, stack) >= 0
        values = [self.term(p, names, stack, None)[0] for p in claim[1:]]
        if claim[0] == "NonZero":
            return bool(values[0])
        if claim[0] == "Positive":
            assert self.real, "nothing is positive modulo a prime"
            return bool(values[0] > 0)
        return self.equal(*values)

    def equal(self, v: Any, w: Any) -> bool:
        return math.isclose(v, w, rel_tol=1e-9, abs_tol=1e-9) if self.real else v == w

    def agrees(self, p: Any, names: Names) -> bool:
        """Whether the sides of a theorem have the same value here."""
        return self.equal(self.value(p.lhs, names), self.value(p.rhs, names))


def _density(u: float) -> float:
    return math.exp(-u * u / 2) / math.sqrt(2 * math.pi)


#: Functions and their derivatives.
ELEMENTARY: dict[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "exp": (math.exp, math.exp),
    "log": (lambda u: math.log(abs(u)) if u else 0.0, lambda u: 1 / u if u else 0.0),
    "sqrt": (lambda u: math.sqrt(abs(u)), lambda u: 0.5 / math.sqrt(abs(u)) if u else 0.0),
    "step": (lambda u: float(u > 0), lambda _: 0.0),
    "Phi": (lambda u: (1 + math.erf(u / math.sqrt(2))) / 2, _density),
    "phi": (_density, lambda u: -u * _density(u)),
}


def _wave(name: str, degree: int) -> tuple[Callable[[float], float], Callable[[float], float]]:
    """sin, of another frequency for each name, and its derivatives."""
    w = 1 + sum(map(ord, name)) % 7 / 7
    f = lambda k: lambda u: w**k * math.sin(w * u + k * math.pi / 2)  # noqa: E731
    return f(degree), f(degree + 1)
