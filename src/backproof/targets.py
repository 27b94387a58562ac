"""What is to be proved: names of the library and files of the user's, as chapters, and what is wrong in them."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from . import derivations
from .derive.calc import WrongLine
from .derive.derivation import Chapter, Derivation
from .derive.registry import DERIVATION, LIBRARY, REGISTRY, chapter, library_module, load_file
from .errors import CannotRun
from .notation import latex, profiles, text
from .notation.profiles import Notation
from .refusals import Refusal, lines_of, malformed, wrong_line

ENDING: Final = "; the name of a derivation file ends in .py"


@dataclass(frozen=True)
class Loaded:
    """A file, as it is shown and where it is: the chapter of what holds in it, if anything does, and what does not."""

    shown: str
    path: Path
    chapter: Chapter | None = None
    refused: tuple[Refusal, ...] = ()


def load(
    targets: Sequence[str | Path], made: Callable[[Chapter], None] = lambda _: None
) -> tuple[list[Chapter], list[Refusal]]:
    """The chapters that ``targets`` name, the whole library if there are none, and what was refused in them.

    A target is the name of a chapter, of a derivation, or a file. ``made`` is called with each chapter as soon as it is
    there. CannotRun for a name that does not exist and for a file that cannot be read.
    """
    wanted = []
    files = [file for target in targets for file in _expanded(target)]
    for one in map(_target, files) if targets else map(library, LIBRARY):
        wanted.append(one)
        if one.chapter:
            made(one.chapter)
    loaded = _merged(wanted)
    refused = _each_once(refusal for one in loaded for refusal in one.refused)
    return _distinct(loaded, refused)


def _expanded(target: str | Path) -> list[str | Path]:
    """The derivation files of a folder, by name; what is no folder is itself. A chapter is meant before a folder."""
    folder = Path(target)
    if str(target).casefold() in LIBRARY or not folder.is_dir():
        return [target]
    found: list[str | Path] = [file for file in sorted(folder.glob("*.py")) if not file.name.startswith("_")]
    if not found:
        raise CannotRun(f"{folder} has no derivation files: their names end in .py")
    return found


def _target(target: str | Path) -> Loaded:
    return _file(Path(target)) if _is_file(target) else _named(str(target))


def _is_file(target: str | Path) -> bool:
    return isinstance(target, Path) or target.endswith(".py") or "/" in target or "\\" in target


def _merged(wanted: Iterable[Loaded]) -> list[Loaded]:
    """Each chapter once, in the order of first mention; parts of it put together."""
    found: dict[Path, Loaded] = {}
    for one in wanted:
        found[one.path] = _union(found[one.path], one) if one.path in found else one
    return list(found.values())


def _union(first: Loaded, second: Loaded) -> Loaded:
    if first.chapter is None or second.chapter is None:
        return second if first.chapter is None else first
    new = tuple(d for d in second.chapter.derivations if d.name not in {e.name for e in first.chapter.derivations})
    both = replace(first.chapter, derivations=first.chapter.derivations + new)
    return replace(
        first, chapter=both, refused=first.refused + tuple(r for r in second.refused if r not in first.refused)
    )


def _distinct(loaded: Iterable[Loaded], refused: list[Refusal]) -> tuple[list[Chapter], list[Refusal]]:
    """Each name once: the report and the JSON find a derivation by its name. The first one keeps it."""
    first: dict[str, Loaded] = {}
    kept = []
    for one in loaded:
        new: dict[str, Derivation] = {}
        for made in one.chapter.derivations if one.chapter else ():
            if first.setdefault(made.name, one) is one and made.name not in new:
                new[made.name] = made
            else:
                refused.append(_again(made.name, one, first[made.name]))
        if one.chapter and new:
            kept.append(replace(one.chapter, derivations=tuple(new.values())))
    return kept, refused


def _again(name: str, one: Loaded, other: Loaded) -> Refusal:
    """A second derivation with a name: where it is, and where the other one is."""
    here, there = lines_of(one.path, name), lines_of(other.path, name)
    first = Refusal(other.shown, "", there[0] if there else None)
    return Refusal(one.shown, f"another derivation has this name: {first.where}", here[-1] if here else None, name)


# The library.


def _named(name: str) -> Loaded:
    low = name.casefold()
    if low in LIBRARY:
        return library(low)
    for title in LIBRARY:
        if chosen := next((own for own in _names(title) if own.casefold() == low), None):
            return library(title, chosen)
    raise CannotRun(f"no chapter and no derivation is called {name!r}{_meant(low)}")


def _names(title: str) -> list[str]:
    """The derivations of a chapter of the library, which none of them has to be proved for; none if it is broken."""
    try:
        module = library_module(title)
    except (Exception, SystemExit):  # noqa: BLE001 - said where the chapter itself is asked for
        return []
    return [getattr(make, DERIVATION) for make in REGISTRY.get(module.__name__, ())]


def _meant(name: str) -> str:
    if Path(name).exists():
        return ENDING
    close = get_close_matches(name, [n for title in LIBRARY for n in (title, *_names(title))])
    return f": did you mean {close[0]}?" if close else "; backproof prove --list names them all"


def listing() -> list[Chapter]:
    """The chapters of the library, without what is wrong in them."""
    return [one.chapter for one in (library(name) for name in LIBRARY) if one.chapter]


@cache
def library(name: str, only: str | None = None) -> Loaded:
    """One chapter of the library; or of it one derivation alone, by name."""
    spec = importlib.util.find_spec(f"{derivations.__name__}.{name}")
    if spec is None or spec.origin is None:
        missing = Refusal(f"{name}.py", "the file is missing from the package's derivations")
        return Loaded(f"derivations/{name}.py", Path(f"{name}.py"), refused=(missing,))
    return _loaded(lambda: library_module(name), Path(spec.origin), f"derivations/{name}.py", only)


# Files.


def _file(path: Path) -> Loaded:
    ending = "" if path.suffix == ".py" else ENDING
    try:
        path.read_bytes()
    except OSError as error:
        raise CannotRun(f"cannot read {path}: {(error.strerror or str(error)).lower()}{ending}") from None
    if ending:
        raise CannotRun(f"cannot read {path}{ending}")
    loaded = _loaded(lambda: load_file(path.resolve()), path.resolve(), str(path))
    if loaded.chapter and not loaded.chapter.derivations and not loaded.refused:
        return replace(loaded, chapter=None, refused=(Refusal(str(path), "there is no @derivation in this file"),))
    return loaded


def _loaded(run: Callable[[], ModuleType], path: Path, shown: str, only: str | None = None) -> Loaded:
    try:
        module = run()
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the file is a program of somebody's: it may raise anything
        return Loaded(shown, path, refused=(_refusal(error, path, shown),))
    makers = REGISTRY.setdefault(module.__name__, [])
    wanted = [make for make in makers if only in (None, getattr(make, DERIVATION))]
    failed = {make: failure for make in wanted if (failure := _failure(make))}
    REGISTRY[module.__name__] = [make for make in wanted if make not in failed]
    try:
        whole = chapter(module)
    finally:
        REGISTRY[module.__name__] = makers
    refused = (_refusal(error, path, shown, getattr(make, DERIVATION)) for make, error in failed.items())
    return Loaded(shown, path, whole, tuple(_each_once(refused)))


def _failure(make: Callable[[], Derivation]) -> BaseException | None:
    try:
        made = make()
        alike = _alike(made, profiles.for_network(profiles.notation(made.notation), made.net))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - as above
        return error
    if any(first.theorem.rhs != second.theorem.lhs for first, second in pairwise(made.lines)):
        return ValueError("the lines of the derivation do not follow one another")
    return ValueError(alike) if alike else None


def _alike(made: Derivation, row: Notation) -> str:
    """That a reader could not tell two of its symbols from one another."""
    for printed in (text.text, latex.latex):
        seen: dict[str, Any] = {}
        for symbol in made.symbols:
            other = seen.setdefault(printed(symbol, row), symbol)
            if other != symbol:
                return f"the symbols {other.name} and {symbol.name} are both printed as {printed(symbol, row)}"
    return ""


def _refusal(error: BaseException, path: Path, shown: str, name: str | None = None) -> Refusal:
    found = wrong_line(error) if isinstance(error, WrongLine) else malformed(error, str(path), name)
    rests = (name,) if name not in (None, found.name) else ()
    return replace(found, file=shown if found.file == str(path) else _shown(found.file), also=rests)


def _shown(file: str) -> str:
    path = Path(file)
    return f"derivations/{path.name}" if path.parent.name == "derivations" else file


def _each_once(refused: Iterable[Refusal]) -> list[Refusal]:
    """What others rest on is said once, and which others do; lines that one helper writes are each told."""
    found: dict[tuple[Any, ...], Refusal] = {}
    for refusal in refused:
        same = refusal.where, refusal.name, refusal.line, refusal.reason, refusal.before, refusal.claim
        before = found.get(same, replace(refusal, also=()))
        found[same] = replace(before, also=tuple(dict.fromkeys(before.also + refusal.also)))
    return list(found.values())


__all__ = ["listing", "load"]
