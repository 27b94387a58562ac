"""How long ``backproof prove`` takes from a cold start, beside the import of SymPy alone, in one run.

    python benchmarks/prove.py

Each command is run ``RUNS`` times, in turns, and the fastest counts: that is the one least disturbed by other programs.
All modules are compiled in the first run, as they are where a package is installed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time

RUNS = 5
PROVED = """
from backproof.derive.registry import LIBRARY, chapter, library_module
for name in LIBRARY:
    chapter(library_module(name))
"""
BACKPROOF = (sys.executable, "-m", "backproof")
DENSE = (
    "forward", "bp1", "bp2", "bp3", "bp4", "backward", "five_layers", "activations", "costs", "examples",
    "cost_of_backprop",
)  # fmt: skip
COMMANDS = {
    "python": (sys.executable, "-c", ""),
    "core": (sys.executable, "-c", "import backproof.core.kernel"),
    "sympy": (sys.executable, "-c", "import sympy"),
    "help": (*BACKPROOF, "--help"),
    "theorems": (sys.executable, "-c", f"import gc; gc.disable(){PROVED}"),
    "proof": (*BACKPROOF, "prove", "--format", "proof"),
    "verify": (*BACKPROOF, "verify", "build/proofs.json"),
    "tex": (*BACKPROOF, "prove", "--format", "tex"),
    "dense": (*BACKPROOF, "prove", *DENSE, "--format", "tex"),
    "bp2": (*BACKPROOF, "prove", "bp2", "--format", "tex"),
    "tex, pdf, json": (*BACKPROOF, "prove"),
}


def seconds(command: tuple[str, ...], folder: str) -> float:
    """The wall-clock time of a command that succeeds."""
    compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": f"{folder}/compiled"}
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env={**os.environ, **compiled})
    return time.perf_counter() - start


def main() -> None:
    """Print the times and the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        times = [{name: seconds(command, folder) for name, command in COMMANDS.items()} for _ in range(RUNS)]
    best = {name: min(run[name] for run in times) for name in COMMANDS}
    rows = (
        ("python -c 'import sympy'", f"{best['sympy']:.2f} s"),
        ("backproof --help", f"{best['help']:.2f} s (at most 0.15)"),
        ("import backproof.core", f"{1000 * (best['core'] - best['python']):.0f} ms (at most 30)"),
        ("the library's theorems", f"{best['theorems']:.2f} s"),
        ("    times import sympy", f"{best['theorems'] / best['sympy']:.1f}"),
        ("backproof verify, of the library", f"{best['verify']:.2f} s"),
        ("    times import sympy", f"{best['verify'] / best['sympy']:.1f}"),
        ("backproof prove --format tex", f"{best['tex']:.2f} s"),
        ("    times import sympy", f"{best['tex'] / best['sympy']:.1f} (to be 6)"),
        ("    of the chapters on dense nets", f"{best['dense']:.2f} s"),
        ("    all chapters, times these", f"{best['tex'] / best['dense']:.1f} (at most 2)"),
        ("    of bp2", f"{best['bp2']:.2f} s"),
        ("backproof prove", f"{best['tex, pdf, json']:.2f} s"),
        ("    more than with --format tex", f"{best['tex, pdf, json'] - best['tex']:.2f} s (at most 1)"),
    )
    for name, value in rows:
        print(f"{name:<34}{value}")


if __name__ == "__main__":
    main()
