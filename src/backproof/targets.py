"""What is to be proved: names of the library and files of the user's, as chapters, and what is wrong in them."""

from __future__ import annotations

import importlib.util
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

from . import derivations
from .derive.calc import WrongLine
from .derive.derivation import Chapter, Derivation
from .derive.registry import LIBRARY, REGISTRY, chapter, library_module, load_file
from .notation import profiles
from .output import CannotRun
from .refusals import Refusal, malformed, name_of, wrong_line


@dataclass(frozen=True)
class Loaded:
    """A file: the chapter of what holds in it, None if there is none, and what does not."""

    chapter: Chapter | None
    refused: tuple[Refusal, ...] = ()


def load(targets: Sequence[str | Path]) -> tuple[list[Chapter], list[Refusal]]:
    """The chapters that ``targets`` name, the whole library if there are none, and what was refused in them.

    A target is the name of a chapter, of a derivation, or a file. CannotRun for a name that does not exist and for a
    file that cannot be read.
    """
    wanted = [_file(Path(t)) if _is_file(t) else _named(str(t)) for t in targets]
    loaded = _merged(wanted) if targets else [library(name) for name in LIBRARY]
    refused = _each_once(refusal for one in loaded for refusal in one.refused)
    chapters = [one.chapter for one in loaded if one.chapter]
    return _distinct(chapters, refused)


def _is_file(target: str | Path) -> bool:
    return isinstance(target, Path) or target.endswith(".py") or "/" in target or "\\" in target


def _merged(wanted: Iterable[Loaded]) -> list[Loaded]:
    """Each chapter once, in the order of first mention; parts of it put together."""
    found: dict[str, Loaded] = {}
    for one in wanted:
        key = one.chapter.name if one.chapter else one.refused[0].file
        if key not in found:
            found[key] = one
        elif one.chapter:
            found[key] = _union(found[key], one)
    return list(found.values())


def _union(first: Loaded, second: Loaded) -> Loaded:
    if first.chapter is None or second.chapter is None:
        return second if first.chapter is None else first
    new = tuple(d for d in second.chapter.derivations if d.name not in {e.name for e in first.chapter.derivations})
    both = replace(first.chapter, derivations=first.chapter.derivations + new)
    return Loaded(both, first.refused + tuple(r for r in second.refused if r not in first.refused))


def _distinct(chapters: list[Chapter], refused: list[Refusal]) -> tuple[list[Chapter], list[Refusal]]:
    """Each name once: the report and the JSON find a derivation by its name."""
    seen: set[str] = set()
    kept = []
    for one in chapters:
        names = Counter(d.name for d in one.derivations)
        twice = [name for name in names if name in seen or names[name] > 1]
        refused += [Refusal(one.name, "another derivation has this name", name=name) for name in twice]
        kept.append(replace(one, derivations=tuple(d for d in one.derivations if d.name not in twice)))
        seen |= set(names)
    return kept, refused


# The library.


def _named(name: str) -> Loaded:
    low = name.casefold()
    if low in LIBRARY:
        return library(low)
    for title in LIBRARY:
        one = library(title)
        if one.chapter and (chosen := tuple(d for d in one.chapter.derivations if d.name.casefold() == low)):
            return Loaded(replace(one.chapter, derivations=chosen))
        if any((refusal.name or "").casefold() == low for refusal in one.refused):
            return Loaded(None, one.refused)
    raise CannotRun(f"no chapter and no derivation is called {name!r}{_meant(low)}")


def _meant(name: str) -> str:
    close = get_close_matches(name, [n for one in listing() for n in (one.name, *(d.name for d in one.derivations))])
    return f": did you mean {close[0]}?" if close else "; backproof prove --list names them all"


def listing() -> list[Chapter]:
    """The chapters of the library, without what is wrong in them."""
    return [one.chapter for one in (library(name) for name in LIBRARY) if one.chapter]


@cache
def library(name: str) -> Loaded:
    """One chapter of the library."""
    spec = importlib.util.find_spec(f"{derivations.__name__}.{name}")
    if spec is None or spec.origin is None:
        return Loaded(None, (Refusal(f"{name}.py", "the file is missing from the package's derivations"),))
    return _loaded(lambda: library_module(name), Path(spec.origin), f"derivations/{name}.py")


# Files.


def _file(path: Path) -> Loaded:
    try:
        path.read_bytes()
    except OSError as error:
        raise CannotRun(f"cannot read {path}: {(error.strerror or str(error)).lower()}") from None
    loaded = _loaded(lambda: load_file(path.resolve()), path.resolve(), str(path))
    if loaded.chapter and not loaded.chapter.derivations and not loaded.refused:
        return Loaded(None, (Refusal(str(path), "there is no @derivation in this file"),))
    return loaded


def _loaded(run: Callable[[], ModuleType], path: Path, shown: str) -> Loaded:
    try:
        module = run()
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the file is a program of somebody's: it may raise anything
        return Loaded(None, (_refusal(error, path, shown),))
    makers = REGISTRY.setdefault(module.__name__, [])
    failed = {make: failure for make in makers if (failure := _failure(make))}
    REGISTRY[module.__name__] = [make for make in makers if make not in failed]
    try:
        whole = chapter(module)
    finally:
        REGISTRY[module.__name__] = makers
    refused = (_refusal(error, path, shown, name_of(path, make.__name__)) for make, error in failed.items())
    return Loaded(whole, tuple(_each_once(refused)))


def _failure(make: Callable[[], Derivation]) -> BaseException | None:
    try:
        made = make()
        profiles.notation(made.notation)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - as above
        return error
    if any(first.theorem.rhs != second.theorem.lhs for first, second in pairwise(made.lines)):
        return ValueError("the lines of the derivation do not follow one another")
    return None


def _refusal(error: BaseException, path: Path, shown: str, name: str | None = None) -> Refusal:
    found = wrong_line(error) if isinstance(error, WrongLine) else malformed(error, str(path), name)
    rests = (name,) if name not in (None, found.name) else ()
    return replace(found, file=shown if found.file == str(path) else _shown(found.file), also=rests)


def _shown(file: str) -> str:
    path = Path(file)
    return f"derivations/{path.name}" if path.parent.name == "derivations" else file


def _each_once(refused: Iterable[Refusal]) -> list[Refusal]:
    """What others rest on is said once, and which others do."""
    found: dict[tuple[Any, ...], Refusal] = {}
    for refusal in refused:
        place = refusal.where, refusal.line, refusal.reason
        before = found.get(place, replace(refusal, also=()))
        found[place] = replace(before, also=tuple(dict.fromkeys(before.also + refusal.also)))
    return list(found.values())


__all__ = ["listing", "load"]
