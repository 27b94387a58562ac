"""How long ``backproof prove`` takes from a cold start, beside the import of SymPy alone, in one run.

    python benchmarks/prove.py

Each command is run ``RUNS`` times, in turns, and the fastest counts: that is the one least disturbed by other programs.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time

RUNS = 5
BACKPROOF = (sys.executable, "-m", "backproof")
COMMANDS = {
    "sympy": (sys.executable, "-c", "import sympy"),
    "help": (*BACKPROOF, "--help"),
    "tex": (*BACKPROOF, "prove", "--format", "tex"),
    "tex, pdf, json": (*BACKPROOF, "prove"),
}


def seconds(command: tuple[str, ...], folder: str) -> float:
    """The wall-clock time of a command that succeeds."""
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Print the times and the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        times = [{name: seconds(command, folder) for name, command in COMMANDS.items()} for _ in range(RUNS)]
    best = {name: min(run[name] for run in times) for name in COMMANDS}
    rows = (
        ("python -c 'import sympy'", f"{best['sympy']:.2f} s"),
        ("backproof --help", f"{best['help']:.2f} s (at most 0.15)"),
        ("backproof prove --format tex", f"{best['tex']:.2f} s (at most 3)"),
        ("    times import sympy", f"{best['tex'] / best['sympy']:.1f} (at most 12)"),
        ("backproof prove", f"{best['tex, pdf, json']:.2f} s"),
        ("    more than with --format tex", f"{best['tex, pdf, json'] - best['tex']:.2f} s (at most 1)"),
    )
    for name, value in rows:
        print(f"{name:<34}{value}")


if __name__ == "__main__":
    main()
