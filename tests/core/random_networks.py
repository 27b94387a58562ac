"""Random small networks: what people build, and the corners of it.

Layers that share weights, skip, read two families or two times at once, have units of their own at the boundary, are
open functions; recurrences up, down, in pairs and in two dimensions; strided, triangular and empty sums; widths that
depend on the layer. Their ranks are given here: (which family, where along its axis, where beside it).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import NamedTuple

from backproof.core import term as t
from backproof.core.index import Index, bound, index, lift, minus, negative, plus, shift, size, variable
from backproof.core.network import Equation, Family, Network

from .making import ONE, ZERO, L, N, at, equation, family, network, read, total

K, T = size("K"), size("T")
Range = tuple[Index, Index]
Body = Callable[[Index], t.Term]


class Parts(NamedTuple):
    families: dict[str, Family]
    equations: list[Equation]
    units: list[str]  # families of units 1 .. N
    moving: list[str]  # families of times 0 .. T and units 1 .. N


def make(seed: object) -> tuple[Network, random.Random]:
    """The network of that seed, and the source of randomness for what follows."""
    r = random.Random(f"network {seed}")
    parts = Parts({}, [], ["v"], ["u"])
    unit, time = (ONE, N), (ZERO, T)
    for name, ranges in {
        "w": (unit, unit),
        "v": (unit,),
        "c": (),
        "x": ((ONE, plus(plus(N, N), K)),),
        "k": ((ONE, K),),
        "u": (time, unit),
    }.items():
        parts.families[name] = family(name, ranges, (ZERO, ZERO, ZERO))
    for level in range(1, r.randint(2, 4)):
        r.choice(LAYERS)(r, parts, level)
    _cost(r, parts)
    return network(tuple(parts.families.values()), tuple(parts.equations)), r


def _expression(r: random.Random, parts: Parts, j: Index, when: Index | None, depth: int = 2) -> t.Term:
    """A number of the unit j, and of a time where there is one."""
    again = lambda: _expression(r, parts, j, when, depth - 1)  # noqa: E731
    s, up, k = r.choice(parts.units), lift(j, 1), bound(0)
    ways: dict[str, Callable[[], t.Term]] = {
        "unit": lambda: at(s, j),
        "linear": lambda: total(t.product(at("w", up, k), at(s, k)), ONE, N),
        "transposed": lambda: total(t.product(at("w", k, up), at(s, k)), ONE, N),
        "applied": lambda: t.applied(r.choice("fg"), 0, again()),
        "product": lambda: t.product(again(), again()),
        "two": lambda: t.add(at(s, j), t.times(r.choice([2, -1]), at(r.choice(parts.units), j))),
        "convolution": lambda: total(t.product(at("k", k), at("x", plus(up, k))), ONE, K),
        "stride": lambda: at("x", shift(plus(j, j), r.choice([-1, 0]))),
        "triangle": lambda: total(t.product(at("w", k, up), at(s, k)), ONE, j),
        "above": lambda: total(at(s, k), shift(j, 1), N),  # empty for the last unit
        "empty": lambda: total(t.product(at(s, k), at("v", k)), index(2), ONE),
        "quotient": lambda: t.power(t.add(again(), at("c")), -1),
        "condition": lambda: t.product(t.bracket(shift(j, -2)), again()),
        "before": lambda: t.product(t.bracket(shift(j, -2)), at(s, shift(j, -1))),
        "mirror": lambda: at(s, plus(shift(N, 1), j, -1)),
        "size": lambda: t.product(t.value(plus(N, j, -1)), again()),
        "mean": lambda: t.product(t.power(t.value(N), -1), total(at(s, k), ONE, N)),
        "normed": lambda: t.product(at(s, j), t.power(total(t.applied("f", 0, at(s, k)), ONE, N), -1)),
    }
    v = r.choice(parts.moving)
    if when is not None:
        ways |= {
            "now": lambda: at(v, when, j),
            "mixed": lambda: total(t.product(at("w", up, k), at(v, lift(when, 1), k)), ONE, N),
            "first": lambda: t.product(at(v, when, j), at(v, ZERO, j)),
        }
    else:
        ways |= {
            "last": lambda: at(v, r.choice([T, ZERO]), j),
            "over time": lambda: total(at(v, k, up), r.choice([ZERO, ONE]), T),
        }
    return ways[r.choice([*ways]) if depth else "unit"]()


def _dense(r: random.Random, parts: Parts, level: int) -> None:
    name = f"h{level}"
    parts.families[name] = family(name, ((ONE, N),), (index(level), ZERO, ZERO))
    parts.equations.append(
        equation(name, (), t.add(*(_expression(r, parts, bound(0), None) for _ in range(r.randint(1, 2)))))
    )
    parts.units.append(name)


def _boundary(r: random.Random, parts: Parts, level: int) -> None:
    """Units with equations of their own, in two or three pieces; sometimes one is a datum."""
    name, j = f"h{level}", bound(0)
    parts.families[name] = family(name, ((ONE, N),), (index(level), ZERO, ZERO))
    pieces = (
        [(minus(ONE, j),), (shift(j, -2), minus(index(2), j)), (shift(j, -3),)]
        if r.random() < 0.5
        else [(minus(ONE, j),), (shift(j, -2),)]
    )
    dropped = r.randrange(len(pieces)) if r.random() < 0.3 else None
    made = [
        equation(name, conditions, _expression(r, parts, j, None))
        for place, conditions in enumerate(pieces)
        if place != dropped
    ]
    parts.equations.extend(made)
    parts.units.append(name)


def _open(r: random.Random, parts: Parts, level: int) -> None:
    name, j, k = f"h{level}", bound(0), bound(0)
    parts.families[name] = family(name, ((ONE, N),), (index(level), ZERO, ZERO))
    some = [
        read(0, (), t.quantity(r.choice(parts.units), j)),
        read(1, (shift(k, -1), minus(N, k)), t.quantity(r.choice(parts.units), k)),
        read(1, (shift(k, -1), minus(bound(1), k)), t.quantity("w", bound(1), k)),
        read(0, (shift(j, -2),), t.quantity(r.choice(parts.units), shift(j, -1))),
    ]
    parts.equations.append(equation(name, (), None, tuple(r.sample(some, r.randint(1, 3)))))
    parts.units.append(name)


def _recurrent(r: random.Random, parts: Parts, level: int) -> None:
    """Up or down in time; in half of them a second family takes turns with it."""
    down, pair = r.random() < 0.4, r.random() < 0.3
    when, j = bound(0), bound(1)
    first = (minus(when, T),) if down else (negative(when),)
    rest = (shift(minus(T, when), -1),) if down else (shift(when, -1),)
    before, along = shift(when, 1 if down else -1), negative(when) if down else when
    names = [f"s{level}", f"m{level}"][: 2 if pair else 1]
    for beside, name in enumerate(names):
        parts.families[name] = family(name, ((ZERO, T), (ONE, N)), (index(level), along, index(beside)))
        lag = [
            at(name, before, j),
            total(t.product(at("w", lift(j, 1), bound(0)), at(names[0], lift(before, 1), bound(0))), ONE, N),
        ]
        body = r.choice(lag)
        if beside:
            body = t.product(body, at(names[0], when, j))
        elif pair:
            body = t.add(body, at(names[1], before, j))
        body = t.product(at("u", when, j), body) if r.random() < 0.5 else body
        body = t.applied("f", 0, body) if r.random() < 0.5 else body
        if r.random() < 0.8:
            parts.equations.append(equation(name, first, _expression(r, parts, j, None, 1)))
        parts.equations.append(equation(name, rest, t.add(body, _expression(r, parts, j, when, 1))))
    parts.moving.extend(names)


def _far_back(r: random.Random, parts: Parts, level: int) -> None:
    """Two times back at once."""
    name, when, j = f"s{level}", bound(0), bound(1)
    parts.families[name] = family(name, ((ZERO, T), (ONE, N)), (index(level), when, ZERO))
    body = t.add(
        at(name, shift(when, -1), j), t.product(at(name, shift(when, -2), j), _expression(r, parts, j, when, 1))
    )
    parts.equations.append(equation(name, (shift(when, -2),), body))
    parts.equations.append(equation(name, (shift(when, -1), minus(ONE, when)), t.applied("g", 0, at(name, ZERO, j))))
    parts.moving.append(name)


def _grid(r: random.Random, parts: Parts, level: int) -> None:
    """In two dimensions: from the left and from above."""
    name, i, j = f"d{level}", bound(0), bound(1)
    parts.families[name] = family(name, ((ZERO, T), (ONE, N)), (index(level), i, j))
    body = t.add(
        t.product(at(name, shift(i, -1), j), at("u", i, j)),
        t.product(t.bracket(shift(j, -2)), at(name, i, shift(j, -1))),
    )
    body = t.applied("f", 0, body) if r.random() < 0.5 else body
    parts.equations.append(equation(name, (shift(i, -1),), body))
    if r.random() < 0.7:
        parts.equations.append(equation(name, (negative(i),), _expression(r, parts, j, None, 1)))
    parts.moving.append(name)


def _layered(r: random.Random, parts: Parts, level: int) -> None:
    """Layers 0 .. L whose widths depend on them; the layer 0 is a datum."""
    name, weight, layer, j, k = f"a{level}", f"W{level}", bound(0), bound(1), bound(0)
    width = size("n", layer)
    below, inner = size("n", shift(layer, -1)), lift(shift(layer, -1), 1)
    parts.families[weight] = family(weight, ((ONE, L), (ONE, width), (ONE, below)), (ZERO, ZERO, ZERO))
    parts.families[name] = family(name, ((ZERO, L), (ONE, width)), (index(level), layer, ZERO))
    z = total(t.product(at(weight, lift(layer, 1), lift(j, 1), k), at(name, inner, k)), ONE, below)
    z = t.add(z, at("c")) if r.random() < 0.5 else z
    parts.equations.append(equation(name, (shift(layer, -1),), t.applied("f", 0, z) if r.random() < 0.8 else z))
    last = f"h{level}"
    parts.families[last] = family(last, ((ONE, N),), (index(level), L, ONE))
    body = total(t.product(at(name, L, k), at("w", lift(bound(0), 1), lift(bound(0), 1))), ONE, size("n", L))
    parts.equations.append(equation(last, (), t.add(body, at(r.choice(parts.units), bound(0)))))
    parts.units.append(last)


LAYERS = (_dense, _dense, _boundary, _open, _recurrent, _recurrent, _far_back, _grid, _layered)


def _cost(r: random.Random, parts: Parts) -> None:
    k, last = bound(0), [name for name in parts.families if name[0] in "hsmd" and name[1:].isdigit()][-1]
    moving = last in parts.moving
    parts.families["C"] = family("C", (), (index(9), ZERO, ZERO))
    q = t.quantity(last, *((T, k) if moving else (k,)))
    if r.random() < 0.2:
        parts.equations.append(equation("C", (), None, (read(1, (shift(k, -1), minus(N, k)), q),)))
        return
    body = [total(t.power(t.atom(q), 2), ONE, N)]
    if moving and r.random() < 0.5:
        both = t.product(at(last, bound(1), bound(0)), at("u", bound(1), bound(0)))
        body.append(total(total(both, ONE, N), ZERO, T))
    if r.random() < 0.5:
        body.append(t.applied("g", 0, total(at(r.choice(parts.units), k), ONE, N)))
    parts.equations.append(equation("C", (), t.add(*body)))


def quantity(net: Network, r: random.Random, tag: str) -> t.Quantity:
    """A quantity of the network at random indices: free ones, numbers in and out of range, sizes."""
    f = r.choice(net.families)
    ends = [T, N] if len(f.ranges) == 2 else [N, N, N]
    return t.quantity(
        f.name,
        *(
            r.choice([variable(f"{tag}{place}"), variable(f"{tag}{place}"), index(r.randint(0, 3)), ends[place]])
            for place in range(len(f.ranges))
        ),
    )


SIZES = ({"N": 3, "K": 2, "T": 2, "L": 2}, {"N": 1, "K": 1, "T": 3, "L": 3}, {"N": 2, "K": 1, "T": 1, "L": 1})
