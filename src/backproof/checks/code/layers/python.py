"""A backward pass in Python: what it takes, by the text of its function, and what it gives back."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Self

import numpy as np

from ..frameworks import table as frameworks
from ..residue import Residue
from .exactly import Exact, Numbers
from .layer import Drawn, Layer
from .naming import Meant, candidates

Array = Any


#: Attributes that an array has: one that is read of a parameter says nothing of what that holds.
OF_ARRAYS: Final = frozenset(("shape", "ndim", "size", "T", "dtype", "flat"))
METHODS: Final = ("dot", "reshape", "transpose", "sum", "mean", "ravel", "copy", "swapaxes", "flatten")


class Attribute(str):
    """The name of an attribute, where a key might stand."""

    __slots__ = ()


class Tree(dict[Any, Any]):
    """Parts of a parameter by their ways, and parts of parts."""


class Place(int):
    """A place in a tuple of so many."""

    of: int

    def __new__(cls, place: int, of: int) -> Self:
        """The place, counted from 0."""
        made = super().__new__(cls, place)
        made.of = of
        return made


class Kept:
    """What a forward pass keeps for the backward pass, such as PyTorch's ``ctx``."""

    needs_input_grad = (True,) * 9

    def save_for_backward(self, *values: Any) -> None:
        """Under the names by which it is asked for."""
        self.saved_tensors = self.saved_values = self.saved = values


@dataclass(frozen=True)
class Asked:
    """A name whose meaning is needed, and the way on which it is handed over.

    ``way``: a parameter; then a place in a tuple, a key of a dictionary, or an attribute of the object itself.
    """

    name: str
    way: tuple[Any, ...]
    needed: bool = True
    array: bool | None = None
    constant: bool = False  # whether it is known not to be filled
    whole: bool = False  # whether it is known to be a whole number


@dataclass(frozen=True)
class Python:
    """A function, or a method ``backward`` of a class, whose object is made without its own ``__init__``."""

    target: Any
    declared: Mapping[str, str] = field(default_factory=dict)
    flat: bool = False

    @cached_property
    def function(self) -> Callable[..., Any]:
        """What is called."""
        if isinstance(self.target, type):
            of: Any = next(v for k, v in vars(self.target).items() if k in ("backward", "backprop", "bprop", "grad"))
        else:
            of = inspect.unwrap(self.target)
        made: Callable[..., Any] = getattr(of, "__func__", of)
        return made

    @cached_property
    def tree(self) -> ast.FunctionDef | None:
        """Its text, None where there is none."""
        with suppress(OSError, TypeError, SyntaxError, ValueError):
            [found] = ast.parse(textwrap.dedent(inspect.getsource(self.function))).body
            return found if isinstance(found, ast.FunctionDef) else None
        return None

    @property
    def owner(self) -> str | None:
        """The name of the object itself, where it is a method."""
        names = list(inspect.signature(self.function).parameters)
        return names[0] if names and names[0] == "self" else None

    def asked(self, layer: Layer) -> list[Asked]:
        """All names whose meaning is needed."""
        found: list[Asked] = []
        for name, parameter in inspect.signature(self.function).parameters.items():
            if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                continue
            if name == self.owner:
                found += [Asked(e, (name, e)) for e in self.attributes(name)]
            elif name in self.declared or candidates(name, layer):
                needed = parameter.default is parameter.empty
                found.append(Asked(name, (name,), needed=needed, array=self._as_array(name)))
            elif inner := list(self._inside(name, layer, (name,))):
                found += inner
            elif parameter.default is parameter.empty:
                found.append(Asked(name, (name,)))
        return found

    def attributes(self, owner: str) -> list[str]:
        """The attributes of the object that are read before they are written."""
        written, found = set[str](), list[str]()
        for name, stored in self._used(owner):
            if stored:
                written.add(name)
            elif name not in written and not hasattr(self._class, name) and name not in self.containers:
                found.append(name)
        return list(dict.fromkeys(found))

    @cached_property
    def containers(self) -> list[str]:
        """Attributes into which something is put under a key."""
        nodes = [e for e in self._nodes(ast.Subscript) if isinstance(e.ctx, ast.Store)]
        keyed = [e.value for e in nodes if isinstance(e.slice, ast.Constant) and isinstance(e.slice.value, str)]
        return [e.attr for e in keyed if isinstance(e, ast.Attribute) and _is(e.value, str(self.owner))]

    def stored(self, owner: str) -> list[str]:
        """The attributes of the object that are written."""
        return [name for name, stored in self._used(owner) if stored]

    def _used(self, owner: str) -> Iterator[tuple[str, bool]]:
        nodes = [] if self.tree is None else [e for e in ast.walk(self.tree) if isinstance(e, ast.Attribute)]
        for node in sorted(nodes, key=lambda e: (e.lineno, isinstance(e.ctx, ast.Store), e.col_offset)):
            if _is(node.value, owner):
                yield node.attr, isinstance(node.ctx, ast.Store)

    @property
    def _class(self) -> Any:
        return self.target if isinstance(self.target, type) else None

    def _inside(self, name: str, layer: Layer, way: tuple[Any, ...]) -> Iterator[Asked]:
        """What a parameter such as ``cache`` holds: by the names to which it is unpacked, its keys, its attributes."""
        for at, inner in self._unpacked(name):
            for place, e in enumerate(inner):
                own = (*way, *at, Place(place, len(inner)))
                if e in self.declared or candidates(e, layer) or not self._is_read(e):
                    yield Asked(e, own, needed=self._is_read(e), array=self._as_array(e))
                else:
                    yield from list(self._inside(e, layer, own)) or [Asked(e, own)]
            return
        for e in self._other_names(name):
            yield Asked(e, way, array=self._as_array(e))
            return
        for key in dict.fromkeys(self._keys(name)):
            yield from [Asked(key, (*way, key))]

    def _unpacked(self, name: str) -> Iterator[tuple[tuple[Any, ...], list[str]]]:
        """The names to which it is unpacked, or one of its attributes: that, and the names."""
        for node in self._nodes(ast.Assign):
            if not isinstance(node.targets[0], ast.Tuple | ast.List):
                continue
            inner = [e.id if isinstance(e, ast.Name) else "_" for e in node.targets[0].elts]
            if _is(node.value, name):
                yield (), inner
            elif isinstance(node.value, ast.Attribute) and _is(node.value.value, name):
                yield (Attribute(node.value.attr),), inner

    def _other_names(self, name: str) -> Iterator[str]:
        """What it is called in the function: ``x`` after ``x = cache``."""
        for node in self._nodes(ast.Assign):
            if _is(node.value, name) and isinstance(node.targets[0], ast.Name):
                yield node.targets[0].id

    def _keys(self, name: str) -> Iterator[str]:
        for node in self._nodes(ast.Subscript):
            if _is(node.value, name) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
                yield node.slice.value
        for node in self._nodes(ast.Attribute):
            called = any(e.func is node for e in self._nodes(ast.Call))
            if _is(node.value, name) and isinstance(node.ctx, ast.Load) and not called and node.attr not in OF_ARRAYS:
                yield Attribute(node.attr)

    def _is_read(self, name: str) -> bool:
        """Whether a name is read before it is given another value."""
        own = [node for node in self._nodes(ast.Name) if node.id == name]
        loads = [n.lineno for n in own if isinstance(n.ctx, ast.Load)]
        stores = sorted(n.lineno for n in own if isinstance(n.ctx, ast.Store))[1:]
        return bool(loads) and not (stores and stores[0] < min(loads))

    def _as_array(self, name: str) -> bool | None:
        """True where it is used as no number can be, None where that is not seen."""
        used = any(_is(node.value, name) and node.attr in (*OF_ARRAYS, *METHODS) for node in self._nodes(ast.Attribute))
        return True if used else None

    def _nodes(self, kind: Any) -> list[Any]:
        return [] if self.tree is None else [node for node in ast.walk(self.tree) if isinstance(node, kind)]

    def arguments(self, values: Mapping[tuple[Any, ...], Any]) -> dict[str, Any]:
        """What the function is called with, of the values by their ways."""
        made = Tree()
        for way, value in values.items():
            inner = made
            for step in way[:-1]:
                inner = inner.setdefault(step, Tree())
            inner[way[-1]] = value
        found = {name: self._whole(name, value) for name, value in made.items()}
        if self.owner is not None:
            found.setdefault(self.owner, self._object())
        return found

    def _whole(self, name: Any, parts: Any) -> Any:
        """A tuple, a dictionary or an object of its parts."""
        if not isinstance(parts, Tree):
            return parts
        inner = {key: self._whole(None, part) for key, part in parts.items()}
        if all(isinstance(key, int) for key in inner):
            return tuple(inner.get(place) for place in range(next(iter(inner)).of))
        own = name is not None and name == self.owner
        if not own and not all(isinstance(key, Attribute) for key in inner):
            return inner
        whole = self._object() if own else Kept()
        for key, part in inner.items():
            setattr(whole, key, part)
        return whole

    def _object(self) -> Any:
        made = self.target.__new__(self.target) if self._class is not None else type("Layer", (), {})()
        for name in self.containers:
            setattr(made, name, {})
        return made

    @cached_property
    def returned(self) -> list[str]:
        """The names in the last ``return``, where these are names."""
        nodes = [] if self.tree is None else [e for e in ast.walk(self.tree) if isinstance(e, ast.Return) and e.value]
        if not nodes:
            return []
        value = max(nodes, key=lambda e: e.lineno).value
        parts = value.elts if isinstance(value, ast.Tuple | ast.List) else [value]
        return [_name(e) for e in parts]

    def exact(self) -> str | None:
        """Python can always be tried."""
        return None

    def where(self, name: str) -> str | None:
        """The line of the file where a name gets its value last, or where the function returns."""
        if self.tree is None:
            return None
        lines = [e.lineno for e in ast.walk(self.tree) if isinstance(e, ast.stmt) and name in set(_stored(e))]
        lines = lines or [e.lineno for e in ast.walk(self.tree) if isinstance(e, ast.Return)]
        file = inspect.getsourcefile(self.function) or ""
        first = self.function.__code__.co_firstlineno
        return f"{file.rpartition('/')[2]}:{first + max(lines) - 1}" if lines else None

    def call(self, values: Mapping[tuple[Any, ...], Any], filled: Mapping[str, Array], drawn: Drawn | None) -> Any:
        """In the copy: the function's answer as plain data, with what was filled in place."""
        if drawn is not None:
            Numbers(drawn.field).put_into(self.target)
        arguments = self.arguments(values)
        answer = self.function(**arguments)
        found = list(flat_answer(answer, self.returned, filled))
        owner = arguments.get(self.owner) if self.owner else None
        found += left_in(owner, {way[1] for way in values if way[0] == "self"})
        found += [(name, array, True) for name, array in filled.items()]
        return [{"name": n, "filled": f, **plain(e)} for n, e, f in found]


def left_in(owner: Any, given: Collection[str]) -> Iterator[tuple[str, Any, bool]]:
    """The arrays that an object got, and those in its dictionaries, which are gradients by their keys."""
    for name, e in vars(owner).items() if owner is not None else ():
        if (carried := frameworks.slope(e)) is not None:
            yield f"grad_{name}", carried, False
        if isinstance(frameworks.plain(e), np.ndarray) and name not in given:
            yield name, e, False
        elif isinstance(e, dict) and name not in given:
            own = {key: frameworks.plain(value) for key, value in e.items()}
            yield from ((f"d_{key}", value, False) for key, value in own.items() if isinstance(value, np.ndarray))


def _is(node: Any, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _name(node: Any) -> str:
    """What an expression is called: ``dx`` of ``dx.reshape(...)``, ``W`` of ``self.W``."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr if not isinstance(node.value, ast.Name) or node.value.id == "self" else node.value.id
    if isinstance(node, ast.Call):
        return _name(node.func) if isinstance(node.func, ast.Attribute) else ""
    return _name(node.value) if isinstance(node, ast.Subscript) else ""


def _stored(statement: ast.stmt) -> Iterator[str]:
    targets: list[Any] = []
    if isinstance(statement, ast.Assign):
        targets = list(statement.targets)
    elif isinstance(statement, ast.AugAssign | ast.AnnAssign):
        targets = [statement.target]
    elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        targets = statement.value.args[:1] if "at" in ast.dump(statement.value.func) else []
    for target in targets:
        for e in target.elts if isinstance(target, ast.Tuple) else [target]:
            yield _name(e)


def flat_answer(answer: Any, names: list[str], filled: Mapping[str, Array]) -> Iterator[tuple[str, Any, bool]]:
    """The arrays that a function returned, each with its name where that is known."""
    own = [id(array) for array in filled.values()]
    if answer is None:
        return
    if isinstance(answer, Mapping):
        yield from ((str(key), e, False) for key, e in answer.items() if id(e) not in own)
    elif isinstance(answer, tuple | list):
        labels = names if len(names) == len(answer) else [""] * len(answer)
        for label, e in zip(labels, answer, strict=True):
            if isinstance(e, Mapping):
                yield from ((str(key), value, False) for key, value in e.items())
            elif e is not None and id(e) not in own:
                yield label, e, False
    elif id(answer) not in own:
        yield (names[0] if len(names) == 1 else ""), answer, False


def plain(value: Any) -> dict[str, Any]:
    """An array as data that JSON has: its shape, residues, and real numbers."""
    array = np.asarray(frameworks.plain(value))
    if array.dtype != object:
        entries = array.astype(float).ravel().tolist() if array.dtype.kind in "fiub" else []
        return {"shape": list(array.shape), "residues": [_exact(e) for e in entries], "shadows": entries}
    entries = [e.item() if isinstance(e, np.ndarray) and not e.ndim else e for e in array.flat]
    degrees = [e.top + e.bottom for e in entries if isinstance(e, Residue)]
    return {
        "degree": max(degrees, default=0),
        "shape": list(array.shape),
        "residues": [e.residue if isinstance(e, Residue) else _exact(e) for e in entries],
        "shadows": [e.shadow if isinstance(e, Residue) else float(e) for e in entries],
    }


def _exact(e: Any) -> int | None:
    """A plain number modulo the prime, None where it has no meaning there."""
    from ..residue import PRIME, InexactError, fraction, inverse

    try:
        exact = fraction(e)
    except InexactError:
        return None
    return exact.numerator * inverse(exact.denominator) % PRIME


def exact_array(array: Array) -> Array:
    """Residues as an array that stays one."""
    return array.view(Exact) if isinstance(array, np.ndarray) and array.dtype == object else array


def meaning(name: str, layer: Layer, declared: Mapping[str, str]) -> list[Meant]:
    """What a name may be, as declared or by itself."""
    return candidates(declared.get(name, name), layer)


__all__ = ["Asked", "Kept", "Python", "exact_array", "flat_answer", "left_in", "meaning", "plain"]
