"""The judges with a fault planted in their code: each fault is noticed, by what one of them then says of a statement.

A row is a fault: the judge that has it, where it is, and what stands there instead. The probes are statements of which
it is known what a judge has to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
import pytest
from sympy import Add, Mul, Pow, Rational

from backproof.networks import dense
from backproof.oracle import brute_force, digits, exact, numeric, numeric_world
from backproof.oracle.worlds import (
    arrays,
    axes,
    claim,
    crowd,
    directions,
    entries,
    functions,
    lanes,
    numbers,
    pieces,
    shapes,
    sizes,
    slopes,
    statement,
    world,
)
from backproof.oracle.worlds.axes import Number
from backproof.oracle.worlds.index import single
from backproof.surface import terms
from backproof.surface.terms import (
    Apply,
    C,
    D,
    Dot,
    Equal,
    Hadamard,
    Integer,
    Kron,
    L,
    Mults,
    NonNegative,
    NonZero,
    Outer,
    Symbol,
    Total,
    Transposed,
    a,
    b,
    delta,
    exp,
    j,
    k,
    l,
    log,
    m,
    n,
    sigma,
    sigma_prime,
    total,
    w,
    y,
    z,
)  # fmt: skip

DENSE, SIGMOID, SOFTMAX = dense(), dense(activation="sigmoid"), dense(softmax=True, cost="log-likelihood")
CROSS_ENTROPY = dense(activation="sigmoid", cost="cross-entropy")
NONE: frozenset[Any] = frozenset()
LAYERS = frozenset([NonNegative(L - 2)])
LAYER = frozenset({NonNegative(l - 2), NonNegative(L - l)})
HIDDEN = LAYER | {NonNegative(L - l - 1)}
UNIT = frozenset({NonNegative(j - 1), NonNegative(n(l) - j)})
OUTPUT = frozenset({NonNegative(j - 1), NonNegative(n(L) - j)})
UNIT_OF_2 = frozenset({NonNegative(j - 1), NonNegative(n(2) - j)})
UNIT_BELOW = frozenset({NonNegative(k - 1), NonNegative(n(l - 1) - k)})
SLOPE = Apply("sigma", z[l], 1)
BACK = total(w[l + 1, k, j] * delta[l + 1, k], k, l + 1)
FORWARD = total(w[l, j, k] * a[l - 1, k], k, l - 1) + b[l, j]
ADD_UP = frozenset({Equal(total(y[k], k, L), 1)})
u, v = Symbol("u"), Symbol("v")

#: What each judge has to say of which statement.
PROBES: dict[str, list[Callable[[], tuple[Any, ...]]]] = {
    "holds": [
        lambda: (DENSE, delta[l, j], sigma_prime(z[l, j]) * BACK, HIDDEN | UNIT),
        lambda: (DENSE, D(C, w[l, j, k]), a[l - 1, k] * delta[l, j], LAYER | UNIT | UNIT_BELOW),
        lambda: (DENSE, delta[l], Hadamard(Dot(Transposed(w[l + 1]), delta[l + 1]), SLOPE), HIDDEN),
        lambda: (DENSE, D(C, w[l]), Outer(delta[l], a[l - 1]), LAYER),
        lambda: (DENSE, z[l], Dot(w[l], a[l - 1]) + b[l], LAYER),
        lambda: (DENSE, total(Kron(k, j), k, Integer(2)), Integer(1), UNIT_OF_2),
        lambda: (DENSE, Total(n(l), l, 1, L), n(1) + Total(n(l), l, 2, L), NONE),
        lambda: (DENSE, Total(n(l), l, 2, L), n(L) + Total(n(l), l, 2, L - 1), LAYERS),
        lambda: (DENSE, Total(l, l, 1, L), L * (L + 1) / 2, NONE),
        lambda: (DENSE, total(Kron(k, k + 7), k, L), Integer(0), NONE),
        lambda: (DENSE, Mults(FORWARD), n(l - 1), LAYER | UNIT),
        lambda: (DENSE, a[L, 1] / (a[L, 1] * z[L, 1]) * z[L, 1], Integer(1), frozenset({NonZero(a[L, 1])})),
        lambda: (SIGMOID, sigma_prime(u), sigma(u) * (1 - sigma(u)), NONE),
        lambda: (DENSE, exp(u) * exp(-u), Integer(1), NONE),
        lambda: (DENSE, exp(u * (u - v)) * exp(u * (v - u)), Integer(1), NONE),
        lambda: (DENSE, exp(u + v) * exp(-v), exp(u), NONE),
        lambda: (DENSE, D(log(z[L, 1] ** 2), z[L, 1]), 2 / z[L, 1], NONE),
        lambda: (DENSE, D(z[L, 1] ** 2, z[L, 1]), 2 * z[L, 1], NONE),
        lambda: (DENSE, Apply("Phi", z[L, 1], 1), terms.phi(z[L, 1]), NONE),
        lambda: (DENSE, D(terms.phi(z[L, 1]), z[L, 1]), -z[L, 1] * terms.phi(z[L, 1]), NONE),
        lambda: (SOFTMAX, delta[L, j], a[L, j] - y[j], OUTPUT | ADD_UP),
        lambda: (SOFTMAX, D(total(a[L, k], k, L), z[L, j]), Integer(0), OUTPUT),
        lambda: (DENSE, D(a[l, j], b[l + 1, k]), Integer(0), LAYER),
        lambda: (DENSE, D(y[j], y[j]), Integer(1), NONE),
        lambda: (DENSE, Rational(1, 2) * a[L, 1] * 2, a[L, 1], NONE),
    ],
    "refuted": [
        lambda: (DENSE, delta[l, j], sigma_prime(z[l, j]) * BACK, LAYER | UNIT),
        lambda: (DENSE, delta[l, j], sigma_prime(z[l, j]) * BACK, HIDDEN),
        lambda: (DENSE, delta[l, j], sigma_prime(z[l, j]) * BACK, UNIT | {NonNegative(L - l - 1)}),
        lambda: (DENSE, delta[L, j], D(C, a[L, j]), OUTPUT),
        lambda: (DENSE, D(z[L], z[L]), Integer(1), NONE),
        lambda: (DENSE, Mults(FORWARD), n(l), LAYER | UNIT),
        lambda: (DENSE, total(a[L, k], k, L) ** 2, total(a[L, k], k, L), NONE),
        lambda: (DENSE, sigma(z[L, 1]), sigma(b[L, 1]), NONE),
        lambda: (DENSE, sigma(z[L, 1]), sigma_prime(z[L, 1]), NONE),
        lambda: (DENSE, a[1, 1], y[1], NONE),
        lambda: (DENSE, z[L, 1] + Kron(n(1), 7), z[L, 1], NONE),
        lambda: (DENSE, z[L, 1] + Kron(L, 2), z[L, 1], NONE),
        lambda: (SOFTMAX, delta[L, j], a[L, j] - y[j], OUTPUT),
        lambda: (SIGMOID, exp(u) + exp(v), exp(u + v), NONE),
        lambda: (DENSE, D(C, y[1]), Integer(0), NONE),
        lambda: (DENSE, w[l, j, k], w[l, k, j], LAYER | UNIT | UNIT_BELOW),
        lambda: (DENSE, D(C, b[l, j]), delta[l, j], UNIT | {NonNegative(l - 2)}),
        lambda: (DENSE, total(a[1, k], k, Integer(1)), total(a[1, k], k, Integer(2)), NONE),
    ],
    "malformed": [
        lambda: (DENSE, delta[l], Hadamard(Dot(w[l + 1], delta[l + 1]), SLOPE), HIDDEN),
        lambda: (DENSE, delta[l], a[l - 1], LAYER),
    ],
    "unsupported": [
        lambda: (DENSE, a[L, m], a[Symbol("L"), m], NONE),
        lambda: (DENSE, z[L, 1] / (a[L, 1] - sigma(z[L, 1])), Integer(0), LAYERS),
        lambda: (DENSE, D(D(C, z[L, 1]), z[L, 1]), Integer(0), NONE),
    ],
}
JUDGES = {"exact": exact.judge, "brute force": brute_force.judge, "numeric": numeric.judge}
SEEN_BY_THE_EXACT_JUDGE_ALONE = {"refuted": {10, 11}}  # of widths and depths that the others do not try


class Fault(NamedTuple):
    """In which judge; the thing whose attribute (or key) is replaced, and by what, made from what was there."""

    judge: str
    owner: Any
    name: Any
    instead: Callable[[Any], Any]


def unless(head: type) -> Callable[[Any], Any]:
    """A function that says no of terms with this head."""
    return lambda f: lambda e, bound, counting: not isinstance(e, head) and f(e, bound, counting=counting)


def always(value: Any) -> Callable[[Any], Any]:
    return lambda _: lambda *_, **__: value


def code(change: Callable[[Any, Any, Any], Any]) -> Callable[[Any], Any]:
    """A rule of the reading that turns a term into code, with the value changed: (value, world, env) -> value."""

    def planted(rule: Any) -> Any:
        def wrong(reader: Any, e: Any) -> Any:
            right = rule(reader, e)
            return lambda world, env: change(right(world, env), world, env)

        return wrong

    return planted


def of_part(*chosen: slice) -> Callable[[Any], Any]:
    """A rule that reads some of the arguments only."""
    return lambda rule: lambda reader, e: rule(reader, Tail(tuple(arg for s in chosen for arg in e.args[s])))


class Tail(NamedTuple):
    args: tuple[Any, ...]


def with_args(change: Callable[[tuple[Any, ...]], tuple[Any, ...]]) -> Callable[[Any], Any]:
    """A rule, or a meaning, that reads other arguments."""
    return lambda rule: lambda reader, e: rule(reader, e.func(*change(e.args)))


def read(change: Callable[[Any, Any, Any], Any]) -> Callable[[Any], Any]:
    """A meaning with the number changed: (number, axes, term) -> number."""
    return lambda meaning: lambda place, e: change(meaning(place, e), place, e)


def first_only(f: Any) -> Any:
    return lambda *args: islice(f(*args), 1)


BRUTE, NUMERIC, EXACT = "brute force", "numeric", "exact"

FAULTS: dict[str, Fault] = {
    # The reading that brute force and the numeric judge share.
    "a sum of [k = j] is n times its first term": Fault(NUMERIC, numbers, "varies", unless(Kron)),
    "a sum of n(l) is L times its first term": Fault(NUMERIC, numbers, "varies", unless(n)),
    "a sum of symbols is L times its first term": Fault(NUMERIC, numbers, "varies", always(False)),
    "arrays are compared at their first entry": Fault(BRUTE, statement.Statement, "_entries", first_only),
    "the head [k = k + 7] is 1": Fault(
        BRUTE, terms.Kron, "__new__", lambda _: staticmethod(lambda _, one, other: _one_if_constant(one, other)),
    ),
    "sums have one term": Fault(BRUTE, numbers.NUMBERS, Add, of_part(slice(1))),
    "products lack their last factor": Fault(BRUTE, numbers.NUMBERS, Mul, of_part(slice(-1))),
    "sums end too early": Fault(BRUTE, numbers.NUMBERS, Total, with_args(lambda e: (*e[:3], e[3] - 1))),
    "sums begin too late": Fault(BRUTE, numbers.NUMBERS, Total, with_args(lambda e: (*e[:2], e[2] + 1, e[3]))),
    "powers are first powers": Fault(
        BRUTE, numbers.NUMBERS, Pow, lambda rule: lambda r, e: r.code(e.base) if e.exp > 0 else rule(r, e)
    ),
    "sigma' is sigma": Fault(BRUTE, numbers.NUMBERS, Apply, with_args(lambda e: (e[0], e[1], 0))),
    "derivatives are 0": Fault(BRUTE, numbers.NUMBERS, D, code(lambda *_: 0)),
    "all layers are as wide as the first": Fault(BRUTE, shapes.Shape, "width", lambda _: lambda s, _: s.widths[0]),
    "multiplications are not counted": Fault(BRUTE, numbers.NUMBERS, Mults, code(lambda *_: 0)),
    "a transpose is the matrix": Fault(BRUTE, arrays.ARRAYS, Transposed, lambda _: lambda r, e: r.code(e.args[0])),
    "⊙ adds": Fault(BRUTE, arrays.ARRAYS, Hadamard, lambda _: arrays.ARRAYS[Add]),
    "u v^T is v u^T": Fault(BRUTE, arrays.ARRAYS, Outer, with_args(lambda e: e[::-1])),
    "an array is its double": Fault(BRUTE, arrays.ARRAYS, Dot, code(lambda x, *_: x.map(lambda entry: entry * 2))),
    "hypotheses on indices are not heard": Fault(BRUTE, statement, "_index_condition", always(lambda *_: True)),
    "one value of the indices is tried": Fault(
        BRUTE, statement.Statement, "assignments", lambda f: lambda *args: f(*args)[:1]
    ),
    "nothing moves with what is shifted": Fault(
        BRUTE, world.Shifted, "value", lambda _: lambda shifted, key: shifted.values.get(key, shifted.base.value(key))
    ),
    "numbers of polynomials are equal": Fault(BRUTE, brute_force.Polynomials, "differ", always(False)),
    "numbers of many digits are equal": Fault(BRUTE, brute_force.Digits, "differ", always(False)),
    "a small difference is not divided": Fault(
        BRUTE, digits.Moved, "slope", lambda _: property(lambda self: self.there - self.here)
    ),
    "a product moves with one factor": Fault(
        BRUTE, digits.Moved, "__mul__", lambda f: lambda x, other: f(x, digits.unmoved(other))
    ),
    "a function does not move": Fault(BRUTE, brute_force, "moved", lambda _: lambda f, u: f(digits.unmoved(u))),
    "floating-point numbers are equal": Fault(NUMERIC, numeric, "relative_error", always(0.0)),
    "a name may be that of two symbols": Fault(BRUTE, statement, "one_symbol_a_name", always(None)),
    "Σ y = 1 is not brought about": Fault(
        NUMERIC, world.World, "datum", lambda _: lambda self, key, *_: self.draw(key)
    ),
    "terms are never seen to cancel": Fault(NUMERIC, numeric, "error_of_sums", always(1.0)),
    "terms always cancel": Fault(NUMERIC, numeric, "error_of_sums", always(0.0)),
    "the slope of the cost is 0": Fault(
        NUMERIC, numeric_world.Floats, "unspecified", lambda _: lambda self, key, _: self.draw(key)
    ),
    "nothing is beyond its range": Fault(
        BRUTE, statement.Statement, "_search", lambda f: lambda self, on: [e for e in f(self, on) if _is_inside(e, on)]
    ),
    "1/0 is 0": Fault(NUMERIC, numeric_world.Floats, "inverse", lambda f: lambda s, x: f(s, x) if x else 0.0),
    # The reading of the exact judge.
    "[k = j] is 1": Fault(EXACT, axes.MEANINGS, Kron, read(lambda *_: Number(lanes.integers([1])))),
    "sums have one term, exactly": Fault(EXACT, axes.MEANINGS, Add, lambda _: lambda place, e: place.number(e.args[0])),
    "products have one factor": Fault(EXACT, axes.MEANINGS, Mul, lambda _: lambda place, e: place.number(e.args[-1])),
    "sums have no ends": Fault(
        EXACT, Number, "summed", lambda f: lambda self, within: f(self, np.ones_like(within))
    ),
    "sums end one too early": Fault(EXACT, axes.MEANINGS, Total, with_args(lambda e: (*e[:3], e[3] - 1))),
    "slopes are 0": Fault(EXACT, axes.MEANINGS, D, read(lambda *_: Number(lanes.integers([0])))),
    "the product rule has one term": Fault(
        EXACT, Number, "__mul__", lambda f: lambda x, other: Number(f(x, other).value, f(Number(x.value), other).slope)
    ),
    "a power has the slope of its base": Fault(
        EXACT, Number, "power", lambda f: lambda x, times: Number(f(x, times).value, x.slope)
    ),
    "every difference is 0": Fault(EXACT, lanes, "is_zero", lambda f: lambda x: np.ones_like(f(x))),
    "1/x is x": Fault(EXACT, lanes, "inverse", lambda _: lambda x: x),
    "all layers are as wide as the first, exactly": Fault(
        EXACT, crowd.Crowd, "width", lambda f: lambda self, _: f(self, single(1))
    ),
    "a quantity does not move as itself": Fault(EXACT, slopes.Slopes, "of", lambda _: slopes.Slopes._by_equation),
    "the cost has one sort of inputs": Fault(
        EXACT, slopes.Slopes, "_by_input", lambda f: lambda *args: None if args[-1] == "1" else f(*args)
    ),
    "directions are mixed up": Fault(
        EXACT, directions.Directions, "number",
        lambda f: lambda self, indices: ((f(self, indices)[0] + 1) % self.count, f(self, indices)[1]),
    ),
    "only the first equation of a family counts": Fault(
        EXACT, pieces, "_piece", lambda f: lambda c, d, at: f(c, d, at) if d.head != a[l, j] else None
    ),
    "exp has no laws": Fault(EXACT, functions.LAWS, "exp", lambda _: lambda atoms, t, u: atoms.value("exp", t, u)),
    "exponentials are not taken apart": Fault(EXACT, exact, "are_there", always(False)),
    "log' is any function": Fault(EXACT, functions.LAWS, "log", lambda _: lambda atoms, t, u: atoms.value("log", t, u)),
    "Phi' is any function": Fault(EXACT, functions.LAWS, "Phi", lambda _: lambda atoms, t, u: atoms.value("Phi", t, u)),
    "phi' is phi": Fault(EXACT, functions.LAWS, "phi", lambda _: lambda atoms, _, u: atoms.value("phi", 0, u)),
    "a function has one value": Fault(EXACT, lanes.Atoms, "_one", lambda f: lambda self, _: f(self, b"")),
    "all that is drawn is the same": Fault(EXACT, lanes, "draw", lambda f: lambda _, *shape: f("", *shape)),
    "dimensions need not fit": Fault(EXACT, entries.Elaboration, "same", always(None)),
    "a transpose is its matrix": Fault(EXACT, entries.ARRAYS, Transposed, lambda _: lambda r, e: r.read(e.args[0])),
    "u v^T is v u^T, exactly": Fault(EXACT, entries.ARRAYS, Outer, with_args(lambda e: e[::-1])),
    "a zero divisor is none": Fault(EXACT, claim, "_divisors", always(())),
    "indices end where their ranges do": Fault(
        EXACT, crowd.Crowd, "extent", lambda f: lambda self, kind, margin: f(self, kind, margin * (margin > 1))
    ),
    "data are as they are drawn": Fault(EXACT, crowd, "_sum_to_1", always(None)),
    "numbers in the statement are not looked at": Fault(EXACT, exact, "special", always(())),
    "networks have three layers": Fault(EXACT, exact, "usual", lambda f: lambda net: f(net)[1:2]),
    "a false hypothesis on values is no matter": Fault(
        EXACT, axes.Axes, "holds", lambda f: lambda self, h: np.array([True]) if isinstance(h, NonZero) else f(self, h)
    ),
    "a symbol may be two, exactly": Fault(EXACT, claim, "one_symbol_a_name", always(None)),
    "multiplications are not counted, exactly": Fault(EXACT, axes.Axes, "count", always(np.array([0]))),
}  # fmt: skip


def _one_if_constant(one: Any, other: Any) -> Any:
    difference = terms.sympify(one) - other
    return Integer(1) if difference.is_Integer else terms.Head.__new__(terms.Kron, one, other)


def _is_inside(env: dict[str, Any], on: Any) -> bool:
    return all(1 <= env.get(index, 1) <= max(on.shape.widths) for index in "jk") and 1 <= env.get("l", 1) <= env["L"]


def _forget() -> None:
    for cached in (sizes.crowd, world.plan, world.grid, statement.statement, brute_force.models, numeric.models):
        cached.cache_clear()
    brute_force._kind_of.cache_clear()


@pytest.fixture(autouse=True)
def afresh() -> Iterator[None]:
    _forget()
    yield
    _forget()


def deviations(judge: str) -> Iterator[str]:
    """The statements of which a judge does not say what it has to."""
    for kind, made in PROBES.items():
        for place, probe in enumerate(made):
            if judge == EXACT or place not in SEEN_BY_THE_EXACT_JUDGE_ALONE.get(kind, set()):
                found = _said(judge, probe)
                if found != kind:
                    yield f"{probe()}: {found}"


def _said(judge: str, probe: Callable[[], tuple[Any, ...]]) -> str:
    try:
        return str(JUDGES[judge](*probe()).kind)
    except Exception as error:  # noqa: BLE001 - to stumble is to be noticed
        return f"{type(error).__name__}: {error}"


@pytest.mark.parametrize("judge", JUDGES)
def test_without_a_fault_all_is_as_it_has_to_be(judge: str) -> None:
    assert list(deviations(judge)) == []


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fault = FAULTS[name]
    if isinstance(fault.owner, dict):
        monkeypatch.setitem(fault.owner, fault.name, fault.instead(fault.owner[fault.name]))
    else:
        monkeypatch.setattr(fault.owner, fault.name, fault.instead(getattr(fault.owner, fault.name)))
    assert next(deviations(fault.judge), None) is not None


def test_there_are_enough() -> None:
    assert len(FAULTS) >= 44
