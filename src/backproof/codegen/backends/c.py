"""C99 in one file, with loops for batches of any size; small nets have the single example written out.

Backpropagation is linear in the examples, so a block of them is worked on at a time, in a workspace of a fixed size.
What is at most ``ON_STACK`` bytes lies on the stack, and what is larger comes from the heap.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, Final

import numpy as np

from ..backend import Backend
from ..c_code import CUnrolled, Loops, comment, safe
from ..c_runner import load, sanitized, without_warning
from ..comparison import agreement
from ..entries import Entries
from ..expected import expected
from ..header import header, words
from ..naming import Names
from ..program import Program, Spec
from ..sample import Result, Sample, draw
from ..templating import render
from ..unroll import folded, singles, straight, together

BLOCK: Final = 8  # examples
ON_STACK: Final = 1 << 14
SMALL: Final = 100  # parameters: up to here the gradient for one example is written out

TESTED: Final = 1_000  # parameters that the program for a test moves, at most
ROUGHLY: Final = {"float64": 1e-9, "float32": 1e-3}  # a block that is left out is no matter of rounding
BATCHES: Final = (
    "In these m is the number of examples, and arrays lie row by row. Nothing may overlap. The functions have no "
    "state: threads may call them at the same time."
)
LEFT: Final = {"forward": " They are left in a.", "cost": " It is left in c.", "gradient": " They are left in g."}

#: Functions that the mathematical library lacks. F is the suffix of its functions for the type of numbers.
SOURCES: Final = {
    "sigmoid": """/* 1/(1 + exp(-z)). Where exp(-z) is infinite that is 0, as it should be. */
static inline net_real net_sigmoid(net_real z)
{
    return 1 / (1 + expF(-z));
}
""",
    "softplus": """/* log(1 + exp(z)), without the exponential of a large number. */
static inline net_real net_softplus(net_real z)
{
    net_real u = expF(z > 0 ? -z : z), v = 1 + u; /* this is log1p, which small libraries lack */
    net_real grown = v == 1 ? u : logF(v) * (u / (v - 1));
    return z > 0 ? z + grown : grown;
}
""",
    "Phi": """/* The distribution function of the normal law: it keeps its digits where it is close to 0. */
static inline net_real net_Phi(net_real z)
{
    return erfcF(z * -0.7071067811865476F) / 2;
}
""",
    "phi": """/* The density of the normal law, exp(-z²/2)/√(2π). */
static inline net_real net_phi(net_real z)
{
    return expF(z * z / -2) * 0.3989422804014327F;
}
""",
    "max": """static inline net_real net_max(net_real u, net_real v)
{
    return u > v ? u : v;
}
""",
    "dot": """/* The product of two rows, in eight sums that a processor adds to at the same time. */
static inline net_real net_dot(const net_real *u, const net_real *v, size_t n)
{
    net_real sums[8] = {0, 0, 0, 0, 0, 0, 0, 0}, sum = 0;
    size_t whole = n - n % 8;
    for (size_t k = 0; k < whole; k += 8)
        for (size_t lane = 0; lane < 8; lane++)
            sums[lane] += u[k + lane] * v[k + lane];
    for (size_t k = whole; k < n; k++)
        sum += u[k] * v[k];
    for (size_t lane = 0; lane < 4; lane++)
        sums[lane] += sums[lane + 4];
    return sum + ((sums[0] + sums[2]) + (sums[1] + sums[3]));
}
""",
}


def _sources(used: Iterable[str], spec: Spec) -> list[str]:
    suffix = "f" if spec.dtype == "float32" else ""
    return [re.sub(r"(?<=[a-z0-9])F\b", suffix, text) for name, text in SOURCES.items() if name in used]


def _common(program: Program, verified: Iterable[str], *, one: bool = False) -> dict[str, Any]:
    """What both forms have."""
    spec = program.spec
    rows, single = spec.layout == "rows", spec.dtype == "float32"
    layers = [
        {
            "number": number,
            "units": above,
            "first": below if rows else above,
            "second": above if rows else below,
            "spread": f"{np.float32(below**-0.5)!s}f" if single else repr(below**-0.5),
        }
        for number, (below, above) in enumerate(pairwise(spec.sizes), start=2)
    ]
    where = "w[l][k][j]" if rows else "w[l][j][k]"
    said = header(program, verified, "c", unrolled=one)
    parameters = f"Weights and biases; {where} is the weight from unit k of layer l-1 to unit j of layer l."
    return {
        "header": "\n".join(f" * {line}".rstrip() for line in map(safe, said.splitlines())),
        "spec": spec,
        "sizes": spec.sizes,
        "real": "float" if single else "double",
        "layers": layers,
        "words": {
            **{name: comment(text + LEFT.get(name, "")) for name, text in words(spec).items()},
            "parameters": comment(parameters),
        },
        "reach": "1e-2f" if single else "1e-5",
        "tolerance": "0.05" if single else "1e-6",
        "stride": -(-spec.parameters // TESTED),
    }


def _broken(lines: Iterable[str]) -> list[str]:
    """Lines of at most the usual width, as far as they can be broken."""
    return [part for line in lines for part in _parts(line)]


def _parts(line: str) -> Iterator[str]:
    indent = line[: len(line) - len(line.lstrip())]
    yield from (indent + part for part in folded(line.strip()))


def write(program: Program, verified: Iterable[str] = ()) -> str:
    """The text of the file; ``verified`` is what its header says of it."""
    spec = program.spec
    entries, code = Entries(program), Loops(spec)
    parts = Names(spec.sizes).shared(entries.forward(), entries.backward(), entries.cost())
    forward, backward, cost = (_broken(code.lines(part)) for part in parts)
    alone, rows = CUnrolled(spec), spec.layout == "rows"
    single = _broken(alone.lines(straight(program).gradient)) if spec.parameters <= SMALL else []
    number = 4 if spec.dtype == "float32" else 8
    compensated = spec.dtype == "float32"
    space = (
        BLOCK * number * sum(units or 1 for units in code.arrays.values()) + 2 * number * spec.parameters * compensated
    )
    back = "\n".join(backward)
    common = _common(program, verified)
    heap, step_heap = space > ON_STACK, number * spec.parameters > ON_STACK
    memory = "They allocate nothing."
    if heap or step_heap:
        memory = f"What is larger than {ON_STACK >> 10} KiB they take from the heap, and give back."
    return render(
        "c.c.j2",
        **{**common, "words": {**common["words"], "memory": comment(f"{BATCHES} {memory}")}},
        functions=_sources({*code.used, *(alone.used if single else ())}, spec),
        block=BLOCK,
        arrays=list(code.arrays.items()),
        forward=forward,
        backward=backward,
        cost=cost,
        single=single,
        uses_p="p->" in back,
        uses_m=re.search(r"\bm\b", back) is not None,
        size_t="" if rows else "size_t m, ",
        m="" if rows else "m, ",
        x=f"x + first * {spec.sizes[0]}" if rows else "x + first",
        y=f"y + first * {spec.sizes[-1]}" if rows else "y + first",
        output=f"a[(first + i) * {spec.sizes[-1]} + j]" if rows else "a[j * m + first + i]",
        mean=spec.reduction == "mean",
        compensated=compensated,
        examples=8,
        one=False,
        **_memory("space", "net_work", "s", heap=heap),
        **_memory("gradient_space", "net_parameters", "g", heap=step_heap),
    )


def _memory(key: str, kind: str, name: str, *, heap: bool) -> dict[str, str]:
    """The lines that make room and give it back."""
    freed = key.replace("space", "freed")
    if not heap:
        return {key: f"{kind} room, *{name} = &room;", freed: ""}
    made = f"{kind} *{name} = ({kind} *)malloc(sizeof *{name});\n    if ({name} == NULL)\n        return NET_NO_MEMORY;"
    return {key: made, freed: f"free({name});"}


def write_unrolled(program: Program, verified: Iterable[str] = ()) -> str:
    """The same for one example, written out in scalars. ValueError where the net is too large for that."""
    spec, parts = program.spec, straight(program)
    code = CUnrolled(spec)
    lines = {name: _broken(code.lines(getattr(parts, name))) for name in ("forward", "cost", "gradient")}
    return render(
        "unrolled.c.j2",
        **_common(program, verified, one=True),
        **lines,
        functions=_sources(code.used, spec),
        examples=1,
        one=True,
    )


def run(program: Program, text: str, samples: Sequence[Sample]) -> list[Result]:
    """What the compiled program makes of the samples."""
    with load(program.spec, text) as loaded:
        return [loaded.result(sample) for sample in samples]


def run_unrolled(program: Program, text: str, samples: Sequence[Sample]) -> list[Result]:
    """The same, one example after the other."""
    with load(program.spec, text, one=True) as loaded:
        return [together(program.spec, sample, map(loaded.result, singles(sample))) for sample in samples]


def checks(program: Program, text: str, samples: Sequence[Sample], *, one: bool = False) -> list[str]:
    """No warning of the compiler, no objection of a sanitizer, and no mistake where a batch is longer than a block."""
    spec, whole = program.spec, [*samples, draw(program.spec, BLOCK + 1)]
    said = [without_warning(text, one=one)]
    found = sanitized(
        spec, text, [each for sample in whole for each in (singles(sample) if one else [sample])], one=one
    )
    for sample in whole:
        parts = [found.pop(0) for _ in (singles(sample) if one else [sample])]
        result = together(spec, sample, parts) if one else parts[0]
        agreement(spec, sample, expected(spec, sample), result, ROUGHLY[spec.dtype])
    sizes = [str(sample.x.shape[1]) for sample in whole]
    batches = f"batches of {', '.join(sizes[:-1])} and {sizes[-1]}"
    return [*said, f"right, and clean under the sanitizers of addresses and of undefined behaviour, on {batches}"]


BACKEND = Backend("c", ".c", write, run, checks, sizes=(2, 4, 5, 6, 7, 9, 10, 70, 130, 600, 3, 1))
UNROLLED = Backend("c", ".c", write_unrolled, run_unrolled, partial(checks, one=True))

__all__ = ["BACKEND", "UNROLLED", "checks", "run", "run_unrolled", "write", "write_unrolled"]
