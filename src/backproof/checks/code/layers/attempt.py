"""Ways to understand a function: what its parameters are, how its arrays lie, and what else may be meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final, Protocol

from .layer import Drawn, Layer
from .layout import joined, letters
from .naming import GUESSED, MOST, Meant, assigned, guesses
from .python import Asked, meaning

STYLES: Final = 12  # layouts that are tried


class Code(Protocol):
    """A function that can be called, in whichever language."""

    declared: Mapping[str, str]
    flat: bool  # whether its arrays have no shapes

    def asked(self, layer: Layer) -> list[Asked]:
        """The names whose meaning is needed."""
        ...

    def call(self, values: Mapping[tuple[Any, ...], Any], filled: Mapping[str, Any], drawn: Drawn | None) -> Any:
        """In a process of its own: what it gives back, as plain data."""
        ...

    def where(self, name: str) -> str | None:
        """The line at which an array gets its values."""
        ...

    def exact(self) -> str | None:
        """Why it cannot run on exact numbers, with ~ in front where it can on others."""
        ...


@dataclass(frozen=True)
class Names:
    """What the parameters of a function may be. ``ways``: how they are handed over; ``guessed``: the unknown ones."""

    meanings: Sequence[Mapping[str, Meant]]
    ways: Mapping[str, tuple[Any, ...]]
    guessed: Sequence[str] = ()

    @property
    def arrays(self) -> bool:
        """Whether one of them is an array of the layer."""
        return any(m.slot is not None for meant in self.meanings for m in meant.values())


def names(code: Code, layer: Layer) -> Names:
    """Of those that are not known each is tried as what no other one is."""
    options = [(a, _possible(a, meaning(a.name, layer, code.declared))) for a in code.asked(layer)]
    options = _from_above(options, layer, first=not code.flat)
    known = [(a, found) for a, found in options if found]
    taken = list(assigned([(a.name, found) for a, found in known], most=1)[:1])
    first = list(taken[0].values()) if taken else []
    unknown = [a for a, found in options if not found and a.needed]
    guessed = [
        (a, guesses(layer, first, array=a.array, constant=a.constant, whole=a.whole, name=a.name)) for a in unknown
    ]
    every = [(a.name, found) for a, found in known + guessed]
    made = assigned(every, most=GUESSED if unknown else MOST)
    return Names(made, {a.name: a.way for a, _ in known + guessed}, tuple(a.name for a in unknown))


def _from_above(
    options: list[tuple[Asked, list[Meant]]], layer: Layer, *, first: bool
) -> list[tuple[Asked, list[Meant]]]:
    """Where no name says that it comes from above, any gradient may: ``dA`` is that by an input, or by an output."""
    if any(m.given for _, found in options for m in found):
        return options
    above = [Meant(slot, gradient=True) for slot in layer.slots if slot.role == "output"]
    return [
        (a, found if not any(m.filled for m in found) else above + found if first else found + above)
        for a, found in options
    ]


def _possible(asked: Asked, found: list[Meant]) -> list[Meant]:
    """Arrays are no numbers, and what is constant is not filled."""
    own = [m for m in found if asked.array is None or asked.array is (m.number is None)]
    return [m for m in own if not (asked.constant and m.filled)] or own


@dataclass(frozen=True)
class Attempt:
    """A way to understand a function."""

    meant: Mapping[str, Meant]
    letters: Mapping[str, int]
    style: int
    reading: int
    loss: bool  # whether nothing comes from above

    @property
    def in_place(self) -> bool:
        """Whether what comes from above is in the array that is filled."""
        return not self.loss and not any(m.given for m in self.meant.values())

    def lies(self, *, flat: bool) -> list[Any]:
        """How its arrays lie; where they have no shapes, it is the order of the axes that counts."""
        layouts = [m.slot.layout(self.style) for m in self.meant.values() if m.slot is not None]
        return [letters(one) if flat and isinstance(one, str) else one for one in layouts]

    def fits(self, layer: Layer, *, flat: bool) -> bool:
        """Whether a function that is given these numbers can be meant for such sizes.

        An axis has one entry only where no number says how many there are, and no array has an axis for it; that of
        arrays without a shape is not known.
        """
        numbers = [m.number for m in self.meant.values() if m.number is not None]
        if not all(number.only is None or number.only(self.letters) for number in numbers):
            return False
        left_out = {e for e, size in self.letters.items() if size == 1 < layer.letters[0][e]}
        if left_out & {e for n in numbers if isinstance(n.value, str) for e in n.value.split()}:
            return False
        slots = [m.slot.layout(self.style) for m in self.meant.values() if m.slot is not None and m.slot.parts]
        there = {e for one in slots if not callable(one) for own in joined(one).layouts for e in letters(own)}
        return flat or left_out.isdisjoint(there)


def attempts(layer: Layer, meanings: Sequence[Mapping[str, Meant]], *, flat: bool) -> Iterator[Attempt]:
    """The likeliest first; none that is the same as one before."""
    loss = all(slot.role != "output" for slot in layer.slots)
    styles = range(min(STYLES, max(len(slot.layouts) for slot in layer.slots)))
    for reading in range(len(layer.readings)):
        seen = list[Any]()
        for sizes, style, meant in product(layer.letters, styles, meanings):
            made = Attempt(meant, sizes, style, reading, loss=loss)
            same = (meant, sizes, made.lies(flat=flat))
            if same not in seen and made.fits(layer, flat=flat):
                seen.append(same)
                if layer.readings[reading].fits(set(map(str, meant.values()))):
                    yield made


__all__ = ["Attempt", "Code", "Names", "attempts", "names"]
