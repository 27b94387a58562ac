"""A backward pass in Python: what it takes, by the text of its function, and what it gives back."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from ..frameworks import table as frameworks
from ..residue import Residue
from .exactly import Exact, Numbers
from .layer import Drawn, Layer
from .naming import Meant, candidates

Array = Any


@dataclass(frozen=True)
class Asked:
    """A name whose meaning is needed, and the way on which it is handed over.

    ``way``: a parameter; then a place in a tuple, a key of a dictionary, or an attribute of the object itself.
    """

    name: str
    way: tuple[Any, ...]
    needed: bool = True
    array: bool | None = None


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
                found.append(Asked(name, (name,), needed=parameter.default is parameter.empty))
            elif inner := list(self._inside(name)):
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
            elif name not in written and not hasattr(self._class, name):
                found.append(name)
        return list(dict.fromkeys(found))

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

    def _inside(self, name: str) -> Iterator[Asked]:
        """What a parameter such as ``cache`` holds, by the names to which it is unpacked, or its keys."""
        for node in ast.walk(self.tree) if self.tree is not None else ():
            if isinstance(node, ast.Assign) and _is(node.value, name) and isinstance(node.targets[0], ast.Tuple):
                inner = [e.id for e in node.targets[0].elts if isinstance(e, ast.Name)]
                yield from (Asked(e, (name, place)) for place, e in enumerate(inner))
                return
        keys = [
            node.slice.value
            for node in (ast.walk(self.tree) if self.tree is not None else ())
            if isinstance(node, ast.Subscript) and _is(node.value, name) and isinstance(node.slice, ast.Constant)
        ]
        yield from (Asked(key, (name, key)) for key in dict.fromkeys(keys) if isinstance(key, str))

    def arguments(self, values: Mapping[tuple[Any, ...], Any]) -> dict[str, Any]:
        """What the function is called with, of the values by their ways."""
        made: dict[str, Any] = {}
        for (name, *rest), value in values.items():
            if not rest:
                made[name] = value
            elif isinstance(rest[0], int):
                made.setdefault(name, []).append(value)
            elif name == self.owner:
                made.setdefault(name, self._object())
                setattr(made[name], rest[0], value)
            else:
                made.setdefault(name, {})[rest[0]] = value
        if self.owner is not None:
            made.setdefault(self.owner, self._object())
        return {name: tuple(value) if isinstance(value, list) else value for name, value in made.items()}

    def _object(self) -> Any:
        return self.target.__new__(self.target) if self._class is not None else type("Layer", (), {})()

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
        found += [(name, e, False) for name, e in kept(owner) if ("self", name) not in values]
        found += [(name, array, True) for name, array in filled.items()]
        return [{"name": n, "filled": f, **plain(e)} for n, e, f in found]


def kept(owner: Any) -> Iterator[tuple[str, Any]]:
    """The arrays of an object, and the gradients that they carry."""
    for name, e in vars(owner).items() if owner is not None else ():
        if (carried := frameworks.slope(e)) is not None:
            yield f"grad_{name}", carried
        if isinstance(frameworks.plain(e), np.ndarray):
            yield name, e


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
    entries = list(array.flat)
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


__all__ = ["Asked", "Python", "exact_array", "flat_answer", "kept", "meaning", "plain"]
