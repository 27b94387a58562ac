"""Random syntax trees, what they mean read off directly, and the terms that the core makes of them.

A tree is a tuple: its head, then its parts. An index form is (constant, ((basic, coefficient), ...)), a basic one of
("name", x), ("bound", place), ("size", name, forms).
"""

from __future__ import annotations

import random
from typing import Any

from backproof.core import term as t
from backproof.core.index import Index, bound, index, minus, plus, size, variable

from .evaluate import PRIME, Model

NAMES = ("i", "j")
FAMILIES = (("a", 1), ("b", 2), ("c", 0))


def form(r: random.Random, deep: int, sizes: float = 0.15) -> Any:
    terms = []
    for _ in range(r.randint(0, 2)):
        if r.random() < sizes:
            one = ("size", "n", (form(r, deep, 0.0),)) if r.random() < 0.5 else ("size", "N", ())
        else:
            one = r.choice([*(("name", x) for x in NAMES), *(("bound", place) for place in range(deep))])
        terms.append((one, r.choice([1, 1, -1, -1, 2, -3])))
    return r.randint(-2, 3), tuple(terms)


def tree(r: random.Random, deep: int, level: int = 3) -> Any:
    """A random number, in which so many bound variables are loose."""
    heads = (
        ["quantity", "bracket", "value"]
        if not level
        else [*["quantity", "bracket", "match", "number", "add", "product", "sum", "sum", "power", "applied", "value"]]
    )
    head = r.choice(heads)
    if head == "quantity":
        name, arity = r.choice(FAMILIES)
        return head, name, tuple(form(r, deep) for _ in range(arity))
    if head in ("bracket", "match", "value"):
        return head, form(r, deep)
    if head == "number":
        return head, r.choice([0, 1, -1, 2]), r.choice([1, 1, 2, 3])
    if head in ("add", "product"):
        return head, *(tree(r, deep, level - 1) for _ in range(r.randint(2, 3)))
    if head == "power":
        return head, tree(r, deep, level - 1), r.choice([-2, -1, 0, 1, 2])
    if head == "applied":
        return head, r.choice("fg"), r.randint(0, 1), tree(r, deep, level - 1)
    first = (r.randint(-1, 2), ())
    last = r.choice(
        [
            (0, ((("size", "N", ()), 1),)),
            (r.randint(0, 4), ()),
            (1, ((("size", "n", ((0, ((("bound", 0), 1),)),)), 1),)) if deep else (2, ()),
        ]
    )
    return head, first, last, tree(r, deep + 1, level - 1)


# What it means.


def at(model: Model, d: Any, names: Any, stack: list[int]) -> int:
    def one(b: Any) -> int:
        if b[0] == "name":
            return names[b[1]]
        return (
            stack[b[1]]
            if b[0] == "bound"
            else model.basic(("Size", b[1], tuple(_plain(i) for i in b[2])), names, stack)
        )

    return d[0] + sum(c * one(b) for b, c in d[1])


def _plain(d: Any) -> Any:
    kinds = {"name": "Variable", "bound": "Bound"}
    return (
        "Index",
        d[0],
        tuple(((kinds[b[0]], b[1]) if b[0] in kinds else ("Size", b[1], tuple(map(_plain, b[2]))), c) for b, c in d[1]),
    )


def meaning(model: Model, s: Any, names: Any, stack: list[int]) -> int:
    """The value of a tree, modulo the prime: sums are added up, powers are taken, nothing is rearranged."""
    head, *parts = s
    if head == "quantity":
        return model.quantity(parts[0], tuple(at(model, d, names, stack) for d in parts[1]), None)[0]
    if head in ("bracket", "match", "value"):
        d = at(model, parts[0], names, stack)
        return d % PRIME if head == "value" else int(d >= 0 if head == "bracket" else d == 0)
    if head == "number":
        return parts[0] * pow(parts[1], -1, PRIME) % PRIME
    if head == "sum":
        lo, hi = (at(model, d, names, stack) for d in parts[:2])
        return sum(meaning(model, parts[2], names, [x, *stack]) for x in range(lo, hi + 1)) % PRIME
    if head == "power":
        v = meaning(model, parts[0], names, stack)
        return int(v != 0) if parts[1] == 0 else pow(v, parts[1], PRIME) if v else 0
    if head == "applied":
        return model.random("function", parts[0], parts[1], meaning(model, parts[2], names, stack))
    values = [meaning(model, part, names, stack) for part in parts]
    result = int(head == "product")
    for v in values:
        result = (result * v if head == "product" else result + v) % PRIME
    return result


# What the core makes of it.


def index_of(d: Any) -> Index:
    made = index(d[0])
    for b, c in d[1]:
        one = variable(b[1]) if b[0] == "name" else bound(b[1]) if b[0] == "bound" else size(b[1], *map(index_of, b[2]))
        made = plus(made, one, c)
    return made


def build(s: Any, r: random.Random | None = None) -> t.Term:
    """The core's term; with ``r``, its parts in a random order."""
    head, *parts = s
    if head == "quantity":
        return t.atom(t.quantity(parts[0], *map(index_of, parts[1])))
    if head in ("bracket", "match", "value"):
        return {"bracket": t.bracket, "match": t.match, "value": t.value}[head](index_of(parts[0]))
    if head == "number":
        return t.times(t.Fraction(1, parts[1]), t.number(parts[0]))
    if head == "power":
        return t.power(build(parts[0], r), parts[1])
    if head == "applied":
        return t.applied(parts[0], parts[1], build(parts[2], r))
    if head == "sum":
        k, (lo, hi) = bound(0), (t.lift(index_of(d), 1) for d in parts[:2])
        factors = [t.bracket(minus(k, lo)), t.bracket(minus(hi, k)), build(parts[2], r)]
        return t.bind(1, t.product(*_shuffled(factors, r)))
    made = _shuffled([build(part, r) for part in parts], r)
    return t.add(*made) if head == "add" else t.product(*made)


def _shuffled(parts: list[Any], r: random.Random | None) -> list[Any]:
    return parts if r is None else r.sample(parts, len(parts))


def setting(r: random.Random, deep: int = 3) -> tuple[Model, dict[str, int], list[int]]:
    """A model, values of the names, and values of the loose variables."""
    model = Model(sizes={"N": lambda: 3}, seed=r.random())
    return model, {name: r.randint(-1, 4) for name in NAMES}, [r.randint(-1, 4) for _ in range(deep)]
