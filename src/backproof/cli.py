"""The command line. Nothing heavy is imported here: SymPy, NumPy and rich are, once they are used."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from .proving import Progress, ProveResult

EXIT_CODES = """\b
Exit codes:
  0  everything holds
  1  something is wrong: a line does not follow, a file is malformed or proves nothing,
     a statement is unjudged, a piece of evidence fails, the verification of a program fails
  2  could not run: usage, unreadable input, a missing optional part
  130  interrupted
"""
CHECK_CODES = """\b
Exit codes:
  0  nothing is wrong: what is unknown was not established, and is not counted as wrong
  1  something is wrong: a claim is refuted, or malformed; a gradient is wrong, or a program raises
  2  could not run: usage, unreadable input, a missing optional part, a program that is not recognised
  130  interrupted
"""
COSTS = "quadratic|cross-entropy|log-likelihood"
SIGINT, SIGPIPE = 130, 141  # what shells make of these signals
LONGEST = 600  # seconds that `verify` may take


class CannotRunError(click.ClickException):
    """Exit code 2, and one line that says what to do."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print the message."""
        click.echo(f"backproof: {self.message}", file=file, err=True)


def _version(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click calls it so
    if value and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"backproof {version('backproof')}")
        ctx.exit()


SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(epilog=EXIT_CODES, context_settings=SETTINGS, no_args_is_help=True)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version and exit."
)
def main() -> None:
    """Proofs for backprop: the backpropagation equations, derived from the chain rule as machine-checked steps."""


def _listed(_: click.Context, __: click.Parameter, value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))


def _sizes(_: click.Context, __: click.Parameter, value: str | None) -> tuple[int, ...] | None:
    try:
        return None if value is None else tuple(int(part) for part in value.split(","))
    except ValueError:
        raise click.BadParameter(f"{value!r} is no list of layer sizes, such as 3,4,2") from None


def _layers(_: click.Context, __: click.Parameter, value: str) -> list[str]:
    """Split at the commas that stand in no brackets."""
    parts, depth = [""], 0
    for sign in value:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts]


def _letters(_: click.Context, __: click.Parameter, value: tuple[str, ...]) -> dict[str, str]:
    pairs = [part.partition("=") for part in value]
    if wrong := [name for name, sign, letter in pairs if not (name and sign and letter)]:
        raise click.BadParameter(f"{wrong[0]!r}: write NAME=LETTER, such as weight=\\Theta")
    return {name: letter for name, _, letter in pairs}


@main.command(epilog=EXIT_CODES, short_help="Replay, judge and report derivations.")
@click.argument("targets", nargs=-1, metavar="[NAME|FILE.py]...")
@click.option("--notation", metavar="NAME", help="For derivations without one of their own: nielsen, rows, ...")
@click.option("--letters", metavar="NAME=LETTER", multiple=True, callback=_letters, help=r"Such as weight=\Theta.")
@click.option(
    "--format",
    "formats",
    default="tex,pdf,json",
    show_default=True,
    callback=_listed,
    help="What to write; also proof, for verify.",
)
@click.option("-o", "--out", default="build", show_default=True, metavar="DIR", help="Where to write them.")
@click.option(
    "--engine",
    default="typst",
    show_default=True,
    metavar="NAME",
    help="What sets the PDF: typst, latexmk, tectonic, pdflatex.",
)
@click.option("--sizes", metavar="3,4,2", callback=_sizes, help="The equations of the net that has these layers.")
@click.option("--title", metavar="TEXT", help="The title of the report.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output, and nothing else there.")
@click.option("--list", "only_list", is_flag=True, help="List the chapters and derivations, and prove nothing.")
@click.pass_context
def prove(ctx: click.Context, /, *, as_json: bool, only_list: bool, **options: Any) -> None:
    """Replay derivations, let the oracles judge them, and write the report.

    NAME is a chapter or a derivation of the library, such as bp2 or bp2-vector; FILE.py is a derivation file of your
    own, which is run. Without either, all of the library is proved.
    """
    gc.disable()  # the process lives for seconds, and looking for cycles took a tenth of them
    with _written():
        holds = _list(options["targets"], as_json=as_json) if only_list else _proved(options, as_json=as_json)
    ctx.exit(0 if holds else 1)


@main.command(epilog=EXIT_CODES, short_help="Make the theorems of a file of proofs anew.")
@click.argument("file", metavar="proofs.json")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output, and nothing else there.")
@click.pass_context
def verify(ctx: click.Context, /, file: str, *, as_json: bool) -> None:
    """Make every theorem of a file anew, in a process that has the core and its printer alone, and print them.

    The file is what `backproof prove --format proof` writes. Nothing in it is believed: it says which rules to apply to
    what, and what comes out is printed.
    """
    import subprocess

    command = [sys.executable, "-P", "-m", f"{__package__}.verify", file]  # -P: not what lies in this folder
    try:
        done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8", timeout=LONGEST)  # noqa: S603 - ourselves
    except subprocess.TimeoutExpired:
        raise CannotRunError(f"{file}: its theorems were not made within {LONGEST // 60} minutes") from None
    if done.returncode not in (0, 1):
        raise CannotRunError(done.stderr.strip() or "the core did not run")
    with _written():
        if as_json:
            found = {
                "schema": "backproof.verify/1",
                "file": file,
                "holds": done.returncode == 0,
                **_verified(done.stdout),
            }
            _print_json(found | ({"reason": done.stderr.strip()} if done.returncode else {}))
        else:
            _print(done.stdout)
            click.echo(done.stderr, nl=False, err=True)
    ctx.exit(done.returncode)


def _verified(printed: str) -> dict[str, Any]:
    """What ``verify`` printed: networks, of a heading and lines that are set in, and theorems about them."""
    networks, theorems = list[list[str]](), list[dict[str, Any]]()
    for line in printed.splitlines():
        name, _, said = line.partition(": ")
        if line.startswith("  "):
            networks[-1].append(line.strip())
        elif not said:
            networks.append([])
        else:
            name, _, number = name.removesuffix(")").partition(" (network ")
            theorems.append({"name": name, "network": int(number), "statement": said})
    return {"networks": networks, "theorems": theorems}


@main.command(epilog=CHECK_CODES, short_help="Judge the equations of documents, and backward passes in code.")
@click.argument("targets", nargs=-1, required=True, metavar="FILE|FILE.py[:OBJECT]...")
@click.option("--notation", metavar="NAME", help="The convention it is written in, such as nielsen or column.")
@click.option("--letters", metavar="NAME=LETTER", multiple=True, callback=_letters, help=r"Such as weight=\Theta.")
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
    with _written():
        code = _checked(options, as_json=as_json)
    ctx.exit(code)


def _checked(options: dict[str, Any], *, as_json: bool) -> int:
    """The exit code."""
    from .examining import is_code

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

    from . import examining, findings
    from .checks.code.client import anew, forking
    from .checks.limits import processors
    from .errors import CannotRun

    said = {name: options[name] for name in ("hidden", "output", "cost", "reduction", "adapter", "network")}
    try:
        how = forking() if len(programs) > 1 else contextlib.nullcontext(anew)
        with _bar() as progress, how as run, ThreadPoolExecutor(options["jobs"] or processors()) as pool:
            asked = {**said, "seconds": options["timeout"], "run": run}
            running = [pool.submit(examining.examine, one, **asked) for one in programs]
            reports = []
            for done, one in enumerate(running, start=1):
                reports.append(one.result())
                progress("programs", done, len(programs))
    except CannotRun as error:
        raise CannotRunError(str(error)) from None
    findings.show([report.says for report in reports], sys.stderr if as_json else sys.stdout)
    if as_json and len(reports) == 1:
        _print_json(reports[0].to_json())
    elif as_json:
        import json

        _print("".join(json.dumps(report.to_json()) + "\n" for report in reports))
    return {report.overall for report in reports}


def _documents(options: dict[str, Any], *, as_json: bool) -> bool:
    from . import annotating, checking, verdicts
    from .errors import CannotRun

    annotated, seconds = options.pop("annotate"), options.pop("timeout")
    options.pop("adapter")
    try:
        with _bar() as progress:
            results = checking.check(seconds=seconds, progress=progress, **options)
        if annotated is not None:
            annotating.write(results, annotated)
    except CannotRun as error:
        raise CannotRunError(str(error)) from None
    verdicts.show(results, sys.stderr if as_json else sys.stdout)
    if as_json:
        found = [result.to_json() for result in results]
        _print_json(found[0] if len(found) == 1 else {"schema": "backproof.check-many/1", "documents": found})
    return all(result.ok for result in results)


@contextlib.contextmanager
def _bar() -> Iterator[Progress]:
    """A bar on standard error, where that is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        tasks: dict[str, Any] = {}

        def report(what: str, done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=of)
            bar.update(tasks[what], completed=done)

        yield report


@main.command(epilog=EXIT_CODES, short_help="Write verified code for the gradient of a network.")
@click.option("--sizes", metavar="784,30,10", required=True, callback=_sizes, help="Units in each layer.")
@click.option(
    "--activation",
    metavar="NAME|FORMULA",
    default="sigmoid",
    show_default=True,
    callback=_layers,
    help='A name, or a formula such as "z/(1+exp(-z))"; or hidden,last; or one for each layer.',
)
@click.option("--cost", metavar=COSTS, default="quadratic", show_default=True, help="What is made small; see above.")
@click.option("--to", metavar="numpy|jax|torch|c|latex", default="numpy", show_default=True, help="What to write.")
@click.option("--reduction", metavar="mean|sum", default="mean", show_default=True, help="Over the examples.")
@click.option("--layout", metavar="columns|rows", default="columns", show_default=True, help="What an example is.")
@click.option("--dtype", metavar="float64|float32", default="float64", show_default=True, help="Of all numbers.")
@click.option("--unroll", is_flag=True, help="Write a small net out in scalars, for one example.")
@click.option("-o", "--out", metavar="FILE", help="Where to write it; standard output if not given.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output, and nothing else there.")
@click.pass_context
def export(ctx: click.Context, /, *, as_json: bool, **options: Any) -> None:
    """Derive the gradient of a network from the chain rule, verify it, and write it as code.

    Activations: sigmoid, tanh, relu, leaky-relu, softplus, gelu, identity, softmax (for the last layer), or a formula
    in z, whose derivative is derived. Costs: quadratic; cross-entropy, with sigmoid outputs; log-likelihood, with
    softmax. What cannot be verified is not written.
    """
    gc.disable()
    with _written():
        holds = _exported(options, as_json=as_json)
    ctx.exit(0 if holds else 1)


def _exported(options: dict[str, Any], *, as_json: bool) -> bool:
    from . import exporting, table
    from .codegen.backend import Failed
    from .errors import CannotRun

    prints = sys.stderr if as_json or options["out"] is None else sys.stdout
    try:
        with _progress() as progress, contextlib.redirect_stdout(sys.stderr):
            made = exporting.export(progress=progress, **options)
    except CannotRun as error:
        raise CannotRunError(str(error)) from None
    except Failed as error:
        click.echo(f"backproof: not verified, and not written: {error}", err=True)
        return False
    table.show_exported(made, prints)
    if as_json:
        _print_json(made.to_json() | ({} if made.file else {"program": made.text}))
    elif made.file is None:
        _print(made.text)
    return True


@main.command(epilog=EXIT_CODES, short_help="Learn handwritten digits with an exported program.")
@click.option(
    "--data",
    default="digits",
    show_default=True,
    metavar="digits|DIR",
    help="The digits of scikit-learn, or a folder with the files of MNIST.",
)
@click.option(
    "--sizes", metavar="64,30,10", callback=_sizes, help="Units in each layer; by default one hidden layer of 30."
)
@click.option(
    "--activation",
    metavar="NAME|FORMULA",
    default="sigmoid",
    show_default=True,
    callback=_layers,
    help="As for export.",
)
@click.option("--cost", metavar=COSTS, default="quadratic", show_default=True, help="As for export.")
@click.option("--epochs", metavar="N", type=int, default=30, show_default=True, help="How often each example is seen.")
@click.option("--batch", metavar="N", type=int, default=10, show_default=True, help="Examples in a mini-batch.")
@click.option(
    "--eta", metavar="RATE", type=float, help="Learning rate; by default 3.0 for the quadratic cost, else 0.5."
)
@click.option(
    "--seed", metavar="N", type=click.IntRange(min=0), default=0, show_default=True, help="Draws weights and batches."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output, and nothing else there.")
@click.pass_context
def train(ctx: click.Context, /, *, as_json: bool, **options: Any) -> None:
    """Learn handwritten digits by stochastic gradient descent, with a program that is exported and verified first."""
    with _written():
        holds = _trained(options, as_json=as_json)
    ctx.exit(0 if holds else 1)


def _trained(options: dict[str, Any], *, as_json: bool) -> bool:
    from importlib.util import find_spec

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from . import training
    from .codegen.backend import Failed
    from .errors import CannotRun

    if not as_json and find_spec("plotext") is None:
        raise CannotRunError("the curve needs plotext: pip install 'backproof[data]', or leave it out with --json")
    prints = Console(stderr=True) if as_json else Console()
    columns = (
        TextColumn("epoch"),
        MofNCompleteColumn(),
        BarColumn(),
        TextColumn("{task.description}"),
        TimeRemainingColumn(),
    )
    try:
        with Progress(*columns, console=prints, transient=True, disable=not prints.is_terminal) as bar:
            task = bar.add_task("", total=options["epochs"])
            made = training.train(
                progress=lambda epoch, _, right, of: bar.update(
                    task, completed=epoch, description=f"{right}/{of} right"
                ),
                **options,
            )
    except CannotRun as error:
        raise CannotRunError(str(error)) from None
    except Failed as error:
        click.echo(f"backproof: not verified, and not trained: {error}", err=True)
        return False
    if as_json:
        _print_json(made.to_json())
        return True
    accuracies, right = made.accuracies, made.right
    click.echo(training.curve(accuracies, min(prints.width, 78), coloured=prints.is_terminal))
    best = max(range(len(right)), key=right.__getitem__)
    click.echo(
        f"{'-'.join(map(str, made.sizes))}: {100 * accuracies[-1]:.1f} % right ({right[-1]} of {made.tested}) after "
        f"{len(right)} epochs; best {100 * accuracies[best]:.1f} % after epoch {best + 1}"
    )
    return True


def _proved(options: dict[str, Any], *, as_json: bool) -> bool:
    prints = sys.stderr if as_json else sys.stdout
    result = _prove(options, prints)
    from . import table

    table.show(result, prints, unwritten=options["out"] if options["formats"] and not result.files else None)
    if as_json:
        _print_json(result.to_json())
    return result.ok


def _prove(options: dict[str, Any], prints: Any) -> ProveResult:
    from . import proving  # first: a copy of this process has it, too
    from .beside import Here, beside, copies
    from .errors import CannotRun

    apart = options["sizes"] is None and (not options["targets"] or copies())  # a new process is for the whole library
    try:
        with (
            beside("backproof.oracle.evidence") if apart else Here() as calls,
            _progress() as progress,
            contextlib.redirect_stdout(prints),  # a derivation file may print
        ):
            return proving.prove_by(calls, progress=progress, **options)
    except CannotRun as error:
        raise CannotRunError(str(error)) from None


def _print_json(data: dict[str, Any]) -> None:
    import json

    _print(json.dumps(data, indent=1, ensure_ascii=False) + "\n")


def _print(text: str) -> None:
    """In UTF-8, whatever the terminal's encoding is: programs and JSON are read in it."""
    binary = hasattr(sys.stdout, "buffer")
    click.echo(text.encode(errors="replace") if binary else text, nl=False)


def _list(names: tuple[str, ...], *, as_json: bool) -> bool:
    """Print what the targets have; False where something in them is refused, which goes to standard error."""
    from .proving import CannotRun, listed

    try:
        with contextlib.redirect_stdout(sys.stderr):
            found, refused = listed(names)
    except CannotRun as error:
        raise CannotRunError(str(error)) from None
    if as_json:
        _print_json(found)
    for chapter in () if as_json else found["chapters"]:
        click.echo(f"{chapter['name']}: {chapter['title']}")
        for made in chapter["derivations"]:
            click.echo(f"    {made['name']:<28}{made['title']}")
    if refused:
        from . import table

        table.show_refused(refused, sys.stderr)
    return not refused


@contextlib.contextmanager
def _progress() -> Iterator[Progress]:
    """Report on standard error once a second has gone by: in place on a terminal, else a line now and then."""
    terminal, due, pause = sys.stderr.isatty(), time.monotonic() + 1, 0.1 if sys.stderr.isatty() else 5
    shown = False

    def report(what: str, done: int, of: int) -> None:
        nonlocal due, shown
        if time.monotonic() >= due:
            from .notation.text import title

            text = f"{done}/{of} {title(what)}"[:78]
            due, shown = time.monotonic() + pause, True
            with contextlib.suppress(OSError):  # that nobody can be told is no reason to stop
                click.echo(f"\r\x1b[2K{text}" if terminal else text, err=True, nl=not terminal)

    try:
        yield report
    finally:
        if shown and terminal:
            click.echo("\r\x1b[2K", err=True, nl=False)


@contextlib.contextmanager
def _written() -> Iterator[None]:
    """See that what is printed gets out. Where its reader has gone, as with ``| head -1``, end without a word."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        _drop(sys.stdout)
        sys.exit(SIGPIPE)
    except OSError as error:
        if error.filename is not None:  # some other file
            raise
        _drop(sys.stdout)
        raise CannotRunError(f"cannot write to standard output: {(error.strerror or str(error)).lower()}") from None


def _drop(stream: Any) -> None:
    """What is left in the buffer cannot be written: let Python not try at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _streams() -> None:
    """A closed standard error is silent, and a sign that an encoding lacks is a question mark."""
    if sys.stdout is None:
        raise CannotRunError("cannot write to standard output: it is closed")
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - open to the end
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def run(arguments: list[str] | None = None) -> None:
    """The command ``backproof``: ``main``, with the exit codes of its help."""
    try:
        _streams()
        with _written():
            code = main.main(arguments, prog_name="backproof", standalone_mode=False)
        gc.freeze()  # the process ends: Python would look for cycles in all that is left, for a second
        sys.exit(code)
    except click.ClickException as error:
        try:
            error.show()
        except OSError:  # standard error cannot be written to either
            _drop(sys.stderr)
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("backproof: interrupted", err=True)  # click has ended the line
        sys.exit(SIGINT)


__all__ = ["main", "run"]
