"""What ``backproof check`` prints: of each claim its line, the verdict, the equation, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, Any, Final

from rich.console import Console
from rich.text import Text

from .checking import Checked, Claim
from .console import printer

STYLES: Final = {
    "proved": ("✓", "green"), "verified": ("✓", "green"), "definition": ("≔", "cyan"),
    "refuted": ("✗", "bold red"), "malformed": ("✗", "bold red"), "unknown": ("?", "yellow"),
}  # fmt: skip
NO_LETTER: Final = "is no letter of this notation"
ADVICE: Final = (
    "where a document defines a network of its own, say so in front: backproof: {network: own}, or with --network own"
)
LINE, VERDICT = 6, 13  # widths of columns
LONGEST: Final = 400  # characters of an equation that are printed


def show(results: Iterable[Checked], file: IO[str]) -> None:
    """Print the claims of each document, and a line that sums up."""
    with printer(file) as console:
        for checked in results:
            console.print(
                Text(f"{checked.document.target}: {assumptions(checked.assumed)}", style="bold"), "", sep="\n"
            )
            for claim in checked.claims:
                console.print(Text("\n").join(_lines(claim, console)))
            if checked.claims:
                console.print()
            console.print(Text(summary(checked), style="bold green" if checked.ok else "bold red"))
            if hint := advice(checked):
                console.print(Text(hint, "dim"))


def advice(checked: Checked) -> str:
    """What to try where most of a document is not understood, since its letters are not those of the notation."""
    strange = [claim for claim in checked.claims if NO_LETTER in claim.says["reason"]]
    is_dense = checked.assumed.get("network", "dense") == "dense"
    if not is_dense or 2 * len(strange) < len(checked.claims):
        return ""
    return ADVICE if strange else ""


def assumptions(assumed: Any) -> str:
    """What a document is read in, in words."""
    said = {key: value for key, value in assumed.items() if value not in (None, "none", [], {})}
    guessed = said.pop("inferred", ())
    by = dict.fromkeys(guessed, " (by its formulas)")
    parts = [f"{key} {_shown(value)}{by.get(key, '')}" for key, value in said.items() if value != "generic"]
    any_of = [key for key, value in said.items() if value == "generic"]
    return ", ".join([*parts, *([f"any {'/'.join(any_of)}"] if any_of else [])])


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(f"{key}={_shown(item)}" for key, item in value.items())
    return "/".join(map(str, value)) if isinstance(value, list) else str(value)


def _lines(claim: Claim, console: Console) -> Iterator[Text]:
    says = claim.says
    sign, style = STYLES[claim.verdict]
    head = Text.assemble((f"{says['line']:>{LINE}}  ", "dim"), (f"{sign} {claim.verdict:<{VERDICT - 2}}", style))
    latex = " ".join(str(says["latex"]).split())
    shown = latex if len(latex) <= LONGEST else f"{latex[:LONGEST]}…"
    shown = f"{says['equation']}  {shown}" if says["equation"] else shown
    room = max(console.width - LINE - 2 - VERDICT, 20)
    first, *rest = Text(shown).wrap(console, room) or [Text()]
    margin = Text(" " * (LINE + 2 + VERDICT))
    yield head + first
    yield from (margin + line for line in rest)
    for text, colour in _told(says):
        for line in text.split("\n"):
            for part in Text(line, colour).wrap(console, room - 2, no_wrap=line.startswith("  ")):
                yield margin + Text("  ") + part


def _told(says: Any) -> Iterator[tuple[str, str]]:
    """What stands below the equation: why, where it holds, what shows that it does not, and what was likely meant."""
    if says["assumed"]:
        yield f"if {', '.join(says['assumed'])}", "dim"
    if says["verdict"] in ("refuted", "malformed", "unknown"):
        yield says["reason"], "dim" if says["verdict"] == "unknown" else ""
    if says["counterexample"]:
        yield counterexample(says["counterexample"]), ""
    yield from ((f"right if {reading}", "yellow") for reading in says["right_if"])
    if says["mistake"] not in (None, says["verdict"]):
        yield f"likely slip: {says['mistake']}", "yellow"
    if says["suggestion"]:
        yield f"instead: {says['suggestion']}", "green"


def counterexample(found: Any) -> str:
    """The numbers that show that a claim is wrong."""
    net = [f"layers of {', '.join(map(str, found['widths']))}"] if found["widths"] else []
    where = [", ".join(f"{name} = {value}" for name, value in found["indices"].items())] if found["indices"] else []
    return f"with {'; '.join([*net, *where])}: {found['lhs']} against {found['rhs']}"


def summary(checked: Checked) -> str:
    """How many claims there are of each verdict."""
    if not checked.claims:
        return "no displayed equations"
    return ", ".join(f"{count} {kind}" for kind, count in checked.summary.items())


__all__ = ["show"]
