"""What a program offers: something that makes parameters, and functions that compute with them."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Final

import numpy as np

from . import containers, roles, words
from .containers import Layers
from .load import callables

MAKES: Final = r"init start new build create make draw weights layers setup random parameters params network net"
Sizes = Mapping[int, tuple[int, ...]]
#: Units by the number of layers: all different, and different from their successors and the number of examples.
SIZES: Final[Sizes] = {1: (6,), 2: (4, 6), 3: (4, 6, 3), 4: (4, 9, 6, 3)}
EQUAL: Final[Sizes] = {1: (5,), 2: (5, 5), 3: (5, 5, 5), 4: (5, 5, 5, 5)}
ONES: Final[Sizes] = {1: (1,), 2: (3, 1), 3: (3, 1, 2), 4: (3, 1, 4, 2)}
EXAMPLES: Final = 8
SEED: Final = 0


@dataclass(frozen=True)
class Made:
    """A program's parameters: what holds them, how it was made, and where they are in it."""

    holder: Any
    layers: Layers
    maker: Any
    words: str  # how it was called
    names: tuple[str, ...] = ()  # of the parts of a tuple
    examples: int = EXAMPLES

    @property
    def is_object(self) -> bool:
        """Whether it is an instance of a class of the program."""
        return inspect.isclass(self.maker)


@dataclass(frozen=True)
class Callee:
    """A function of the program, or a method of what holds the parameters."""

    name: str
    function: Any
    method: bool = False

    @property
    def kind(self) -> str:
        return roles.kind(self.name)

    @property
    def parameters(self) -> list[inspect.Parameter]:
        found = roles.parameters(self.function)
        static = isinstance(inspect.getattr_static(self.function, "__self__", None), type)
        return found[1:] if self.method and found and found[0].name == "self" and not static else found

    def of(self, holder: Any) -> Any:
        """To be called."""
        return getattr(holder, self.name) if self.method else self.function


@dataclass
class Subject:
    """A module under check, and the object of it that is asked for, if one is."""

    module: ModuleType
    asked: str = ""
    sizes: Sizes = field(default_factory=lambda: SIZES)
    text: str = ""
    made: list[Made] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)

    def __post_init__(self) -> None:
        own = callables(self.module)
        methods = [e for c in own.values() if inspect.isclass(c) for e in vars(c).values() if inspect.isroutine(e)]
        self.text = words.docstrings(self.module, *own.values(), *methods)
        self.made = list(self._makes())

    @property
    def data(self) -> tuple[Any, Any] | None:
        """The inputs and targets that the program comes with, if a function without parameters returns such a pair."""
        for function in callables(self.module).values():
            if inspect.isclass(function) or any(map(roles.required, roles.parameters(function))):
                continue
            if not set(function.__name__.split("_")) & {"table", "data", "dataset", "xor", "load", "examples", "task"}:
                continue
            found = _quietly(function)
            if isinstance(found, tuple) and len(found) == 2 and all(isinstance(e, np.ndarray) for e in found):
                return found
        return None

    def callees(self, made: Made) -> Iterator[Callee]:
        """All that may compute a gradient, a step or an output."""
        own = callables(self.module)
        for name, e in own.items():
            if not inspect.isclass(e) and e is not made.maker:
                yield Callee(name, e)
        if made.is_object:
            for cls in reversed(made.maker.__mro__[:-1]):
                for name, e in list(vars(cls).items()):
                    if inspect.isfunction(e) and not (name.startswith("__") and name != "__call__"):
                        yield Callee(name, e, method=True)

    def _makes(self) -> Iterator[Made]:
        own = callables(self.module)
        wanted = [own[self.asked.split(".")[0]]] if self.asked.split(".")[0] in own else []
        classes = [e for e in own.values() if inspect.isclass(e)]
        functions = [e for e in own.values() if not inspect.isclass(e) and _may_make(e)]
        for maker in dict.fromkeys((*wanted, *classes, *functions)):
            if not inspect.isclass(maker) and maker in wanted and not _may_make(maker):
                continue
            for given, sizes, said in self._arguments(maker):
                try:
                    holder = maker(**given)
                except Exception as error:  # noqa: BLE001 - it is somebody's program
                    self.failures.append(error)
                    continue
                found = containers.found(holder, sizes)
                if found:
                    names = words.returned(maker, self.text) if isinstance(holder, tuple) else ()
                    names = names if isinstance(holder, tuple) and len(names) == len(holder) else ()
                    data = self.data
                    count = len(data[1]) if data else EXAMPLES
                    for layers in found[:4]:
                        yield Made(holder, layers, maker, f"{maker.__name__}({said})", names, count)
                    break

    def _arguments(self, maker: Any) -> Iterator[tuple[dict[str, Any], tuple[int, ...] | None, str]]:
        """What the maker may be given, with the sizes that are meant, None where they are its own affair."""
        found = roles.parameters(maker)
        found = [p for p in found if p.name != "self"]
        extra = {p.name: value for p in found if (value := _plain(p)) is not None}
        lists = [p for p in found if roles.is_sizes(p.name) and (roles.required(p) or _is_listed(p))]
        if lists:
            for sizes in (self.sizes[4], self.sizes[3]):
                for given in (list(sizes), tuple(sizes)):
                    yield {**extra, lists[0].name: given}, sizes, f"{list(sizes)}"
        numbers = [p for p in found if p.name not in extra and roles.required(p)]
        yield from self._by_numbers(numbers, found, extra)

    def _by_numbers(
        self, numbers: list[inspect.Parameter], found: list[inspect.Parameter], extra: dict[str, Any]
    ) -> Iterator[tuple[dict[str, Any], tuple[int, ...] | None, str]]:
        data = [p for p in numbers if roles.role(p.name) in ("inputs", "targets")]
        if data:  # the examples tell the sizes
            return
        counted = numbers or [p for p in found if p.name not in extra and _is_count(p)]
        if len(counted) in self.sizes:
            sizes = self.sizes[len(counted)]
            given = {p.name: size for p, size in zip(counted, sizes, strict=True)}
            said = ", ".join(map(str, sizes))
            yield {**extra, **given}, sizes if len(sizes) > 2 else None, said
        yield extra, None, ""


def _may_make(function: Any) -> bool:
    name = function.__name__.casefold()
    named = any(word in name for word in MAKES.split())
    return named and not any(roles.role(p.name) in ("inputs", "targets") for p in roles.parameters(function))


def _is_listed(p: inspect.Parameter) -> bool:
    return isinstance(p.default, list | tuple)


def _is_count(p: inspect.Parameter) -> bool:
    """A number of units with a default."""
    return isinstance(p.default, int) and not isinstance(p.default, bool) and p.default > 0


def _plain(p: inspect.Parameter) -> Any:
    """What is given for parameters that are no sizes; None where that is not known."""
    found = roles.role(p.name)
    if found == "seed":
        return SEED
    if roles.required(p):
        return {"rate": 0.5, "either": 0.5, "penalty": 0.25, "once": 1, "quiet": False}.get(found)
    return None


def _quietly(function: Any) -> Any:
    try:
        return function()
    except Exception:  # noqa: BLE001 - it is somebody's program
        return None


def fresh(made: Made) -> Any:
    """A copy of what holds the parameters, so that what one call does is not seen by the next."""
    return copy.deepcopy(made.holder)


def named(made: Made, holder: Any, order: Mapping[int, str] | None = None) -> dict[str, Any]:
    """Arrays and parts of what holds the parameters, by the names that functions may call them."""
    if isinstance(holder, dict):
        return dict(holder)
    if isinstance(holder, tuple):
        return dict(zip(made.names, holder, strict=True)) if made.names else {}
    return dict(vars(holder)) if hasattr(holder, "__dict__") else {}


__all__ = ["Callee", "Made", "Subject", "fresh", "named"]
