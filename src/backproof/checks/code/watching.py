"""What the functions of a program assign as they run: every array, where it was, and the line that made it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any, Final

import numpy as np

from .frameworks import table as frameworks

Array = Any
SAME: Final = 1e-9  # relative
MOST_IN: Final = 100  # things in a list or dictionary that is looked into
MOST: Final = 20_000  # arrays that are kept


@dataclass(frozen=True)
class Seen:
    """An array that a name had after a line."""

    function: str
    line: int
    name: str
    value: Array


def watched(file: str, run: Callable[[], Any]) -> list[Seen]:
    """What the functions of a file assign while ``run`` runs."""
    seen, last = list[Seen](), dict[int, dict[str, int]]()

    def at_line(frame: FrameType, event: str, _: Any) -> Any:
        known = last.setdefault(id(frame), {})
        line = known.get("", frame.f_lineno)
        for name, value in frame.f_locals.items():
            for where, array in _arrays(name, value):
                mark = _mark(array)
                if known.get(where) != mark and len(seen) < MOST:
                    known[where] = mark
                    seen.append(Seen(frame.f_code.co_name, line, where, np.array(array, copy=True)))
        known[""] = frame.f_lineno
        if event == "return":
            last.pop(id(frame), None)
        return at_line

    def at_call(frame: FrameType, _: str, __: Any) -> Any:
        if frame.f_code.co_filename != file:
            return None
        known = last.setdefault(id(frame), {})
        for name, value in frame.f_locals.items():  # what it was given is not its own
            known |= {where: _mark(array) for where, array in _arrays(name, value)}
        known[""] = frame.f_lineno
        return at_line

    before = sys.gettrace()
    sys.settrace(at_call)
    try:
        run()
    finally:
        sys.settrace(before)
    return seen


def _arrays(name: str, value: Any) -> Iterator[tuple[str, Array]]:
    """The arrays of a name: itself, or what a list, a dictionary or an object of the program has in it."""
    value = frameworks.plain(value)
    if type(value) in (list, tuple, dict) and len(value) < MOST_IN:
        value = frameworks.deep(value)
    if isinstance(value, np.ndarray | np.floating):
        yield name, np.asarray(value)
    elif isinstance(value, list) and value and all(isinstance(e, float) for e in value):
        yield name, np.array(value)
    elif isinstance(value, list | tuple) and len(value) < MOST_IN:
        yield from ((f"{name}[{at}]", e) for at, e in enumerate(value) if isinstance(e, np.ndarray))
    elif isinstance(value, dict) and len(value) < MOST_IN:
        yield from ((f"{name}[{at!r}]", e) for at, e in value.items() if isinstance(e, np.ndarray))
    elif name == "self" and hasattr(value, "__dict__"):
        own = ((at, frameworks.plain(e)) for at, e in vars(value).items())
        yield from ((f"self.{at}", e) for at, e in own if isinstance(e, np.ndarray))


def _mark(array: Array) -> int:
    """What changes where an array is another one, or has other numbers."""
    return hash(array.tobytes())


def first(seen: Sequence[Seen], value: Array, *, exactly: bool = False, whole: bool = False) -> Seen | None:
    """Where an array first has these values, lying or standing, for all examples or, unless it is whole, the first one.

    They may have a constant as a factor, where they need not be so exactly; a sign they may have.
    """
    wanted = np.asarray(value, dtype=float)
    forms = [wanted, wanted.T]
    if wanted.ndim == 2 and not whole:
        forms += [wanted[:, [0]], wanted[:, [0]].T, wanted[:, 0]]
    shaped = dict[tuple[int, ...], list[tuple[Array, int]]]()
    for form in forms:
        shaped.setdefault(form.shape, []).append((form, int(np.argmax(abs(form))) if form.size else -1))
    for one in seen:
        for form, top in shaped.get(one.value.shape, ()):
            if top >= 0 and _proportional(one.value, form, top, exactly=exactly):
                return one
    return None


def _proportional(own: Array, form: Array, top: int, *, exactly: bool) -> bool:
    """``top``: where the largest entry is; it tells the factor."""
    if own.dtype.kind not in "fiu":
        return False
    largest = form.item(top)
    if not largest:
        return not own.any()
    ratio = own.item(top) / largest
    if not (ratio and (abs(abs(ratio) - 1) < SAME or (own.size > 1 and not exactly))):
        return False
    right = form * ratio
    return bool((abs(own - right) <= 1e-13 + SAME * abs(right)).all())


__all__ = ["Seen", "first", "watched"]
