"""``backproof verify``."""

from __future__ import annotations

import sys
from typing import Any

import click

from .options import EXIT_CODES
from .streams import CannotRunError, print_json, print_text, written

LONGEST = 600  # seconds that it may take


@click.command(epilog=EXIT_CODES, short_help="Make the theorems of a file of proofs anew.")
@click.argument("file", metavar="proofs.json")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output, and nothing else there.")
@click.pass_context
def verify(ctx: click.Context, /, file: str, *, as_json: bool) -> None:
    """Make every theorem of a file anew, in a process that has the core and its printer alone, and print them.

    The file is what `backproof prove --format proof` writes. Nothing in it is believed: it says which rules to apply to
    what, and what comes out is printed.
    """
    import subprocess

    command = [sys.executable, "-P", "-m", "backproof.verify", file]  # -P: not what lies in this folder
    try:
        done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8", timeout=LONGEST)  # noqa: S603 - ourselves
    except subprocess.TimeoutExpired:
        raise CannotRunError(f"{file}: its theorems were not made within {LONGEST // 60} minutes") from None
    if done.returncode not in (0, 1):
        raise CannotRunError(done.stderr.strip() or "the core did not run")
    with written():
        if as_json:
            found = {
                "schema": "backproof.verify/1",
                "file": file,
                "holds": done.returncode == 0,
                **_verified(done.stdout),
            }
            print_json(found | ({"reason": done.stderr.strip()} if done.returncode else {}))
        else:
            print_text(done.stdout)
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


__all__ = ["verify"]
