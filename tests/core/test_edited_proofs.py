"""Proofs as plain data with a slip or three in them: numbers, names and references of theorems, terms and networks.

What the core still takes is held against numbers, in the network that the edited proof is about; and the networks
alone, edited, have values everywhere: with ranks or equations that meet unchecked, there are circles and no one value.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

from backproof.core import kernel as k
from backproof.core.index import FAULTS, Index, Refused, found
from backproof.core.kernel import Theorem
from backproof.core.network import Network
from backproof.core.term import ONE
from backproof.verify.replay import MAKERS

from .evaluate import Model
from .proofs import entries, proved, says
from .random_networks import SIZES, make
from .test_random_theorems import a_new_one, of_others

CALLS = {**k.RULES, **MAKERS}
CHUNKS, EACH, EDITS = range(3), 10, 12
LARGEST, FARTHEST = 100, 9  # of what is computed; and numbers in indices, so that sums stay in the window of a model


def made_of(given: list[Any]) -> list[Any]:
    """What each entry makes; None where it is refused, or refers to such a one."""
    made: list[Any] = []

    def get(x: Any) -> Any:
        if type(x) is not list:
            return x
        if x[0] == "#":
            return made[x[1]]
        return Fraction(*x[1:]) if x[0] == "/" else (tuple if x[0] == "()" else frozenset)(map(get, x[1:]))

    for name, *parts in given:
        try:
            made.append(CALLS[name](*map(get, parts)))
        except (Refused, *FAULTS):
            made.append(None)
    return made


def places(x: Any, path: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    """Where there is a number, a name or a reference within an entry."""
    if type(x) is list and x[0] != "#":
        for i, part in enumerate(x[1:], 1):
            yield from places(part, (*path, i))
    elif x is not None:
        yield path


def edited(r: random.Random, given: list[Any]) -> list[Any]:
    """One to three slips; a reference goes to something of the same kind."""
    given, names = [*given], sorted({x for entry in given for x in entry[1:] if type(x) is str})

    def change(x: Any, path: tuple[int, ...], place: int) -> Any:
        if path:
            return [*x[: path[0]], change(x[path[0]], path[1:], place), *x[path[0] + 1 :]]
        if type(x) is list:
            return ["#", r.choice([i for i in range(place) if given[i][0] == given[x[1]][0]])]
        return r.choice(names) if type(x) is str else r.choice([x + 1, x - 1, -x])

    for _ in range(r.choice([1, 1, 2, 3])):
        place = r.randrange(len(given))
        if where := [*places(given[place])]:
            given[place] = change(given[place], r.choice(where), place)
    return given


def some(seed: str, r: random.Random) -> list[Theorem]:
    """Theorems about a network at random, or one of the library."""
    if r.random() < 0.2:
        return [proved(r.choice(["bp1", "bp2", "bp3", "bp4"]))]
    (net, _), known = make(seed), []
    for _ in range(12):
        try:
            known.append(of_others(r, known) if known and r.random() < 0.6 else a_new_one(net, r))
        except (Refused, IndexError, ValueError):  # nothing to choose from
            continue
    return [p for p in known if is_small(p)][-4:]


def is_small(p: Theorem) -> bool:
    forms = [d for e in (p.lhs, p.rhs, *p.hypotheses) for d in found(e, Index)]
    near = all(abs(c) <= FARTHEST for d in forms for c in (d.constant, *(c for _, c in d.terms)))
    return near and max(p.lhs.weight, p.rhs.weight) < LARGEST


@pytest.mark.parametrize("chunk", CHUNKS)
def test_what_is_still_proved_holds(chunk):
    seen: Counter[str] = Counter()
    for seed in range(chunk * EACH, (chunk + 1) * EACH):
        r = random.Random(f"edited {seed}")
        given = entries(*some(f"edited {seed}", r))
        before = [p for p in made_of(given) if type(p) is Theorem]
        told, nets = set(map(says, before)), {p.net for p in before}
        for _ in range(EDITS):
            new = [p for p in made_of(edited(r, given)) if type(p) is Theorem and says(p) not in told]
            told |= {says(p) for p in new}
            for p in (p for p in new if p.lhs is not p.rhs and is_small(p)):
                for sizes in SIZES[:2]:
                    model = Model(p.net, {name: lambda *_, n=n: n for name, n in sizes.items()}, seed, real=True)
                    values = {name: r.randint(-1, 3) for e in (p.lhs, p.rhs, *p.hypotheses) for name in e.names}
                    if all(model.holds(h, values) for h in p.hypotheses):
                        assert model.agrees(p, values), (seed, p.rule, values)
                        seen[p.rule] += 1
                        seen["of another network"] += p.net not in nets
    assert len(seen) > 5, seen  # which rules are seen depends on the order of sets, which is another one on each run
    assert seen["of another network"], seen


@pytest.mark.parametrize("chunk", CHUNKS)
def test_a_network_that_is_still_taken_has_one_solution(chunk):
    """Its quantities at small indices are computed: no circle is met, and nowhere do two equations hold."""
    taken = refused = 0
    for seed in range(chunk * EACH, (chunk + 1) * EACH):
        r = random.Random(f"network edited {seed}")
        net, _ = make(f"network edited {seed}")
        given = entries(k.refl(net, ONE))[:-1]
        told = {net}
        for _ in range(10 * EDITS):
            new = next((x for x in reversed(made_of(edited(r, given))) if type(x) is Network), None)
            refused += new is None
            if new is None or new in told:
                continue
            told.add(new)
            taken += 1
            for sizes in SIZES:
                model = Model(new, {name: lambda *_, n=n: n for name, n in sizes.items()}, seed)
                for f in new.families:
                    for at in itertools.product(range(-1, 5), repeat=len(f.ranges)):
                        model.quantity(f.name, at, None)
    assert min(taken, refused) > 20, (taken, refused)
