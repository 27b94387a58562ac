"""What several commands take and say alike."""

from __future__ import annotations

import click

EXIT_CODES = """\b
Exit codes:
  0  everything holds
  1  something is wrong: a line does not follow, a file is malformed or proves nothing,
     a statement is unjudged, a piece of evidence fails, the verification of a program fails
  2  could not run: usage, unreadable input, a missing optional part
  130  interrupted
"""
COSTS = "NAME|FORMULA"


def listed(_: click.Context, __: click.Parameter, value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))


def sizes(_: click.Context, __: click.Parameter, value: str | None) -> tuple[int, ...] | None:
    try:
        return None if value is None else tuple(int(part) for part in value.split(","))
    except ValueError:
        raise click.BadParameter(f"{value!r} is no list of layer sizes, such as 3,4,2") from None


def layers(_: click.Context, __: click.Parameter, value: str) -> list[str]:
    """Split at the commas that stand in no brackets."""
    parts, depth = [""], 0
    for sign in value:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts]


def letters(_: click.Context, __: click.Parameter, value: tuple[str, ...]) -> dict[str, str]:
    pairs = [part.partition("=") for part in value]
    if wrong := [name for name, sign, letter in pairs if not (name and sign and letter)]:
        raise click.BadParameter(f"{wrong[0]!r}: write NAME=LETTER, such as weight=\\Theta")
    return {name: letter for name, _, letter in pairs}


__all__ = ["COSTS", "EXIT_CODES", "layers", "letters", "listed", "sizes"]
