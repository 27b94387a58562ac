"""What a program offers: something that makes parameters, and functions that compute with them."""

from __future__ import annotations

import copy
import inspect
import io
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, Final

import numpy as np

from . import arguments, chains, containers, roles, words
from .containers import Layers
from .frameworks import nets
from .frameworks import table as frameworks
from .load import callables

MAKES: Final = r"init start new build create make draw weights layers setup random parameters params network net"
Sizes = Mapping[int, tuple[int, ...]]
#: Units by the number of layers: all different, and different from their successors and the number of examples.
SIZES: Final[Sizes] = {1: (6,), 2: (4, 6), 3: (4, 6, 3), 4: (4, 9, 6, 3)}
EQUAL: Final[Sizes] = {1: (5,), 2: (5, 5), 3: (5, 5, 5), 4: (5, 5, 5, 5)}
ONES: Final[Sizes] = {1: (1,), 2: (3, 1), 3: (3, 1, 2), 4: (3, 1, 4, 2)}
EXAMPLES: Final = 8
FEW: Final = (3, 5, 7, 9)  # examples for networks with many parameters, another number than that of any layer's units
MANY: Final = 4000
SEED: Final = 0
RATE: Final = 0.375  # with no other constant for its value, nor for its inverse
MOST: Final = 24  # ways to see the arrays of one object
NOT_GIVEN: Final = ("inputs", "targets", "pairs", "net")  # what functions that make parameters do not take


@dataclass(frozen=True)
class Made:
    """A program's parameters: what holds them, how it was made, and where they are in it."""

    holder: Any
    layers: Layers
    maker: Any
    words: str  # how it was called
    names: tuple[str, ...] = ()  # of the parts of a tuple
    examples: int = EXAMPLES
    given: Mapping[str, Any] = field(default_factory=dict)  # what the maker was called with
    layout: str = ""  # how examples stand that the maker was given, if it was: "rows" or "columns"
    kept: Mapping[str, Any] | None = None  # of a module whose names are the parameters: what they were
    repeats: bool = False  # whether the targets are the inputs, as an autoencoder has it

    @property
    def is_object(self) -> bool:
        """Whether it is an instance of a class of the program."""
        return inspect.isclass(self.maker)

    @property
    def data(self) -> tuple[str, str] | None:
        """The names of the parameters of the maker that take inputs and targets."""
        return _data(roles.parameters(self.maker)) if self.layout else None


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

    def roles(self, made: Made, holders: tuple[str, ...], kept: frozenset[str]) -> dict[str, str]:
        """What each parameter is for: by its name, else what is still wanted, in the order in which they stand.

        ``holders``: the names by which the program calls what holds the parameters; ``kept``: of what forward passes
        return.
        """
        found = {p.name: roles.role(p.name) for p in self.parameters}
        for role in ("inputs", "targets") if isinstance(made.holder, tuple) else ():  # d may be a bias beside t
            found |= dict.fromkeys([name for name, own in found.items() if own == role][1:], "")
        if {"N", "M"} <= set(found) and "targets" in found.values():
            found |= {"N": "rate", "M": "momentum"}
        known = {*made.given, *made.names, *named(made, made.holder)} | (kept - set(holders))
        open_ = [p.name for p in self.parameters if roles.required(p) and not found[p.name] and p.name not in known]
        open_ = [name for name in open_ if not roles.is_sizes(name) and not nets.beside(name)]
        if not made.is_object and not made.kept and "net" not in found.values() and not set(made.names) & set(found):
            holder = next((name for name in open_ if name in holders), open_[0] if open_ else None)
            if holder is not None and not isinstance(made.holder, tuple):
                found[holder] = "net"
                open_.remove(holder)
        wanted = [] if "pairs" in found.values() else [r for r in ("inputs", "targets") if r not in found.values()]
        if self.kind == "forward":
            wanted = [r for r in wanted if r == "inputs"]
        if len(open_) == len(wanted) and not made.layout and not isinstance(made.holder, tuple):
            found |= dict(zip(open_, wanted, strict=True))
        return found

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
    _returned: frozenset[str] | None = None

    def __post_init__(self) -> None:
        own = callables(self.module)
        methods = [e for c in own.values() if inspect.isclass(c) for e in vars(c).values() if inspect.isroutine(e)]
        for name, value in vars(self.module).items():
            if roles.role(name) == "once" and type(value) is int and value > 1:
                setattr(self.module, name, 1)  # one step is enough
        self.text = words.docstrings(self.module, *own.values(), *methods)
        self.made = list(self._makes())

    @cached_property
    def source(self) -> str:
        """The text of the program."""
        file = getattr(self.module, "__file__", None)
        return Path(file).read_text(encoding="utf-8", errors="replace") if file and file.endswith(".py") else ""

    @property
    def data(self) -> tuple[Any, Any] | None:
        """The inputs and targets that the program comes with, if a function without parameters returns such a pair."""
        for function in callables(self.module).values():
            if inspect.isclass(function) or any(map(roles.required, roles.parameters(function))):
                continue
            if not set(function.__name__.split("_")) & {"table", "data", "dataset", "xor", "load", "examples", "task"}:
                continue
            found = frameworks.deep(_quietly(function))
            if isinstance(found, tuple) and len(found) == 2 and all(isinstance(e, np.ndarray) for e in found):
                return found
        return None

    def returned_by_forward(self) -> frozenset[str]:
        """The names of what the functions return that are forward passes."""
        if self._returned is None:
            found = set[str]()
            for callee in (c for made in self.made[:1] for c in self.callees(made) if c.kind == "forward"):
                names = words.returned(callee.function, self.text)
                found |= set(names if len(names) > 1 else ())
            self._returned = frozenset(found)
        return self._returned

    def callees(self, made: Made) -> Iterator[Callee]:
        """All that may compute a gradient, a step or an output."""
        own = callables(self.module)
        for name, e in own.items():
            if not inspect.isclass(e) and e is not made.maker:
                yield Callee(name, e)
        if made.is_object:
            for cls in reversed([e for e in made.maker.__mro__[:-1] if not frameworks.is_own(e)]):
                for name, e in list(vars(cls).items()):
                    if inspect.isfunction(e) and not (name.startswith("__") and name != "__call__"):
                        yield Callee(name, e, method=True)

    def _makes(self) -> Iterator[Made]:
        own = callables(self.module)
        wanted = [own[self.asked.split(".")[0]]] if self.asked.split(".")[0] in own else []
        classes = [e for e in own.values() if inspect.isclass(e)]
        functions = [e for e in own.values() if not inspect.isclass(e) and _takes_no_examples(e) and _is_maker(e)]
        functions.sort(key=lambda e: not _may_make(e))
        found = list[Made]()
        for maker in dict.fromkeys((*wanted, *classes, *functions)):
            if inspect.isclass(maker) or _takes_no_examples(maker):
                found += self._made_by(maker)
        found = found or self._of_module() or self._of_arguments()
        yield from [one for one in found if len(one.layers.layers) > 1] or found

    def _made_by(self, maker: Any) -> list[Made]:
        for given, sizes, said in self._arguments(maker):
            try:
                with np.errstate(all="ignore"), redirect_stdout(io.StringIO()):
                    holder = maker(**given)
            except (Exception, SystemExit) as error:  # noqa: BLE001 - it is somebody's program
                self.failures.append(error)
                continue
            found = chains.likelier(chains.found(holder, sizes), self.source)
            if found:
                names = words.returned(maker, self.text) if isinstance(holder, tuple) else ()
                names = names if isinstance(holder, tuple) and len(names) == len(holder) else ()
                data = self.data
                count = len(data[1]) if data else None
                words_ = f"{maker.__name__}({said})"
                return [
                    Made(holder, layers, maker, words_, names, count or _count(layers), given)
                    for layers in found[:MOST]
                ]
        return self._with_data(maker)

    def _with_data(self, maker: Any) -> list[Made]:
        """Of a class whose objects keep the examples: what depends on their number is no parameter."""
        parameters = [p for p in roles.parameters(maker) if p.name != "self"]
        names = _data(parameters)
        if names is None or not inspect.isclass(maker):
            return []
        extra = {p.name: value for p in parameters if (value := _plain(p)) is not None and p.name not in names}
        below, *middle, out = self.sizes[3]
        below = below + 3 if self.sizes is SIZES else below
        for p in parameters:
            if p.name not in (*extra, *names) and roles.required(p):
                extra[p.name] = [below, *middle, out] if roles.is_sizes(p.name) else middle[0]
        for outputs, layout in product((out, 1), ("rows", "columns")):
            made = self._kept(maker, names, extra, (below, outputs), layout)
            if made:
                return made
        return []

    def _kept(
        self, maker: Any, names: tuple[str, str], extra: dict[str, Any], ends: tuple[int, int], layout: str
    ) -> list[Made]:
        holders = []
        for count in (EXAMPLES, EXAMPLES + 1):
            shapes = [(count, units) if layout == "rows" else (units, count) for units in ends]
            pair = [np.linspace(0.1, 0.9, int(np.prod(shape))).reshape(shape) for shape in shapes]
            try:
                with np.errstate(all="ignore"), redirect_stdout(io.StringIO()):
                    holders.append(maker(**extra, **dict(zip(names, pair, strict=True))))
            except (Exception, SystemExit) as error:  # noqa: BLE001 - it is somebody's program
                self.failures.append(error)
                return []
        one, other = (dict(containers.arrays(holder)) for holder in holders)
        moving = [path for path, e in one.items() if path not in other or other[path].shape != e.shape]
        found = chains.found(holders[0], None, moving)
        fitting = [layers for layers in found if (layers.sizes[0], layers.sizes[-1]) == ends]
        words_ = f"{maker.__name__}(inputs, targets)"
        return [Made(holders[0], layers, maker, words_, (), EXAMPLES, extra, layout) for layers in fitting[:MOST]]

    def _of_arguments(self) -> list[Made]:
        """What functions take for parameters, and nothing makes."""
        made = list[Made]()
        for holder, layers, names in arguments.ways(callables(self.module), self.sizes):
            made.append(Made(holder, layers, arguments.given, "arrays that are given", names))
        return made

    def _of_module(self) -> list[Made]:
        """The names of the module itself are the parameters."""
        space = vars(self.module)
        own = {
            name: e
            for name, e in space.items()
            if not name.startswith("__") and isinstance(e, np.ndarray | list | dict | tuple)
        }
        kept = copy.deepcopy(own)
        read = {name: e for name, e in own.items() if name in self._globals()}
        found = chains.found(read or own)
        if not found or all(len(layers.layers) == 1 for layers in found):
            return []
        words_ = "the names of the module"
        return [Made(space, layers, self.module, words_, examples=_count(layers), kept=kept) for layers in found[:MOST]]

    def _globals(self) -> set[str]:
        """The names that the functions read which are not their own: what else a notebook has is left over from it."""
        functions = (e for e in callables(self.module).values() if inspect.isfunction(e))
        return {name for function in functions for name in _names_in(function.__code__)}

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
        if _data(found) is not None:  # the examples tell the sizes
            return
        counted = numbers or [p for p in found if p.name not in extra and _is_count(p)]
        if len(counted) in self.sizes:
            sizes = self.sizes[len(counted)]
            given = {p.name: size for p, size in zip(counted, sizes, strict=True)}
            said = ", ".join(map(str, sizes))
            yield {**extra, **given}, sizes if len(sizes) > 2 else None, said
        yield extra, None, ""


def _count(layers: Layers) -> int:
    """How many examples a network is given."""
    return EXAMPLES if layers.parameters < MANY else next(n for n in FEW if n not in layers.sizes)


def _names_in(code: CodeType) -> Iterator[str]:
    """The names of a function's code that are not local, with those of what is defined in it."""
    yield from code.co_names
    for e in code.co_consts:
        if isinstance(e, CodeType):
            yield from _names_in(e)


def _may_make(function: Any) -> bool:
    """Whether its name says that it makes parameters."""
    name = function.__name__.casefold()
    return any(word in name for word in MAKES.split())


def _is_maker(function: Any) -> bool:
    """Whether it may be called to see what it makes: its name says so, or no other use."""
    takes = any(map(roles.required, roles.parameters(function)))
    return _may_make(function) or (takes and roles.kind(function.__name__) not in ("step", "gradient", "loss"))


def _takes_no_examples(function: Any) -> bool:
    """Nothing that it takes is an example; a letter of something that starts a net is a size where it stands alone."""
    meant = {p.name: roles.role(p.name) for p in roles.parameters(function)}
    if _may_make(function) and not {"inputs", "targets"} <= set(meant.values()):
        meant = {name: role for name, role in meant.items() if len(name) > 1}
    return not set(meant.values()) & set(NOT_GIVEN)


def _data(parameters: list[inspect.Parameter]) -> tuple[str, str] | None:
    """The names of what takes inputs and targets, if there are both."""
    by_role = {roles.role(p.name): p.name for p in reversed(parameters) if roles.required(p)}
    if "inputs" in by_role and "targets" in by_role:
        return by_role["inputs"], by_role["targets"]
    return None


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
    if nets.beside(p.name) == "key" and nets.JAX.loaded:
        return nets.key()
    if roles.required(p):
        return {"rate": RATE, "either": RATE, "penalty": 0.25, "once": 1, "quiet": False}.get(found)
    return None


def _quietly(function: Any) -> Any:
    try:
        return function()
    except Exception:  # noqa: BLE001 - it is somebody's program
        return None


def fresh(made: Made, x: Any = None, y: Any = None) -> Any:
    """A copy of what holds the parameters, so that what one call does is not seen by the next.

    With examples, where it was made from examples.
    """
    if made.kept is not None:
        made.holder.update(copy.deepcopy(dict(made.kept)))
        return made.holder
    if made.data is not None and x is not None:
        holder = made.maker(**made.given, **dict(zip(made.data, (x, y), strict=True)))
    else:
        holder = copy.deepcopy(made.holder)
    if hasattr(holder, "__dict__"):
        for name, value in vars(holder).items():
            if roles.role(name) == "once" and isinstance(value, int) and value > 1:
                setattr(holder, name, 1)
    return holder


def named(made: Made, holder: Any) -> dict[str, Any]:
    """Arrays and parts of what holds the parameters, by the names that functions may call them."""
    if made.kept is not None:
        return dict(made.kept)
    if isinstance(holder, dict):
        return dict(holder)
    if isinstance(holder, tuple):
        return dict(zip(made.names, holder, strict=True)) if made.names else {}
    return dict(frameworks.attributes(holder)) if hasattr(holder, "__dict__") else {}


__all__ = ["RATE", "Callee", "Made", "Subject", "fresh", "named"]
