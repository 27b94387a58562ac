"""What a document defines: nothing is taken for a definition yet."""

from __future__ import annotations

from dataclasses import dataclass

from .claims import Reading, Verdict


class NotDefined(Exception):  # noqa: N818 - a verdict
    """A formula that defines nothing."""


@dataclass(frozen=True)
class Defined:
    """What is known from here on, and what is said of the formula."""

    reading: Reading
    verdicts: list[Verdict]


def with_definition(_: str, __: str, ___: Reading) -> Defined:
    """What a formula defines. NotDefined where it defines nothing."""
    raise NotDefined
