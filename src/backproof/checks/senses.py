"""In which senses a claim can be taken: about one example or many, one layer or several, and how layers are numbered.

What is written decides: who writes 1/m, Z or x^{(i)} speaks of many examples, and who writes no layer of one layer.
Where that leaves more than one, all are tried, in this order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

from sympy import Integer

from ..networks.dense import dense_network, extended
from ..networks.setting import Setting
from ..networks.tables import SOFTMAX
from ..notation import profiles
from ..notation.reader import Unreadable, read, tree
from ..notation.reader.tree import Part
from ..notation.row import Notation
from ..surface.network import Definition, Network
from ..surface.terms import C, Family, L, Member
from . import units
from .meanings import Meaning, used
from .quantities import count
from .scalar import LIMIT, Scalar, lettered, scalar, settings
from .sense import Sense, activities
from .spelling import WORDS, behind_d, flat, is_transpose, layer_word, letter, numbered, parts_of, spellings
from .updates import RATES

LAYERED: Final = ("w", "b", "z", "a", "delta")
NOTHING: Final = Sense()  # is left to the reader
#: Letters that parentheses behind say no more than what they are of.
_CALLED: Final = ("J", "C", "E", "L", "h", r"\mathcal{L}", r"\mathcal{C}", r"\mathcal{J}", "l", "cost")
_NUMBERED: Final = re.compile(r"[\^_{(\[\s]?[01](?!\d)")
FROM_ONE: Final = "the first layer with weights is layer 1"
_DEEPEST: Final = 9  # of networks whose depth is that of the layers that are numbered
_INPUTS: Final = 3  # where the last layer has one unit


@dataclass(frozen=True)
class Said:
    """What is written in a display, as far as it says in which sense."""

    parts: tuple[Part, ...]
    row: Notation

    @cached_property
    def values(self) -> tuple[Part, ...]:
        """The letters that stand for quantities, with their marks: not those of indices."""
        found = (behind_d(value) or value for part in self.parts for value in _values(part))
        return tuple(one for value in found for one in self._letters(value))

    def _letters(self, part: Part) -> tuple[Part, ...]:
        """A word of letters side by side as these."""
        text = part.text if isinstance(part, tree.Name) else ""
        if len(text) < 2 or text in WORDS or not text.isalpha() or not text.isascii() or self.spelled(part) is not None:
            return (part,)
        letters = tuple(tree.Name((at, at + 1), sign) for at, sign in enumerate(text, start=part.span[0]))
        return letters if all(self.spelled(one) for one in letters) else (part,)

    def spelled(self, part: Part) -> str | None:
        """The family of a letter, without a look at its indices."""
        text = letter(_base(part))
        for name in (text, numbered(text)[0]):
            found = spellings(name, self.row, {*LAYERED, "x", "y", "C", "Cx", "M"})
            if found:
                return found[0].family
        return None

    @cached_property
    def many(self) -> bool:
        """Whether it speaks of several examples."""
        return any(map(self._is_of_many, self.values)) or any(map(self._sums_examples, self._sums))

    @cached_property
    def _sums(self) -> tuple[tree.Big, ...]:
        return tuple(p for part in self.parts for p in parts_of(part) if isinstance(p, tree.Big))

    @cached_property
    def from_zero(self) -> bool:
        """Whether units are summed from 0: then there is a unit 0, whose weight is the bias."""
        firsts = (p for big in self._sums for p in big.lower if isinstance(p, tree.Relation) and p.relations == ("=",))
        return any(p.sides[1] == tree.Number((0, 0), "0") for p in firsts)

    def _sums_examples(self, part: tree.Big) -> bool:
        """Whether it is over what numbers examples, or what costs are numbered by."""
        names = {letter(p) for lower in part.lower for p in parts_of(lower)}
        costs = (p for p in _values(part.of) if isinstance(p, tree.Scripted) and self.spelled(p) in ("C", "Cx"))
        marks = {letter(p) for cost in costs for mark in (*cost.lower, *cost.upper) for p in parts_of(mark)}
        return bool(names & {*self.row.numbers_examples, *marks})

    def _is_of_many(self, part: Part) -> bool:
        text, family = letter(_base(part)), self.spelled(part)
        if family == "M" and not isinstance(part, tree.Scripted):
            return True
        capital = numbered(text)[0] in (*self.row.whole.values(), "Z", "A", "X", "Y", "H", "O", r"\hat{Y}")
        if capital and family in ("z", "a", "x", "y", "delta"):
            return True
        if not isinstance(part, tree.Scripted) or family is None:
            return False
        marks = [letter(p) for p in flat(part.lower) if letter(p) in self.row.numbers_examples]
        if marks and family not in ("C", "Cx"):
            return True
        return family in (*LAYERED, "x", "y") and self._has_example_above(part, family)

    def _has_example_above(self, part: tree.Scripted, family: str) -> bool:
        """a^{[l](i)}, x^{(i)}."""
        uppers = [u for u in flat(part.upper) if not is_transpose(u)]
        groups = [u for u in uppers if isinstance(u, tree.Group)]
        return len(uppers) > 1 if family in LAYERED else bool(groups)

    @cached_property
    def layers(self) -> tuple[Part, ...]:
        """Letters of layers that are written without one."""
        return tuple(part for part in self.values if self._has_no_layer(part))

    def _has_no_layer(self, part: Part) -> bool:
        text = letter(_base(part))
        family = self.spelled(part)
        if family not in LAYERED:
            return False
        found = spellings(text, self.row, {family})
        if found and all(s.layer is not None for s in found):
            return False
        if not found and numbered(text)[1] is not None:
            return False
        if not isinstance(part, tree.Scripted):
            return not (found and any(s.layer is not None for s in found))
        if isinstance(part.base, tree.Scripted):  # {W^{(l)}}^T
            return self._has_no_layer(part.base)
        is_power = self.row.layers == "letter" and part.lower  # z_j^2
        above = (u for u in part.upper if not (is_transpose(u) or (is_power and isinstance(u, tree.Number))))
        if any(True for _ in above) or part.behind or layer_word(part.lower):
            return False
        return not (self.row.layers == "number" and _is_layer(part.lower))

    @cached_property
    def rates(self) -> tuple[str, ...]:
        """Letters of numbers that are not of the network."""
        names = {letter(part).removeprefix("\\") for part in self.values if not isinstance(part, tree.Scripted)}
        return tuple(sorted(name for name in names & set(RATES) if not self._means(f"\\{name}")))

    @property
    def penalty(self) -> bool:
        return any(letter(part) == r"\lambda" for part in self.values)

    def _means(self, text: str) -> bool:
        return bool(spellings(text, self.row, {*LAYERED, "sigma", "x", "y"}))

    @cached_property
    def numbers(self) -> tuple[tuple[str, int], ...]:
        """The families of layers that are numbered, with the number."""
        found = []
        for part in self.values:
            family = self.spelled(part)
            if family in LAYERED and (number := _number_of(part, self.row)) is not None:
                found.append((family, number))
        return tuple(found)

    @cached_property
    def outputs(self) -> bool:
        """Whether it speaks of the outputs or of targets, and not of a layer L."""
        of_last = any(
            s.layer == "L" for p in self.values for s in spellings(letter(_base(p)), self.row, {"a", "z"})[:1]
        )
        marks = {letter(q) for p in self.values if isinstance(p, tree.Scripted) for u in p.upper for q in parts_of(u)}
        return "L" not in marks and (of_last or any(map(self._is_of_output, self.values)))

    @cached_property
    def one_hidden(self) -> bool:
        """Whether there is one hidden layer: H and W_out, W_hidden."""
        words = {layer_word(p.lower) for p in self.values if isinstance(p, tree.Scripted)}
        hidden = any(s.layer == 2 for p in self.values for s in spellings(letter(_base(p)), self.row, {"a", "z"})[:1])
        return "hidden" in words or ("out" in words and hidden)

    def _is_of_output(self, part: Part) -> bool:
        """Whether it is a target, or the part of the cost that an output adds: J_{i1}."""
        if self.spelled(part) in ("C", "Cx"):
            return isinstance(part, tree.Scripted) and not part.upper and count(part.lower) > 1
        return self.spelled(part) == "y"

    @cached_property
    def logs(self) -> bool:
        """Whether there are logarithms, and no sum over outputs: a cost is written so where there is one output."""
        return any(letter(p) in ("log", "ln") for part in self.parts for p in parts_of(part))

    @cached_property
    def sums_all(self) -> bool:
        """Whether examples are summed and no axis is said: then there is one unit."""
        products = [p for part in self.parts for p in parts_of(part) if isinstance(p, tree.Product)]
        pairs = (pair for p in products for pair in pairwise(p.factors))
        return any(letter(f) == "np.sum" and isinstance(g, tree.Group) and len(g.parts) == 1 for f, g in pairs)

    @cached_property
    def counted(self) -> bool:
        """Whether units are written out one by one, w_11 x_1 + w_12 x_2: then there are so many."""
        sums = (p for part in self.parts for p in parts_of(part) if isinstance(p, tree.Sum))
        return any(self._counts(part) for term in sums for part in _values(term))

    def _counts(self, part: Part) -> bool:
        lower = list(flat(part.lower)) if isinstance(part, tree.Scripted) else []
        text = "".join(p.text for p in lower if isinstance(p, tree.Number))
        return self.spelled(part) == "w" and (len(text) > 1)

    @cached_property
    def one_output(self) -> bool:
        """Whether weights have one index: then there is one output."""
        weights = [p for p in self.layers if isinstance(p, tree.Scripted) and self.spelled(p) == "w"]
        lowers = [list(flat(p.lower)) for p in weights if p.lower]
        return any(len(at) == 1 and (len(letter(at[0])) == 1 or isinstance(at[0], tree.Number)) for at in lowers)

    @cached_property
    def numbered_units(self) -> bool:
        """Whether a small w has a number below, in a notation with W: w_1, of one unit, where there is one layer."""
        weights = [p for p in self.values if isinstance(p, tree.Scripted) and self.spelled(p) == "w" and not p.upper]
        small = (p for p in weights if letter(_base(p)) == "w" and self.row.letters["w"] == "W")
        return any(len(p.lower) == 1 and isinstance(p.lower[0], tree.Number) for p in small)

    @cached_property
    def column(self) -> bool:
        """Whether weights are a small w, for W elsewhere, or transposed, as in w^T x: those of one unit, a column."""
        weights = [p for p in self.layers if self.spelled(p) == "w"]
        bare = all(letter(_base(p)).islower() and not _has_index(p) for p in weights)
        own = self.row.letters["w"] == "w"
        return bool(weights) and bare and (not own or any(isinstance(p, tree.Scripted) for p in weights))

    @cached_property
    def lines(self) -> bool:
        """Whether a matrix of a layer has one index."""
        weights = [p for p in self.values if isinstance(p, tree.Scripted) and self.spelled(p) == "w" and p.lower]
        layered = (p for p in weights if any(not is_transpose(upper) for upper in p.upper))
        return self.row.layers != "number" and any(len(letter(p.lower[0])) == len(p.lower) == 1 for p in layered)

    @cached_property
    def examples(self) -> frozenset[str]:
        """Letters that number the one example, where units have others."""
        others = (p for p in self.values if isinstance(p, tree.Scripted) and self.spelled(p) not in ("C", "Cx", "y"))
        units = {name for p in others for lower in flat(p.lower) for name in letter(lower)}
        return frozenset(self.row.example.values()) - units

    @cached_property
    def plain(self) -> bool:
        """Whether all that has no layer has no index either, and nothing is a matrix or is transposed: it may be about
        one unit.
        """
        if any(is_transpose(u) for p in self.values if isinstance(p, tree.Scripted) for u in p.upper):
            return False
        bare = not any(isinstance(p, tree.Scripted) and p.lower and not layer_word(p.lower) for p in self.values)
        return bare and not self.many and not any(letter(_base(p)).isupper() for p in self.layers)


def _has_index(part: Part) -> bool:
    return isinstance(part, tree.Scripted) and bool(part.lower or part.behind)


def _base(part: Part) -> Part:
    while isinstance(part, tree.Scripted):
        part = part.base
    return part


def _values(part: Part) -> Iterator[Part]:
    """The letters of quantities in a part, each with its marks."""
    if isinstance(part, tree.Name) or (isinstance(part, tree.Scripted) and isinstance(_base(part), tree.Name)):
        yield part
    if isinstance(part, tree.Name):
        return
    if isinstance(part, tree.Scripted):
        base = _base(part)
        if letter(base) == r"\nabla":
            yield from (found for lower in part.lower for found in _values(lower))
        if not isinstance(base, tree.Name):
            yield from _values(base)
        if letter(base) == "e":
            yield from (found for upper in part.upper for found in _values(upper))
        return
    below = (part.of, *part.upper) if isinstance(part, tree.Big) else tuple(tree.below(part))
    if isinstance(part, tree.Product):
        below = tuple(
            f for before, f in zip((None, *part.factors), part.factors, strict=False) if not _is_of(before, f)
        )
    for inner in below:
        yield from _values(inner)


def _is_of(before: Part | None, part: Part) -> bool:
    """Whether it says what a cost, or an output, is of: J(Theta)."""
    group = isinstance(part, tree.Group) and part.kind == "("
    is_slope = isinstance(before, tree.Scripted) and before.primes > 0  # h'(a_j)
    return before is not None and group and not is_slope and letter(_base(before)) in _CALLED


def _is_layer(lower: tuple[Part, ...]) -> bool:
    names = {letter(p) for part in lower for p in parts_of(part) if isinstance(p, tree.Name)}
    return len(lower) == 1 and names <= {"l", "L", r"\ell"} and not isinstance(lower[0], tree.Mark)


def _number_of(part: Part, row: Notation) -> int | None:
    number = numbered(letter(_base(part)))[1]
    if isinstance(part, tree.Scripted) and isinstance(part.base, tree.Scripted):
        return _number_of(part.base, row)
    if isinstance(part, tree.Scripted):
        marks = [u for u in flat(part.upper) if not is_transpose(u)][:1]
        if not marks and row.layers == "number" and len(part.lower) == 1:
            marks = list(part.lower)
        inner = marks[0].parts[0] if marks and isinstance(marks[0], tree.Group) else marks[0] if marks else None
        if isinstance(inner, tree.Number) and inner.text.isdigit() and len(inner.text) < 4:
            return int(inner.text)
    return number


# The senses.


@dataclass(frozen=True)
class Taken:
    """A sense, with the network and the notation that belong to it, and what it takes for granted, in words."""

    net: Network
    row: Notation
    sense: Sense
    words: tuple[str, ...] = ()
    setting: Setting | None = None
    rank: int = 0  #: of those with the lowest that has a meaning, one is enough
    counted: bool = False  #: whether units are written out, and their number is not known


def senses(
    display: tree.Display, row: Notation, setting: Setting, base: Sense, meanings: tuple[Meaning, ...] = ()
) -> list[Taken]:
    """The senses in which a display can be taken about the network of a setting; the likely one first."""
    parts = tuple(s.says for line in display.lines for s in line)
    given = Said((*parts, *(meaning.body for meaning in used(parts, meanings))), row)
    if setting.depth == 2 and given.numbered_units:
        row = replace(row, layers="marker")
        given = Said(given.parts, row)
    if not meanings and (one := scalar(parts, row)) is not None:
        return list(_of_one_number(one, row, setting))
    return [
        replace(taken, rank=rank)
        for one, counted in _rows(given)
        for said in [Said(given.parts, one)]
        for rank, way, words in _settings(said, _as_deep(said, setting))
        for one_way in _taken(said, way, base, (*words, *counted))
        for taken in _with_lines(said, one_way)
    ]


def _of_one_number(found: Scalar, row: Notation, setting: Setting) -> Iterator[Taken]:
    for way in settings(found, setting, row):
        net = dense_network(way)
        if found.small:
            net = extended(net, [Family(LIMIT, "")], C, Definition(Member(LIMIT)))
        sense = Sense(single=True, ones=True, activities=activities(way))
        yield Taken(net, profiles.for_network(lettered(found, row), net), sense, setting=way)


def about_net(display: tree.Display, row: Notation, net: Network, base: Sense = NOTHING) -> list[Taken]:
    """The same about one network, which stays as it is."""
    said = Said(tuple(s.says for line in display.lines for s in line), row)
    made = replace(base, single=net.depth == 2, units=_units(said, net.depth), numbers=said.examples)
    return [Taken(_with_rates(said, net), row, made)]


def _with_lines(said: Said, taken: Taken) -> Iterator[Taken]:
    """With a row or a column of a matrix where its letter has one index, w_j: the weights into j, or those from j."""
    if not said.lines or taken.sense.weights is not None:
        yield taken
        return
    for which in (0, 1):
        for lies in (True, False):
            yield replace(taken, sense=replace(taken.sense, weights=(which, lies)))


def _settings(said: Said, given: Setting) -> Iterator[tuple[int, Setting, tuple[str, ...]]]:
    """With one example or many, as it is written; the other, where that has no meaning."""
    setting = _with_bias(said, given)
    one = replace(setting, examples="one", reduction=None, penalty=None) if setting.many else setting
    many = replace(setting, examples="M", reduction=said.row.total) if said.many and not setting.many else setting
    ways = [many, one] if said.many else [one, setting]
    if setting.penalty is not None and said.penalty:  # the document says what the penalty is
        ways = [setting]
    for rank, way in enumerate(dict.fromkeys(ways)):
        if not said.penalty or way.penalty is not None:
            yield rank, way, ()
        else:
            for penalty in ["l2", "l2/M"] if way.many else ["l2"]:
                divided = r" / m" if penalty == "l2/M" else ""
                words = f"the penalty is lambda / 2{divided} times the sum of the squares of the weights"
                yield rank, replace(way, penalty=penalty), (words,)


def _with_bias(said: Said, setting: Setting) -> Setting:
    """The setting with a bias, where there is one in what is written."""
    if setting.bias != "unit" and said.from_zero:
        return replace(setting, bias="unit")
    written = any(said.spelled(part) == "b" for part in said.values)
    return replace(setting, bias="vector") if setting.bias == "none" and written else setting


def _taken(said: Said, setting: Setting, base: Sense, words: tuple[str, ...]) -> Iterator[Taken]:
    if base.ones:
        depth = int(setting.depth) if setting.depth != L else 4
        yield _made(said, replace(setting, sizes=(1,) * depth, depth=None), replace(base, single=depth == 2), words)
        return
    layers = _units(said, setting.depth)
    if said.logs and setting.sizes is None and not said.layers:
        depth = int(setting.depth) if setting.depth != L else 3
        alone = replace(setting, depth=None, sizes=(*range(3, depth + 2), 1))
        yield _made(said, setting, replace(base, single=setting.depth == 2), words)
        made = replace(base, single=setting.depth == 2)
        if not _is_softmax(setting):
            yield _made(said, alone, made, (*words, "the last layer has one unit"))
        return
    if not said.layers or (layers and said.row.layers == "letter" and setting.depth != 2):
        yield _made(said, setting, replace(base, single=setting.depth == 2, units=layers), words)
        return
    if setting.depth not in (L, 2):
        yield _made(said, setting, base, words)
        return
    alone = _alone(setting)
    single = replace(base, single=True)
    if said.one_output:
        yield _made(
            said, replace(alone, depth=None, sizes=(_INPUTS, 1)), single, (*words, "the last layer has one unit")
        )
        return
    yield _made(said, alone, single, words)
    neuron = replace(alone, depth=None, sizes=(_INPUTS, 1))
    if _is_softmax(setting):
        return
    if said.column:
        turned = Said(said.parts, replace(said.row, from_first=not said.row.from_first))
        yield _made(turned, neuron, single, (*words, "the last layer has one unit", "w is a column"))
    elif said.logs or said.sums_all:
        yield _made(said, neuron, single, (*words, "the last layer has one unit"))
    if said.plain:
        ones = replace(alone, depth=None, sizes=(1, 1))
        yield _made(said, ones, replace(single, ones=True), (*words, "it is about one unit"))


def _is_softmax(setting: Setting) -> bool:
    """Whether the outputs are a softmax: of one unit, that is 1, and what is said of it says nothing."""
    given = setting.activation
    return (given[-1] if isinstance(given, tuple) else given) in (SOFTMAX, "softmax")


def _alone(setting: Setting) -> Setting:
    """The setting with one layer of weights."""
    if setting.depth == 2:
        return setting
    given = setting.activation
    last = given[-1] if isinstance(given, tuple) else given
    return replace(setting, depth=Integer(2), activation=last)


def _made(said: Said, setting: Setting, sense: Sense, words: tuple[str, ...]) -> Taken:
    net = dense_network(setting)
    row = profiles.for_network(said.row, net)
    made = replace(sense, activities=activities(setting), numbers=said.examples)
    return Taken(_with_rates(said, net), row, made, words, setting, counted=said.counted and net.widths is None)


def _with_rates(said: Said, net: Network) -> Network:
    new = [name for name in said.rates if name not in net.kinds]
    if not new or net.depth is None:
        return net
    return extended(net, [Family(name, "") for name in new], C, *(Definition(Member(name)) for name in new))


def _units(said: Said, depth: Any) -> dict[str, Any]:
    """The layers of index letters, where the notation says layers so and none is written."""
    if said.row.layers != "letter" or not said.layers:
        return {}
    return units.layers(said.parts, said.row, depth)


def with_units(sides: tuple[Part, ...], row: Notation, net: Network, sense: Sense) -> Sense:
    """The sense with the layers that index letters have in these sides."""
    return replace(sense, units=_units(Said(sides, row), net.depth)) if sense.units else sense


def counts_from_one(text: str, row: Notation) -> bool:
    """Whether a text says that the first layer with weights is layer 1: it has w^1, or a^0."""
    if not _NUMBERED.search(text):
        return False
    try:
        display = read(text)
    except Unreadable:
        return False
    return _counts_from_one(Said(tuple(s.says for line in display.lines for s in line), row))


def _counts_from_one(said: Said) -> bool:
    return any(number == 0 or (number == 1 and family != "a") for family, number in said.numbers)


def _rows(said: Said) -> Iterator[tuple[Notation, tuple[str, ...]]]:
    """Where numbers do not say from where they count, both ways: the input is layer 1, or the first weights are."""
    row = said.row
    if not said.numbers or row.first != 1 or row.shifts:
        is_decided = bool(said.numbers) and row.first == 0 and profiles.NOTATIONS[row.name].first == 1
        yield row, (FROM_ONE,) if is_decided else ()
        return
    sure = _counts_from_one(said)
    if not sure:
        yield row, ()
    if sure or row.layers == "number":
        yield replace(row, first=0), (FROM_ONE,)


def _as_deep(said: Said, setting: Setting) -> Setting:
    """As deep as the layers that are numbered, where the outputs are among what is spoken of, and no depth is said."""
    if setting.depth == L and said.one_hidden:
        return replace(setting, depth=Integer(3))
    if setting.depth != L or not said.numbers or not said.outputs:
        return setting
    last = max(number + 1 - said.row.first + said.row.shifts.get(family, 0) for family, number in said.numbers)
    return replace(setting, depth=Integer(last)) if 2 < last <= _DEEPEST else setting


__all__ = ["Taken", "about_net", "counts_from_one", "senses", "with_units"]
