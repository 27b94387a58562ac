"""Why a statement, or one value of its indices, cannot be judged."""

from __future__ import annotations


class Undefined(Exception):  # noqa: N818 - no error of the program: there is nothing to compare here
    """The term has no value here: a quantity is missing, or something is divided by zero."""


class Malformed(Exception):  # noqa: N818 - a verdict
    """The shapes in the term do not fit."""


class Unsupported(Exception):  # noqa: N818 - a verdict
    """The judge cannot say: second derivatives, unknown heads."""
