"""Compiles and runs C that was written here, in folders that are removed again."""

from __future__ import annotations

import ctypes
import os
import shlex
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from ..output import CannotRun
from .backend import Failed
from .program import Program, Spec
from .sample import Array, Result, Sample
from .templating import render
from .unroll import singles

STANDARD: Final = ("-std=c99",)
WARNINGS: Final = ("-Wall", "-Wextra", "-pedantic", "-Wconversion", "-Wshadow")
SANITIZERS: Final = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all")
SHOWN: Final = 2_000  # characters of what a compiler or a sanitizer says


def compiler() -> list[str]:
    """The command in CC, else cc, gcc or clang. CannotRun where there is none."""
    command = shlex.split(os.environ.get("CC", "")) or ["cc"]
    for candidate in (command, ["gcc"], ["clang"]):
        if which(candidate[0]):
            return candidate
    raise CannotRun(
        "a program in C is tried before it is written: install a C compiler such as gcc or clang, or name one in CC"
    )


def build(text: str, out: Path, *flags: str) -> None:
    """Compile ``text`` to the file ``out``. ``Failed`` where that does not succeed."""
    source = out.with_suffix(".c")
    source.write_text(text, encoding="utf-8")
    library = [] if "-c" in flags else ["-lm"]
    command = [*compiler(), *STANDARD, *flags, str(source), "-o", str(out), *library]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)  # noqa: S603
    if done.returncode:
        raise Failed(f"the C compiler refuses what was written:\n{done.stderr[:SHOWN]}")


class Loaded:
    """The functions of a compiled program, on arrays in its layout; all sizes are checked here, since C does not.

    ``parameters`` are pairs (w, b) for each layer but the first, as NumPy's program has them. Arrays are converted to
    the numbers of the program. ValueError where a shape is wrong.
    """

    def __init__(self, spec: Spec, library: ctypes.CDLL, *, one: bool) -> None:
        self.spec, self.library, self.one = spec, library, one
        self.dtype = np.dtype(spec.dtype)
        rows = spec.layout == "rows"
        self.shapes: list[tuple[int, ...]] = []
        for columns, units in pairwise(spec.sizes):
            self.shapes += [(columns, units), (units,)] if rows else [(units, columns), (units, 1)]
        library.try_size.restype = ctypes.c_size_t
        if library.try_size() != spec.parameters * self.dtype.itemsize:
            raise Failed("the parameters do not lie in memory one after the other")

    def forward(self, parameters: Any, x: Any) -> Array:
        """The outputs for x."""
        inputs, m = self._data("x", x, self.spec.sizes[0])
        outputs = np.empty(self._shape(self.spec.sizes[-1], m), self.dtype)
        self._call("forward", self._flat(parameters), inputs, m, outputs)
        return outputs

    def cost(self, parameters: Any, x: Any, y: Any) -> float:
        """The cost of x with the targets y."""
        cost = np.empty(1, self.dtype)
        self._call("cost", self._flat(parameters), *self._batch(x, y), cost)
        return float(cost[0])

    def gradient(self, parameters: Any, x: Any, y: Any) -> list[tuple[Array, Array]]:
        """The partial derivatives of the cost, shaped like the parameters."""
        gradient = np.empty(self.spec.parameters, self.dtype)
        self._call("gradient", self._flat(parameters), *self._batch(x, y), gradient)
        return self._pairs(gradient)

    def step(self, parameters: Any, x: Any, y: Any, eta: float) -> list[tuple[Array, Array]]:
        """The parameters after one step of gradient descent with learning rate eta."""
        flat = self._flat(parameters)
        self._call("step", flat, *self._batch(x, y), ctypes.c_double(eta))
        return self._pairs(flat)

    def result(self, sample: Sample) -> Result:
        """What the program makes of a sample."""
        parameters, x, y = sample.laid_out(self.spec)
        cost, outputs = self.cost(parameters, x, y), self.forward(parameters, x)
        return Result.read(self.spec, cost, outputs, self.gradient(parameters, x, y))

    # Arrays.

    def _call(self, name: str, *values: Any) -> None:
        ready = [ctypes.c_void_p(value.ctypes.data) if isinstance(value, np.ndarray) else value for value in values]
        if getattr(self.library, f"try_{name}")(*ready):
            raise MemoryError(f"{name} had no memory to work in")

    def _flat(self, parameters: Any) -> Array:
        arrays = [np.asarray(array, self.dtype) for pair in parameters for array in pair]
        if [array.shape for array in arrays] != self.shapes:
            raise ValueError(f"the parameters have the shapes {[array.shape for array in arrays]}, not {self.shapes}")
        return np.concatenate([array.ravel() for array in arrays])

    def _pairs(self, flat: Array) -> list[tuple[Array, Array]]:
        ends = np.cumsum([np.prod(shape) for shape in self.shapes])[:-1]
        arrays = [part.reshape(shape) for part, shape in zip(np.split(flat, ends), self.shapes, strict=True)]
        return list(zip(arrays[::2], arrays[1::2], strict=True))

    def _shape(self, units: int, examples: int) -> tuple[int, int]:
        return (examples, units) if self.spec.layout == "rows" else (units, examples)

    def _data(self, name: str, given: Any, units: int) -> tuple[Array, int]:
        array = np.ascontiguousarray(given, self.dtype)
        examples = array.shape[0 if self.spec.layout == "rows" else -1] if array.ndim == 2 else 0
        wanted = "one example" if self.one else "one example or more"
        if array.shape != self._shape(units, examples) or examples == 0 or (self.one and examples != 1):
            raise ValueError(f"{name} has the shape {array.shape}, where {wanted} of {units} numbers are needed")
        return array, examples

    def _batch(self, x: Any, y: Any) -> tuple[Array, Array, ctypes.c_size_t]:
        (inputs, m), (targets, its) = self._data("x", x, self.spec.sizes[0]), self._data("y", y, self.spec.sizes[-1])
        if m != its:
            raise ValueError(f"x has {m} examples and y has {its}")
        return inputs, targets, ctypes.c_size_t(m)


@contextmanager
def load(spec: Spec, text: str, *, one: bool = False) -> Iterator[Loaded]:
    """The program, compiled and loaded; ``one`` if it takes one example at a time."""
    with TemporaryDirectory(prefix="backproof-") as folder:
        out = Path(folder, "net.so")
        build(text + render("c_driver.j2", one=one), out, _effort(one=one), "-shared", "-fPIC")
        yield Loaded(spec, ctypes.CDLL(str(out)), one=one)


def checks(program: Program, text: str, samples: Sequence[Sample], *, one: bool = False) -> list[str]:
    """Compile with all warnings as errors, and run under sanitizers. What is clean is said; ``Failed`` where not."""
    with TemporaryDirectory(prefix="backproof-") as folder:
        build(text, Path(folder, "net.o"), _effort(one=one), "-c", *WARNINGS, "-Werror")
        said = [f"compiled by {_version()} with {' '.join((*STANDARD, *WARNINGS))}: no warning"]
        if not _has_sanitizers(Path(folder, "probe")):
            return [*said, "not run under sanitizers, which this compiler lacks"]
        tried = Path(folder, "tried")
        build(text + render("c_driver.j2", one=one), tried, "-O0" if one else "-O1", "-g1", "-DTRY_MAIN", *SANITIZERS)
        data = b"".join(_bytes(program.spec, sample) for whole in samples for sample in _split(whole, one=one))
        done = subprocess.run([str(tried)], input=data, capture_output=True, check=False)  # noqa: S603
        if done.returncode:
            raise Failed(f"a sanitizer objects:\n{done.stderr.decode(errors='replace')[:SHOWN]}")
    return [*said, f"address and undefined-behaviour sanitizers: clean on {len(samples)} batches"]


def _effort(*, one: bool) -> str:
    """What is written out is thousands of lines of a function, for which a compiler takes its time."""
    return "-O1" if one else "-O2"


def _split(sample: Sample, *, one: bool) -> Sequence[Sample]:
    return singles(sample) if one else [sample]


def _bytes(spec: Spec, sample: Sample) -> bytes:
    """A sample as the program that is tried reads it."""
    parameters, x, y = sample.laid_out(spec)
    arrays = [array for pair in parameters for array in pair]
    return b"".join([np.uint64(sample.x.shape[1]).tobytes(), *(array.tobytes() for array in (*arrays, x, y))])


def _version() -> str:
    done = subprocess.run([*compiler(), "--version"], capture_output=True, text=True, errors="replace", check=False)  # noqa: S603
    return next(iter(done.stdout.splitlines()), compiler()[0])


def _has_sanitizers(out: Path) -> bool:
    try:
        build("int main(void) { return 0; }\n", out, *SANITIZERS)
    except Failed:
        return False
    return True


__all__ = ["Loaded", "build", "checks", "compiler", "load"]
