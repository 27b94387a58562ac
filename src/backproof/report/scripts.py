"""Text in other scripts than the Latin one: which there are, what sets them, and what is missing where it cannot."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable
from functools import cache
from typing import Final, NamedTuple

from ..errors import CannotRun


class Script(NamedTuple):
    """A script: the command that sets a run of it, its characters, fonts that have it, and what has the fonts.

    ``file``: what pdfTeX needs, and the package that has it.
    """

    name: str
    command: str
    characters: str
    fonts: tuple[str, ...]
    package: str
    file: str
    texlive: str
    typst: bool = False  #: whether what typst brings along has it


SCRIPTS: Final = (
    Script("Cyrillic", "bpcyrillic", "\u0400-\u052f", ("CMU Serif", "DejaVu Serif", "Noto Serif"), "fonts-dejavu-core",
           "t2aenc.def", "texlive-lang-cyrillic", typst=True),
    Script("Greek", "bpgreek", "\u0370-\u03ff\u1f00-\u1fff", ("CMU Serif", "DejaVu Serif", "Noto Serif"),
           "fonts-dejavu-core", "lgrenc.def", "texlive-lang-greek", typst=True),
    Script("Chinese, Japanese and Korean", "bpcjk", "\u2e80-\u2fdf\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef",
           ("Noto Serif CJK SC", "Noto Sans CJK SC", "Source Han Serif SC", "FandolSong"), "fonts-noto-cjk",
           "CJKutf8.sty", "texlive-lang-chinese"),
)  # fmt: skip
#: What every engine has: Latin letters, as they are in T1, and punctuation.
LATIN: Final = re.compile("[\x20-\u024f\u1e00-\u1eff\u2010-\u2027\u2030-\u205e\u20ac\u2122\u2190-\u22ff]")
UNICODE: Final = ("xelatex", "lualatex", "tectonic")
_RUNS: Final = {script: re.compile(f"[{script.characters}](?:[{script.characters} ]*[{script.characters}])?")
                for script in SCRIPTS}  # fmt: skip


def found(text: str) -> tuple[Script, ...]:
    """The scripts of a text, beside the Latin one."""
    return tuple(script for script, runs in _RUNS.items() if runs.search(text))


def marked(latex: str) -> str:
    r"""Runs of another script as arguments of the command that sets them.

    >>> marked("of слово")
    'of \\bpcyrillic{слово}'
    """
    if latex.isascii():
        return latex
    for script, runs in _RUNS.items():
        latex = runs.sub(rf"\\{script.command}{{\g<0>}}", latex)
    return latex


def check(text: str, engine: str) -> None:
    """CannotRun where an engine has no font for a text; the message names what has one."""
    for script in found(text):
        if not _sets(engine, script):
            raise CannotRun(_missing(engine, script))
    for character in sorted(set(text)):
        known = LATIN.match(character) or any(runs.match(character) for runs in _RUNS.values())
        if not known and character.isprintable():
            raise CannotRun(f"no font is known for {character!r} (U+{ord(character):04X}): write it in other words")


def _sets(engine: str, script: Script) -> bool:
    if engine == "typst":
        return script.typst or bool(installed(script.fonts))
    return bool(installed(script.fonts)) if engine in UNICODE else _has(script.file)


def _missing(engine: str, script: Script) -> str:
    if engine in ("typst", *UNICODE):
        return f"there is no font for {script.name} ({', '.join(script.fonts)}): install {script.package}"
    return (
        f"{engine} has no font for {script.name}: install {script.texlive}, or take --engine xelatex or typst with "
        f"a font such as {script.fonts[-1]} ({script.package})"
    )


def installed(fonts: Iterable[str]) -> tuple[str, ...]:
    """Those of the fonts that this machine has."""
    there = _families()
    return tuple(font for font in fonts if font in there)


@cache
def _families() -> frozenset[str]:
    if shutil.which("fc-list") is None:
        return frozenset()
    listed = subprocess.run(["fc-list", ":", "family"], capture_output=True, check=False, encoding="utf-8").stdout  # noqa: S607 - the system's own
    return frozenset(name.strip() for line in listed.splitlines() for name in line.split(","))


@cache
def _has(file: str) -> bool:
    if shutil.which("kpsewhich") is None:
        return False
    return not subprocess.run(["kpsewhich", file], capture_output=True, check=False).returncode  # noqa: S603, S607 - as above


__all__ = ["SCRIPTS", "check", "found", "installed", "marked"]
