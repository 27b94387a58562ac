"""What cannot be read, and where."""

from __future__ import annotations


class Unreadable(Exception):  # noqa: N818 - a verdict on what was written
    """``text`` cannot be read from character ``at`` on; the message points there with a caret."""

    def __init__(self, text: str, at: int, reason: str) -> None:
        self.text, self.at, self.reason = text, at, reason
        start = text.rfind("\n", 0, at) + 1
        line = text[start:].split("\n", 1)[0]
        first = max(0, at - start - _SHOWN // 2)  # of a long line, what is around the place
        shown = line[first : first + _SHOWN]
        super().__init__(f"{reason}\n  {shown}\n  {' ' * (at - start - first)}^")


class NotKnown(Unreadable):
    """What stands there has no meaning to the reader, or is more than it takes: it may be right all the same."""


_SHOWN = 100
