"""One example of a tiny net: plain numbers, which are done before NumPy has been called a few times."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..program import Program
from ..unroll import one_example

Entry = Callable[[int, int], str]


def lines(program: Program) -> Iterator[str]:
    """The body of the function: what it reads, what it computes, what it writes."""
    spec, rows = program.spec, program.spec.layout == "rows"
    first, last, layers = spec.sizes[0], spec.sizes[-1], range(2, spec.depth + 1)
    for name, size in (("x", first), ("y", last)):
        yield f"{_column(name, size, flat=False, rows=rows)} = {name}.tolist()"
    for layer in layers:
        yield f"{_matrix(f'w{layer}', *_shape(spec.sizes, layer), rows=rows)} = w{layer}.tolist()"
        yield f"{_column(f'b{layer}', spec.sizes[layer - 1], flat=True, rows=rows)} = b{layer}.tolist()"
    yield from one_example(program)
    written = [name for layer in layers for name in _written(spec.sizes, layer, rows=rows)]
    yield "flat, nabla = _of_one()"
    yield "flat[:] = (" + ", ".join(written) + ")"
    yield "return nabla"


def views(program: Program) -> Iterator[tuple[str, str]]:
    """The derivatives by the parameters of each layer, as parts of one flat array."""
    spec, start = program.spec, 0
    for layer in range(2, spec.depth + 1):
        rows, columns = _shape(spec.sizes, layer)
        of_w, of_b = (rows, columns), (rows, 1)
        if spec.layout == "rows":
            of_w, of_b = (columns, rows), (rows,)  # type: ignore[assignment]
        end = start + rows * columns
        yield f"flat[{start}:{end}].reshape{of_w}", f"flat[{end}:{end + rows}].reshape({', '.join(map(str, of_b))})"
        start = end + rows


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


def _written(sizes: tuple[int, ...], layer: int, *, rows: bool) -> Iterator[str]:
    rows_, columns = _shape(sizes, layer)
    outer, inner = (columns, rows_) if rows else (rows_, columns)
    for one in range(1, outer + 1):
        for two in range(1, inner + 1):
            j, k = (two, one) if rows else (one, two)
            yield f"nabla_w{layer}_{j}_{k}"
    yield from (f"nabla_b{layer}_{unit}" for unit in range(1, rows_ + 1))
