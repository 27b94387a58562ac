"""Why a claim is not judged, with the place in the writer's text."""

from __future__ import annotations

from ..notation.reader.tree import Span


class Refusal(Exception):  # noqa: N818 - a verdict on what was written
    """``span`` is where it is written."""

    def __init__(self, span: Span, reason: str) -> None:
        super().__init__(reason)
        self.span, self.reason = span, reason


class Malformed(Refusal):
    """What is written makes no sense: dimensions clash, or a sign has nothing to stand between."""


class Unknown(Refusal):
    """What is written is not understood here, so that nothing is said of it."""


class Uneven(Malformed):
    """A column on one side, and a number on the other: right where the column has one entry."""


class Incomplete(Malformed):
    """An operator that is applied to nothing, and the like: whatever the dimensions are, it is no formula."""
