"""``backproof check``: documents and programs."""

from __future__ import annotations

import sys
from typing import Any

import click

from .options import letters
from .streams import CannotRunError, bar, print_json, print_text, written

CHECK_CODES = """\b
Exit codes:
  0  nothing is wrong: what is unknown was not established, and is not counted as wrong
  1  something is wrong: a claim is refuted, or malformed; a gradient is wrong, or a program raises
  2  could not run: usage, unreadable input, a missing optional part, a program that is not recognised
  130  interrupted
"""


@click.command(epilog=CHECK_CODES, short_help="Judge the equations of documents, and backward passes in code.")
@click.argument("targets", nargs=-1, required=True, metavar="FILE|FILE.py[:OBJECT]...")
@click.option("--notation", metavar="NAME", help="The convention it is written in, such as nielsen or column.")
@click.option("--letters", metavar="NAME=LETTER", multiple=True, callback=letters, help=r"Such as weight=\Theta.")
@click.option("--cost", metavar="NAME", help="quadratic, cross-entropy, softmax-log-likelihood; or generic: any.")
@click.option("--hidden", metavar="NAME", help="Activation of the hidden layers; generic: any.")
@click.option("--output", metavar="NAME", help="Activation of the last layer; generic: any.")
@click.option("--batch", metavar="none|columns|rows", help="Whether examples stand side by side, and how.")
@click.option("--reduction", metavar="none|mean|sum", help="Over the examples.")
@click.option(
    "--network",
    metavar="NAME",
    help="dense; own: what the document defines; or a chapter's, as attention, also of code.",
)
@click.option("--adapter", metavar="FILE.py", help="Declares a program that is not recognised: see backproof.Adapter.")
@click.option("--inline", is_flag=True, help="Judge mathematics within lines as well.")
@click.option("--annotate", metavar="FILE.md|FILE.html", help="Write a copy with the verdict beside every equation.")
@click.option("--jobs", metavar="N", type=click.IntRange(min=1), help="Processes that judge; as many as processors.")
@click.option(
    "--timeout",
    metavar="SECONDS",
    type=click.FloatRange(min=0.1),
    default=30,
    show_default=True,
    help="Of computing, for one formula or program.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output, and nothing else there.")
@click.pass_context
def check(ctx: click.Context, /, *, as_json: bool, **options: Any) -> None:
    """Judge the equations of documents, and backward passes: is this right, and if not, which line is wrong?

    FILE.py, or package.module:OBJECT, is a program: it is run, on numbers chosen for the purpose, in a process of its
    own, and its gradients are compared with the proved ones. FILE is Markdown (.md), LaTeX (.tex), a notebook (.ipynb)
    or plain text (.txt); - is standard input. Each displayed equation is a claim, in a chain each relation. What a
    document says in its front matter below `backproof:` (notation, letters, cost, hidden, output, batch, reduction,
    network) is assumed, unless an option says otherwise.
    """
    with written():
        code = _checked(options, as_json=as_json)
    ctx.exit(code)


def _checked(options: dict[str, Any], *, as_json: bool) -> int:
    """The exit code."""
    from ..examining import is_code

    targets = options.pop("targets")
    programs = tuple(target for target in targets if is_code(target))
    documents = tuple(target for target in targets if target not in programs)
    said = _examined(programs, options, as_json=as_json) if programs else {"ok"}
    right = _documents({**options, "targets": documents}, as_json=as_json) if documents else True
    if not right or said - {"ok", "unknown"}:
        return 1
    return 2 if "unknown" in said else 0


def _examined(programs: tuple[str, ...], options: dict[str, Any], *, as_json: bool) -> set[str]:
    """Check programs, and what was said of them; as JSON, a line for each where there are several."""
    from concurrent.futures import ThreadPoolExecutor
    from contextlib import nullcontext

    from .. import examining
    from ..checks.code.client import anew, forking
    from ..checks.limits import processors
    from ..errors import CannotRun

    said = {name: options[name] for name in ("hidden", "output", "cost", "reduction", "adapter", "network")}
    try:
        how = forking() if len(programs) > 1 else nullcontext(anew)
        with how as run, ThreadPoolExecutor(options["jobs"] or processors()) as pool:
            asked = {**said, "seconds": options["timeout"], "run": run}
            running = [pool.submit(examining.examine, one, **asked) for one in programs]
            with bar() as report:  # what it needs is imported while the first programs are run
                reports = []
                for done, one in enumerate(running, start=1):
                    reports.append(one.result())
                    report("programs", done, len(programs))
    except CannotRun as error:
        raise CannotRunError(str(error)) from None
    from .. import findings

    findings.show([report.says for report in reports], sys.stderr if as_json else sys.stdout)
    if as_json and len(reports) == 1:
        print_json(reports[0].to_json())
    elif as_json:
        import json

        print_text("".join(json.dumps(report.to_json()) + "\n" for report in reports))
    return {report.overall for report in reports}


def _documents(options: dict[str, Any], *, as_json: bool) -> bool:
    from .. import annotating, checking, verdicts
    from ..errors import CannotRun

    annotated, seconds = options.pop("annotate"), options.pop("timeout")
    options.pop("adapter")
    try:
        with bar() as report:
            results = checking.check(seconds=seconds, progress=report, **options)
        if annotated is not None:
            annotating.write(results, annotated)
    except CannotRun as error:
        raise CannotRunError(str(error)) from None
    verdicts.show(results, sys.stderr if as_json else sys.stdout)
    if as_json:
        found = [result.to_json() for result in results]
        print_json(found[0] if len(found) == 1 else {"schema": "backproof.check-many/1", "documents": found})
    return all(result.ok for result in results)


__all__ = ["check"]
