"""One example of a tiny net: plain numbers, which are done before NumPy has been called a few times."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from ..lines import bracketed, parts
from ..program import Program, Spec
from ..unroll import one_example

Entry = Callable[[int, int], str]
INSIDE: Final = 80  # columns within try


def lines(program: Program) -> tuple[list[str], list[str]]:
    """What it reads and computes; and what fills the array of all derivatives."""
    spec = program.spec
    computed, values, below = [], dict[str, str](), list[str]()
    for line in one_example(program, INSIDE):
        name, _, value = line.partition(" = ")
        if name.startswith("nabla_"):
            values[name] = value
        elif line.startswith(("# BP3", "# BP4")):
            below.append(line)
        else:
            computed.append(line)
    names = [name for layer in range(2, spec.depth + 1) for name in _written(spec, layer)]
    return [*_read(spec), *computed], [*below, *bracketed("flat[:] = (", [values[name] for name in names])]


def _read(spec: Spec) -> Iterator[str]:
    """Numbers from arrays."""
    rows, layers = spec.layout == "rows", range(2, spec.depth + 1)
    pairs = [f"(w{layer}, b{layer})" for layer in layers]
    line = f"{', '.join(pairs)} = parameters"
    yield from [line] if len(pairs) > 1 and len(line) <= INSIDE else bracketed("(", pairs, " = parameters", INSIDE)
    types = [f"{name}{layer}.dtype" for layer in layers for name in "wb"]
    yield from bracketed("types = {", types, width=INSIDE)
    yield "if types != {DTYPE}:"
    yield "    return False"
    for name, size in (("x", spec.sizes[0]), ("y", spec.sizes[-1])):
        yield from _listed(_column(name, size, flat=False, rows=rows), name)
    for layer in layers:
        yield from _listed(_matrix(f"w{layer}", *_shape(spec.sizes, layer), rows=rows), f"w{layer}")
        yield from _listed(_column(f"b{layer}", spec.sizes[layer - 1], flat=True, rows=rows), f"b{layer}")


def _listed(target: str, name: str) -> list[str]:
    return bracketed("[", parts(target), f" = {name}.tolist()", INSIDE)


def _shape(sizes: tuple[int, ...], layer: int) -> tuple[int, int]:
    return sizes[layer - 1], sizes[layer - 2]


def _column(name: str, size: int, *, flat: bool, rows: bool) -> str:
    """A target for the list of lists that a column is, or a row; for a list where biases are beside rows."""
    names = [f"{name}_{unit}" for unit in range(1, size + 1)]
    if rows:
        row = f"[{', '.join(names)}]"
        return row if flat else f"[{row}]"
    return f"[{', '.join(f'[{one}]' for one in names)}]"


def _matrix(name: str, rows_: int, columns: int, *, rows: bool) -> str:
    outer, inner = (columns, rows_) if rows else (rows_, columns)
    entry: Entry = (lambda one, two: f"{name}_{two}_{one}") if rows else lambda one, two: f"{name}_{one}_{two}"
    lists = (", ".join(entry(one, two) for two in range(1, inner + 1)) for one in range(1, outer + 1))
    return f"[{', '.join(f'[{part}]' for part in lists)}]"


def _written(spec: Spec, layer: int) -> Iterator[str]:
    """Row by row, as they lie in memory: the biases are the last column, or the last row."""
    units, below = (range(1, size + 1) for size in _shape(spec.sizes, layer))
    if spec.layout == "rows":
        yield from (f"nabla_w{layer}_{j}_{k}" for k in below for j in units)
        yield from (f"nabla_b{layer}_{j}" for j in units)
        return
    for j in units:
        yield from (f"nabla_w{layer}_{j}_{k}" for k in below)
        yield f"nabla_b{layer}_{j}"
