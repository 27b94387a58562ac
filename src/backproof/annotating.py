"""A copy of a document with the verdict beside every equation: Markdown, or HTML that needs nothing else."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from .checking import Checked, Claim
from .errors import CannotRun
from .files import together
from .verdicts import STYLES, assumptions, counterexample, summary

STYLE: Final = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; font: 14px/1.5 ui-monospace, monospace; }
.formula { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; margin: .5rem 0; padding: .5rem;
  background: #f6f6f6; border-left: 4px solid #999; }
.proved, .verified { border-color: #2a2; } .definition { border-color: #28a; }
.refuted, .malformed { border-color: #c22; } .unknown { border-color: #ca2; }
.verdict { font-weight: bold; } .why { font-size: 14px; white-space: pre-wrap; }
@media (prefers-color-scheme: dark) { body { background: #181818; color: #ddd; } .formula { background: #242424; } }
"""
WORST: Final = ("refuted", "malformed", "unknown", "definition", "verified", "proved")


def write(results: Sequence[Checked], file: str) -> None:
    """Write the copy of one document. CannotRun for several, and for another kind of file."""
    if len(results) != 1:
        raise CannotRun("a copy is written of one document at a time")
    [checked] = results
    made = {".md": as_markdown, ".html": as_html}.get(Path(file).suffix.lower())
    if made is None:
        raise CannotRun(f"{file}: a copy is Markdown or HTML: let its name end in .md or .html")
    if Path(file).resolve() == Path(checked.document.target).resolve():
        raise CannotRun(f"{file}: the copy would replace the document")
    with together([Path(file)]) as [draft]:
        draft.write_text(made(checked), encoding="utf-8")


def _parts(checked: Checked) -> Iterator[tuple[str, list[Claim]]]:
    """The text up to the end of each formula that has claims, with these; then the rest."""
    at, text = 0, checked.document.text
    for span, claims in groupby(checked.claims, key=lambda claim: claim.formula.span):
        yield text[at : span[1]], list(claims)
        at = span[1]
    yield text[at:], []


def as_markdown(checked: Checked) -> str:
    """The text, with a block for the verdicts below each formula."""
    made = []
    for text, claims in _parts(checked):
        made.append(text)
        if claims:
            made.append("\n\n" + "".join(f"> {line}\n" for claim in claims for line in _markdown(claim)) + "\n")
    return "".join(made)


def _markdown(claim: Claim) -> Iterator[str]:
    sign, _ = STYLES[claim.verdict]
    step = f" (step {claim.says['step']})" if claim.says["step"] else ""
    told = [_escaped(part) for part in _told(claim.says)]
    yield f"{sign} **{claim.verdict}**{step}{': ' if told else ''}{'; '.join(told)}"
    if claim.says["suggestion"]:
        yield ">"
        yield f"> instead: `{' '.join(str(claim.says['suggestion']).split())}`"
    yield ""


def _escaped(text: str) -> str:
    """On one line, without what Markdown and LaTeX take for signs."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>#$|~" else c for c in " ".join(text.split()))


def _told(says: Any) -> Iterator[str]:
    """Why, and where it holds."""
    if says["reason"]:
        yield says["reason"].split("\n")[0]
    if says["assumed"]:
        yield f"if {', '.join(says['assumed'])}"
    if says["counterexample"]:
        yield counterexample(says["counterexample"])
    yield from (f"right if {reading}" for reading in says["right_if"])
    if says["mistake"] not in (None, says["verdict"]):
        yield f"likely slip: {says['mistake']}"


def as_html(checked: Checked) -> str:
    """The text and its formulas as they are written, with the verdicts beside these."""
    title, body, at = html.escape(checked.document.target), list[str](), 0
    text = checked.document.text
    for (start, end), claims in groupby(checked.claims, key=lambda claim: claim.formula.span):
        body += [_pre(text[at:start]), _formula(text[start:end], list(claims))]
        at = end
    said = html.escape(f"{assumptions(checked.assumed)}. {summary(checked)}")
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>\n'
        f"<style>{STYLE}</style></head>\n<body>\n<h1>{title}</h1>\n<p>{said}</p>\n"
        f"{''.join(body)}{_pre(text[at:])}</body></html>\n"
    )


def _pre(text: str) -> str:
    return f"<pre>{html.escape(text.strip(chr(10)))}</pre>\n" if text.strip() else ""


def _formula(text: str, claims: list[Claim]) -> str:
    worst = min((claim.verdict for claim in claims), key=WORST.index)
    return (
        f'<div class="formula {worst}"><pre>{html.escape(text)}</pre><div>{"".join(map(_html, claims))}</div></div>\n'
    )


def _html(claim: Claim) -> str:
    sign, _ = STYLES[claim.verdict]
    step = f" (step {claim.says['step']})" if claim.says["step"] else ""
    told = [*_told(claim.says), *([f"instead: {claim.says['suggestion']}"] if claim.says["suggestion"] else [])]
    return (
        f'<div><span class="verdict">{sign} {claim.verdict}{step}</span>'
        f'<div class="why">{html.escape(chr(10).join(told))}</div></div>'
    )


__all__ = ["write"]
