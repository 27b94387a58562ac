"""What a layer is for a check: a network with its theorems, and how programs name and lay out its quantities."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

import numpy as np

from ....surface.network import Network
from ....surface.theorem import Theorem
from ..residue import PRIME, Field, InexactError, Residue
from .layout import Unfit, joined, rearranged
from .values import Key, Values, given_families

Array = Any
TRIES: Final = 4_000  # drawings until all roots exist


@dataclass(frozen=True)
class Part:
    """The entries of a family, and its axes in letters, as they lie in the network: ``"(b t) i"``."""

    family: str
    axes: str


@dataclass(frozen=True)
class Slot:
    """An array of programs. ``names``: how it is called, in small letters; ``layouts``: how it lies, a choice each.

    Of several parts each has a layout of its own. A layout may be a function that makes the array. ``role``: an
    ``input`` has a gradient, ``data`` has none, the ``output`` has one that is given, and what is ``saved`` comes from
    the forward pass. ``made`` makes other numbers than the entries, which lie like these: deviations, tokens.
    ``within``: a family; gradients are compared where it is not 0. ``becomes``: the output that lies as an input does.
    """

    names: str
    parts: tuple[Part, ...]
    layouts: tuple[Any, ...]
    role: str = "input"
    made: Callable[[Drawn], Array] | None = None
    within: str = ""
    becomes: str = ""

    @property
    def name(self) -> str:
        """The first of its names."""
        return self.names.split()[0]

    @property
    def is_input(self) -> bool:
        """Whether it is what comes from the layer below."""
        return self.role == "input" and not {"x", "inp", "input"}.isdisjoint(self.names.split())

    def layout(self, style: int) -> Any:
        """Of each of its parts."""
        return self.layouts[min(style, len(self.layouts) - 1)]


@dataclass(frozen=True)
class Number:
    """A size or another number that programs are given. ``value``: a product of letters, or a function of what is."""

    names: str
    value: str | Callable[[Drawn], Any]
    only: Callable[[Mapping[str, int]], bool] | None = None  # for such sizes alone


@dataclass(frozen=True)
class Proved:
    """A network and theorems about it, by name."""

    net: Network
    theorems: Mapping[str, Theorem]


@dataclass(frozen=True)
class Reading:
    """What may be meant, in words, with draws of its own.

    ``given``: names of slots and numbers that a function takes if this is meant; ``missing``: those that it does not
    take. ``near``: what is equal in floating point alone is right.
    """

    words: str = ""
    draws: Mapping[str, Callable[[Drawn], Any]] = field(default_factory=dict)
    given: str = ""
    missing: str = ""
    near: bool = True

    def fits(self, names: set[str]) -> bool:
        """Whether a function that takes these can mean this."""
        return set(self.given.split()) <= names and names.isdisjoint(self.missing.split())


@dataclass(frozen=True)
class Layer:
    """A layer by name. ``letters``: sizes by letter, a choice each; ``sizes``: those of the network, as products.

    ``draws``: data that are not any numbers. ``roots``: a family whose entries need a root, and what is drawn anew
    until there is one. ``readings``: what may be meant. ``exact``: whether its numbers are.
    """

    name: str
    proved: Callable[[], Proved]
    letters: tuple[Mapping[str, int], ...]
    sizes: Mapping[str, str]
    slots: tuple[Slot, ...]
    numbers: tuple[Number, ...] = ()
    draws: Mapping[str, Callable[[Drawn], Any]] = field(default_factory=dict)
    roots: tuple[str, Callable[[tuple[int, ...]], tuple[Key, tuple[int, ...]]]] | None = None
    readings: tuple[Reading, ...] = (Reading(),)
    words: str = ""
    exact: bool = True

    def slot(self, name: str) -> Slot:
        """By one of its names."""
        return next(slot for slot in self.slots if name in slot.names.split())


class Drawn:
    """Numbers for a run of a layer, and all that follows from them by the network and its theorems."""

    def __init__(self, layer: Layer, proved: Proved, letters: Mapping[str, int], reading: int, seed: int) -> None:
        self.layer, self.letters = layer, letters
        self.random = random.Random(f"{layer.name} {seed} {sorted(letters.items())}")  # noqa: S311 - no secrets
        self.field = Field(seed)
        net = proved.net
        symbols = {str(s): s for s in net.symbols}
        sizes = {symbols[name]: self.product(of) for name, of in layer.sizes.items() if name in symbols}
        self.values = Values(net, proved.theorems, sizes, self.field)
        draws = {**layer.draws, **layer.readings[reading].draws}
        for family in dict.fromkeys([*given_families(net), *(name for name in draws if name in net.kinds)]):
            self._give(Key(family), draws.get(family, Drawn.numbers_of(family)))
        for slot in layer.slots:
            for part in slot.parts if slot.role == "output" else ():
                self._give(Key(part.family, partial=True), draws.get(f"d{part.family}", Drawn.numbers_of(part.family)))
        self._settle()

    def _give(self, key: Key, draw: Callable[[Drawn], Any]) -> None:
        made = np.asarray(draw(self), dtype=object)
        axes = self.values.ranges(key.family)
        starts = [axis.start for axis in axes]
        given = [d for d in self.values.net.definitions if d.head.family == key.family and d.body is None]
        if made.ndim == len(axes):
            for at in np.ndindex(made.shape):
                self.values.given[key, tuple(i + s for i, s in zip(at, starts, strict=True))] = made[at]
        assert made.ndim == len(axes), f"{key} has {len(axes)} indices; {given}"

    def _settle(self) -> None:
        """Draw anew what has no root in the field, until it has."""
        if self.layer.roots is None:
            return
        family, of = self.layer.roots
        for at in np.ndindex(*(len(axis) for axis in self.values.ranges(family))):
            entry = tuple(i + 1 for i in at)
            for _ in range(TRIES):
                try:
                    self.values.entry(Key(family), entry)
                    break
                except InexactError:
                    self.values.given[of(entry)] = self.number()
                    self.values.forget()

    def product(self, of: str) -> int:
        """A product of sizes by letter; numbers stand for themselves."""
        return math.prod(int(word) if word.isdigit() else self.letters[word] for word in of.split())

    # What draws are made of.

    def number(self) -> Residue:
        """Any number, apart from others, and from 0."""
        return Residue(self.field, self.random.randrange(1, PRIME), self.random.choice((-1, 1)) * self.size(), 1)

    def size(self) -> float:
        """How large a number is, in floating point."""
        return self.random.uniform(0.2, 1.5)

    def constant(self, value: Any) -> Residue:
        """A rational number; a float as it is written."""
        return self.field.number(value)

    def numbers(self, *shape: int, positive: bool = False) -> Array:
        """An array of any numbers."""
        made = np.empty(shape, dtype=object)
        for at in np.ndindex(*shape):
            made[at] = self.number() if not positive else Residue(
                self.field, self.random.randrange(1, PRIME), self.size(), 1
            )  # fmt: skip
        return made

    @staticmethod
    def numbers_of(family: str) -> Callable[[Drawn], Array]:
        """Any numbers, as many as a family has entries."""
        return lambda drawn: drawn.numbers(*(len(axis) for axis in drawn.values.ranges(family)))

    # What programs get.

    def array(self, key: Key) -> Array:
        """All entries of a family or of its partial derivatives, as they lie in the network."""
        return self.values.array(key)

    def laid_out(self, slot: Slot, style: int, *, partial: bool = False) -> Array:
        """What a program has in a slot, or its gradient."""
        layout = slot.layout(style)
        if callable(layout):
            if partial:
                raise Unfit(f"there is no gradient by {slot.name}")
            return layout(self)
        one = joined(layout)
        parts = [
            rearranged(self._own(slot, part, partial=partial), part.axes, own, self.letters)
            for part, own in zip(slot.parts, one.layouts, strict=True)
        ]
        return parts[0] if len(parts) == 1 else one.together(parts)

    def _own(self, slot: Slot, part: Part, *, partial: bool) -> Array:
        return self.array(Key(part.family, partial)) if partial or slot.made is None else slot.made(self)

    def counted(self, slot: Slot, style: int) -> Array | None:
        """Where entries of a gradient count, None for everywhere."""
        if not slot.within:
            return None
        layout, [part] = slot.layout(style), slot.parts
        return rearranged(self.array(Key(slot.within)), part.axes, layout, self.letters) != 0


def constant(value: Any) -> Callable[[Drawn], Any]:
    """A draw that is this number."""
    return lambda drawn: drawn.constant(value)


def one_over(of: str) -> Callable[[Drawn], Any]:
    """A draw that is one over a product of letters."""
    return lambda drawn: drawn.constant(Fraction(1, drawn.product(of)))


__all__ = ["Drawn", "Layer", "Number", "Part", "Proved", "Reading", "Slot", "constant", "one_over"]
