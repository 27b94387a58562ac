"""LaTeX to PDF. By default without TeX: pandoc writes Typst markup, the typst wheel sets it. Or by a TeX.

No TeX runs with shell escape, nor longer than ``TIMEOUT``; each run has a folder of its own. The same LaTeX gives the
same bytes.
"""

from __future__ import annotations

import importlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from ..notation.mathematics import OPERATORS
from . import scripts
from .spoken import spoken
from .tex import TEMPLATES

TIMEOUT: Final = 180  # seconds
_BEGIN: Final = r"\begin{document}"
_END: Final = r"\end{document}"
_HALT: Final = ("-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape")

#: What is put right in the Typst text that pandoc writes: (pattern, replacement, why), applied in order.
_FIXES: Final[tuple[tuple[str, str, str], ...]] = (
    (r"\b(dot|times|plus|minus)\.circle\b", r"\1.o", "typst calls the sign of \\odot dot.o, pandoc dot.circle"),
    (r" ?#h\(-1em\)", "", "pandoc reads \\! as -1em instead of -1/6 em"),
    (
        r"dot\.op \*",
        'class("binary", class("normal", dot.op) class("normal", ast.op))',
        "Ng's product is one operator",
    ),
    (r'(\bmore\(said\("[^"]*", )\$ ?([+-])', r'\1$"" \2', "a leading sign keeps the space of an operator"),
    (
        rf'(?<=[ (\[$])"({"|".join(OPERATORS)})"',
        r'op("\1")',
        "\\operatorname comes as text, without the space of an operator",
    ),
)


class Missing(RuntimeError):  # noqa: N818 - what is said of the part, not of the program
    """A part that is not installed. The message says how to get it."""


def write(latex: str, path: Path, engine: str = "typst", figures: Mapping[str, bytes] | None = None) -> None:
    """Set ``latex`` as a PDF at ``path``. ``figures`` maps names of SVG files to their contents; TeX draws its own.

    Raises ValueError for an unknown engine, CannotRun where it has no font for a script, Missing where it is not
    installed, RuntimeError where it fails.
    """
    if engine not in ENGINES:
        raise ValueError(f"no engine {engine!r}: there are {', '.join(ENGINES)}")
    scripts.check(latex, engine)
    with tempfile.TemporaryDirectory() as folder:
        result = ENGINES[engine](latex, Path(folder), figures or {})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(result)


# Without TeX.


def to_typst(latex: str) -> str:
    """A LaTeX document of ours as a Typst document: pandoc reads both halves at once, and the first brings the page."""
    page = (f"--template={TEMPLATES / 'pandoc-template.typ'}",)
    first, second = _halves(latex.split(_BEGIN, 1)[1])
    with ThreadPoolExecutor(max_workers=2) as both:
        found = list(both.map(_pandoc, (first, second), (page, ())))
    text = _in_code("\n".join(found))
    for pattern, replacement, _ in _FIXES:
        text = re.sub(pattern, replacement, text)
    return text


#: What pandoc writes on a line of its own, and the number of formulas that are its arguments: there # is no sign.
_CALLS: Final = (("  step(", 2), ("  more(", 1), ("#chain(", 1))


def _in_code(text: str) -> str:
    """Typst whose calls are calls, and whose formulas have the words that are said for them."""
    lines = text.split("\n")
    for place, line in enumerate(lines):
        for start, count in _CALLS:
            if line.startswith(start):
                lines[place] = line.replace("#said(", "said(", count)
        if line.startswith(("  boxed-row(", "#beside(")):
            lines[place] = line.replace("[#said(", "[#large-said(")
    return re.sub(r'(?<=said\(")(?:[^"\\]|\\.)*(?=", )', _words, "\n".join(lines))


def _words(found: re.Match[str]) -> str:
    """What is said for a formula, as a string of Typst."""
    return spoken(re.sub(r"\\(.)", r"\1", found[0])).replace("\\", "\\\\").replace('"', '\\"')


def _halves(body: str) -> tuple[str, str]:
    """A document cut before the section that is nearest to the middle; references are typst's, and cross the cut."""
    starts = [found.start() for found in re.finditer(r"^\\section\b", body, re.MULTILINE)][1:]
    if not starts:
        return body, _END
    cut = min(starts, key=lambda start: abs(start - len(body) // 2))
    return body[:cut] + _END, body[cut:]


def _pandoc(body: str, options: tuple[str, ...]) -> str:
    if body == _END:
        return ""
    command = [
        _extra("pypandoc").get_pandoc_path(), "--from=latex", "--to=typst", "--wrap=preserve", "--sandbox",
        "--fail-if-warnings", f"--lua-filter={TEMPLATES / 'pandoc-filter.lua'}", *options,
    ]  # fmt: skip
    return _run(command, source=(TEMPLATES / "pandoc-preamble.tex").read_text("utf-8") + _BEGIN + body)


def _typst(latex: str, folder: Path, figures: Mapping[str, bytes]) -> bytes:
    typst = _extra("typst")
    for name, content in figures.items():
        (folder / Path(name).name).write_bytes(content)
    main = folder / "report.typ"
    main.write_text(to_typst(latex), "utf-8")
    try:
        others = bool(scripts.found(latex))  # the fonts of this machine are for these alone: the same bytes everywhere
        return bytes(typst.compile(main, root=folder, ignore_system_fonts=not others, timestamp=0))
    except Exception as error:
        raise RuntimeError(f"typst: {error}") from error


def _extra(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise Missing(f"a PDF needs {name}: pip install 'backproof[pdf]'") from None


# With TeX.


def _tex(*command: str, runs: int = 1) -> Callable[[str, Path, Mapping[str, bytes]], bytes]:
    """An engine that is a program: it is given report.tex in a folder of its own."""

    def engine(latex: str, folder: Path, _: Mapping[str, bytes]) -> bytes:
        if shutil.which(command[0]) is None:
            raise Missing(f"{command[0]} is not installed; without TeX: pip install 'backproof[pdf]', --engine typst")
        (folder / "report.tex").write_text(latex, "utf-8")
        for _run_of in range(runs):
            _run([*command, "report.tex"], folder=folder)
        return (folder / "report.pdf").read_bytes()

    return engine


def _run(command: list[str], source: str | None = None, folder: Path | None = None) -> str:
    same_date = {**os.environ, "SOURCE_DATE_EPOCH": "0", "FORCE_SOURCE_DATE": "1"}
    try:
        done = subprocess.run(  # noqa: S603 - our own command lines
            command, input=source, cwd=folder, env=same_date, capture_output=True, check=False, encoding="utf-8",
            errors="replace", timeout=TIMEOUT,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise RuntimeError(f"{Path(command[0]).name} took longer than {TIMEOUT} s") from None
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name}: {_complaint(done.stderr + done.stdout)}")
    return done.stdout


def _complaint(log: str) -> str:
    """The first error of a log, with the line after it; else its end."""
    lines = log.splitlines()
    first = next((place for place, line in enumerate(lines) if line.startswith("!")), max(0, len(lines) - 5))
    return "\n".join(lines[first : first + 5])


ENGINES: Final[Mapping[str, Callable[[str, Path, Mapping[str, bytes]], bytes]]] = {
    "typst": _typst,
    "latexmk": _tex("latexmk", "-pdf", *_HALT),
    "tectonic": _tex("tectonic", "--untrusted"),
    "pdflatex": _tex("pdflatex", *_HALT, runs=3),
    "xelatex": _tex("xelatex", *_HALT, runs=3),
    "lualatex": _tex("lualatex", *_HALT, runs=3),
}

__all__ = ["ENGINES", "Missing", "to_typst", "write"]
