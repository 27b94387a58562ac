"""A function in C under check: compiled, loaded and called in a process of its own."""

from __future__ import annotations

import ctypes
import math
import os
import re
import shlex
import subprocess
import weakref
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from ....errors import CannotRun
from ..layers.layer import Drawn, Layer
from ..layers.python import Asked, plain
from ..residue import PRIME, Field, InexactError, Residue
from . import entry, functions
from .source import Definition, Parameter, Source, with_pointers

HEADERS: Final = (
    "stdint.h", "stddef.h", "stdlib.h", "stdio.h", "string.h", "math.h", "float.h", "limits.h", "assert.h", "stdbool.h",
    "time.h", "errno.h", "ctype.h", "stdarg.h", "type_traits", "cmath", "limits", "algorithm",
)  # fmt: skip
#: Names in C that are words of C++.
WORDS: Final = (
    "new", "class", "this", "delete", "template", "operator", "private", "public", "namespace", "typename", "friend",
    "virtual", "try", "catch", "throw", "using", "export", "mutable", "explicit",
)  # fmt: skip
INCLUDED: Final = re.compile(r"^[ \t]*#[ \t]*include[ \t]*<([^>]+)>[^\n]*", re.MULTILINE)
FLAGS: Final = (
    "-std=gnu++17",
    "-O0",
    "-shared",
    "-fPIC",
    "-w",
    "-fpermissive",
    "-fno-operator-names",
    "-fno-strict-aliasing",
)
SECONDS: Final = 60
SHOWN: Final = 600  # characters of what a compiler says
MOST: Final = 2**31 - 1  # degree that is told apart
AROUND: Final = 1024  # numbers before and behind each array, by which one sees what is written there
HERE: Final = Path(__file__).parent


class Number(ctypes.Structure):
    """A number as the compiled program has it."""

    _fields_ = (
        ("v", ctypes.c_uint64),
        ("s", ctypes.c_double),
        ("top", ctypes.c_uint32),
        ("bottom", ctypes.c_uint32),
    )


NUMBER: Final = np.dtype([("v", np.uint64), ("s", np.float64), ("top", np.uint32), ("bottom", np.uint32)])
CALLED: Final = ctypes.CFUNCTYPE(
    None, ctypes.c_int, ctypes.POINTER(Number), ctypes.POINTER(Number), ctypes.POINTER(Number)
)


@dataclass(frozen=True)
class CFunction:
    """A function of a C file. ``declared``: what its parameters are, where their names do not say so."""

    path: Path
    name: str | None = None
    declared: Mapping[str, str] = field(default_factory=dict)
    flat: bool = True

    @property
    def label(self) -> str:
        """How the report names it."""
        return f"{self.path}:{self.definition.name}"

    @cached_property
    def source(self) -> Source:
        """The file. CannotRun where there is none."""
        try:
            return Source(Path(self.path).read_text(encoding="utf-8", errors="replace"))
        except OSError as error:
            raise CannotRun(f"{self.path} cannot be read: {(error.strerror or str(error)).lower()}") from None

    @cached_property
    def definition(self) -> Definition:
        """The function. CannotRun where it is not clear which."""
        try:
            return self.source.chosen(self.name)
        except LookupError as why:
            raise CannotRun(f"{self.path}: {why.args[0]}") from None

    def asked(self, layer: Layer) -> list[Asked]:
        """Its parameters: all are needed."""
        _ = layer
        return [
            Asked(p.name, (p.name,), array=p.pointer, constant=p.constant, whole=not (p.pointer or p.real))
            for p in self.parameters
        ]

    @cached_property
    def parameters(self) -> list[Parameter]:
        """What it takes, with what is in structures."""
        return [e.parameter for e in entry.plain(self.source, self.definition)]

    def where(self, name: str) -> str | None:
        """The file and the line."""
        line = self.definition.where(name)
        return None if line is None else f"{Path(self.path).name}:{line}"

    # Compiling.

    @cached_property
    def _folder(self) -> Path:
        """It is removed with this object."""
        with ExitStack() as stack:
            made = stack.enter_context(TemporaryDirectory(prefix="backproof-", ignore_cleanup_errors=True))
            weakref.finalize(self, stack.pop_all().close)
        return Path(made)

    @cached_property
    def compiled(self) -> tuple[Path, str | None]:
        """The library with exact numbers, and what the compiler has against it."""
        return self._first("exact", self._exact_text)

    @cached_property
    def compiled_in_floats(self) -> tuple[Path, str | None]:
        """The same with doubles for floats."""
        return self._first("floats", self._plain_text)

    def _first(self, name: str, text: Callable[..., str]) -> tuple[Path, str | None]:
        """The whole file, or else the function alone with what it needs; as C, or as C++."""
        said = ""
        forms = (self.source.text, self.source.alone(self.definition), self.source.bare(self.definition))
        for number, (own, plus) in enumerate(product(map(with_pointers, forms), (False, True))):
            out, objection = self._built(f"{name}_{number}", text(own, plus=plus))
            if objection is None:
                return out, None
            said = said or objection
        return out, said

    def exact(self) -> str | None:
        """Why it cannot be run exactly: what the compiler says; with a ? where it compiles in floating point."""
        _, objection = self.compiled
        if objection is None:
            return None
        _, other = self.compiled_in_floats
        if other is not None:
            return f"it does not compile: {other}"
        return f"~it cannot be compiled with exact numbers: {objection}"

    def _built(self, name: str, text: str) -> tuple[Path, str | None]:
        source, out = self._folder / f"{name}.cpp", self._folder / f"{name}.so"
        source.write_text(text, encoding="utf-8")
        folder = Path(self.path).resolve().parent
        try:
            done = subprocess.run(  # noqa: S603 - the compiler
                [*compiler(), *FLAGS, f"-I{folder}", str(source), "-o", str(out), "-lm"],
                capture_output=True, text=True, errors="replace", check=False, timeout=SECONDS,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return out, f"the compiler takes longer than {SECONDS} s"
        return out, None if not done.returncode else self._said(done.stderr)

    def _said(self, errors: str) -> str:
        """The first errors of a compiler, without the folders of this program."""
        lines = [line for line in errors.split("\n") if "error" in line]
        text = "; ".join(lines[:3] or [errors.strip()])
        text = re.sub(r"\S*backproof-\S*/", "", text).replace("backproof_number", "the exact number")
        return text[:SHOWN]

    def _exact_text(self, own: str, *, plus: bool) -> str:
        headers = dict.fromkeys([*HEADERS, *(h for h in INCLUDED.findall(own) if h not in ("complex.h", "tgmath.h"))])
        own = INCLUDED.sub("", own)
        kept = [f"#include <{h}>" for h in headers]
        parts = [*kept, (HERE / "arithmetic.h").read_text(), (HERE / "field.h").read_text(), functions.text()]
        parts += ["#define float backproof_number", "#define double backproof_number"]
        return "\n".join([*parts, *self._around(own, plus=plus)])

    def _around(self, own: str, *, plus: bool) -> list[str]:
        """The file as C or as C++, and behind it what is called."""
        words = ["#define constexpr const"] if plus else [f"#define {word} backproof_word_{word}" for word in WORDS]
        words += ["#define restrict __restrict__", "#define main backproof_main"]
        begin, end = ("", "") if plus else ('extern "C" {', "}")
        called = entry.text(self.source, self.definition)
        return [*words, begin, f'#line 1 "{Path(self.path).name}"', own, end, called, ""]

    def _plain_text(self, own: str, *, plus: bool) -> str:
        headers = dict.fromkeys([*HEADERS, *INCLUDED.findall(own)])
        own = INCLUDED.sub("", own)
        parts = [f"#include <{h}>" for h in headers]
        names = [*functions.ASKED, *functions.LOST, "fabs", "fmax", "fmin", "pow", "fma"]
        parts += [f"#define {name}f {name}" for name in names]
        parts.append("#define float double")
        return "\n".join([*parts, *self._around(own, plus=plus)])

    # Calling.

    def call(self, values: Mapping[tuple[Any, ...], Any], filled: Mapping[str, Any], drawn: Drawn | None) -> Any:
        """In the copy: the arrays that were filled, as plain data."""
        exactly = drawn is not None
        library = ctypes.CDLL(str((self.compiled if exactly else self.compiled_in_floats)[0]))
        wrong: list[Exception] = []
        if drawn is not None:
            keep = CALLED(_answers(drawn.field, wrong))
            ctypes.c_void_p.in_dll(library, "backproof_call").value = ctypes.cast(keep, ctypes.c_void_p).value
        arrays = {p.name: Memory(p, values[p.name,], exactly=exactly) for p in self.parameters if p.pointer}
        arguments = [arrays[p.name].address if p.pointer else _scalar(p, values[p.name,], exactly=exactly)
                     for p in self.parameters]  # fmt: skip
        getattr(library, entry.NAME)(*arguments)
        if wrong:
            raise wrong[0]
        for name, memory in arrays.items():
            if memory.overrun:
                raise IndexError(f"it writes outside of the array {name}")
        for name, memory in arrays.items():
            if name not in filled:  # what it does to what it is given is seen where that came from
                np.copyto(values[name,], memory.read(drawn.field if drawn is not None else None))
        of = drawn.field if drawn is not None else None
        return [{"name": name, "filled": True, **plain(arrays[name].read(of))} for name in filled]


class Memory:
    """An array where a program can write, and what is around it."""

    def __init__(self, parameter: Parameter, array: Any, *, exactly: bool) -> None:
        self.shape = np.shape(array)
        count = math.prod(self.shape)
        kind: Any = NUMBER if exactly else np.float64
        if not parameter.real:
            kind = np.dtype(f"i{parameter.bytes}")
        self.whole = np.zeros(count + 2 * AROUND, dtype=kind)
        flat = np.asarray(array).ravel()
        self.whole_numbers = flat.dtype.kind in "iub"
        inner = self.whole[AROUND : AROUND + count]
        if kind is NUMBER:
            inner["v"] = [e.residue if isinstance(e, Residue) else int(e) % PRIME for e in flat]
            inner["s"] = [e.shadow if isinstance(e, Residue) else float(e) for e in flat]
            for degree in ("top", "bottom"):
                inner[degree] = [getattr(e, degree, 0) for e in flat]
        else:
            inner[:] = flat
        self.around = self._around()

    def _around(self) -> bytes:
        return self.whole[:AROUND].tobytes() + self.whole[len(self.whole) - AROUND :].tobytes()

    @property
    def address(self) -> ctypes.c_void_p:
        """Of the first number."""
        return ctypes.c_void_p(self.whole.ctypes.data + AROUND * self.whole.itemsize)

    @property
    def overrun(self) -> bool:
        """Whether something was written before or behind it."""
        return self._around() != self.around

    def read(self, of: Field | None) -> Any:
        """What is in it now."""
        inner = self.whole[AROUND : len(self.whole) - AROUND].reshape(self.shape)
        if of is None or inner.dtype != NUMBER:
            return inner
        if self.whole_numbers:
            whole = [int(v) if v <= PRIME // 2 else int(v) - PRIME for v in inner["v"].flat]
            return np.array(whole).reshape(self.shape)
        made = np.empty(self.shape, dtype=object)
        for at in np.ndindex(self.shape):
            e = inner[at]
            made[at] = Residue(of, int(e["v"]), float(e["s"]), int(e["top"]), int(e["bottom"]))
        return made


def _scalar(parameter: Parameter, value: Any, *, exactly: bool) -> Any:
    if not parameter.real:
        of = {1: ctypes.c_int8, 2: ctypes.c_int16, 4: ctypes.c_int32, 8: ctypes.c_int64}[parameter.bytes]
        return of(int(value))
    if not exactly:
        return ctypes.c_double(value)
    if isinstance(value, int | np.integer):
        return Number(int(value) % PRIME, float(value), 0, 0)
    if not isinstance(value, Residue):
        raise InexactError(f"{parameter.name} is {value}, and has to be a number of the field")
    return Number(value.residue, value.shadow, value.top, value.bottom)


def _answers(of: Field, wrong: list[Exception]) -> Any:
    """What the program calls for its functions; the first that goes wrong is kept."""

    def answer(number: int, a: Any, b: Any, out: Any) -> None:
        try:
            one, other = (Residue(of, e[0].v, e[0].s, e[0].top, e[0].bottom) if e else None for e in (a, b))
            found = functions.value(number, one, other)  # type: ignore[arg-type]
            out[0].v, out[0].s = found.residue, found.shadow
            out[0].top, out[0].bottom = min(found.top, MOST), min(found.bottom, MOST)
        except Exception as error:  # noqa: BLE001 - nothing can be raised through the program
            wrong.append(error)

    return answer


def compiler() -> list[str]:
    """The command in CXX, or else g++, c++ or clang++. CannotRun where there is none."""
    given = shlex.split(os.environ.get("CXX", ""))
    for candidate in [given] if given else [["g++"], ["c++"], ["clang++"]]:
        if which(candidate[0]):
            return candidate
    raise CannotRun(
        "code in C is compiled with exact numbers by a C++ compiler, and none is found: install g++ or clang"
    )


__all__ = ["CFunction", "compiler"]
