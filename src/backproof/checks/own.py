"""The network that a document defines: quantities in its own letters, an axis for each sort of index.

What is read and not defined is given, data and parameters alike; so is what a recurrence reads before its first step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from sympy import Integer, Symbol

from ..notation.profiles import LETTERS, NIELSEN, Notation, for_network
from ..notation.reader import tree
from ..surface.network import Definition, Function, Network
from ..surface.terms import Family, Member, free
from .inference import Inference, NotDefined, Source, any_function, base_of, function_head, use_of
from .letters import letter, named
from .lower import Lowering
from .refusals import Refusal
from .relation import Reading

TITLE: Final = "the network of this document"
MOST: Final = 200  # definitions
NO_SIGMA: Final = r"\tilde{\Xi}"  # where the document has no activation of any kind: no letter that anybody takes


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
            self.names[one] = named(one, {*self.names.values(), *LETTERS})

    def reading(self) -> Reading:
        """The network, and its letters."""
        everything = self.network([self.given(one) for one in self.found.arity], ())
        row = self.row(everything)
        functions = tuple(self.functions())
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
            heads = [
                self.head(s) for s in self.found.sources if letter(base_of(s.head)) == one and not function_head(s)
            ]
            if not heads:
                yield self.given(one)
                continue
            for slot in range(count):
                there = {int(h.indices[slot]) for h in heads if h.indices[slot].is_Integer}
                for value in range(self.found.first.get((one, slot), 1), 1):
                    if value not in there:
                        at = [Integer(value) if s == slot else i for s, i in enumerate(self.indices(one))]
                        bounds = [self.bound(one, s, i, 1) for s, i in enumerate(self.indices(one)) if s != slot]
                        yield Definition(Member(self.names[one], *at), tuple(bounds))

    def head(self, source: Source) -> Any:
        use = use_of(source.head, {}, 0)
        at = [Symbol(i.name) if i.scope is not None else Integer(i.moved) for i in use.indices]
        if any(i.scope is not None and i.moved for i in use.indices) or len(set(at)) < len(at):
            raise NotDefined("the indices on the left are letters, each once")
        if len(at) != (count := self.found.arity[use.letter]):
            said = f"{use.letter} has {len(at)} indices where it is defined, and {count} elsewhere"
            raise NotDefined(f"{said}: vectors and matrices are not read here, but their entries, z_i and W_{{ij}}")
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
            if letter(base_of(source.head)) == one and function_head(source) is None:
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

    def functions(self) -> Iterator[Function]:
        for source in self.found.sources:
            if function_head(source) is None:
                continue
            assert isinstance(source.head, tree.Product)
            group = source.head.factors[1]
            assert isinstance(group, tree.Group)
            u, argument = Symbol("u"), letter(group.parts[0])
            scalar = Network((Family("u_", ""),), (Definition(Member("u_")),), None, letters={"u_": argument})
            made = Lowering(source.text, scalar, for_network(NIELSEN, scalar)).value(source.body)
            yield Function("sigma", u, made.entry().subs(Member("u_"), u))


__all__ = ["reading"]
