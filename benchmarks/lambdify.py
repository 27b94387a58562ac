"""How fast lambdified theorems are: each as a ratio to the best NumPy that we know to write by hand, in one run.

    OPENBLAS_NUM_THREADS=1 python benchmarks/lambdify.py

Both take turns, and of each the best time counts. They have to agree first.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

from collections.abc import Callable, Iterator
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

import backproof  # noqa: F401 - it gives theorems the method
from backproof.derivations import attention, bp2, bp4, layer_norm
from backproof.lambdify.install import lambdify

ROUNDS, ROUND = 15, 0.05  # how often each takes its turn, and for how many seconds
Call = Callable[[], Any]


class Case(NamedTuple):
    """What is computed, at which sizes, by the theorem, and by hand in one way or several."""

    name: str
    theorem: Call
    by_hand: tuple[Call, ...]


def of(made: Any, **data: Any) -> Call:
    function = lambdify(made())
    return lambda: function(**data)


def layer_norm_case(t: int, n: int, rng: np.random.Generator) -> Case:
    h, g, r = rng.standard_normal((t, n)), rng.standard_normal((t, n)), rng.uniform(0.5, 1.5, t)

    def plain() -> Any:
        return r[:, None] * (g - g.mean(1, keepdims=True) - h * (g * h).mean(1, keepdims=True))

    def in_place() -> Any:
        found = h * (np.einsum("ti,ti->t", g, h) / -n)[:, None]
        found += g
        found -= (g.sum(1) / n)[:, None]
        found *= r[:, None]
        return found

    return Case(f"LayerNorm dx, {t} x {n}", of(layer_norm.dx, r=r, h=h, dC_dh=g), (plain, in_place))


def attention_cases(b: int, g: int, m: int, t: int, h: int, rng: np.random.Generator) -> Iterator[Case]:
    size = f"{b} x {g} x {m} heads, {t} x {t}, {h}"
    d, p = rng.standard_normal((b, g, m, t, t)), rng.standard_normal((b, g, m, t, t))
    q, o = rng.standard_normal((b, g, m, t, h)), rng.standard_normal((b, g, m, t, h))
    k, kappa = rng.standard_normal((b, g, t, h)), h**-0.5

    def of_keys(first: Any, second: Any) -> Any:
        flat = first.reshape(b, g, m * t, t)
        return flat.swapaxes(2, 3) @ second.reshape(b, g, m * t, h)

    def scaled(found: Any) -> Any:
        found *= kappa
        return found

    yield Case(
        f"attention dQ, {size}",
        of(attention.dQ, dC_dA=d, K=k, kappa=kappa),
        (lambda: scaled(d @ k[:, :, None]), lambda: scaled((d.reshape(b, g, -1, t) @ k).reshape(q.shape))),
    )
    yield Case(
        f"attention dK, {size}",
        of(attention.dK, dC_dA=d, Q=q, kappa=kappa),
        (lambda: scaled(of_keys(d, q)), lambda: scaled((d.swapaxes(3, 4) @ q).sum(2))),
    )
    yield Case(
        f"attention dV, {size}",
        of(attention.dV, dC_dO=o, P=p),
        (lambda: of_keys(p, o), lambda: (p.swapaxes(3, 4) @ o).sum(2)),
    )


def dense_cases(below: int, above: int, rng: np.random.Generator) -> Iterator[Case]:
    w, delta, z = rng.standard_normal((above, below)), rng.standard_normal(above), rng.standard_normal(below)
    slope = lambda u: 1 - np.tanh(u) ** 2  # noqa: E731
    yield Case(
        f"BP2, {below} to {above} units",
        of(bp2.bp2, w={3: w}, delta={3: delta}, z={2: z}, sigma=(np.tanh, slope), l=2),
        (lambda: (w.T @ delta) * slope(z), lambda: (delta @ w) * slope(z)),
    )
    yield Case(
        f"BP4, {below} to {above} units",
        of(bp4.bp4, delta={3: delta}, a={2: z}, l=3),
        (lambda: np.outer(delta, z), lambda: delta[:, None] * z),
    )


def best(calls: list[Call]) -> list[float]:
    """The best time of each, taking turns."""
    found = [float("inf")] * len(calls)
    for _ in range(ROUNDS):
        for place, call in enumerate(calls):
            end = perf_counter() + ROUND
            while (start := perf_counter()) < end:
                call()
                found[place] = min(found[place], perf_counter() - start)
    return found


def main() -> None:
    rng = np.random.default_rng(0)
    cases = [
        layer_norm_case(64, 64, rng), layer_norm_case(2048, 768, rng),
        *attention_cases(1, 2, 2, 64, 32, rng), *attention_cases(2, 4, 3, 256, 64, rng),
        *dense_cases(30, 10, rng), *dense_cases(784, 512, rng), *dense_cases(4096, 4096, rng),
    ]  # fmt: skip
    print(f"{'':52}{'theorem':>12}{'by hand':>12}{'ratio':>8}")
    for case in cases:
        expected = case.by_hand[0]()
        for call in (case.theorem, *case.by_hand[1:]):
            np.testing.assert_allclose(call(), expected, rtol=1e-9, atol=1e-9)
        ours, *others = best([case.theorem, *case.by_hand])
        print(f"{case.name:52}{ours * 1e6:9.0f} us{min(others) * 1e6:9.0f} us{ours / min(others):8.2f}", flush=True)


if __name__ == "__main__":
    main()
