"""What is added to a text as it was written: trained parameters, and another prefix for the names in C."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np

from ..errors import CannotRun
from .backend import Backend, Failed
from .c_runner import renamed
from .lines import WIDTH
from .program import Program, Spec
from .sample import Array, Sample

Trained = list[tuple[Array, Array]]
NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*_")


def trained(spec: Spec, file: str | Path | None) -> Trained | None:
    """The parameters in a file, in the numbers of the program. CannotRun where they are not those of the network."""
    if file is None:
        return None
    try:
        with np.load(file, allow_pickle=False) as found:
            arrays = {name: np.asarray(found[name]) for name in found.files}
    except (OSError, ValueError, zipfile.BadZipFile, TypeError, AttributeError) as error:
        raise CannotRun(f"{file} is no file of arrays, as numpy.savez writes: {error}") from None
    return [_pair(spec, layer, arrays, str(file)) for layer in range(2, spec.depth + 1)]


def _pair(spec: Spec, layer: int, arrays: dict[str, Array], file: str) -> tuple[Array, Array]:
    below, units = list(pairwise(spec.sizes))[layer - 2]
    rows = spec.layout == "rows"
    shapes = ((below, units), (units,)) if rows else ((units, below), (units, 1))
    pair = []
    for name, shape in zip((f"w{layer}", f"b{layer}"), shapes, strict=True):
        if name not in arrays:
            raise CannotRun(f"{file} has no array {name}: it has {', '.join(sorted(arrays)) or 'none'}")
        array = arrays[name]
        if array.shape != shape or not np.issubdtype(array.dtype, np.number) or np.iscomplexobj(array):
            raise CannotRun(f"{file}: {name} has the shape {array.shape} of {array.dtype}, where {shape} is needed")
        if not np.isfinite(array.astype(spec.dtype)).all():
            raise CannotRun(f"{file}: {name} has entries that are not finite in {spec.dtype}")
        pair.append(array.astype(spec.dtype))
    return pair[0], pair[1]


def named(backend: Backend, prefix: str, parameters: Trained | None) -> Backend:
    """The same backend, whose texts have the prefix and the parameters. CannotRun where they cannot."""
    if prefix != "net_" and (backend.name != "c" or not NAME.fullmatch(prefix)):
        raise CannotRun(f"the prefix {prefix!r}: names in C begin with letters and an underscore, such as net_")
    if parameters is not None and backend.name not in ADDED:
        raise CannotRun(f"no parameters are written for {backend.name}: numpy and c have them")
    if prefix == "net_" and parameters is None:
        return backend
    return replace(
        backend,
        write=partial(_write, backend, prefix, parameters),
        checks=partial(_checked, backend, parameters),
    )


def _write(
    backend: Backend, prefix: str, parameters: Trained | None, program: Program, verified: Iterable[str] = ()
) -> str:
    text = backend.write(program, verified)
    if parameters is not None:
        text = ADDED[backend.name](program.spec, text, parameters)
    return renamed(text, prefix) if prefix != "net_" else text


def _checked(
    backend: Backend, parameters: Trained | None, program: Program, text: str, samples: Sequence[Sample]
) -> list[str]:
    said = [] if backend.checks is None else backend.checks(program, text, samples)
    if parameters is None or backend.name != "numpy":  # what stands in a file of C is written, and not read again
        return said
    _same(parameters, text)
    return [*said, "the trained parameters that were given stand in the file"]


def _same(parameters: Trained, text: str) -> None:
    """Whether the module gives the parameters back."""
    from .loading import loaded

    found = loaded(text).trained()
    for (w, b), (w_, b_) in zip(parameters, found, strict=True):
        if not (np.array_equal(w, np.asarray(w_)) and np.array_equal(b.ravel(), np.asarray(b_).ravel())):
            raise Failed("trained() gives other parameters than those of the file")


# Python.


def _in_python(_: Spec, text: str, parameters: Trained) -> str:
    """A function that gives the parameters."""
    plain = "import numpy" not in text
    kind = "Lists" if plain else "Parameters"
    lines = [f"def trained() -> {kind}:", '    """The trained parameters."""', "    return ["]
    for w, b in parameters:
        parts = (w, b.ravel()) if plain else (w, b)
        show = _listed if plain else _array
        lines += ["        (", *(f"            {show(part.tolist(), 12)}," for part in parts), "        ),"]
    lines += ["    ]"]
    where = text.index("def forward(")
    where = text.rindex("\n\n\n", 0, where) + 3
    return text[:where] + "\n".join(lines) + "\n\n\n" + text[where:]


def _array(value: Any, indent: int) -> str:
    """An array of numbers."""
    line = f"np.array({value!r}, DTYPE)"
    if len(line) + indent < WIDTH:
        return line
    blank = " " * (indent + 4)
    return f"np.array(\n{blank}{_listed(value, indent + 4)},\n{blank}DTYPE,\n{' ' * indent})"


def _listed(value: Any, indent: int) -> str:
    """A list of numbers, or of lists, with a line for each entry where it is long."""
    text = repr(value)
    if len(text) + indent < WIDTH or not isinstance(value, list):
        return text
    blank = " " * (indent + 4)
    inner = ",\n".join(blank + _listed(item, indent + 4) for item in value)
    return f"[\n{inner},\n{' ' * indent}]"


# C.


def _in_c(spec: Spec, text: str, parameters: Trained) -> str:
    """A constant, in the declarations and in the program."""
    declared = (
        "/* The trained parameters, in the layout of net_parameters: for each layer its w, row by row, and its b. */\n"
        "extern const net_parameters net_trained;\n\n"
    )
    at = text.index("/* Parameters to start from")
    text = text[:at] + declared + text[at:]
    last = text.rindex("#ifdef NET_MAIN")
    return text[:last] + "\n".join(_constant(spec, parameters)) + "\n\n" + text[last:]


def _constant(spec: Spec, parameters: Trained) -> Iterator[str]:
    yield "const net_parameters net_trained = {"
    for w, b in parameters:
        yield "    {"
        for row in w:
            yield "        {"
            yield from _numbers(spec, row, 12)
            yield "        },"
        yield "    },"
        yield "    {"
        yield from _numbers(spec, b.ravel(), 8)
        yield "    },"
    yield "};"


def _numbers(spec: Spec, row: Array, indent: int) -> Iterator[str]:
    """Numbers that are read back as they were."""
    suffix = "f" if spec.dtype == "float32" else ""
    line = " " * indent
    for value in row:
        text = f"{value!s}{suffix}, "
        if len(line) + len(text) > WIDTH:
            yield line.rstrip()
            line = " " * indent
        line += text
    yield line.rstrip()


ADDED: Final = {"numpy": _in_python, "c": _in_c}

__all__ = ["named", "trained"]
