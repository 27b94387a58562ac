"""How long ``backproof export`` takes: cold and warm, and how time and memory grow with the network, in one run.

    OPENBLAS_NUM_THREADS=1 python benchmarks/export.py

Cold: the command and then the file that it wrote, beside the import of SymPy alone. Warm: in a process that has
exported such a network before, once with the equations known and once with all that it remembers forgotten. Each size
is exported in a process of its own, whose peak memory counts.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # two threads of OpenBLAS fight where the cores are busy

import subprocess
import sys
import tempfile
from time import perf_counter

RUNS = 5
COMMAND = (
    *(sys.executable, "-m", "backproof", "export", "--sizes", "784,30,10"),
    *("--activation", "sigmoid", "--cost", "cross-entropy", "--to", "numpy", "-o", "net.py"),
)
WARM = """
import sys, time
import backproof
from backproof.codegen import program, verification
sizes = tuple(map(int, sys.argv[1].split(",")))
backproof.export((3, 4, 2), "sigmoid", "cross-entropy")
backproof.export(sizes, "sigmoid", "cross-entropy")
for forget in (False, True):
    best = float("inf")
    for _ in range(5):
        if forget:
            program._derived.cache_clear()
            verification._replayed.cache_clear()
        start = time.perf_counter()
        backproof.export(sizes, "sigmoid", "cross-entropy")
        best = min(best, time.perf_counter() - start)
    print(best)
"""
ALONE = """
import resource, sys, time
import backproof
backproof.export((3, 4, 2), "sigmoid", "cross-entropy")
start = time.perf_counter()
made = backproof.export(tuple(map(int, sys.argv[1].split(","))), "sigmoid", "cross-entropy")
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
print(made.program.spec.parameters, time.perf_counter() - start, peak)
"""
SIZES = (
    "64,64,64,22",
    "784,30,10",
    "784,100,100,100,10",
    "784,540,540,540,10",
    "1000,2000,2000,2000,10",
    "5000,5000,5000,5000,5000",
)


def seconds(command: tuple[str, ...], folder: str) -> float:
    """The wall-clock time of a command that succeeds."""
    start = perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return perf_counter() - start


def printed(script: str, argument: str) -> list[float]:
    """The numbers that a script prints."""
    done = subprocess.run((sys.executable, "-c", script, argument), check=True, capture_output=True, text=True)
    return [float(part) for part in done.stdout.split()]


def main() -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as folder:
        turns = [
            (
                seconds((sys.executable, "-c", "import sympy"), folder),
                seconds(COMMAND, folder),
                seconds((sys.executable, "net.py"), folder),
            )
            for _ in range(RUNS)
        ]
    sympy, export, run = map(min, zip(*turns, strict=True))
    print(f"import sympy            {sympy:6.2f} s")
    print(f"export, 784-30-10       {export:6.2f} s = {export / sympy:.1f} x import sympy")
    print(f"python net.py           {run:6.2f} s")
    print(f"both, from cold         {export + run:6.2f} s (at most 3)")
    for sizes, most in (("784,30,10", 0.1), ("784,540,540,540,10", 0.5)):
        known, derived = printed(WARM, sizes)
        print(f"warm, {sizes:<20} {known:6.3f} s (at most {most}); with the equations derived again {derived:.3f} s")
    print("parameters    seconds   ns a parameter   peak GB")
    for sizes in SIZES:
        parameters, time, peak = printed(ALONE, sizes)
        print(f"{int(parameters):>11,} {time:9.3f} {1e9 * time / parameters:14.0f} {peak:11.2f}", flush=True)


if __name__ == "__main__":
    main()
