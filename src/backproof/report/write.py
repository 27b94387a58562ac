"""The report as files, in every format: what ``prove`` leaves."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Any, Final

from ..derive.derivation import Chapter
from ..derive.slip import Slip
from ..errors import CannotRun
from ..files import together
from ..notation.profiles import NIELSEN, Notation

if TYPE_CHECKING:
    from .document import Draft

#: The formats and their files; "proof" is what ``backproof verify`` reads.
FILES: Final = {"tex": "backproof.tex", "pdf": "backproof.pdf", "json": "backproof.json", "proof": "proofs.json"}
FORMATS: Final = ("tex", "pdf", "json")  # that are written where none are asked for
ENGINES: Final = {
    "typst": ("pypandoc", "typst"),
    "latexmk": (),
    "tectonic": (),
    "pdflatex": (),
}  # with packages it needs


@dataclass(frozen=True)
class Order:
    """What files to write, where and how."""

    folder: Path
    formats: tuple[str, ...]
    engine: str = "typst"
    notation: Notation = NIELSEN
    title: str | None = None

    def paths(self) -> list[Path]:
        """The files, in the order of ``FILES``."""
        return [self.folder / name for format_, name in FILES.items() if format_ in self.formats]


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


def check(formats: Sequence[str], engine: str) -> None:
    """CannotRun if a format or engine does not exist, or is not installed."""
    for format_ in formats:
        if format_ not in FILES:
            raise CannotRun(f"no format {format_!r}: there are {', '.join(FILES)}")
    if engine not in ENGINES:
        raise CannotRun(f"no engine {engine!r}: there are {', '.join(ENGINES)}")
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
    if not {"tex", "pdf"} & set(order.formats):
        return None
    from . import document

    return document.draft(chapters, order.notation)


def report(order: Order, contents: Contents) -> None:
    """Write the report in every format. CannotRun where a file cannot be written."""
    with together(order.paths()) as files, ThreadPoolExecutor(max_workers=1) as beside:
        drafts = dict(zip((format_ for format_ in FILES if format_ in order.formats), files, strict=True))
        setting = (
            beside.submit(_set, order, *_built(order, contents, drafts)) if drafts.keys() & {"tex", "pdf"} else None
        )
        if "json" in drafts:  # while the engine, another program, is at work
            data = json.dumps(contents.data(), indent=1, ensure_ascii=False)
            drafts["json"].write_text(data + "\n", encoding="utf-8")
        if "proof" in drafts:
            drafts["proof"].write_text(json.dumps(contents.proofs()) + "\n", encoding="utf-8")
        if setting is not None:
            setting.result()


def _built(
    order: Order, contents: Contents, drafts: Mapping[str, Path]
) -> tuple[str, Mapping[str, bytes], Path | None]:
    """The LaTeX, its figures, and where the PDF goes."""
    from . import document

    named = {} if order.title is None else {"title": order.title}
    errata = [document.erratum(slip, found, order.notation) for slip, found in contents.slips]
    assert contents.drafted is not None
    made = document.finished(contents.drafted, contents.evidence, errata=errata, refused=contents.refused, **named)
    latex = document.to_latex(made)
    if "tex" in drafts:
        drafts["tex"].write_text(latex, encoding="utf-8")
    return latex, made.figures, drafts.get("pdf")


def _set(order: Order, latex: str, figures: Mapping[str, bytes], path: Path | None) -> None:
    if path is None:
        return
    from . import pdf

    try:
        pdf.write(latex, path, order.engine, figures)
    except RuntimeError as error:
        raise CannotRun(f"the PDF cannot be made: {error}") from None


__all__ = ["ENGINES", "FILES", "FORMATS", "Contents", "Order", "check", "draft", "report"]
