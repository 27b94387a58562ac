"""A function is called, on numbers that an attempt asks for; of many attempts the one that fits best is taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np

from ..residue import Residue
from . import judge, process
from .attempt import Attempt, Code, Names, attempts
from .layer import Drawn, Layer, Proved
from .layout import Unfit
from .naming import Meant
from .outcome import Outcome, sort
from .python import exact_array, plain
from .values import Key

RUNS: Final = 48  # where it is not clear what is meant
SPACE: Final = 1 << 14  # numbers in an array of which nothing is known but that it is filled


@cache
def proved(build: Callable[[], Proved]) -> Proved:
    """The theorems of a layer, proved once."""
    return build()


@dataclass
class Tries:
    """Of one function, as one layer."""

    layer: Layer
    code: Code
    seconds: float

    def __hash__(self) -> int:
        return id(self)

    def best(self, names: Names, *, exactly: bool) -> Outcome | None:
        """The attempt that fits best: the first that is right, if one is."""
        best: Outcome | None = None
        settled: Attempt | None = None
        ran = list[Mapping[str, int]]()
        for count, attempt in enumerate(attempts(self.layer, names.meanings, flat=self.code.flat)):
            if count >= RUNS * (2 if names.guessed else 1):
                break
            if settled is None and best is not None and best.pieces and attempt.reading != best.attempt.reading:
                settled = best.attempt  # another reading changes numbers, and not how arrays lie
            if settled is not None and (attempt.meant, attempt.letters, attempt.style) != (
                settled.meant, settled.letters, settled.style,
            ):  # fmt: skip
                continue
            if any(_fewer(attempt.letters, letters) for letters in ran):
                continue  # one row of what it takes many of shows less
            try:
                found = self.tried(attempt, names.ways, exactly=exactly)
            except Unfit:
                continue
            if found.pieces and not found.misshapen and hasattr(self.code, "framework"):
                ran.append(attempt.letters)
            if best is None or found.score < best.score:
                best = found
            if found.right or (found.failed is not None and "longer than" in found.failed):
                break
            if any(not p.wrong.any() for p in found.pieces) and len(found.pieces) > 1:
                settled = attempt
        return best

    @cache  # noqa: B019 - it lives as long as the check
    def _drawn(self, letters: tuple[tuple[str, int], ...], reading: int) -> Drawn:
        return Drawn(self.layer, proved(self.layer.proved), dict(letters), reading, seed=1)

    def tried(self, attempt: Attempt, ways: Mapping[str, Any], *, exactly: bool) -> Outcome:
        """What one way to understand the function gives."""
        drawn = self._drawn(tuple(sorted(attempt.letters.items())), attempt.reading)
        values: dict[tuple[Any, ...], Any] = {}
        filled: dict[str, Any] = {}
        for name, meant in attempt.meant.items():
            values[ways[name]] = value = self._value(meant, attempt, drawn, exactly=exactly)
            if meant.filled:
                filled[name] = value
        begin = {name: value.copy() for name, value in filled.items()}
        self._compute_truth(drawn)
        kept = {ways[n]: n for n, m in attempt.meant.items() if m.given or (attempt.loss and m.slot and not m.filled)}
        run = getattr(self.code, "run", process.called)  # libraries with threads cannot be copied
        answer = run(lambda: self._called(values, filled, kept, drawn, exactly=exactly), self.seconds)
        found = Outcome(attempt, drawn, answer.get("failed"))
        if found.failed is None:
            drawn.field.asked, drawn.field.highest = answer["returned"]["met"]
            space = {name for name, meant in attempt.meant.items() if meant.space}
            found.changed = [name for name in answer["returned"]["changed"] if name not in space]
            sort(answer["returned"]["arrays"], begin, found, self.layer, self.code)
            if not found.pieces and not found.misshapen:
                found.failed = "it gives back no array that is known to be a gradient"
        return found

    def _called(self, values: Any, filled: Any, kept: Any, drawn: Drawn, *, exactly: bool) -> dict[str, Any]:
        """In the copy of this process. ``kept``: arrays in whose place a gradient may be put."""
        before = {way: value.copy() for way, value in values.items() if isinstance(value, np.ndarray)}
        arrays = self.code.call(values, filled, drawn if exactly else None)
        changed = [way[-1] for way, old in before.items() if way[-1] not in filled and not _same(old, values[way])]
        arrays += [{"name": kept[way], "filled": False, "instead": True, **plain(values[way])}
                   for way in kept if way[-1] in changed]  # fmt: skip
        return {"arrays": arrays, "changed": changed, "met": (drawn.field.asked, drawn.field.highest)}

    def _compute_truth(self, drawn: Drawn) -> None:
        """Before the program runs, so that it meets the same values of functions."""
        for slot in self.layer.slots:
            for part in slot.parts if slot.role == "input" else ():
                with suppress(LookupError):  # no theorem says what it is, and nobody has to
                    drawn.array(Key(part.family, partial=True))

    def _value(self, meant: Meant, attempt: Attempt, drawn: Drawn, *, exactly: bool) -> Any:
        if meant.number is not None:
            value = meant.number.value
            found = drawn.product(value) if isinstance(value, str) else value(drawn)
            return found.shadow if isinstance(found, Residue) and not exactly else found
        if meant.space:
            return _numbers(_begin(drawn, (SPACE,), zero=True), drawn, exactly=exactly)
        assert meant.slot is not None
        slot = meant.slot
        if meant.filled and attempt.in_place and slot.role == "input":  # what comes from above is in it
            [slot] = [s for s in self.layer.slots if s.role == "output" and slot.becomes in ("", s.name)][:1]
        array = drawn.laid_out(slot, attempt.style, partial=meant.gradient)
        if meant.filled and slot.role != "output":
            array = _begin(drawn, array.shape, zero=slot.role == "saved")
        return _numbers(array, drawn, exactly=exactly)


def _numbers(array: Any, drawn: Drawn, *, exactly: bool) -> Any:
    """An array of whole numbers, of residues, or of floating-point numbers."""
    if array.dtype != object:
        return array
    if all(type(e) is int for e in array.flat) and array.size:
        return array.astype(np.int64)
    if not exactly:
        return judge.real(array)
    made = np.empty(array.shape, dtype=object)
    for at in np.ndindex(array.shape):
        made[at] = drawn.values.residue(array[at])
    return exact_array(made)


def _same(old: Any, new: Any) -> bool:
    """Whether an array is as it was."""
    return bool(old.shape == new.shape and all(a is b or a == b for a, b in zip(old.flat, new.flat, strict=True)))


def _fewer(one: Mapping[str, int], other: Mapping[str, int]) -> bool:
    """Whether the first sizes have 1 where the others have more."""
    return any(one[letter] == 1 < size for letter, size in other.items())


def _begin(drawn: Drawn, shape: tuple[int, ...], *, zero: bool) -> Any:
    """What is in an array that is to be filled."""
    if not zero:
        return drawn.numbers(*shape)
    made = np.empty(shape, dtype=object)
    made.fill(drawn.constant(0))
    return made


__all__ = ["Tries", "proved"]
