"""The pages of the documentation, README among them, as what they can be held to: files, commands, Python, JSON.

A fenced block is one of these; a comment on the line before it says what cannot be seen:

    <!-- file: net.py -->             any language: a file of the page, there for all of its examples
    console                           commands after "$ ", each with what it prints
    python, with >>>                  a doctest; what a page imports on top, it has further down
    <!-- printed by: backproof … -->  json: has every key that is printed
    <!-- made: with the site -->      sh: docs/hooks.py runs it
    <!-- not run: why -->             nothing is done

Each block of commands starts in a new folder with the page's files, so that it can be run by itself, and one that
stands on two pages is run once. ``pytest tests/test_docs.py --update-golden`` writes into them what is printed now.
"""

from __future__ import annotations

import doctest
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
BLOCK: Final = re.compile(
    r"^(?:<!-- (?P<about>[a-z ]+): (?P<what>.*?) -->\n)?```(?P<language>\w*)\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Block:
    """A fenced block: where it begins, its language, its text, and what the comment before it says."""

    line: int
    language: str
    body: str
    about: str
    what: str

    @property
    def kind(self) -> str:
        """The table above; empty for what is not in it."""
        if self.about:
            return self.about
        if self.language == "python":
            return "python" if ">>>" in self.body else ""
        return "console" if self.language == "console" else ""


@dataclass(frozen=True)
class Page:
    """A name as ``docs/trust.md``, and the text."""

    name: str
    text: str

    @property
    def blocks(self) -> list[Block]:
        return [
            Block(
                self.text.count("\n", 0, m.start("body")), m["language"], m["body"], m["about"] or "", m["what"] or ""
            )
            for m in BLOCK.finditer(self.text)
        ]

    @property
    def files(self) -> dict[str, str]:
        return {block.what: block.body for block in self.blocks if block.kind == "file"}

    @property
    def examples(self) -> list[doctest.Example]:
        text = "\n".join(block.body for block in self.blocks if block.kind == "python")
        return doctest.DocTestParser().get_examples(text)


@dataclass(frozen=True)
class Commands:
    """A block of commands, with the files of its page."""

    where: str
    body: str
    files: dict[str, str]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """(command, what it prints), in order."""
        for part in re.split(r"^\$ ", self.body, flags=re.MULTILINE)[1:]:
            command, _, printed = part.partition("\n")
            yield command, printed


PAGES: Final = {
    path.relative_to(ROOT).as_posix(): Page(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
}
README: Final = PAGES["README.md"].text


def commands() -> list[Commands]:
    """Each block of commands once, as it first stands."""
    found: dict[tuple[str, frozenset[tuple[str, str]]], Commands] = {}
    for page in PAGES.values():
        for block in page.blocks:
            if block.kind == "console":
                named = frozenset((name, text) for name, text in page.files.items() if name in block.body)
                where = f"{page.name}:{block.line}"
                found.setdefault((block.body, named), Commands(where, block.body, page.files))
    return list(found.values())


def rewrite(block: Commands, printed: Iterable[tuple[str, str]]) -> None:
    """On every page that has the block: these commands, and what they print now."""
    body = "".join(f"$ {command}\n{ended(told)}" for command, told in printed)
    for name in PAGES:
        text = (ROOT / name).read_text(encoding="utf-8")
        (ROOT / name).write_text(text.replace(block.body, body), encoding="utf-8")


def ended(text: str) -> str:
    rows = [row.rstrip() for row in text.strip("\n").splitlines()]
    return "".join(f"{row}\n" for row in rows)


def interactive() -> list[Page]:
    """The pages with Python, but those whose Python another one begins with."""
    tried = {name: [(e.source, e.want) for e in page.examples] for name, page in PAGES.items()}
    return [
        PAGES[name]
        for name, mine in tried.items()
        if mine and not any(mine == its[: len(mine)] and other != name for other, its in tried.items())
    ]


def keys(value: object, path: str = "") -> set[str]:
    """Every key of an object, with the keys that lead to it."""
    if isinstance(value, dict):
        return {f"{path}.{key}" for key in value} | {k for key in value for k in keys(value[key], f"{path}.{key}")}
    return {k for item in value for k in keys(item, f"{path}[]")} if isinstance(value, list) else set()


#: Figures that are the search's, the kernel's or the machine's.
FIGURES: Final = (
    (re.compile(r" +✓ [\d^e-]+"), " ✓ #"),
    (re.compile(r"\d+ steps replayed"), "# steps replayed"),
    (re.compile(r"\bentry \d+"), "entry #"),
    (re.compile(r"\b\d+e[-+]\d+\b"), "#"),
    (re.compile(r"^ *[\d.]+┤.*|^ +│.*"), "│"),
    (re.compile(r"^(\S+): [\d.]+ % right .*"), r"\1: # % right"),
)


def lines(text: str) -> list[str]:
    """The lines of what is printed without padding, and with # for figures that are not the page's."""
    rows = [row.rstrip() for row in text.strip().splitlines()]
    for figure, instead in FIGURES:
        rows = [figure.sub(instead, row) for row in rows]
    return rows
