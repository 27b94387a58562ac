"""Parameters that nothing in a program makes: functions take them, as arguments. They are made by their names.

A name in small letters that begins as a bias does is one, all others are matrices; lists, and dictionaries whose keys
stand in the text, are made likewise. How arrays lie is not known: all common ways are tried.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any, Final

import numpy as np

from . import roles, words
from .chains import found
from .containers import Layers

Array = Any
BIASES: Final = re.compile(r"(?:b|bias|biases|intercepts?|c|beta)_?\w{0,3}|.*bias(?:es)?\w{0,3}")
LISTS: Final = re.compile(r"weights?|ws|w|biases|bs|coefs_?|intercepts_?|thetas?|mats?|matrices|layers_?weights?")
HOLDERS: Final = re.compile(r"params?|parameters|theta|model|net|network|weights_?and_?biases|p")
OTHER: Final = ("inputs", "targets", "pairs", "rate", "penalty", "momentum", "either", "once", "count", "seed", "quiet")
ORIENTATIONS: Final = ("out,in", "in,out")
SHAPES: Final = ("flat", "column", "row")
#: Shapes of biases, in the order in which they are likely.
LIKELY: Final = tuple(
    (o, s) for o, s in product(ORIENTATIONS, SHAPES) if (o, s) not in (("out,in", "row"), ("in,out", "column"))
)


@dataclass(frozen=True)
class Arguments:
    """What a function takes for parameters: ``names``, in their order; ``kind``: "arrays", "lists" or "dict"."""

    kind: str
    names: tuple[str, ...]
    holder: str = ""  # the name of the dictionary

    def made(self, sizes: Sequence[int], orientation: str, shape: str) -> Any:
        """The arrays, as the function takes them."""
        draw = np.random.default_rng(0)
        matrices, biases = list[Array](), list[Array]()
        for below, out in pairwise(sizes):
            matrices.append(draw.normal(size=(out, below) if orientation == "out,in" else (below, out)))
            biases.append(draw.normal(size={"flat": (out,), "column": (out, 1), "row": (1, out)}[shape]))
        if self.kind == "lists":
            return tuple(biases if is_bias(name) else matrices for name in self.names)
        of = iter(matrices), iter(biases)
        arrays = [next(of[is_bias(name)]) for name in self.names]
        return dict(zip(self.names, arrays, strict=True)) if self.kind == "dict" else tuple(arrays)

    @property
    def layers(self) -> int:
        """How many there are, 0 where that can be chosen."""
        return 0 if self.kind == "lists" else sum(not is_bias(name) for name in self.names)


def is_bias(name: str) -> bool:
    """By its name."""
    return name == name.casefold() and BIASES.fullmatch(name) is not None


def arguments(function: Any, others: Sequence[Any] = ()) -> Arguments | None:
    """What a function that takes examples takes for parameters besides, None where that is not clear.

    ``others``: functions that may look up more in what holds them.
    """
    needed = [p.name for p in roles.parameters(function) if roles.required(p)]
    by_role = {name: roles.role(name) for name in needed}
    rest = [name for name in needed if by_role[name] not in OTHER or is_bias(name)]
    if not {"inputs", "targets"} <= set(by_role.values()) and "pairs" not in by_role.values():
        return None
    if len(rest) == 1 and HOLDERS.fullmatch(rest[0].casefold()):
        keys = tuple(_keys((function, *others), rest[0]))
        return Arguments("dict", keys, rest[0]) if _whole(keys) else None
    if rest and all(LISTS.fullmatch(name.casefold()) for name in rest) and len(rest) <= 2:
        return Arguments("lists", tuple(rest))
    return Arguments("arrays", tuple(rest)) if _whole(rest) else None


def _whole(names: Sequence[str]) -> bool:
    """Whether there are as many biases as matrices, or none, and more than one layer."""
    biases = sum(map(is_bias, names))
    return len(names) - biases > 1 and biases in (0, len(names) - biases)


def _keys(functions: Sequence[Any], name: str) -> Iterator[str]:
    """What is looked up in a dictionary, in the order of the layers."""
    keys = [
        node.slice.value
        for tree in filter(None, map(words.tree, functions))
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == name
        and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str)
    ]  # fmt: skip
    yield from sorted(dict.fromkeys(keys), key=lambda key: (re.sub(r"\D", "", key), is_bias(key)))


def given() -> None:
    """What made parameters that nothing in a program makes."""


def ways(own: Mapping[str, Any], sizes: Mapping[int, tuple[int, ...]]) -> Iterator[tuple[Any, Layers, tuple[str, ...]]]:
    """What holds the parameters, where they are in it, and the names of its parts."""
    for name, function in own.items():
        if isinstance(function, type) or roles.kind(name) == "forward":
            continue
        taken = arguments(function, tuple(own.values()))
        if taken is None:
            continue
        counts = [taken.layers + 1] if taken.layers else [4, 3]
        for count, (orientation, shape) in product(counts, LIKELY):
            if count not in sizes:
                continue
            holder = taken.made(sizes[count], orientation, shape)
            for layers in found(holder, sizes[count])[:1]:
                if layers.orientation == orientation:
                    yield holder, layers, taken.names if taken.kind != "dict" else ()
        return


__all__ = ["Arguments", "arguments", "given", "is_bias", "ways"]
