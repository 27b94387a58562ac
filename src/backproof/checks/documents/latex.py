r"""LaTeX: displays and inline mathematics of the body; comments and what is set verbatim are left alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .document import Document, Formula
from .macros import Macros
from .scan import ENVIRONMENTS, Scan, mathematics, numbered

_SIGN: Final = re.compile(
    rf"""(?P<comment>(?<!\\)%[^\n]*)
    | \\begin\{{(?P<verbatim>(?:verbatim|Verbatim|lstlisting|minted|comment|alltt)\*?)\}}
    | (?P<hidden>\\iffalse(?![A-Za-z]))
    | (?P<verb>\\(?:verb\*?|lstinline)(?P<bar>[^\w\s*{{]))
    | (?P<mathematics>\\\[|\\\(|\\begin\{{(?P<environment>{ENVIRONMENTS}|math)\}}|\$\$|\$)
    | (?P<escaped>\\.)""",
    re.VERBOSE | re.DOTALL,
)
_FRONT: Final = re.compile(r"(?:%[^\n]*\n)*?% *backproof:")


def document(target: str, text: str) -> Document:
    """The document that ``text`` is; its front matter may stand in comments, before anything else."""
    macros = Macros.of(text)
    begins, ends = text.find(r"\begin{document}"), text.find(r"\end{document}")
    formulas = formulas_of(text, max(begins, 0), ends if ends > begins else len(text), macros.spans)
    return Document(target, text, numbered(target, macros.expanded(formulas)), _front(target, text))


def _front(target: str, text: str) -> dict[str, object]:
    from .front import mapping

    lines = []
    for line in text[:20_000].split("\n"):
        if not line.startswith("%"):
            break
        lines.append(line[1:])
    said = "\n".join(lines)
    if (found := re.search(r"^ *backproof:", said, re.MULTILINE)) is None:
        return {}
    return mapping(target, said[found.start() :])


def formulas_of(text: str, start: int, end: int, skipped: tuple[tuple[int, int], ...] = ()) -> Iterator[Formula]:
    """What is written as mathematics; ``skipped`` is where commands are defined."""
    scan, at, behind = Scan(text), start, dict(skipped)
    while (found := _SIGN.search(text, at, end)) is not None:
        made, at = _read(scan, found)
        at = behind.get(found.start(), at)
        if made is not None and found.start() not in behind:
            yield made


def _read(scan: Scan, found: re.Match[str]) -> tuple[Formula | None, int]:
    if name := found.group("verbatim"):
        return None, _behind(scan, f"\\end{{{name}}}", found.end())
    if found.group("hidden"):
        return None, _behind(scan, "\\fi", found.end())
    if bar := found.group("bar"):
        last = scan.text.find(bar, found.end(), found.end() + 1000)
        return None, last + 1 if last >= 0 else found.end()
    if found.group("mathematics") and found.group("environment") == "math":
        return scan.between(found.start(), found.end(), "\\end{math}", displayed=False)
    if found.group("mathematics"):
        return mathematics(scan, found)
    return None, found.end()


def _behind(scan: Scan, closing: str, at: int) -> int:
    last = scan.find(closing, at)
    return last + len(closing) if last >= 0 else at


__all__ = ["document"]
