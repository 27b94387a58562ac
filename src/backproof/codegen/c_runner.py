"""Compiles and runs C that was written here, in folders that are removed again."""

from __future__ import annotations

import ctypes
import os
import re
import shlex
import subprocess
import weakref
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from ..errors import CannotRun
from .backend import Failed
from .program import Spec
from .sample import Array, Result, Sample
from .templating import render

STANDARD: Final = ("-std=c99",)
WARNINGS: Final = ("-Wall", "-Wextra", "-pedantic", "-Wconversion", "-Wshadow")
SANITIZERS: Final = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all")
SHOWN: Final = 2_000  # characters of what a compiler or a sanitizer says


def compiler() -> list[str]:
    """The command in CC, or else cc, gcc or clang. CannotRun where there is none, or where it does not work."""
    text = os.environ.get("CC", "")
    try:
        given = shlex.split(text, posix=os.name != "nt")
    except ValueError as error:
        raise CannotRun(f"CC is {text}, which is no command: {str(error).lower()}") from None
    for candidate in [given] if given else [["cc"], ["gcc"], ["clang"]]:
        if path := which(candidate[0]):
            if objection := _objection(path, *candidate[1:]):
                raise CannotRun(
                    f"{shlex.join(candidate)} makes no program of an empty one in C, name another compiler in CC: "
                    f"{objection}"
                )
            return candidate
    raise CannotRun(
        f"a program in C is tried before it is written, and {given[0] if given else 'cc'} is not found: "
        "install a C compiler such as gcc or clang, or name one in CC"
    )


def build(text: str, out: Path, *flags: str) -> None:
    """Compile ``text`` to the file ``out``. ``Failed`` where that does not succeed."""
    source = out.with_suffix(".c")
    source.write_text(text, encoding="utf-8")
    library = [] if "-c" in flags else ["-lm"]
    done = _called(*compiler(), *STANDARD, *flags, str(source), "-o", str(out), *library)
    if done.returncode:
        raise Failed(f"the C compiler refuses what was written:\n{done.stderr[:SHOWN]}")


def _called(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)  # noqa: S603


@lru_cache(maxsize=16)
def _objection(*command: str) -> str:
    """What the compiler, or the system, has against an empty program; nothing where it is compiled and runs."""
    with TemporaryDirectory(prefix="backproof-") as folder:
        source, out = Path(folder, "empty.c"), Path(folder, "empty.exe")
        source.write_text("int main(void) { return 0; }\n", encoding="utf-8")
        try:
            for step in ((*command, *STANDARD, str(source), "-o", str(out), "-lm"), (str(out),)):
                done = _called(*step)
                if done.returncode:
                    return done.stderr[:SHOWN].strip() or f"it returns {done.returncode}"
        except OSError as error:
            return (error.strerror or str(error)).lower()
    return ""


class Layout:
    """The arrays of a program, and how parameters lie in memory: w and b of one layer after the other."""

    def __init__(self, spec: Spec) -> None:
        self.spec, self.rows, self.dtype = spec, spec.layout == "rows", np.dtype(spec.dtype)
        self.shapes: list[tuple[int, ...]] = []
        for below, units in pairwise(spec.sizes):
            self.shapes += [(below, units), (units,)] if self.rows else [(units, below), (units, 1)]

    def data(self, units: int, examples: int) -> tuple[int, int]:
        """The shape of x, y or the outputs."""
        return (examples, units) if self.rows else (units, examples)

    def flat(self, parameters: Any) -> Array:
        """The parameters in a row, copied. ValueError where a shape is wrong."""
        arrays = [np.asarray(array, self.dtype) for pair in parameters for array in pair]
        if [array.shape for array in arrays] != self.shapes:
            raise ValueError(f"the parameters have the shapes {[array.shape for array in arrays]}, not {self.shapes}")
        return np.concatenate([array.ravel() for array in arrays])

    def pairs(self, flat: Array) -> list[tuple[Array, Array]]:
        """The parameters out of a row."""
        ends = np.cumsum([np.prod(shape) for shape in self.shapes])[:-1]
        arrays = [part.reshape(shape) for part, shape in zip(np.split(flat, ends), self.shapes, strict=True)]
        return list(zip(arrays[::2], arrays[1::2], strict=True))

    def batch(self, name: str, given: Any, units: int, *, one: bool) -> tuple[Array, int]:
        """x or y in C order, and how many examples there are. ValueError where the shape is wrong."""
        array = np.ascontiguousarray(given, self.dtype)
        examples = array.shape[0 if self.rows else 1] if array.ndim == 2 else 0
        if array.shape != self.data(units, examples) or examples == 0 or (one and examples != 1):
            wanted = "one example" if one else "one example or more"
            raise ValueError(f"{name} has the shape {array.shape}, where {wanted} of {units} numbers are needed")
        return array, examples


class Loaded:
    """The functions of a compiled program, on arrays in its layout; all sizes are checked here, since C does not.

    ``parameters`` are pairs (w, b) for each layer but the first, as NumPy's program has them. Arrays are converted to
    the numbers of the program. ValueError where a shape is wrong.
    """

    def __init__(self, spec: Spec, library: ctypes.CDLL, *, one: bool) -> None:
        self.spec, self.library, self.one, self.layout = spec, library, one, Layout(spec)
        library.try_size.restype = ctypes.c_size_t
        if library.try_size() != spec.parameters * self.layout.dtype.itemsize:
            raise Failed("the parameters do not lie in memory one after the other")

    def forward(self, parameters: Any, x: Any) -> Array:
        """The outputs for x."""
        inputs, m = self.layout.batch("x", x, self.spec.sizes[0], one=self.one)
        outputs = np.empty(self.layout.data(self.spec.sizes[-1], m), self.layout.dtype)
        self._call("forward", self.layout.flat(parameters), inputs, ctypes.c_size_t(m), outputs)
        return outputs

    def cost(self, parameters: Any, x: Any, y: Any) -> float:
        """The cost of x with the targets y."""
        cost = np.empty(1, self.layout.dtype)
        self._call("cost", self.layout.flat(parameters), *self._examples(x, y), cost)
        return float(cost[0])

    def gradient(self, parameters: Any, x: Any, y: Any) -> list[tuple[Array, Array]]:
        """The partial derivatives of the cost, shaped like the parameters."""
        gradient = np.empty(self.spec.parameters, self.layout.dtype)
        self._call("gradient", self.layout.flat(parameters), *self._examples(x, y), gradient)
        return self.layout.pairs(gradient)

    def step(self, parameters: Any, x: Any, y: Any, eta: float) -> list[tuple[Array, Array]]:
        """The parameters after one step of gradient descent with learning rate eta."""
        flat = self.layout.flat(parameters)
        self._call("step", flat, *self._examples(x, y), ctypes.c_double(eta))
        return self.layout.pairs(flat)

    def result(self, sample: Sample) -> Result:
        """What the program makes of a sample."""
        data = sample.laid_out(self.spec)
        outputs, stepped = self.forward(*data[:2]), self.step(*data, sample.eta)
        return Result.read(self.spec, self.cost(*data), outputs, self.gradient(*data), stepped)

    def _call(self, name: str, *values: Any) -> None:
        ready = [ctypes.c_void_p(value.ctypes.data) if isinstance(value, np.ndarray) else value for value in values]
        if getattr(self.library, f"try_{name}")(*ready):
            raise MemoryError(f"{name} has no memory to work in")

    def _examples(self, x: Any, y: Any) -> tuple[Array, Array, ctypes.c_size_t]:
        inputs, m = self.layout.batch("x", x, self.spec.sizes[0], one=self.one)
        targets, its = self.layout.batch("y", y, self.spec.sizes[-1], one=self.one)
        if m != its:
            raise ValueError(f"x has {m} examples and y has {its}")
        return inputs, targets, ctypes.c_size_t(m)


@contextmanager
def load(spec: Spec, text: str, *, one: bool = False) -> Iterator[Loaded]:
    """The program, compiled and loaded; ``one`` if it takes one example at a time."""
    with TemporaryDirectory(prefix="backproof-", ignore_cleanup_errors=True) as folder:
        out = Path(folder, "net.so")
        build(text + _driver(text, one=one), out, _effort(one=one), "-shared", "-fPIC")
        yield Loaded(spec, ctypes.CDLL(str(out)), one=one)


def opened(spec: Spec, text: str, *, one: bool = False) -> Loaded:
    """The same, for as long as it is used: its folder is removed with it."""
    with ExitStack() as stack:
        loaded = stack.enter_context(load(spec, text, one=one))
        weakref.finalize(loaded, stack.pop_all().close)
        return loaded


def without_warning(text: str, *, one: bool = False) -> str:
    """Compile all that the file can be with all warnings as errors, and say so; ``Failed`` where there is one."""
    with TemporaryDirectory(prefix="backproof-") as folder:
        name = prefix_of(text).upper()
        for form in ((), (f"-D{name}MAIN",), (f"-D{name}DECLARATIONS",)):
            build(text, Path(folder, "net.o"), _effort(one=one), "-c", *form, *WARNINGS, "-Werror")
    return f"compiled by {_version()} with {' '.join((*STANDARD, *WARNINGS))}: no warning"


def sanitized(spec: Spec, text: str, samples: Sequence[Sample], *, one: bool = False) -> list[Result]:
    """What the program makes of the samples under sanitizers of addresses and of undefined behaviour.

    ``Failed`` where one of them objects, or where the parameters to start from are none; CannotRun where the compiler
    has no sanitizers.
    """
    command = compiler()
    if objection := _objection(*command, *SANITIZERS):
        raise CannotRun(
            f"{shlex.join(command)} has no sanitizers: a program in C is run under them before it is written, use gcc "
            f"or clang with libasan: {objection}"
        )
    with TemporaryDirectory(prefix="backproof-") as folder:
        tried = Path(folder, "tried")
        driver = _driver(text, one=one)
        effort = ("-O0", "-fno-sanitize=null,alignment") if one else ("-O1",)
        build(text + driver, tried, *SANITIZERS, *effort, "-g1", "-DTRY_MAIN")
        data = b"".join(_bytes(spec, sample) for sample in samples)
        done = subprocess.run([str(tried)], input=data, capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        raise Failed(f"a sanitizer objects:\n{done.stderr.decode(errors='replace')[:SHOWN]}")
    found = np.frombuffer(done.stdout, spec.dtype)
    layout, results = Layout(spec), []
    for sample in samples:
        m = sample.x.shape[1]
        lengths = (spec.parameters, 1, m * spec.sizes[-1], spec.parameters, spec.parameters)
        start, cost, outputs, gradient, stepped, found = np.split(found, np.cumsum(lengths))
        if not np.isfinite(start).all() or (start == start[0]).all():
            raise Failed("net_init: the parameters to start from are not finite, or all equal")
        shaped = outputs.reshape(layout.data(spec.sizes[-1], m))
        results.append(Result.read(spec, cost[0], shaped, layout.pairs(gradient), layout.pairs(stepped)))
    return results


def prefix_of(text: str) -> str:
    """What all names of a program begin with."""
    found = re.search(r"^} (\w+)parameters;$", text, re.MULTILINE)
    assert found is not None
    return found[1]


def renamed(text: str, prefix: str) -> str:
    """The same program, with names that begin with ``prefix``."""
    return re.sub(r"\bNET_(?=[A-Z])", prefix.upper(), re.sub(r"\bnet_(?=[A-Za-z])", prefix, text))


def _driver(text: str, *, one: bool) -> str:
    """What a program is tried with."""
    return renamed(render("c_driver.j2", one=one), prefix_of(text))


def _effort(*, one: bool) -> str:
    """What is written out is thousands of lines of a function, for which a compiler takes its time."""
    return "-O1" if one else "-O2"


def _bytes(spec: Spec, sample: Sample) -> bytes:
    """A sample as the program that is tried reads it."""
    parameters, x, y = sample.laid_out(spec)
    arrays = [array for pair in parameters for array in pair]
    return b"".join(
        [
            np.uint64(sample.x.shape[1]).tobytes(),
            np.float64(sample.eta).tobytes(),
            *(array.tobytes() for array in (*arrays, x, y)),
        ]
    )


def _version() -> str:
    """The compiler's name and number, without the string of a distribution's build."""
    said = _called(*compiler(), "--version").stdout.partition("\n")[0]
    name = "clang" if "clang" in said else Path(compiler()[0]).name
    number = re.search(r"\b\d+\.\d+\.\d+", re.sub(r"\(.*?\)", "", said))
    return f"{name} {number[0]}" if number else name


__all__ = ["Loaded", "compiler", "load", "opened", "prefix_of", "renamed", "sanitized", "without_warning"]
