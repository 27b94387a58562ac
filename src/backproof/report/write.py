"""The report as files, in every format: what ``prove`` leaves."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Any, Final

from ..derive.derivation import Chapter
from ..derive.slip import Slip
from ..errors import CannotRun, unknown
from ..files import together
from ..notation.profiles import NIELSEN, Notation

if TYPE_CHECKING:
    from .document import Draft
    from .model import Example, Report

#: The formats and their files; "proof" is what ``backproof verify`` reads.
FILES: Final = {
    "tex": "backproof.tex", "pdf": "backproof.pdf", "html": "backproof.html", "md": "backproof.md",
    "ipynb": "backproof.ipynb", "json": "backproof.json", "proof": "proofs.json",
}  # fmt: skip
TITLE: Final = "Backpropagation, proved"  # where no other is given
PACKAGE: Final = "backproof.sty"  # what a fragment needs, beside it
FORMATS: Final = ("tex", "pdf", "json")  # that are written where none are asked for
PRINTED: Final = frozenset({"tex", "pdf", "html", "md", "ipynb"})  # that have formulas
EDITIONS: Final = ("full", "handout")
ENGINES: Final = {
    "typst": ("pypandoc", "typst"),
    "latexmk": (),
    "tectonic": (),
    "pdflatex": (),
    "xelatex": (),
    "lualatex": (),
}  # with packages it needs


@dataclass(frozen=True)
class Front:
    """What the author says of the report, as plain text with $mathematics$; the edition; whether it is a ``fragment``,
    LaTeX that goes into a document of one's own.
    """

    title: str = TITLE
    authors: str = ""
    date: str = ""
    edition: str = "full"
    fragment: bool = False
    example: Example | None = None  #: a net in numbers


@dataclass(frozen=True)
class Order:
    """What files to write, where and how."""

    folder: Path
    formats: tuple[str, ...]
    engine: str = "typst"
    notation: Notation = NIELSEN
    front: Front = field(default_factory=Front)
    beside: Notation | None = None  #: another notation, for statements

    def paths(self) -> list[Path]:
        """The files, in the order of ``FILES``."""
        named = [self.folder / name for format_, name in FILES.items() if format_ in self.formats]
        return [*named, self.folder / PACKAGE] if self.front.fragment and "tex" in self.formats else named


@dataclass(frozen=True)
class Contents:
    """What is in the files: the formulas, ``evidence`` by the name of the derivation, slips with counterexamples, what
    was refused (as in the JSON), and the JSON.
    """

    drafted: Draft | None
    evidence: Mapping[str, list[dict[str, Any]]]
    slips: Sequence[tuple[Slip, dict[str, Any]]]
    refused: Sequence[dict[str, Any]]
    data: Callable[[], dict[str, Any]]
    proofs: Callable[[], dict[str, Any]]


def check(formats: Sequence[str], engine: str, front: Front) -> None:
    """CannotRun if a format, an engine or an edition does not exist, or is not installed."""
    asked: list[tuple[str, str, Collection[str]]] = [("format", format_, FILES) for format_ in formats]
    asked += [("engine", engine, ENGINES), ("edition", front.edition, EDITIONS)]
    for what, name, names in asked:
        if name not in names:
            raise CannotRun(unknown(what, name, names))
    if front.fragment and "tex" not in formats:
        raise CannotRun("a fragment is LaTeX: ask for --format tex, too")
    if "pdf" not in formats:
        return
    if missing := [package for package in ENGINES[engine] if find_spec(package) is None]:
        raise CannotRun(
            f"a PDF needs {' and '.join(missing)}: pip install 'backproof[pdf]', or leave it out with --format tex,json"
        )
    if not ENGINES[engine] and which(engine) is None:
        raise CannotRun(f"{engine} is not installed; --engine typst needs no TeX")


def draft(order: Order, chapters: Sequence[Chapter]) -> Draft | None:
    """The formulas of the report, printed before the evidence is there; None where none are printed."""
    if not PRINTED & set(order.formats):
        return None
    from . import document

    return document.draft(chapters, order.notation, order.beside)


def report(order: Order, contents: Contents) -> None:
    """Write the report in every format, and take away what an earlier run left in others. CannotRun if that fails."""
    paths = order.paths()
    with together(paths) as files, ThreadPoolExecutor(max_workers=1) as beside:
        drafts = {path.name: file for path, file in zip(paths, files, strict=True)}
        made = _built(order, contents) if PRINTED & set(order.formats) else None
        setting = beside.submit(_set, order, made, drafts[FILES["pdf"]]) if made and "pdf" in order.formats else None
        for name, file in drafts.items():  # while the engine, another program, is at work
            if name in WRITERS:
                file.write_text(WRITERS[name](order, made, contents), encoding="utf-8")
        if setting is not None:
            setting.result()
    _tidy(order.folder, {path.name for path in paths})


def _tidy(folder: Path, written: set[str]) -> None:
    """No .tex of now beside a .pdf of another run."""
    for name in {*FILES.values(), PACKAGE} - written:
        (folder / name).unlink(missing_ok=True)


def _built(order: Order, contents: Contents) -> Report:
    from . import document

    errata = [document.erratum(slip, found, order.notation) for slip, found in contents.slips]
    assert contents.drafted is not None
    return document.finished(contents.drafted, contents.evidence, order.front, errata, contents.refused)


def _tex(order: Order, made: Any, _: Contents) -> str:
    from . import tex

    return tex.fragment(made) if order.front.fragment else tex.document(made)


def _html(_: Order, made: Any, __: Contents) -> str:
    from . import html

    return html.document(made)


def _markdown(_: Order, made: Any, __: Contents) -> str:
    from . import markdown

    return markdown.document(made)


def _notebook(_: Order, made: Any, __: Contents) -> str:
    from . import notebook

    return notebook.document(made)


def _package(*_: Any) -> str:
    from . import tex

    return tex.package()


#: What writes each file, from the order, the report and the contents; the PDF is made by an engine.
WRITERS: Final[Mapping[str, Callable[[Order, Any, Contents], str]]] = {
    FILES["tex"]: _tex,
    FILES["md"]: _markdown,
    FILES["ipynb"]: _notebook,
    PACKAGE: _package,
    FILES["html"]: _html,
    FILES["json"]: lambda _, __, contents: json.dumps(contents.data(), indent=1, ensure_ascii=False) + "\n",
    FILES["proof"]: lambda _, __, contents: json.dumps(contents.proofs()) + "\n",
}


def _set(order: Order, made: Report, path: Path) -> None:
    from . import pdf, tex

    try:
        pdf.write(tex.document(made), path, order.engine, made.figures)
    except RuntimeError as error:
        raise CannotRun(f"the PDF cannot be made: {error}") from None


__all__ = ["EDITIONS", "ENGINES", "FILES", "FORMATS", "TITLE", "Contents", "Front", "Order", "check", "draft", "report"]
