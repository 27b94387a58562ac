"""How long the exact check of all partials takes, for networks of 10^4 to 10^8 parameters.

    python benchmarks/at_scale.py

Each network is checked in a process of its own, so that the peak of memory is its own; a small one is checked first,
so that the threads of BLAS are there.
"""

from __future__ import annotations

import multiprocessing
import resource

from backproof.instances import equations
from backproof.oracle.at_scale import AtScale, Equations, check

EQUATIONS = Equations(*equations().values())  # as proved
NETWORKS = (
    (64, 64, 64, 22),
    (784, 30, 10),
    (784, 100, 100, 100, 10),
    (784, 540, 540, 540, 10),
    (1000, 2000, 2000, 2000, 10),
    (5000, 5000, 5000, 5000, 5000),
)


def measure(sizes: tuple[int, ...]) -> tuple[AtScale, float]:
    """The outcome, and the peak of memory in GB."""
    check((784, 30, 10), EQUATIONS)
    outcome = check(sizes, EQUATIONS)
    return outcome, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def main() -> None:
    """Print the table."""
    print(f"{'units':>26} {'parameters':>12} {'seconds':>9} {'ns each':>8} {'error below':>12} {'peak':>8}")
    for sizes in NETWORKS:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            outcome, peak = pool.apply(measure, (sizes,))
        if not outcome.holds:
            raise SystemExit(f"{sizes}: {outcome.reason}")
        units, each = "-".join(map(str, sizes)), outcome.seconds / outcome.partials * 1e9
        bound = f"2^{outcome.error_bound_log2}"
        print(f"{units:>26} {outcome.partials:12,d} {outcome.seconds:9.4f} {each:8.1f} {bound:>12} {peak:5.2f} GB")


if __name__ == "__main__":
    main()
