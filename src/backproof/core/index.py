"""Nodes, which everything in the core is made of, and index expressions: integer-linear forms over variables and sizes.

A node is made once: the same parts give the same object, so that equal is identical, and nobody else can make one. What
is bound has no name: ``Bound(0)`` belongs to the innermost binder around it, ``Bound(1)`` to the next.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import cache, singledispatch, wraps
from math import gcd
from operator import call
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints


class Refused(Exception):  # noqa: N818 - a refusal is a verdict of the kernel, not an error of the program
    """A rule does not apply, or what was given is no term. ``rule`` names what refuses and ``reason`` says why."""

    def __init__(self, rule: str, reason: str) -> None:
        super().__init__(f"{rule}: {reason}")
        self.rule, self.reason = rule, reason


#: What Python says where something is not what it is taken for.
FAULTS = (ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, TypeError, ValueError)


def require(holds: Any, name: str, reason: str, *about: Any) -> None:
    """Refused in the name of a rule or a maker unless ``holds``; ``about`` fills the braces of the reason."""
    if not holds:
        raise Refused(name, reason.format(*about))


@singledispatch
def shown(e: Any) -> str:
    """A node in a message. What prints for people registers how (``verify/``); no theorem depends on it."""
    return f"{type(e).__name__}{e.parts}"


def closed(*_: Any) -> Any:
    """Nobody but the makers and rules makes nodes and theorems, and they do not change."""
    raise TypeError("nodes and theorems come out of the core's makers and rules only, and are written as plain data")


class Kind(type):
    """A kind of node: the annotations of its class are its parts, in this order, and their types are checked.

    Once the core is there, nobody makes another (``kernel.py``, at its end).
    """

    __setattr__ = closed

    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> Any:
        made: Any = super().__new__(cls, name, bases, {**body, "__slots__": tuple(body.get("__annotations__", ()))})
        OWN.add(id(made))
        return made


#: Types by identity: a type may call itself equal to another. Things of the first ones are equal to their like alone.
OWN, MANY = set(map(id, (int, str, NoneType, Kind))), frozenset(map(id, (tuple, frozenset)))


class Closed(metaclass=Kind):
    """What nobody else makes, and what does not change."""

    __setattr__ = __delattr__ = __reduce__ = closed

    def __new__(cls, *_: Any) -> Any:
        return closed()


class Node(Closed):
    """``parts``: what it is made of; ``loose``: one more than the last variable bound outside; ``names``: free ones."""

    parts: tuple[Any, ...]
    loose: int
    names: frozenset[str]
    weight: int

    def __repr__(self) -> str:
        return shown(self)


class Variable(Node):
    """A free index variable: any integer."""

    name: str


class Bound(Node):
    """A bound one."""

    place: int


class Size(Node):
    """A positive integer, which may depend on indices: L, n(l)."""

    name: str
    indices: tuple[Index, ...]


class Index(Node):
    """``constant`` + the sum of coefficient * variable or size."""

    constant: int
    terms: frozenset[tuple[Variable | Bound | Size, int]]


Basic = Variable | Bound | Size
NODES: dict[Any, Any] = {}
# The most: variables bound at once; nodes below one, each as often as it is there; letters of a name; bits of a number.
MOST_BOUND, MOST_NODES, LONGEST, BITS = 10_000, 1_000_000, 64, 10_000
NAME = re.compile(r"[^\W\d]\w*'*|\?[0-9]*", re.ASCII)  # so that nothing else that is printed looks like one
WORDS = re.compile(r"[^\W\d]\w*(-\w+)*'*", re.ASCII)  # of functions, whose names have <0> behind them
NORMAL = frozenset(("Index", "Monomial", "Term"))  # kinds that have a normal form, so that equal is identical
N = TypeVar("N", bound=Node)
F = TypeVar("F", bound=Callable[..., Any])


def node(kind: type[N], *parts: Any) -> N:
    """The node of that kind with these parts, of the types that its class says; for kinds that need no more."""
    require(kind.__name__ not in NORMAL, kind.__name__, "its maker alone knows its normal form")
    return _build(kind, *parts)


def _build(kind: type[N], *parts: Any) -> N:
    """``node``, for the makers of all kinds: what has a normal form is given in it."""
    found: N | None = NODES.get((kind, parts))
    if found is None:
        name = WORDS if hasattr(kind, "function") else NAME
        fits = test_of(kind)((parts,)) and all(len(p) <= LONGEST and name.fullmatch(p) for p in parts if type(p) is str)
        fits = fits and (kind is Index or all(0 <= p <= MOST_BOUND for p in parts if type(p) is int))
        require(fits, kind.__name__, "it is not made of {}", parts)
        if kind.__name__ in NORMAL:  # what rules rely on, whoever calls this: each is there once, and sums have ends
            once, sums = dict(parts[-1]), hasattr(kind, "bound")
            alone = len(once) == len(parts[-1]) and (sums or all(once.values()))
            require(alone, kind.__name__, "not each is there once in {}", parts)
            ended = not sums or bounded(parts[0], frozenset(a.form for a in once if hasattr(a, "form")))
            require(ended, "sum", "a sum without end: {}", parts)
        found, below = object.__new__(kind), nodes(parts)
        weight = sum([b.weight for b in below], 1)
        require(weight <= MOST_NODES, kind.__name__, "more than {} nodes", MOST_NODES)
        loose = parts[0] + 1 if kind is Bound else max([b.loose for b in below], default=0)
        names: frozenset[str] = frozenset(parts if kind is Variable else ()).union(*[b.names for b in below])
        own = parts[0] if hasattr(kind, "bound") else 0  # binds so many variables
        values = (parts, max(loose - own, 0), names, weight, *parts)
        for slot, value in zip((*Node.__slots__, *kind.__slots__), values, strict=True):  # type: ignore[attr-defined]
            object.__setattr__(found, slot, value)
        found = NODES.setdefault((kind, parts), found)  # another thread may have made it meanwhile: there is one
    return found


def types_of(made: Any) -> tuple[Any, ...]:
    """The types of the parts of a kind of node, or of the arguments of a function."""
    return tuple(h for name, h in get_type_hints(made).items() if name in made.__annotations__ and name != "return")


def exactly(hint: Any) -> Callable[[Any], bool]:
    """Whether all of them are of a type, and of no subclass of it. A tuple of types is for a tuple of such parts."""
    inner, origin = (hint, tuple) if type(hint) is tuple else (get_args(hint), get_origin(hint))
    if origin in (None, UnionType):
        kinds = frozenset(map(id, inner or (hint,)))
        return lambda xs: are(kinds, xs) and (id(Fraction) not in kinds or all(map(is_plain, xs)))
    tests, own = [exactly(h) for h in inner if h is not ...], frozenset([id(origin)])
    if origin is frozenset or ... in inner:
        return lambda xs: are(own, xs) and tests[0]([part for x in xs for part in x])
    return lambda xs: are(own, xs) and {*map(len, xs)} <= {len(tests)} and all(map(call, tests, zip(*xs, strict=True)))


def are(kinds: Any, xs: Any) -> bool:
    """Whether the types of all of them are among these, which are given by identity."""
    return kinds.issuperset(map(id, map(type, xs)))  # type: ignore[no-any-return]


def nodes(parts: Any) -> list[Node]:
    """The nodes right below."""
    inside = [*parts]
    for part in inside:  # which grows
        inside += part if id(type(part)) in MANY else ()
    return [part for part in inside if isinstance(part, Node)]


def kept(f: F) -> F:
    """Remember what ``f`` makes of plain data and nodes. What is of another type may call itself equal to anything."""

    @wraps(f)
    def first(*args: Any) -> Any:
        require(is_plain(args), f.__name__, "these are not its arguments")
        return f(*args)

    return cache(first)  # type: ignore[return-value]


def is_plain(x: Any) -> bool:
    """Whether it is made of numbers, words, and what is of a kind.

    A fraction is one of whole numbers in lowest terms: its class takes what calls itself one.
    """
    if type(x) is Fraction:
        return type(p := x.numerator) is type(q := x.denominator) is int and q > 0 and gcd(p, q) == 1
    return id(type(x)) in OWN or (id(type(x)) in MANY and (are(OWN, x) or all(map(is_plain, x))))


@kept
def test_of(kind: type[Node]) -> Callable[[Any], bool]:
    """Whether something is a tuple of parts for a kind of node."""
    require(id(kind) in OWN, "node", "{} is no kind of ours", kind)
    return exactly(types_of(kind))


@kept
def found(e: Node, *kinds: type[Node]) -> frozenset[Any]:
    """The parts of those kinds, itself included."""
    return frozenset([e] if type(e) in kinds else []).union(*(found(part, *kinds) for part in nodes(e.parts)))


def each(part: Any, f: Any) -> Any:
    """``part`` with ``f`` of each of its nodes."""
    if isinstance(part, Node):
        return f(part)
    return type(part)(each(inner, f) for inner in part) if id(type(part)) in MANY else part


@kept
def key(e: Any) -> Any:
    """An order of nodes by what they are made of: the same on every run."""
    if isinstance(e, Node):
        return (type(e).__name__, *map(key, e.parts))
    return tuple(sorted(map(key, e))) if type(e) is frozenset else tuple(map(key, e)) if type(e) is tuple else e


# Makers.


def index(constant: int = 0, terms: Iterable[tuple[Basic, int]] = ()) -> Index:
    """constant + the sum of coefficient * variable or size; coefficients of the same one add."""
    sums: dict[Basic, int] = {}
    for b, c in terms:
        sums[b] = sums.get(b, 0) + c
    require(max(map(int.bit_length, (constant, *sums.values()))) <= BITS, "index", "more than {} bits", BITS)
    return _build(Index, constant, frozenset((b, c) for b, c in sums.items() if c))


@kept
def basic(b: Basic) -> Index:
    """A variable or a size, as an index expression."""
    return index(0, ((b, 1),))


def variable(name: str) -> Index:
    """The free variable of that name."""
    return basic(node(Variable, name))


@kept
def bound(place: int) -> Index:
    """The variable that is bound so many binders further out."""
    return basic(node(Bound, place))


def size(name: str, *indices: Index) -> Index:
    """The size of that name, at these indices."""
    return basic(node(Size, name, indices))


@kept
def plus(d: Index, e: Index, times: int = 1) -> Index:
    """d + times * e."""
    return index(d.constant + times * e.constant, (*d.terms, *((b, times * c) for b, c in e.terms)))


def minus(d: Index, e: Index) -> Index:
    """d - e."""
    return plus(d, e, -1)


def shift(d: Index, by: int) -> Index:
    """d + by, for a number."""
    return _build(Index, d.constant + by, d.terms)


def negative(d: Index) -> Index:
    """-d."""
    return plus(index(), d, -1)


# Substitution in index expressions; ``term.py`` has it for terms.


class Put(Node):
    """What is put for free variables by name, for the innermost loose ones by place, and for sizes.

    Loose variables further out than ``places`` move in by as many.
    """

    free: tuple[tuple[str, Index], ...]
    places: tuple[Index, ...]
    sizes: tuple[tuple[Size, Index], ...]


def putting(free: Any = (), places: Any = (), sizes: Any = ()) -> Put:
    """A substitution; the types are those of ``Put``."""
    return node(Put, free, places, sizes)


def changes(put: Put, e: Node, depth: int) -> bool:
    """Whether a substitution may change anything in ``e``, below so many binders."""
    return bool(put.sizes) or (e.loose > depth and bool(put.places)) or any(n in e.names for n, _ in put.free)


@kept
def put_index(d: Index, put: Put, depth: int = 0) -> Index:
    """The index expression after the substitution, below so many binders."""
    if not changes(put, d, depth):
        return d
    made = [(c, _put_basic(b, put, depth)) for b, c in d.terms]
    return index(d.constant + sum(c * e.constant for c, e in made), ((b, c * k) for c, e in made for b, k in e.terms))


def _put_basic(b: Basic, put: Put, depth: int) -> Index:
    if type(b) is Variable:
        return next((lift(value, depth) for name, value in put.free if name == b.name), basic(b))
    if type(b) is Size:
        made = size(b.name, *(put_index(i, put, depth) for i in b.indices))
        return next((value for one, value in put.sizes if basic(one) is made), made)
    if (at := b.place - depth) < 0 or not put.places:  # type: ignore[union-attr]
        return basic(b)
    return lift(put.places[at], depth) if at < len(put.places) else bound(at + depth - len(put.places))


@kept
def lift(e: N, by: int, above: int = 0) -> N:
    """``e`` below ``by`` more binders: the loose variables from ``above`` on move up. A renaming: normal forms stay."""
    if not 0 <= above < e.loose or by < 1:
        return e
    if type(e) is Bound:
        return node(Bound, e.parts[0] + by)  # type: ignore[return-value]
    inner = above + getattr(e, "bound", 0)
    return _build(type(e), *each(e.parts, lambda n: lift(n, by, inner)))


# What follows from inequalities between index expressions, by elimination (Fourier 1826, Motzkin 1936).

MOST = 300  # inequalities at once; more, and nothing is said to follow


@kept
def tight(d: Index) -> Index:
    """The same inequality d >= 0, divided by what divides all coefficients; of integers, so rounded down."""
    divisor = gcd(*(c for _, c in d.terms)) or 1
    return _build(Index, d.constant // divisor, frozenset((b, c // divisor) for b, c in d.terms))


def entails(known: Iterable[Index], d: Index) -> bool:
    """Whether d >= 0 wherever all of ``known`` are >= 0, for all sizes of at least 1."""
    return d in (given := frozenset(known)) or contradictory(given | {minus(index(-1), d)})


@kept
def contradictory(known: frozenset[Index]) -> bool:
    """Whether no integers make all of them >= 0: a sum of them, with factors that are not negative, is below 0.

    A row stands for an inequality that follows from those given. A round adds up rows with factors above 0 such that
    one variable cancels, and tightens them, since variables are integers. So no row says more than what is known; "yes"
    is certain, "no" may be wrong.
    """
    rows = {tight(d) for d in known} | {shift(basic(s), -1) for d in known for s in found(d, Size)}
    while slopes := [(b, c > 0) for d in rows for b, c in d.terms]:
        b = min({b for b, _ in slopes}, key=lambda b: (slopes.count((b, True)) * slopes.count((b, False)), key(b)))
        up, down = ([(abs(c), d) for d in rows for v, c in d.terms if v is b and (c > 0) is w] for w in (True, False))
        if max(len(rows), len(up) * len(down)) > MOST:
            return False
        rows = {d for d in rows if all(v is not b for v, _ in d.terms)}
        rows |= {tight(plus(plus(index(), d, m), e, n)) for n, d in up for m, e in down}
    return any(d.constant < 0 for d in rows)


def occurs(b: Basic, d: Index) -> bool:
    """Whether a variable occurs in an index expression, also within a size."""
    return b in found(d, type(b))


@kept
def bounded(n: int, conditions: frozenset[Index]) -> bool:
    """Whether, whatever else has values, at most finitely many values of the n innermost variables satisfy them all.

    Conditions whose sizes have values are linear inequalities, and bound a variable b from above if and only if none
    of their rays has b > 0 (a ray: a direction in which each of them does not decrease; its constant does not matter,
    nor do variables that have values). Rays can be scaled, so b >= 1 will do. A variable that is bounded both ways has
    finitely many values; for each of them it has a value, and with it the sizes that depend on it: so again, until
    nothing is left. A sum that is not bounded so is refused, whatever is multiplied or added to it. Were it not, the
    sum over k >= 0 of 1 would be one more than itself, and 0 = 1.
    """
    own = {node(Bound, i) for i in range(n)}
    while own:
        usable = [d for d in conditions if all(own.isdisjoint(found(s, Bound)) for s in found(d, Size))]
        rays = frozenset(index(0, ((b, c) for b, c in d.terms if b in own)) for d in usable)
        ended = {b for b in own if all(contradictory(rays | {index(-1, ((b, way),))}) for way in (1, -1))}
        if not ended:
            return False
        own -= ended
    return True
