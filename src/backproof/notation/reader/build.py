"""From what the parser found to the tree: each rule of ``grammar.lark`` has a method of its name here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lark import Token, Transformer, v_args

from . import tree
from .errors import Unreadable
from .tree import Part, Span


def _is(part: Any, *kinds: str) -> bool:
    return isinstance(part, Token) and part.type in kinds


def _parts(children: list[Any]) -> tuple[Part, ...]:
    return tuple(child for child in children if isinstance(child, Part))


@v_args(meta=True)
class Builder(Transformer[Any, Any]):
    """The tree of a display, whose text is needed for messages."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    # Statements.

    def display(self, meta: Any, children: list[Any]) -> Part:
        return tree.Display(_span(meta, self.text), tuple(child for child in children if isinstance(child, tuple)))

    def line(self, _: Any, children: list[Any]) -> tuple[Part, ...]:
        return _parts(children)

    def statement(self, meta: Any, children: list[Any]) -> Part:
        parts = tuple(tree.Words(_of(c), str(c)) if _is(c, "WORDS") else c for c in children if c is not None)
        place = next((i for i, part in enumerate(parts) if not isinstance(part, tree.Words)), 0)
        return tree.Statement(_span(meta, self.text), parts[place], parts[:place] + parts[place + 1 :])

    def relation(self, meta: Any, children: list[Any]) -> Part:
        if len(children) == 1:
            return children[0]  # type: ignore[no-any-return]
        return tree.Relation(_span(meta, self.text), tuple(children[::2]), tuple(map(str, children[1::2])))

    def continued(self, meta: Any, children: list[Any]) -> Part:
        return tree.Relation(_span(meta, self.text), (None, *children[1::2]), tuple(map(str, children[::2])))

    # Sums and products.

    def sum(self, meta: Any, children: list[Any]) -> Part:
        first, *rest = children
        if not rest:
            return first  # type: ignore[no-any-return]
        return tree.Sum(_span(meta, self.text), (first, *_signed(rest)))

    def signed_sum(self, meta: Any, children: list[Any]) -> Part:
        terms = tuple(_signed(children, "+"))
        return terms[0] if len(terms) == 1 else tree.Sum(_span(meta, self.text), terms)

    def product(self, meta: Any, children: list[Any]) -> Part:
        first, *rest = children
        if not rest:
            return first  # type: ignore[no-any-return]
        between, factors = zip(*rest, strict=True)
        return tree.Product(_span(meta, self.text), (first, *factors), between)

    def beside(self, _: Any, children: list[Any]) -> tuple[str, Part]:
        return "", children[0]

    def joined(self, _: Any, children: list[Any]) -> tuple[str, Part]:
        return str(children[0]), children[1]

    def joined_signed(self, _: Any, children: list[Any]) -> tuple[str, Part]:
        operator, sign, factor = children
        return str(operator), tree.Signed((sign.start_pos, factor.span[1]), str(sign), factor)

    # Factors.

    def scripted(self, _: Any, children: list[Any]) -> Part:
        result, own = children[0], False  # a base in braces has had its marks: {w^l}^T
        for mark in children[1:]:
            result, own = self._with(result, mark, own=own), True
        return result  # type: ignore[no-any-return]

    def _with(self, base: Part, mark: Any, *, own: bool) -> Part:
        """``base`` with one more mark on it; one that has such a mark becomes a base itself, if it may."""
        if _is(mark, "PRIME"):
            mark = ("primes", len(mark), _of(mark))
        elif _is(mark, "TRANSPOSE"):
            mark = ("upper", (tree.Name(_of(mark), "T"),), _of(mark))
        slot, says, (start, end) = mark
        if not own or not isinstance(base, tree.Scripted):
            return tree.Scripted((base.span[0], end), base, **{slot: says})
        before = getattr(base, slot)
        if before and slot in ("lower", "upper") and self.text[start] in "_^":
            raise Unreadable(self.text, start, f"a second {_WORDS[slot]}: put the first one into braces")
        if before and slot != "primes":
            return tree.Scripted((base.span[0], end), base, **{slot: says})
        return replace(base, span=(base.span[0], end), **{slot: before + says})

    def lower(self, _: Any, children: list[Any]) -> tuple[str, Any, Span]:
        sign, (slot, says, (_, end)) = children
        if slot == "primes":
            raise Unreadable(self.text, sign.start_pos, "a prime stands above")
        return "lower", says, (sign.start_pos, end)

    def upper(self, _: Any, children: list[Any]) -> tuple[str, Any, Span]:
        sign, (slot, says, (_, end)) = children
        return "primes" if slot == "primes" else "upper", says, (sign.start_pos, end)

    def behind(self, meta: Any, children: list[Any]) -> tuple[str, Any, Span]:
        return "behind", children[1], _span(meta, self.text)

    def argument(self, meta: Any, children: list[Any]) -> tuple[str, Any, Span]:
        [says] = [child for child in children if not isinstance(child, Token)]
        return "", says if isinstance(says, tuple) else (says,), _span(meta, self.text)

    def over_argument(self, meta: Any, children: list[Any]) -> tuple[str, Any, Span]:
        return "", (self.over(meta, children),), _span(meta, self.text)

    def primes(self, meta: Any, children: list[Any]) -> tuple[str, Any, Span]:
        return "primes", sum(len(child) for child in children if _is(child, "PRIME")), _span(meta, self.text)

    def sign_argument(self, meta: Any, children: list[Any]) -> tuple[str, Any, Span]:
        [sign] = [child for child in children if _is(child, "OPERATOR")]
        return "", (tree.Name(_of(sign), str(sign)),), _span(meta, self.text)

    def signed_argument(self, meta: Any, children: list[Any]) -> tuple[str, Any, Span]:
        sign, of = children
        return "", (tree.Signed(_span(meta, self.text), str(sign), of),), _span(meta, self.text)

    def big(self, meta: Any, children: list[Any]) -> Part:
        operator, *marks, of = children
        slots: dict[str, tuple[Part, ...]] = {"lower": (), "upper": ()}
        for slot, says, (start, _) in marks:
            if slot not in slots or slots[slot]:
                raise Unreadable(self.text, start, f"limits that {operator} cannot have")
            slots[slot] = says
        return tree.Big(_span(meta, self.text), str(operator), slots["lower"], slots["upper"], of)

    # Atoms.

    def name(self, _: Any, children: list[Any]) -> Part:
        return tree.Name(_of(children[0]), str(children[0]))

    def number(self, _: Any, children: list[Any]) -> Part:
        return tree.Number(_of(children[0]), str(children[0]))

    def mark(self, _: Any, children: list[Any]) -> Part:
        return tree.Mark(_of(children[0]), str(children[0]))

    def group(self, meta: Any, children: list[Any]) -> Part:
        return tree.Group(_span(meta, self.text), str(children[0]), children[1])

    def inside(self, _: Any, children: list[Any]) -> Part:
        return children[1]  # type: ignore[no-any-return]

    def over(self, meta: Any, children: list[Any]) -> Part:
        first, second = _parts(children)
        return tree.Fraction(_span(meta, self.text), first, second)

    def fraction(self, meta: Any, children: list[Any]) -> Part:
        return tree.Fraction(_span(meta, self.text), *(self._one(argument) for argument in children[1:]))

    def root(self, meta: Any, children: list[Any]) -> Part:
        return tree.Root(_span(meta, self.text), self._one(children[1]))

    def _one(self, argument: Any) -> Part:
        _, says, (start, _) = argument
        if not isinstance(says, tuple) or len(says) != 1:
            raise Unreadable(self.text, start, "one expression has to stand here")
        return says[0]  # type: ignore[no-any-return]

    def matrix(self, meta: Any, children: list[Any]) -> Part:
        return tree.Matrix(_span(meta, self.text), tuple(child for child in children if isinstance(child, tuple)))

    def cases(self, meta: Any, children: list[Any]) -> Part:
        return tree.Cases(_span(meta, self.text), tuple(child for child in children if isinstance(child, tuple)))

    def case(self, _: Any, children: list[Any]) -> tuple[Part, tuple[Part, ...]]:
        value, *said = (tree.Words(_of(c), str(c)) if _is(c, "WORDS") else c for c in children)
        return value, _parts(said)

    def cells(self, _: Any, children: list[Any]) -> tuple[Part, ...]:
        return _parts(children)

    def items(self, _: Any, children: list[Any]) -> tuple[Part, ...]:
        return _parts(children)


_WORDS = {"lower": "subscript", "upper": "superscript"}


def _of(token: Token) -> Span:
    return token.start_pos or 0, token.end_pos or 0


def _span(meta: Any, text: str) -> Span:
    return (0, len(text)) if meta.empty else (meta.start_pos, meta.end_pos)


def _signed(children: list[Any], plus: str = "") -> list[Part]:
    """Pairs of a sign and a term as terms; a plus says nothing."""
    pairs = zip(children[::2], children[1::2], strict=True)
    return [
        term if sign == "+" and not plus else tree.Signed((sign.start_pos, term.span[1]), str(sign), term)
        for sign, term in pairs
    ]
