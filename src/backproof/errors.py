"""What cannot be run, and why: exceptions with the words for the user."""

from __future__ import annotations


class CannotRun(Exception):  # noqa: N818 - a verdict: the exit code is 2 and not 1
    """Nothing was judged: a wrong option, an unreadable file, a missing package. The message says what mends it."""


__all__ = ["CannotRun"]
