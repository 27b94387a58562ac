"""Which of the arrays that a function returns is the gradient of which parameter: by names, shapes and order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from .containers import DEEP, Layers, Leaf, Piece, Shared, array, is_object
from .frameworks import table as frameworks

Array = Any
PREFIX: Final = re.compile(r"^(?:d[CLJE]_?d_?|grads?_?|nabla_?|delta_?|der(?:iv)?_?|d_|g_|d|g)(?=\w)")
SUFFIX: Final = re.compile(r"_?(?:grads?|gradients?|deltas?|derivs?|updates?)$")


@dataclass(frozen=True)
class Parameter:
    """One array of parameters: the layer it leads into, from the input, 1; "w" or "b"; its name in the program."""

    layer: int
    family: str
    name: str
    leaf: Leaf

    @property
    def shared(self) -> bool:
        """Whether it is one number for all units of a layer."""
        return isinstance(self.leaf, Shared)


def constants(gradients: Mapping[Parameter, Array], wanted: Sequence[Parameter]) -> set[Parameter]:
    """Biases that all units share and that the program never changes: they are numbers, and no parameters."""
    shared = {p for p in wanted if p.shared}
    return shared if not any(np.any(gradients[p] != 0) for p in shared if p in gradients) else set()


@dataclass(frozen=True)
class Item:
    """One array, or number, of a result, and how one comes to it."""

    path: tuple[Any, ...]
    value: Array

    @property
    def key(self) -> tuple[Any, ...]:
        return _key(self.path)


def parameters(layers: Layers, names: Sequence[str]) -> list[Parameter]:
    """All of them, in the order in which the program has them; ``names``: of the parts of a tuple."""
    found = []
    for number, layer in enumerate(layers.layers, start=2):
        for family, leaf in (("w", layer.weight), ("b", layer.bias)):
            if leaf is not None:
                found.append(Parameter(number, family, _named(leaf, names), leaf))
    called = [p.name for p in found]
    if len(set(called)) < len(called):  # layers that are objects: layers[0].W, layers[1].W
        found = [replace(p, name=p.leaf.name) for p in found]
    return sorted(found, key=lambda p: _order(p.leaf.path, layers))


def _order(path: tuple[Any, ...], layers: Layers) -> tuple[Any, ...]:
    """Where a leaf stands among the leaves."""
    listed = [leaf.path for layer in layers.layers for leaf in (layer.weight, layer.bias) if leaf is not None]
    return (
        tuple(part if isinstance(part, int) else 0 for part in path)
        if path and isinstance(path[0], int)
        else (listed.index(path),)
    )


def _named(leaf: Leaf, names: Sequence[str]) -> str:
    if leaf.path and isinstance(leaf.path[0], int) and names:
        return "".join([names[leaf.path[0]], *(f"[{part!r}]" for part in leaf.path[1:])])
    if leaf.path and isinstance(leaf.path[-1], str):
        alike = len(leaf.path) > 1 and leaf.path[-1] in ("weight", "bias")
        return ".".join(map(str, leaf.path)) if alike else str(leaf.path[-1])
    return leaf.name


def items(  # noqa: PLR0912 - a case for each kind of container
    result: Any, names: Sequence[str] = (), path: tuple[Any, ...] = ()
) -> Iterator[Item]:
    """The arrays and numbers of a result; ``names``: of the parts of the tuple that it is."""
    result = frameworks.plain(result)
    if isinstance(result, tuple) and not path and len(names) == len(result):
        for name, e in zip(names, result, strict=True):
            yield from items(e, (), (name,))
    elif isinstance(result, dict):
        for key, e in result.items():
            yield from items(e, (), (*path, key))
    elif isinstance(result, list | tuple):
        if isinstance(result, list) and result and (found := array_of(result)) is not None:
            yield Item(path, found)
        else:
            for at, e in enumerate(result):
                yield from items(e, (), (*path, at))
    elif is_object(result) and not isinstance(result, np.ndarray):
        for name, e in frameworks.attributes(result).items():
            yield from items(e, (), (*path, name)) if len(path) < DEEP else ()
    elif (
        isinstance(result, np.ndarray)
        and result.dtype == object
        and any(isinstance(e, np.ndarray) for e in result.flat)
    ):
        for at, e in enumerate(result):
            yield from items(e, (), (*path, at))
    elif _is_number(result):
        yield Item(path, result if isinstance(result, np.ndarray) else np.array(result, dtype=object))


def _is_number(result: Any) -> bool:
    """Whether it is a number, or an array of them."""
    if result is None or isinstance(result, str | bool):
        return False
    return isinstance(result, np.ndarray) or np.isscalar(result) or hasattr(result, "residue")


def array_of(value: list[Any]) -> Array | None:
    """A list of numbers, or of lists of them, as an array."""
    if any(frameworks.framework_of(e) is not None for e in value):
        return None
    if any(isinstance(e, np.ndarray | dict | tuple | str) or is_object(e) for e in value):
        return None
    found = np.array(value, dtype=object) if len({np.shape(e) for e in value}) == 1 else None
    return None if found is None or found.ndim > 2 else array(value)


def matched(found: list[Item], wanted: list[Parameter]) -> dict[Parameter, Array] | None:
    """The gradient of each parameter that has one, None where nothing fits."""
    best: dict[Parameter, Array] = {}
    for way in (_by_pieces, _by_places, _by_names, _by_lists, _by_order):
        result = way(found, wanted)
        if len(result) > len(best) and any(p.family == "w" for p in result):
            best = result
    return best or None


def _by_pieces(found: list[Item], wanted: list[Parameter]) -> dict[Parameter, Array]:
    """One vector for all, where the parameters are one."""
    pieces = [(p, p.leaf) for p in wanted if isinstance(p.leaf, Piece)]
    length = max((leaf.stop for _, leaf in pieces), default=0)
    whole = [item.value for item in found if item.value.size == length and length]
    if len(pieces) != len(wanted) or len(whole) != 1:
        return {}
    return {p: leaf.cut(np.reshape(whole[0], -1)) for p, leaf in pieces}


def _by_places(found: list[Item], wanted: list[Parameter]) -> dict[Parameter, Array]:
    """In the same object as the parameter, under a name that is alike."""
    result: dict[Parameter, Array] = {}
    for p in wanted:
        place, name = p.leaf.path[:-1], p.leaf.path[-1:]
        if place and name and isinstance(name[0], str):
            match = [item.value for item in found if item.path[:-1] == place and _folded(item.path[-1:], name)]
            if len(match) == 1:
                result[p] = match[0]
    return result if len(result) == len(wanted) else {}


def _by_names(found: list[Item], wanted: list[Parameter]) -> dict[Parameter, Array]:
    """Names that are alike but for what says that it is a gradient."""
    result: dict[Parameter, Array] = {}
    for alike in (_same, _folded):
        for p in wanted:
            own = _key(_split(p.name))
            match = [item for item in found if item.key and alike(item.key, own)]
            if p not in result and len(match) == 1:
                result[p] = match[0].value
    values = list(map(id, result.values()))
    return result if len(set(values)) == len(values) else {}


def _split(name: str) -> tuple[Any, ...]:
    """``coefs[0]`` as its parts."""
    first, *rest = re.split(r"[\[\].]+", name.rstrip("]"))
    return (first, *(int(part) if part.isdigit() else part.strip("'") for part in rest))


def _key(path: tuple[Any, ...]) -> tuple[Any, ...]:
    """The last name of a path, and the places after it."""
    names = [at for at, part in enumerate(path) if isinstance(part, str)]
    return path[names[-1] :] if names else ()


def _forms(name: Any) -> set[str]:
    bare = SUFFIX.sub("", str(name))
    found = {str(name), bare, PREFIX.sub("", str(name)), PREFIX.sub("", bare)}
    return found | {form.rstrip("s") for form in found if len(form) > 2}


def _same(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    return one[1:] == other[1:] and bool({*_forms(one[0])} & {str(other[0]), str(other[0]).rstrip("s")})


def _folded(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    low = {form.casefold() for form in _forms(one[0])}
    return one[1:] == other[1:] and bool(low & {form.casefold() for form in _forms(other[0])})


def _by_lists(found: list[Item], wanted: list[Parameter]) -> dict[Parameter, Array]:
    """Two lists, of weights and of biases, in either order: the shapes tell which is which."""
    groups: dict[tuple[Any, ...], list[Array]] = {}
    for item in found:
        if item.path and isinstance(item.path[-1], int):
            groups.setdefault(item.path[:-1], []).append(item.value)
    weights = sorted((p for p in wanted if p.family == "w"), key=lambda p: p.layer)
    biases = sorted((p for p in wanted if p.family == "b"), key=lambda p: p.layer)
    fitting = [key for key, group in groups.items() if _fit(group, weights)]
    if not fitting:
        return {}
    rest = [group for key, group in groups.items() if key != fitting[0] and len(group) == len(biases)]
    result = dict(zip(weights, groups[fitting[0]], strict=True))
    return result | (dict(zip(biases, rest[0], strict=True)) if rest else {})


def _fit(group: list[Array], wanted: list[Parameter]) -> bool:
    return len(group) == len(wanted) and all(e.shape == p.leaf.shape for e, p in zip(group, wanted, strict=True))


def _by_order(found: list[Item], wanted: list[Parameter]) -> dict[Parameter, Array]:
    """As many arrays as parameters, once single numbers before them are left out."""
    arrays = [item.value for item in found]
    if len(arrays) == len(wanted) + 1 and any(p.shared for p in wanted) and not arrays[0].ndim:
        arrays = arrays[1:]
    if len(arrays) > len(wanted):
        arrays = [e for e in arrays if e.ndim]
    if len(arrays) != len(wanted):
        return {}
    keys: tuple[Callable[[Parameter], Any], ...] = (
        lambda p: (p.family == "b", p.layer), lambda p: p.layer, lambda p: (p.family == "w", p.layer),
        lambda p: -p.layer,
    )  # fmt: skip
    orders = [wanted, *(sorted(wanted, key=key) for key in keys)]
    best = max(orders, key=lambda order: sum(e.shape == p.leaf.shape for e, p in zip(arrays, order, strict=True)))
    return dict(zip(best, arrays, strict=True))


__all__ = ["Item", "Parameter", "constants", "items", "matched", "parameters"]
