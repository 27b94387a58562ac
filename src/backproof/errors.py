"""What cannot be run, and why: exceptions with the words for the user."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class CannotRun(Exception):  # noqa: N818 - a verdict: the exit code is 2 and not 1
    """Nothing was judged: a wrong option, an unreadable file, a missing package. The message says what mends it."""


def unknown(what: str, name: str, names: Iterable[str]) -> str:
    """That there is no such name, which one may be meant, and which there are.

    >>> unknown("notation", "nielson", ["nielsen", "ng"])
    "no notation 'nielson': did you mean nielsen? There are nielsen, ng"
    >>> unknown("format", "word", ["tex", "pdf"])
    "no format 'word': there are tex, pdf"
    """
    known = list(names)
    close = get_close_matches(name.casefold(), known, n=1)
    there = f"did you mean {close[0]}? There are" if close else "there are"
    return f"no {what} {name!r}: {there} {', '.join(known)}"


__all__ = ["CannotRun", "unknown"]
