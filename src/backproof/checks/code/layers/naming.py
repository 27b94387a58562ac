"""Which parameter of a function is which quantity of a layer, by its name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from .layer import Layer, Number, Slot
from .words import ABOVE, BAR, BELOW, MARKS, alike, core, counted, words

UPSTREAM: Final = {
    "dout", "dy", "d_out", "d_y", "grad_output", "grad_outputs", "grad_out", "gout", "gy", "g", "grad", "upstream",
    "upstream_grad", "dz", "dl_dout", "dl_dy", "top_grad", "output_grad", "grad_y", "do", "dout_", "dnext", "delta",
    "error", "dvalues", "dl", "dupstream", "gradient", "grads", "dx_out", "out_grad", "y_grad",
}  # fmt: skip
PREFIXES: Final = ("grad_", "d_", "dl_d", "dl_", "dl", "grad", "diff_", "g_", "gd", "d", "g")
SUFFIXES: Final = ("_grad", "_gradient", "_g", "grad", "_diff", "_d")
AFFIXES: Final = (
    "_ptr",
    "_p",
    "_cache",
    "_saved",
    "_in",
    "_data",
    "_buf",
    "_table",
    "_tab",
    "_vals",
    "_t",
    "_vec",
    "_mat",
)
MOST: Final = 24  # ways to read the names of a function
GUESSED: Final = 60  # where some of them are not known


@dataclass(frozen=True)
class Meant:
    """What a parameter is: an array of a slot, its gradient, or a number; or space for what a function needs."""

    slot: Slot | None = None
    gradient: bool = False
    number: Number | None = None
    space: str = ""  # its name

    @property
    def given(self) -> bool:
        """Whether it is what comes from above: the gradient of the output."""
        return self.gradient and self.slot is not None and self.slot.role == "output"

    @property
    def filled(self) -> bool:
        """Whether it is a gradient that the function is to compute."""
        return self.gradient and not self.given

    def __str__(self) -> str:
        if self.number is not None:
            return self.number.names.split()[0]
        if self.space:
            return "space"
        assert self.slot is not None
        return f"d{self.slot.name}" if self.gradient else self.slot.name


def stems(name: str) -> Iterator[str]:
    """A name in small letters, as it stands and without what is often appended."""
    small = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().strip("_")
    for form in dict.fromkeys((name.lower().strip("_"), small, small.replace("_", ""))):
        yield form
        for affix in AFFIXES:
            if form.endswith(affix) and len(form) > len(affix):
                yield form.removesuffix(affix)


def candidates(name: str, layer: Layer, *, array: bool | None = None) -> list[Meant]:
    """What a parameter may be, the likeliest first. ``array``: whether it is one, where that is known."""
    found: list[Meant] = []
    if array is not False:
        found += _arrays(name, layer)
    if array is not True:
        found += [Meant(number=number) for number in layer.numbers if name in number.names.split()]
    if array is not True:
        plain = _plain(name)
        found += [Meant(number=n) for n in layer.numbers if plain in map(_plain, n.names.split())]
    if array is not False and not found:
        found += _by_words(name, layer)
    if array is not True and not any(m.number for m in found):
        found += [Meant(number=n) for n in layer.numbers if counted(name) in map(counted, n.names.split())]
    return list(dict.fromkeys(found))


def _by_words(name: str, layer: Layer) -> Iterator[Meant]:
    """By the words that a name is made of: ``weight_updates``, ``prev_delta``, ``saveInvVar``."""
    own = words(name)
    marks = [w for w in own if w in MARKS and own != [BAR]]
    rest = core(name, without=MARKS if marks else frozenset())
    if not marks:
        yield from (Meant(slot) for slot in _named(rest, layer))
    elif not rest or rest in ABOVE:
        yield from (Meant(slot, gradient=True) for slot in layer.slots if slot.role == "output")
    elif rest in BELOW:
        yield from (Meant(slot, gradient=True) for slot in layer.slots if slot.is_input)
    else:
        yield from (Meant(slot, gradient=True) for slot in _named(rest, layer) if slot.role != "data")


def _named(plain: str, layer: Layer) -> Iterator[Slot]:
    """Slots that have such a name, then those of which it is a short one."""
    for same in (str.__eq__, alike):
        yield from (s for s in layer.slots if any(same(plain, core(own)) for own in s.names.split()))


def guesses(
    layer: Layer, taken: Sequence[Meant], *, array: bool | None, constant: bool, whole: bool = False, name: str
) -> list[Meant]:
    """What a parameter may be whose name says nothing: what no other one is; whole numbers are sizes."""
    found: list[Meant] = []
    if array is not False:
        given = [Meant(s, gradient=True) for s in layer.slots if s.role == "output"]
        wanted = [Meant(s, gradient=True) for s in layer.slots if s.role == "input"]
        found += given + ([] if constant or array is None else wanted)
        found += [Meant(s) for s in layer.slots]
        found += [] if constant or array is None else [Meant(space=name)]
    if array is not True:
        found += [Meant(number=n) for n in layer.numbers if isinstance(n.value, str) or not whole]
    return [m for m in found if m not in taken]


def _plain(name: str) -> str:
    return name.lower().replace("_", "")


def _arrays(name: str, layer: Layer) -> Iterator[Meant]:
    for stem in stems(name):
        yield from (Meant(slot) for slot in layer.slots if stem in slot.names.lower().split())
        for inner in _inner(stem):
            own = (slot for slot in layer.slots if slot.role != "data")
            yield from (Meant(slot, gradient=True) for slot in own if inner in slot.names.lower().split())
        if stem in UPSTREAM:
            yield from (Meant(slot, gradient=True) for slot in layer.slots if slot.role == "output")


def _inner(stem: str) -> Iterator[str]:
    """What a name is the gradient of."""
    for prefix in PREFIXES:
        if stem.startswith(prefix) and stem != prefix:
            yield stem.removeprefix(prefix).lstrip("_")
    for suffix in SUFFIXES:
        if stem.endswith(suffix) and stem != suffix:
            yield stem.removesuffix(suffix)


def assigned(options: Sequence[tuple[str, Sequence[Meant]]], most: int = MOST) -> list[Mapping[str, Meant]]:
    """Ways to give each name one of its meanings, no two names the same one."""
    return list(islice(_assigned(list(options), {}), most))


def _assigned(rest: list[tuple[str, Sequence[Meant]]], made: dict[str, Meant]) -> Iterator[dict[str, Meant]]:
    if not rest:
        yield dict(made)
        return
    (name, meanings), *others = rest
    for meant in meanings:
        if meant not in made.values():
            yield from _assigned(others, {**made, name: meant})


__all__ = ["GUESSED", "MOST", "Meant", "assigned", "candidates", "guesses"]
