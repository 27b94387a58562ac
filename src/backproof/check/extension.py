"""A dense network with what a document defines besides: a letter of its own for some term."""

from __future__ import annotations

from .own import NotDefined, Source
from .relation import Reading


def extended(_: Reading, __: Source) -> Reading:
    """NotDefined: nothing yet."""
    raise NotDefined("not yet")
