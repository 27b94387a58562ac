"""How long the exact checks of all partials take, for networks of 10^4 to 10^8 parameters.

    python benchmarks/at_scale.py

First the equations BP1 to BP4, whatever the activation; then a whole program, for sigmoid units and the cross-entropy.
Each network is checked in a process of its own, so that the peak of memory is its own; a small one is checked first,
so that the threads of BLAS are there.
"""

from __future__ import annotations

import multiprocessing
import resource
from collections.abc import Callable

from backproof.activations.activation import activation
from backproof.codegen.program import Spec, compile_program
from backproof.instances import equations
from backproof.oracle.scale import at_scale, program

NETWORKS = (
    (64, 64, 64, 22),
    (784, 30, 10),
    (784, 100, 100, 100, 10),
    (784, 540, 540, 540, 10),
    (1000, 2000, 2000, 2000, 10),
    (5000, 5000, 5000, 5000, 5000),
)
Outcome = at_scale.AtScale | program.Executed


def of_equations(sizes: tuple[int, ...]) -> Outcome:
    """The equations, as proved."""
    return at_scale.check(sizes, at_scale.Equations(*equations().values()))


def of_program(sizes: tuple[int, ...]) -> Outcome:
    """The program, as compiled."""
    made = compile_program(Spec(sizes, (activation("sigmoid"),) * (len(sizes) - 1), "cross-entropy"))
    return program.check(made.net, sizes, [(line.target, line.value) for line in made.assignments])


def measure(check: Callable[[tuple[int, ...]], Outcome], sizes: tuple[int, ...]) -> tuple[Outcome, float]:
    """The outcome, and the peak of memory in GB."""
    check((784, 30, 10))
    outcome = check(sizes)
    return outcome, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def table(title: str, check: Callable[[tuple[int, ...]], Outcome]) -> None:
    """Print one of them."""
    print(f"{title:>26} {'parameters':>12} {'seconds':>9} {'ns each':>8} {'error below':>12} {'peak':>8}")
    for sizes in NETWORKS:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            outcome, peak = pool.apply(measure, (check, sizes))
        if not outcome.holds:
            raise SystemExit(f"{sizes}: {outcome.reason}")
        units, each = "-".join(map(str, sizes)), outcome.seconds / outcome.partials * 1e9
        bound = f"2^{outcome.error_bound_log2}"
        print(f"{units:>26} {outcome.partials:12,d} {outcome.seconds:9.4f} {each:8.1f} {bound:>12} {peak:5.2f} GB")


if __name__ == "__main__":
    table("equations", of_equations)
    table("program", of_program)
