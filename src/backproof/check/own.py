"""The network that a document defines: quantities in its own letters, an axis for each sort of index.

Definitions are read by entries: ``z_i = \\sum_j W_{ij} x_j``. Two indices have one axis if they stand at the same place
of one quantity, or go up to the same size; each axis has a size of its own, by its letter where the document names it.
What is read and not defined is given, data and parameters alike; so is what a recurrence reads before its first step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sympy import Integer, Symbol

from ..notation.profiles import NIELSEN, Notation, for_network
from ..notation.reader import tree
from ..notation.reader.tree import Part, below
from ..surface.network import Definition, Function, Network
from ..surface.terms import Family, Member, free, substitute
from .letters import is_letter, letter, named
from .lower import Lowering
from .refusals import Refusal
from .relation import Reading

TITLE: Final = "the network of this document"
MOST: Final = 200  # definitions
FUNCTIONS: Final = (r"\sigma", r"\phi", r"\varphi", r"\psi", r"\tau", r"\rho", r"\ell", "f", "g")
KNOWN: Final = ("exp", "log", "ln", "tanh", "sigmoid", "Sigmoid", r"\Phi", r"\partial", r"\nabla", "e")
TAKEN: Final = ("n", "l", "L", "M")  # as sizes they have a meaning of their own
NO_SIGMA: Final = r"\mathsf{s}"  # where the document has no activation of any kind


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
        self.heads = {letter(_base(s.head)) for s in self.sources}
        for place, source in enumerate(self.sources):
            if (f := function_head(source)) is not None:
                self.functions.append(f)
                continue
            self._use(_use(source.head, {}, place))
            inputs = any_function(source)
            for use in self._uses(source.body, {}, place) if inputs is None else inputs:
                self._use(use)
        for place, source in enumerate(self.sources):
            self._check_open(place, source)
        for source in self.sources:
            for use in any_function(source) or ():
                if self.arity.get(use.letter) is None:
                    raise NotDefined(f"{use.letter} is not known here")

    def _check_open(self, _: int, source: Source) -> None:
        if any_function(source) is None and len(set(self.functions)) > 1:
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
        name = letter(_base(part))
        upper = part.upper if isinstance(part, tree.Scripted) else ()
        is_indexed = isinstance(part, tree.Scripted) and bool(part.lower)
        if name == "e" and not is_indexed:
            for inner in upper:
                yield from self._uses(inner, scope, place)
        elif any(not isinstance(u, tree.Number) for u in upper):
            raise NotDefined(f"what stands above {name} is no number: indices stand below")
        elif is_indexed or (name not in KNOWN and name not in self.size_names):
            yield _use(part, scope, place)

    def _product(self, part: tree.Product, scope: Mapping[str, tuple[Any, ...]], place: int) -> Iterator[Use]:
        for at, factor in enumerate(part.factors):
            base = _base(factor)
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


def _base(part: Part) -> Part:
    return part.base if isinstance(part, tree.Scripted) else part


def _sizes(part: Part) -> Iterator[str]:
    """The letters that sums go up to."""
    if isinstance(part, tree.Big):
        yield from filter(None, map(letter, part.upper))
    for inner in below(part):
        yield from _sizes(inner)


def _use(part: Part, scope: Mapping[str, tuple[Any, ...]], place: int) -> Use:
    name = letter(_base(part))
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


def function_head(source: Source) -> str | None:
    r"""The function that an equation gives a body, as in \sigma(z) = 1 / (1 + e^{-z}); None where it defines no such."""
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
    names = dict.fromkeys(letter(_base(part)) for part in parts)
    return None if "" in names else tuple(Use(name, ()) for name in names)


# The network.


def reading(sources: tuple[Source, ...], said: Mapping[str, str]) -> Reading:
    """What the definitions are a network of. NotDefined where they are none, or are not read."""
    if len(sources) > MOST:
        raise NotDefined(f"there are more than {MOST} definitions")
    found = Inference(sources, said)
    made = _Made(found)
    try:
        return made.reading()
    except Refusal as why:
        raise NotDefined(why.reason) from None
    except ValueError as why:
        raise NotDefined(str(why)) from None


class _Made:
    """From what is inferred to definitions: everything is given first, so that bodies can be read; then they are."""

    def __init__(self, found: Inference) -> None:
        self.found = found
        self.names: dict[str, str] = {}
        for one in found.arity:
            self.names[one] = named(one, {*self.names.values(), "sigma"})

    def reading(self) -> Reading:
        """The network, and its letters."""
        everything = self.network([self.given(one) for one in self.found.arity], ())
        row = self.row(everything)
        functions = tuple(self.functions(everything, row))
        net = self.network([*self.all_given(), *self.defined(everything, row)], functions)
        return Reading(net, self.row(net))

    def network(self, definitions: Iterable[Definition], functions: tuple[Function, ...]) -> Network:
        families = tuple(Family(self.names[one], "u" * count) for one, count in self.found.arity.items())
        letters = {name: one for one, name in self.names.items()}
        return Network(families, tuple(definitions), None, functions=functions, title=TITLE, letters=letters)

    def row(self, net: Network) -> Notation:
        made = for_network(NIELSEN, net)
        sigma = next(iter(self.found.functions), NO_SIGMA)
        return replace(made, letters={**made.letters, "sigma": sigma})

    def indices(self, one: str) -> tuple[Symbol, ...]:
        return tuple(Symbol(f"i{slot}_") for slot in range(self.found.arity[one]))

    def bound(self, one: str, slot: int, index: Symbol, first: int) -> tuple[Symbol, Any, Any]:
        return index, Integer(first), self.found.size(("slot", one, slot))

    def given(self, one: str) -> Definition:
        at = self.indices(one)
        bounds = tuple(
            self.bound(one, slot, i, min(1, self.found.first.get((one, slot), 1))) for slot, i in enumerate(at)
        )
        return Definition(Member(self.names[one], *at), bounds)

    def all_given(self) -> Iterator[Definition]:
        """What nothing defines, and what recurrences read before their first step."""
        for one, count in self.found.arity.items():
            heads = [self.head(s) for s in self.found.sources if letter(_base(s.head)) == one and not function_head(s)]
            if not heads:
                yield self.given(one)
                continue
            for slot in range(count):
                there = {int(h.indices[slot]) for h in heads if h.indices[slot].is_Integer}
                for value in range(self.found.first.get((one, slot), 1), 1):
                    if value not in there:
                        at = [Integer(value) if s == slot else i for s, i in enumerate(self.indices(one))]
                        bounds = [
                            self.bound(one, s, i, 1) for s, i in enumerate(self.indices(one)) if s != slot
                        ]
                        yield Definition(Member(self.names[one], *at), tuple(bounds))

    def head(self, source: Source) -> Any:
        use = _use(source.head, {}, 0)
        at = [Symbol(i.name) if i.scope is not None else Integer(i.moved) for i in use.indices]
        if any(i.scope is not None and i.moved for i in use.indices) or len(set(at)) < len(at):
            raise NotDefined("the indices on the left are letters, each once")
        return Member(self.names[use.letter], *at)

    def defined(self, everything: Network, row: Notation) -> Iterator[Definition]:
        for source in self.found.sources:
            if function_head(source) is not None:
                continue
            head = self.head(source)
            one = next(name for name, family in self.names.items() if family == head.family)
            numbers = self.numbers(one)
            bounds = tuple(
                self.bound(one, slot, i, 1 + max((v for v in numbers.get(slot, ()) if v > 0), default=0))
                for slot, i in enumerate(head.indices)
                if isinstance(i, Symbol)
            )
            inputs = any_function(source)
            if inputs is not None:
                read = tuple(Member(self.names[use.letter], *self.indices(use.letter)) for use in inputs)
                yield Definition(head, bounds, None, read)
            else:
                yield Definition(head, bounds, self.body(source, head, everything, row))

    def numbers(self, one: str) -> dict[int, list[int]]:
        """The values at which a quantity is defined on its own, by the place of the index."""
        found: dict[int, list[int]] = {}
        for source in self.found.sources:
            if letter(_base(source.head)) == one and function_head(source) is None:
                for slot, i in enumerate(self.head(source).indices):
                    if i.is_Integer:
                        found.setdefault(slot, []).append(int(i))
        return found

    def body(self, source: Source, head: Any, everything: Network, row: Notation) -> Any:
        made = Lowering(source.text, everything, row).value(source.body)
        if not made.is_number:
            raise NotDefined("the right side is no number: write it by entries")
        body = made.entry()
        extra = sorted(str(s) for s in free(body) - free(head) if not s.is_positive)
        if extra:
            raise NotDefined(f"{extra[0]} stands on the right alone: is it to be summed over?")
        return body

    def functions(self, everything: Network, row: Notation) -> Iterator[Function]:
        for source in self.found.sources:
            if function_head(source) is None:
                continue
            assert isinstance(source.head, tree.Product)
            group = source.head.factors[1]
            assert isinstance(group, tree.Group)
            u, argument = Symbol("u"), letter(group.parts[0])
            scalar = Network((Family("u_", ""),), (Definition(Member("u_")),), None, letters={"u_": argument})
            made = Lowering(source.text, scalar, for_network(row, scalar)).value(source.body)
            yield Function("sigma", u, substitute(made.entry().subs(Member("u_"), u), {}))


__all__ = ["NotDefined", "Source", "any_function", "reading"]
