"""How fast the exported programs are: each as a ratio to the bare matrix products of the network, in one run.

    OPENBLAS_NUM_THREADS=1 python benchmarks/gradient.py

The limit is the time that the products of the forward and the backward pass take in NumPy, by ``dot`` and by
``matmul``, in every layout of their operands: whichever is fastest. Programs and products take turns, and of each the
best time counts. PyTorch, JAX and the per-example loop of the reference are there for comparison, where they are
installed.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from itertools import pairwise, product
from time import perf_counter
from typing import Any

import numpy as np

import backproof
from backproof.reference import Network

CASES = [((784, 30, 10), (1, 10, 128)), ((784, 512, 512, 10), (10, 128)), ((2, 3, 1), (1, 10, 128))]
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


def programs(sizes: tuple[int, ...], batch: int) -> Iterator[tuple[str, Call]]:
    """What computes the gradient of a sigmoid net; the others than ours that of the quadratic cost."""
    rng = np.random.default_rng(1)
    x, y = rng.standard_normal((sizes[0], batch)), rng.random((sizes[-1], batch))
    net, other = (backproof.export(sizes, cost=cost).load() for cost in ("cross-entropy", "quadratic"))
    parameters = net.init()
    yield "backproof, cross-entropy", lambda: net.gradient(parameters, x, y)
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


def main() -> None:
    """Print the table."""
    for sizes, batches in CASES:
        for batch in batches:
            limits = list(bare(sizes, batch))
            named = list(programs(sizes, batch))
            found = times([*limits, *(call for _, call in named)])
            limit = min(found[: len(limits)])
            rest = ", ".join(
                f"{name} {time / limit:.2f}" for (name, _), time in zip(named, found[len(limits) :], strict=True)
            )
            print(
                f"{'-'.join(map(str, sizes))}, {batch:3} examples: products {1e6 * limit:8.1f} µs; {rest}", flush=True
            )


if __name__ == "__main__":
    main()
