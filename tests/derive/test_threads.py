"""Proofs in several threads at once: equal is identical there, too."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

from sympy import Symbol

from backproof.core.index import Index, variable
from backproof.derive.calc import calc
from backproof.derive.reasons import algebra, definition
from backproof.networks import dense
from backproof.surface.terms import a, l, sigma, z


def test_a_node_is_made_once() -> None:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for turn in range(200):
            names = [f"thread{turn}n{place}" for place in range(20)]
            with ThreadPoolExecutor(4) as pool:
                made: list[list[Index]] = list(pool.map(lambda _, names=names: list(map(variable, names)), range(4)))
            assert all(one is other for row in made[1:] for one, other in zip(made[0], row, strict=True))
    finally:
        sys.setswitchinterval(interval)


def test_calculations_in_threads() -> None:
    def prove(place: int) -> bool:
        unit = Symbol(f"unit{place // 4}")
        made = calc(dense(), a[l, unit], (sigma(z[l, unit]), definition(a[l, unit])), (sigma(z[l, unit]), algebra))
        return made.composes()

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(prove, range(40)))
