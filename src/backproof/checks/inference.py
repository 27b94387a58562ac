"""What a document's definitions say of letters and axes, before anything is made of them.

Definitions are read by entries, as in z_i = sum over j of W_ij x_j. Two indices have one axis if they stand at the same
place of one quantity, or go up to the same size; each axis has a size of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sympy import Symbol

from ..notation.reader import tree
from ..notation.reader.tree import Part, below
from .letters import is_letter, letter

FUNCTIONS: Final = (r"\sigma", r"\phi", r"\varphi", r"\psi", r"\tau", r"\rho", r"\ell", "f", "g")
KNOWN: Final = ("exp", "log", "ln", "tanh", "sigmoid", "Sigmoid", r"\Phi", r"\partial", r"\nabla", "e")
TAKEN: Final = ("n", "l", "L", "M")  # as sizes they have a meaning of their own


class NotDefined(Exception):  # noqa: N818 - a verdict
    """Why an equation defines nothing."""


@dataclass(frozen=True)
class Source:
    """An equation that defines: its text, and the two sides."""

    text: str
    head: Part
    body: Part


@dataclass(frozen=True)
class Index:
    """An index as it is written: a letter of some scope, moved by a number; or only a number."""

    scope: tuple[Any, ...] | None
    name: str
    moved: int


@dataclass(frozen=True)
class Use:
    """A quantity as it is used somewhere."""

    letter: str
    indices: tuple[Index, ...]


@dataclass
class Axes:
    """Which places of quantities, indices and names of sizes belong to one axis: sets that are joined."""

    above: dict[Any, Any] = field(default_factory=dict)

    def of(self, one: Any) -> Any:
        """What stands for the axis."""
        while (found := self.above.setdefault(one, one)) != one:
            one = found
        return one

    def join(self, one: Any, other: Any) -> None:
        """They are of one axis."""
        self.above[self.of(one)] = self.of(other)


@dataclass
class Inference:
    """Definitions, read for what they say of letters and axes. NotDefined where that does not fit."""

    sources: tuple[Source, ...]
    said: Mapping[str, str]
    axes: Axes = field(default_factory=Axes)
    arity: dict[str, int] = field(default_factory=dict)
    first: dict[tuple[str, int], int] = field(default_factory=dict)  #: the lowest value, where it is below 1
    functions: list[str] = field(default_factory=list)
    size_names: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.size_names |= {*self.said.values(), *(n for s in self.sources for n in _sizes(s.body))}
        self.heads = {letter(base_of(s.head)) for s in self.sources}
        for place, source in enumerate(self.sources):
            if (f := function_head(source)) is not None:
                self.functions.append(f)
                continue
            self._use(use_of(source.head, {}, place))
            inputs = any_function(source)
            for use in self._uses(source.body, {}, place) if inputs is None else inputs:
                self._use(use)
        if len(set(self.functions)) > 1:
            raise NotDefined("more than one function that is not known")

    def _use(self, use: Use) -> None:
        count = self.arity.setdefault(use.letter, len(use.indices))
        if count != len(use.indices) and use.indices:
            if count:
                raise NotDefined(f"{use.letter} has {len(use.indices)} indices here, and {count} elsewhere")
            self.arity[use.letter] = count = len(use.indices)
        for slot, index in enumerate(use.indices):
            if index.scope is not None:
                self.axes.join(("slot", use.letter, slot), ("index", *index.scope))
                if index.name in self.said:
                    self.axes.join(("index", *index.scope), ("size", self.said[index.name]))
            low = index.moved if index.scope is None else 1 + index.moved
            self.first[use.letter, slot] = min(self.first.get((use.letter, slot), 1), low)

    def _uses(self, part: Part, scope: Mapping[str, tuple[Any, ...]], place: int) -> Iterator[Use]:
        """The quantities of a part; ``scope``: which index a bound letter is."""
        if isinstance(part, tree.Product):
            yield from self._product(part, scope, place)
        elif isinstance(part, tree.Big):
            yield from self._sum(part, scope, place)
        elif isinstance(part, tree.Name) or (isinstance(part, tree.Scripted) and isinstance(part.base, tree.Name)):
            yield from self._quantity(part, scope, place)
        elif isinstance(part, tree.Matrix | tree.Mark):
            raise NotDefined("a definition by entries is read, and no matrix that is written out")
        else:
            for inner in below(part):
                yield from self._uses(inner, scope, place)

    def _quantity(
        self, part: tree.Name | tree.Scripted, scope: Mapping[str, tuple[Any, ...]], place: int
    ) -> Iterator[Use]:
        name = letter(base_of(part))
        upper = part.upper if isinstance(part, tree.Scripted) else ()
        is_indexed = isinstance(part, tree.Scripted) and bool(part.lower)
        if name == "e" and not is_indexed:
            for inner in upper:
                yield from self._uses(inner, scope, place)
        elif any(not isinstance(u, tree.Number) for u in upper):
            raise NotDefined(f"what stands above {name} is no number: indices stand below")
        elif is_indexed or (name not in KNOWN and name not in self.size_names):
            yield use_of(part, scope, place)

    def _product(self, part: tree.Product, scope: Mapping[str, tuple[Any, ...]], place: int) -> Iterator[Use]:
        for at, factor in enumerate(part.factors):
            base = base_of(factor)
            behind = at + 1 < len(part.factors) and part.between[at] == ""
            if behind and letter(base) in FUNCTIONS and letter(base) not in self.heads:
                inner = part.factors[at + 1]
                inner = inner.base if isinstance(inner, tree.Scripted) else inner
                if isinstance(inner, tree.Group) and not (isinstance(factor, tree.Scripted) and factor.lower):
                    self.functions.append(letter(base))
                    continue
            yield from self._uses(factor, scope, place)

    def _sum(self, part: tree.Big, scope: Mapping[str, tuple[Any, ...]], place: int) -> Iterator[Use]:
        lower = part.lower[0] if len(part.lower) == 1 else None
        bound = lower.sides[0] if isinstance(lower, tree.Relation) else lower
        if part.operator != "sum" or not isinstance(bound, tree.Name):
            raise NotDefined("only sums over an index are read")
        own = (place, part.span, letter(bound))
        for name in map(letter, part.upper):
            if name:
                self.axes.join(("index", *own), ("size", name))
        yield from self._uses(part.of, {**scope, letter(bound): own}, place)

    def size(self, key: Any) -> Symbol:
        """The size of an axis: by the letter that the document has for it, or else by that of an index."""
        root = self.axes.of(key)
        alike = [other for other in self.axes.above if self.axes.of(other) == root]
        names = sorted(other[1] for other in alike if other[0] == "size")
        indices = sorted(other[-1] for other in alike if other[0] == "index")
        slots = sorted(f"{other[1]}{other[2]}" for other in alike if other[0] == "slot")
        name = names[0] if names else f"n_{indices[0]}" if indices else f"n_{''.join(filter(str.isalnum, slots[0]))}"
        return Symbol(f"{name}_" if name in TAKEN else name, integer=True, positive=True)


def base_of(part: Part) -> Part:
    """What marks stand on."""
    return part.base if isinstance(part, tree.Scripted) else part


def _sizes(part: Part) -> Iterator[str]:
    """The letters that sums go up to."""
    if isinstance(part, tree.Big):
        yield from filter(None, map(letter, part.upper))
    for inner in below(part):
        yield from _sizes(inner)


def use_of(part: Part, scope: Mapping[str, tuple[Any, ...]], place: int) -> Use:
    """A quantity that is written, as it is used. NotDefined where it is none."""
    name = letter(base_of(part))
    if not is_letter(name):
        raise NotDefined(f"{name or 'what stands on the left'} is no letter")
    if not isinstance(part, tree.Scripted):
        return Use(name, ())
    if part.primes or part.behind:
        raise NotDefined(f"what stands behind {name} is not read")
    indices = tuple(_index(one, scope, place) for one in _flat(part.lower))
    return Use(name, indices)


def _flat(parts: tuple[Part, ...]) -> Iterator[Part]:
    """The indices below a letter, one by one."""
    for part in parts:
        for one in part.factors if isinstance(part, tree.Product) and not any(part.between) else (part,):
            if isinstance(one, tree.Name) and len(one.text) > 1 and one.text.isalpha():
                yield from (tree.Name(one.span, character) for character in one.text)
            else:
                yield one


def _index(part: Part, scope: Mapping[str, tuple[Any, ...]], place: int) -> Index:
    moved, name = 0, ""
    for term in part.terms if isinstance(part, tree.Sum) else (part,):
        of, sign = (term.of, -1 if term.sign == "-" else 1) if isinstance(term, tree.Signed) else (term, 1)
        if isinstance(of, tree.Number) and of.text.isdigit() and len(of.text) < 4:
            moved += sign * int(of.text)
        elif isinstance(of, tree.Name) and len(letter(of)) == 1 and not name and sign == 1:
            name = letter(of)
        else:
            raise NotDefined("an index is a letter, or a number, or their sum")
    return Index(scope.get(name, (place, name)) if name else None, name, moved)


def numbers_in(head: Part) -> tuple[int | None, ...]:
    """The numbers among the indices of a head, None for letters; () where there are no numbers."""
    try:
        found = tuple(i.moved if i.scope is None else None for i in use_of(head, {}, 0).indices)
    except NotDefined:
        return ()
    return found if any(i is not None for i in found) else ()


def function_head(source: Source) -> str | None:
    """The function that an equation gives a body, as in σ(z) = z / (1 + e^{-z}); None where it defines no such."""
    head = source.head
    if not isinstance(head, tree.Product) or len(head.factors) != 2 or letter(head.factors[0]) not in FUNCTIONS:
        return None
    group = head.factors[1]
    if not isinstance(group, tree.Group) or len(group.parts) != 1 or not isinstance(group.parts[0], tree.Name):
        return None
    return letter(head.factors[0])


def any_function(source: Source) -> tuple[Use, ...] | None:
    """What an unspecified function is of, as in C = C(y): of all entries of a quantity, or of y_1, …, y_n."""
    body, head = source.body, source.head
    if not isinstance(head, tree.Name) or not isinstance(body, tree.Product) or len(body.factors) != 2:
        return None
    of, group = body.factors
    if not isinstance(group, tree.Group) or letter(of) not in (*FUNCTIONS, letter(head)) or not letter(of):
        return None
    parts = [part for part in group.parts if not isinstance(part, tree.Mark)]
    if letter(of) != letter(head) and any(not isinstance(part, tree.Name) for part in parts):
        return None
    names = dict.fromkeys(letter(base_of(part)) for part in parts)
    return None if "" in names else tuple(Use(name, ()) for name in names)


__all__ = [
    "TAKEN",
    "Inference",
    "NotDefined",
    "Source",
    "Use",
    "any_function",
    "base_of",
    "function_head",
    "numbers_in",
    "use_of",
]
