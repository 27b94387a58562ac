"""LaTeX mathematics, as far as backpropagation is written in it. Nothing is run: a command is in a table or refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .commands import (
    ACCENTS,
    ALIGNED,
    BARE,
    CASES,
    CONNECTIVES,
    DROPPED,
    FONTS,
    IGNORED,
    MATRICES,
    NOTED,
    WORDS,
)  # fmt: skip
from .commands import (
    SIGNS as COMMANDS,
)
from .errors import NotKnown, Unreadable
from .tokens import SIGNS, TWINS, Token, check_length, paired

_TOKEN: Final = re.compile(
    r"\\(?:[A-Za-z]+\*?|.)|[^\W\d_](?:\d+(?!\d*[.]\d))?|\d+(?:\.\d+)?|%[^\n]*\n?|\s+|.", re.DOTALL
)


_DOT_STAR: Final = re.compile(r"\s*\{[\s{}]*(?:\\cdot|\.)[\s{}]*(?:\\ast|\*)[\s{}]*\}")


def tokens(text: str) -> list[Token]:
    """What a display is made of. Unreadable where a command has no meaning here, or brackets do not fit."""
    check_length(text)
    return list(paired(text, _parted(text, _Scanner(text, text.translate(TWINS)).scan())))


_SIGN_IN_BRACES: Final = re.compile(r"\s*\{\s*([=<>+-])\s*\}")


@dataclass
class _Scanner:
    """Where the reading of a display is; ``matrices`` counts the matrices that are open."""

    text: str
    plain: str
    at: int = 0
    matrices: int = 0
    last: str = ""  #: the kind of the token before

    def scan(self) -> Iterator[Token]:
        while (found := _TOKEN.match(self.plain, self.at)) is not None:
            for t in self._read(found):
                self.last = t.kind
                yield t

    def _read(self, found: re.Match[str]) -> Iterator[Token]:
        start, says = self.at, found.group()
        self.at = found.end()
        if says[0] == "\\":
            yield from self._command(says[1:], start)
        elif says[0] == "%" or says.isspace():
            return
        elif (bare := BARE.match(self.plain, start)) and not self._is_argument():
            self.at = bare.end()
            yield Token("WORDS" if bare.group() in ("for", "where") else "NAME", bare.group(), start, self.at)
        elif says[0].isalnum():
            self.at = start + (1 if self._is_argument() else len(says))  # ^23 is ^2 3, \frac12 is 1/2
            says = self.plain[start : self.at]
            one = SIGNS[says] if says in SIGNS else ("NUMBER" if says[0].isdigit() else "NAME", says)
            yield Token(*one, start, self.at)
        else:
            yield from self._sign(says, start)

    def _is_argument(self) -> bool:
        """Whether the next token is an argument by itself, without braces."""
        return self.last in ("LOWER", "UPPER", "FRACTION", "ROOT", "half")

    def _sign(self, says: str, start: int) -> Iterator[Token]:
        if says in "{}":
            yield Token("LBRACE" if says == "{" else "RBRACE", says, start, self.at)
        elif says == "&":
            if self.matrices:
                yield Token("CELL", says, start, self.at)
        elif says == "~":
            return
        elif says == "." and self.plain.startswith("*", self.at):
            self.at += 1
            yield Token("OPERATOR", "⊙", start, self.at)
        elif says == ".":
            yield Token("STOP", says, start, self.at)
        elif says == ":" and self.plain.startswith("=", self.at):
            self.at += 1
            yield Token("RELATION", ":=", start, self.at)
        elif says == "<" and self.last in ("UPPER", "LBRACE"):
            yield Token("LANGLE", says, start, self.at)
        elif says in SIGNS:
            yield Token(*SIGNS[says], start, self.at)
        else:
            raise NotKnown(self.text, start, f"{self.text[start]!r} has no meaning here")

    def _command(self, name: str, start: int) -> Iterator[Token]:
        if name == "mathbin" and (star := _DOT_STAR.match(self.plain, self.at)):
            self.at = star.end()
            yield Token("OPERATOR", "⊙", start, self.at)
            return
        if name == "rm" and (word := _WORD.match(self.plain, self.at)):
            self.at = word.end()
            yield Token("NAME", word[1], start, self.at)
        elif name in COMMANDS:
            yield Token(*COMMANDS[name], start, self.at)
        elif name in WORDS:
            yield from self._words(start)
        elif name in FONTS or name in ACCENTS:
            yield from self._styled(name, start)
        elif name in NOTED:
            yield from self._noted(name, start)
        elif name in IGNORED:
            self._argument(start)
        elif name in ("begin", "end"):
            yield from self._environment(name, start)
        elif name not in DROPPED:
            raise NotKnown(self.text, start, f"\\{name} has no meaning here")

    def _argument(self, start: int) -> tuple[int, int]:
        """Where the next argument stands, without its braces; the scanner goes behind it."""
        while self.plain[self.at : self.at + 1].isspace():
            self.at += 1
        if not self.plain.startswith("{", self.at):
            found = _TOKEN.match(self.plain, self.at)
            if found is None:
                raise Unreadable(self.text, start, "an argument is missing")
            self.at = self.at + 1 if found.group()[0] != "\\" else found.end()
            return found.start(), self.at
        first, depth = self.at + 1, 0
        for place in range(self.at, len(self.plain)):
            depth += {"{": 1, "}": -1}.get(self.plain[place], 0) if self.plain[place - 1] != "\\" else 0
            if not depth:
                self.at = place + 1
                return first, place
        raise Unreadable(self.text, self.at, "{ is not closed")

    def _words(self, start: int) -> Iterator[Token]:
        first, end = self._argument(start)
        says = self.plain[first:end]
        if re.fullmatch(r"\s*[A-Za-z]+(\.[a-z]+)?\s*", says) and not CONNECTIVES.match(says):
            yield Token("NAME", says.strip(), start, self.at)
        elif says.strip(" ,.;"):
            yield Token("WORDS", says.strip(), start, self.at)

    def _styled(self, name: str, start: int) -> Iterator[Token]:
        r"""A letter in a font or below an accent is a name; around more than one letter a font says nothing."""
        first, end = self._argument(start)
        says = self.plain[first:end].strip()
        if re.fullmatch(r"[^\W_]|\\[A-Za-z]+|\\math[a-z]+\{?\s*[A-Za-z]\}?", says):
            font = "mathcal" if name == "cal" else name
            yield Token("NAME", f"\\{font}{{{says}}}", start, self.at)
        elif name in FONTS:
            self.at = first  # go on within, as between the braces that stand there
            yield Token("LBRACE", "{", first - 1, first)
        else:
            raise NotKnown(self.text, start, f"\\{name} stands over one letter")

    def _noted(self, name: str, start: int) -> Iterator[Token]:
        """What stands above a brace; the note below it says nothing. What is stacked is its second argument."""
        if name in ("underset", "overset", "stackrel"):
            self._argument(start)
            if sign := _SIGN_IN_BRACES.match(self.plain, self.at):
                self.at = sign.start(1)
                yield from self._read(re.compile(r".").match(self.plain, self.at))  # type: ignore[arg-type]
                self.at = sign.end()
            return
        first, end = self._argument(start)
        after = self.at
        inner = _Scanner(self.text[:end], self.plain[:end], first)
        yield Token("LBRACE", "{", start, first)
        yield from inner.scan()
        yield Token("RBRACE", "}", end, after)
        self.at = after
        note = re.compile(r"\s*[_^]").match(self.plain, self.at)
        if note:
            self.at = note.end()
            if self.plain[self.at : self.at + 1] == "\\":
                found = _TOKEN.match(self.plain, self.at)
                self.at = found.end() if found and found.group()[1:] in WORDS else self.at
            self._argument(start)

    def _environment(self, name: str, start: int) -> Iterator[Token]:
        first, end = self._argument(start)
        says = self.plain[first:end]
        if says in MATRICES:
            self.matrices += 1 if name == "begin" else -1
            yield Token(name.upper(), says, start, self.at)
        elif says in CASES:
            self.matrices += 1 if name == "begin" else -1
            yield Token("CASES" if name == "begin" else "END", says, start, self.at)
        elif says not in ALIGNED:
            raise NotKnown(self.text, start, f"the environment {says} is not read")


_WORD: Final = re.compile(r"\s*([A-Za-z]{2,})(?=\s*\})")  #: what stands in roman, without a command of its own
_PARTING: Final = {"ROW", "SEPARATOR", "WORDS", "SPACE", "STOP", "RELATION", "OPERATOR", "BEGIN", "CASES"}


def _parted(text: str, tokens: Iterator[Token]) -> Iterator[Token]:
    """Wide spaces part statements where nothing else does; a full stop ends one. Both are dropped elsewhere."""
    listed, depth = list(tokens), 0
    for place, t in enumerate(listed):
        depth += {"LBRACE": 1, "RBRACE": -1, "LPAR": 1, "RPAR": -1}.get(t.kind, 0)
        if t.kind == "STOP":
            if depth or (place + 1 < len(listed) and listed[place + 1].kind not in ("ROW", "SPACE", "END")):
                raise Unreadable(text, t.start, "a full stop within a formula")
        elif t.kind == "SPACE":
            before = listed[place - 1].kind if place else "ROW"
            after = listed[place + 1].kind if place + 1 < len(listed) else "ROW"
            alone = not {before, after} & _PARTING
            if alone and not depth and after != "LPAR":
                yield Token("SEPARATOR", "", t.start, t.end)
        else:
            yield t
