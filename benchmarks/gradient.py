"""How fast the exported programs are, in one run: as ratios to the best NumPy by hand, and to the bare products.

    OPENBLAS_NUM_THREADS=1 python benchmarks/gradient.py

By hand: the same formulas into arrays that are used again, with examples as columns or rows, by ``dot`` or ``matmul``,
in C or in Fortran order: whichever is fastest. The bare products are those of the forward and the backward pass, by
``dot`` and by ``matmul``, in every layout of their operands. All take turns, and of each the best time counts. The
exported module works in a workspace, and makes new arrays besides. PyTorch, JAX and the per-example loop of the
reference are there for comparison, where they are installed.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import platform
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from itertools import pairwise, product
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

import backproof
from backproof.reference import Network

CASES = [((784, 30, 10), (1, 10, 128)), ((784, 512, 512, 10), (1, 10, 128)), ((2, 3, 1), (1, 10, 128))]
ROUNDS, ROUND = 15, 0.02  # how often each takes its turn, and for how many seconds
Call = Callable[[], Any]


def arrays(shapes: list[tuple[int, int]], order: str, rng: np.random.Generator) -> list[Any]:
    """Random arrays; order S: the shorter axis contiguous."""
    chosen = [("C" if rows >= columns else "F") if order == "S" else order for rows, columns in shapes]
    return [np.asarray(rng.standard_normal(shape), order=one) for shape, one in zip(shapes, chosen, strict=True)]


def bare(sizes: tuple[int, ...], batch: int) -> Iterator[Call]:
    """The products alone, in each layout."""
    rng = np.random.default_rng(0)
    for multiply, of_weights, of_units in product((np.matmul, np.dot), "CFS", "CFS"):
        if multiply is np.dot and (of_weights, of_units) != ("C", "C"):  # it writes into nothing else
            continue
        w = arrays([(rows, columns) for columns, rows in pairwise(sizes)], of_weights, rng)
        nabla = arrays([(rows, columns) for columns, rows in pairwise(sizes)], of_weights, rng)
        a, z = (arrays([(size, batch) for size in sizes], of_units, rng) for _ in range(2))
        yield products(multiply, w, a, z, nabla)


def products(multiply: Any, w: Any, a: Any, z: Any, nabla: Any) -> Call:
    layers = range(len(w))

    def call() -> None:
        for layer in layers:
            multiply(w[layer], a[layer], out=z[layer + 1])
        for layer in reversed(layers):
            multiply(a[layer + 1], a[layer].T, out=nabla[layer])
            if layer:
                multiply(w[layer].T, a[layer + 1], out=z[layer])

    return call


def by_hand(sizes: tuple[int, ...], batch: int) -> Iterator[Call]:
    """The gradient of a sigmoid net with the cross-entropy cost, as one writes it down."""
    for rows, multiply, order in product((False, True), (np.dot, np.matmul), "CF"):
        yield written(sizes, batch, multiply, order, rows=rows)


def written(sizes: tuple[int, ...], batch: int, multiply: Any, order: str, *, rows: bool) -> Call:
    """One of them."""
    rng = np.random.default_rng(2)

    def new(rows_: int, columns: int) -> Any:
        return np.asarray(rng.random((columns, rows_) if rows else (rows_, columns)), order=order)

    def times(left: Any, right: Any, out: Any) -> None:
        if rows:
            left, right = right, left
        if multiply is np.dot and not out.flags.c_contiguous:
            np.dot(right.T, left.T, out.T)
        else:
            multiply(left, right, out)

    w, nabla = ([new(n, k) for k, n in pairwise(sizes)] for _ in range(2))
    b = [new(n, 1) for n in sizes[1:]]
    a, delta = ([new(n, batch) for n in sizes] for _ in range(2))
    nabla_b, ones, y, share = [new(n, 1) for n in sizes[1:]], new(batch, 1), new(sizes[-1], batch), np.array(1 / batch)
    ones[...] = 1
    one, limit = np.array(1.0), np.array(709.0)

    def call() -> Any:
        for layer in range(len(w)):
            z, spare = a[layer + 1], delta[layer + 1]
            times(w[layer], a[layer], z)
            np.add(z, b[layer], z)
            np.minimum(z, limit, out=spare)
            np.exp(spare, spare)
            np.add(spare, one, z)
            np.divide(spare, z, z)
        np.subtract(a[-1], y, delta[-1])
        if batch > 1:
            np.multiply(delta[-1], share, delta[-1])
        for layer in reversed(range(len(w))):
            times(delta[layer + 1], a[layer].T, nabla[layer])
            if batch > 1:
                times(delta[layer + 1], ones, nabla_b[layer])
            if layer:
                times(w[layer].T, delta[layer + 1], delta[layer])
                slope = slopes[layer]
                np.subtract(one, a[layer], slope)
                np.multiply(slope, a[layer], slope)
                np.multiply(delta[layer], slope, delta[layer])
        return nabla, nabla_b

    slopes = [np.empty_like(part) for part in a]
    return call


def programs(sizes: tuple[int, ...], batch: int) -> Iterator[tuple[str, Call]]:
    """What computes the gradient of a sigmoid net; the others than ours that of the quadratic cost."""
    rng = np.random.default_rng(1)
    x, y = rng.standard_normal((sizes[0], batch)), rng.random((sizes[-1], batch))
    net, other = (backproof.export(sizes, cost=cost).load() for cost in ("cross-entropy", "quadratic"))
    parameters, work = net.init(), net.workspace(batch)
    yield "in a workspace", lambda: net.gradient(parameters, x, y, work)
    yield "new arrays", lambda: net.gradient(parameters, x, y)
    yield "quadratic", lambda: other.gradient(parameters, x, y)
    if find_spec("torch"):
        yield "torch eager", torch_eager(parameters, x, y)
    if find_spec("jax"):
        yield "jax.jit", jax_jit(parameters, x, y)
    loop, pairs = Network(sizes), [(x[:, [place]], y[:, [place]]) for place in range(batch)]
    yield "loop", lambda: [loop.backprop(*pair) for pair in pairs]


def torch_eager(parameters: Any, x: Any, y: Any) -> Call:
    """By automatic differentiation."""
    import torch

    torch.set_num_threads(1)
    leaves = [torch.tensor(part, requires_grad=True) for pair in parameters for part in pair]
    data, targets = torch.tensor(x), torch.tensor(y)

    def call() -> Any:
        a = data
        for w, b in zip(leaves[::2], leaves[1::2], strict=True):
            a = torch.sigmoid(w @ a + b)
        return torch.autograd.grad(((a - targets) ** 2).sum() / (2 * data.shape[1]), leaves)

    return call


def jax_jit(parameters: Any, x: Any, y: Any) -> Call:
    """By automatic differentiation, compiled."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", val=True)

    def cost(pairs: Any, x: Any, y: Any) -> Any:
        a = x
        for w, b in pairs:
            a = jax.nn.sigmoid(w @ a + b)
        return ((a - y) ** 2).sum() / (2 * x.shape[1])

    compiled, data = jax.jit(jax.grad(cost)), [jnp.asarray(part) for part in (x, y)]
    pairs = [(jnp.asarray(w), jnp.asarray(b)) for w, b in parameters]
    return lambda: jax.block_until_ready(compiled(pairs, *data))


def times(calls: list[Call]) -> list[float]:
    """The best time of each, in turns."""
    counts = [max(1, int(ROUND / once(call))) for call in calls]
    best = [float("inf")] * len(calls)
    for _ in range(ROUNDS):
        for place, (call, count) in enumerate(zip(calls, counts, strict=True)):
            start = perf_counter()
            for _ in range(count):
                call()
            best[place] = min(best[place], (perf_counter() - start) / count)
    return best


def once(call: Call) -> float:
    """How long a call takes, about."""
    call()
    start = perf_counter()
    for _ in range(3):
        call()
    return (perf_counter() - start) / 3


def processor() -> str:
    """Its name."""
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "an unknown processor"


def main() -> None:
    """Print the table."""
    print(f"one thread of {processor()}, NumPy {np.__version__}; ratios to the best NumPy by hand of this run")
    for sizes, batches in CASES:
        for batch in batches:
            limits, hands, named = list(bare(sizes, batch)), list(by_hand(sizes, batch)), list(programs(sizes, batch))
            found = times([*limits, *hands, *(call for _, call in named)])
            products_, best = min(found[: len(limits)]), min(found[len(limits) : len(limits) + len(hands)])
            rest = zip(named, found[len(limits) + len(hands) :], strict=True)
            said = ", ".join(f"{name} {time / best:.2f} ({time / products_:.2f})" for (name, _), time in rest)
            size = "-".join(map(str, sizes))
            print(
                f"{size}, {batch:3}: products {1e6 * products_:.1f} µs, by hand {1e6 * best:.1f} µs; {said}", flush=True
            )


if __name__ == "__main__":
    main()
