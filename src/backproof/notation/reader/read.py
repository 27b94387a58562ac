"""Text to tree, by the grammar beside this file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any, Final

from ...errors import CannotRun
from . import latex, plain, tree
from .errors import Unreadable
from .tokens import Token

DIALECTS: Final[dict[str, Callable[[str], list[Token]]]] = {"latex": latex.tokens, "plain": plain.tokens}


def read(text: str, dialect: str = "") -> tree.Display:
    r"""What is written; ``dialect`` is ``latex`` or ``plain``, by default LaTeX where there is a backslash.

    >>> [statement] = read("dW = X^T dZ / m").lines[0]
    >>> statement.says.relations
    ('=',)

    Raises Unreadable with the place where the reading stopped, and what could have come there, and
    CannotRun without Lark.
    """
    try:
        from lark import UnexpectedInput
        from lark.exceptions import VisitError
    except ImportError:
        raise CannotRun("reading formulas needs Lark: pip install 'backproof[check]'") from None

    from .build import Builder

    tokens = DIALECTS[dialect or ("latex" if "\\" in text else "plain")](text)
    try:
        return Builder(text).transform(_parser().parse(tokens))  # type: ignore[no-any-return]
    except UnexpectedInput as stopped:
        raise _unreadable(text, tokens, stopped) from None
    except VisitError as error:
        raise error.orig_exc from None


@cache
def _parser() -> Any:
    from lark import Lark
    from lark.lexer import Lexer
    from lark.lexer import Token as Word

    class Tokens(Lexer):
        """Our tokens, as the parser wants them."""

        def __init__(self, _: Any) -> None:
            pass

        def lex(self, data: Any) -> Iterator[Word]:  # type: ignore[override]
            for t in data:
                yield Word(t.kind, t.says, start_pos=t.start, end_pos=t.end)

    grammar = files(__package__).joinpath("grammar.lark").read_text()
    return Lark(
        grammar, start="display", parser="lalr", lexer=Tokens, propagate_positions=True, maybe_placeholders=True
    )


#: How what may come next is called in a message.
_CALLED: Final = {
    "RELATION": "a relation such as =", "NAME": "a letter", "NUMBER": "a number", "LPAR": "(", "RPAR": ")",
    "RBRACE": "}", "RSQB": "]", "SEPARATOR": "a comma", "UPPER": "^", "LOWER": "_", "OPERATOR": "a product sign",
    "SIGN": "+ or -",
}  # fmt: skip


def _unreadable(text: str, tokens: list[Token], stopped: Any) -> Unreadable:
    """What the parser stopped at, in words."""
    token: Any = getattr(stopped, "token", None)
    wanted = [name for kind, name in _CALLED.items() if kind in stopped.expected]
    listed = " or ".join(filter(None, [", ".join(wanted[:-1]), *wanted[-1:]]))
    if token is None or token.type == "$END":
        return Unreadable(text, tokens[-1].end if tokens else 0, f"the formula ends here; {listed} could come next")
    found = text[token.start_pos : token.end_pos]
    return Unreadable(text, token.start_pos, f"{found!r} does not fit here; {listed} could come next")
