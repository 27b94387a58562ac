"""The exported C of a 2-3-1 network beside C written by hand for it, both compiled with -O2; and larger networks.

    python benchmarks/c.py

Both are timed in turns in one program, ``ROUNDS`` times, and the fastest of each counts.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from backproof.activations.activation import activations
from backproof.codegen.backends.c import write
from backproof.codegen.c_runner import compiler
from backproof.codegen.program import Spec, compile_program

ROUNDS = 30
HAND = """
#include <math.h>
#define NET_DECLARATIONS
#include "net.c"

int by_hand(
    const net_parameters *restrict p, const double *restrict x, const double *restrict y, size_t m,
    net_parameters *restrict g)
{
    double x1 = x[0], x2 = x[1];
    double a1 = 1 / (1 + exp(-(p->w2[0][0] * x1 + p->w2[0][1] * x2 + p->b2[0])));
    double a2 = 1 / (1 + exp(-(p->w2[1][0] * x1 + p->w2[1][1] * x2 + p->b2[1])));
    double a3 = 1 / (1 + exp(-(p->w2[2][0] * x1 + p->w2[2][1] * x2 + p->b2[2])));
    double o = 1 / (1 + exp(-(p->w3[0][0] * a1 + p->w3[0][1] * a2 + p->w3[0][2] * a3 + p->b3[0])));
    double d = (o - y[0]) * o * (1 - o);
    double d1 = p->w3[0][0] * d * a1 * (1 - a1);
    double d2 = p->w3[0][1] * d * a2 * (1 - a2);
    double d3 = p->w3[0][2] * d * a3 * (1 - a3);
    g->w2[0][0] = d1 * x1; g->w2[0][1] = d1 * x2; g->b2[0] = d1;
    g->w2[1][0] = d2 * x1; g->w2[1][1] = d2 * x2; g->b2[1] = d2;
    g->w2[2][0] = d3 * x1; g->w2[2][1] = d3 * x2; g->b2[2] = d3;
    g->w3[0][0] = d * a1; g->w3[0][1] = d * a2; g->w3[0][2] = d * a3; g->b3[0] = d;
    return m != 1;
}
"""
MAIN = """
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#define NET_DECLARATIONS
#include "net.c"

typedef int function(const net_parameters *, const net_real *, const net_real *, size_t, net_parameters *);
function by_hand;

static double seconds(function *gradient, size_t m, long calls)
{
    static net_parameters p, g;
    net_real *x = malloc(m * NET_INPUTS * sizeof *x), *y = malloc(m * NET_OUTPUTS * sizeof *y);
    net_init(&p, 0);
    for (size_t k = 0; k < m * NET_INPUTS; k++) x[k] = (net_real)(k % 17) / 17;
    for (size_t k = 0; k < m * NET_OUTPUTS; k++) y[k] = (net_real)(k % 3) / 3;
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (long call = 0; call < calls; call++) gradient(&p, x, y, m, &g);
    clock_gettime(CLOCK_MONOTONIC, &end);
    free(x); free(y);
    return ((double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec)) / (double)calls;
}

int main(int argc, char **argv)
{
    size_t m = (size_t)atoi(argv[1]);
    long calls = atol(argv[2]);
    double best[2] = {1, 1};
    for (int round = 0; round < atoi(argv[3]); round++)
        for (int which = 0; which < 1 + (argc > 4); which++) {
            double s = seconds(which ? by_hand : net_gradient, m, calls);
            if (s < best[which]) best[which] = s;
        }
    printf("%.9g %.9g\\n", best[0], best[1]);
    return 0;
}
"""
NETWORKS = (("784,30,10", 1, 2_000), ("784,30,10", 10, 200), ("784,100,10", 32, 20))


def measured(sizes: str, layout: str, m: int, calls: int, *flags: str, hand: bool = False) -> tuple[float, float]:
    """Seconds for a gradient, of the exported program and of that by hand."""
    widths = tuple(map(int, sizes.split(",")))
    spec = Spec(widths, activations("sigmoid", len(widths) - 1), "quadratic", layout=layout)
    with tempfile.TemporaryDirectory() as folder:
        texts = {
            "net.c": write(compile_program(spec)),
            "main.c": MAIN,
            "hand.c": HAND if hand else "typedef int none;\n",
        }
        main = texts["main.c"] if hand else MAIN.replace("which ? by_hand : net_gradient", "net_gradient")
        for name, text in (texts | {"main.c": main}).items():
            Path(folder, name).write_text(text, encoding="utf-8")
        subprocess.run([*compiler(), *flags, "net.c", "hand.c", "main.c", "-o", "run", "-lm"], cwd=folder, check=True)
        arguments = [str(m), str(calls), str(ROUNDS), *(["hand"] if hand else [])]
        done = subprocess.run(["./run", *arguments], cwd=folder, check=True, capture_output=True, text=True)
    mine, its = map(float, done.stdout.split())
    return mine, its


def main() -> None:
    """Print the times and the ratio."""
    mine, its = measured("2,3,1", "columns", 1, 100_000, "-O2", hand=True)
    print(f"{'2-3-1, one example, by hand':<44}{its * 1e9:8.1f} ns")
    print(f"{'2-3-1, one example, exported':<44}{mine * 1e9:8.1f} ns, ratio {mine / its:.2f} (at most 1.1)")
    for sizes, m, calls in NETWORKS:
        for layout in ("columns", "rows"):
            times = [measured(sizes, layout, m, calls, flag)[0] * 1e6 for flag in ("-O2", "-O3")]
            shown = f"{sizes.replace(',', '-')}, batches of {m}, {layout}"
            print(f"{shown:<44}{times[0]:8.1f} µs with -O2, {times[1]:.1f} µs with -O3")


if __name__ == "__main__":
    main()
