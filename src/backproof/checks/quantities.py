"""Letters with their marks as arrays: which family, which layer, which units, which example."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sympy import Add, Integer, Mul, Symbol, expand

from ..core.network import inside
from ..notation.reader import tree
from ..notation.reader.tree import Part, Span
from ..notation.row import Spelling
from ..surface.back import index
from ..surface.elaborate import quantity
from ..surface.terms import L, M, Member, NonNegative, n
from . import arrays
from .arrays import SINGLE, Array
from .refusals import Malformed, Unknown
from .spelling import WORDS, flat, is_transpose, layer_word, letter, numbered, parts_of, spellings

if TYPE_CHECKING:
    from .lower import Lowering

DIGITS: Final = 100
_COSTS: Final = ("C", "Cx")


@dataclass(frozen=True)
class Marked:
    """A letter, and what is written around it; ``units`` are the indices below, ``None`` for all of them."""

    spelling: Spelling
    span: Span
    layer: Part | int | None = None
    units: tuple[Part, ...] = ()
    example: Part | None = None
    transposed: bool = False
    power: Part | None = None


def spelled(low: Lowering, part: Part) -> Spelling | None:
    """What the letter of a part is read for: the family with as many indices as are written, or else the first."""
    base, units = (part.base, count(part.lower)) if isinstance(part, tree.Scripted) else (part, 0)
    units = 0 if isinstance(part, tree.Scripted) and layer_word(part.lower) else units
    text = letter(base)
    found = spellings(text, low.row, low.families) or spellings(numbered(text)[0], low.row, low.families)
    lower = [letter(one) for one in flat(part.lower)] if isinstance(part, tree.Scripted) else []
    numbered_first = bool(lower) and lower[0][:1] in low.sense.numbers

    if text == "x" and low.row.layers == "letter" and len(lower) > 1 and not {*lower} & {*low.row.numbers_examples}:
        return Spelling("a", text)  # x_ji is what unit j gets from i

    def fits(s: Spelling) -> bool:
        more = 1 if numbered_first and s.family in low.row.example else 0
        return low.net.kinds.get(s.family, "").count("u") + more == units

    return next(iter([*filter(fits, found), *found]), None)


def count(parts: tuple[Part, ...]) -> int:
    """How many indices are written: each letter and digit is one where there is no comma."""
    names = [part.text if isinstance(part, tree.Name | tree.Number) else "?" for part in flat(parts)]
    return len(names[0]) if len(names) == 1 and names[0].isalnum() and names[0] not in WORDS else len(names)


def quantity_of(low: Lowering, part: Part, example: Part | None = None) -> Array | None:
    """The array or number that a letter with its marks is; None where it is none of the notation's.

    ``example``: which one it is of, if that is written behind it.
    """
    found = marked(low, part)
    if found is None:
        return None
    if example is not None and found.example is None and low.net.kinds[found.spelling.family].endswith("e"):
        found = replace(found, example=example)
    made = _made(low, found)
    made = arrays.transposed(made, part.span) if found.transposed else made
    return low.power(made, found.power, part.span) if found.power is not None else made


def marked(low: Lowering, part: Part) -> Marked | None:
    """A letter with its marks sorted; marks on a letter in braces are of the same letter."""
    if isinstance(part, tree.Scripted) and isinstance(part.base, tree.Scripted) and not part.base.primes:
        inner = marked(low, part.base)
        return None if inner is None else _more(low, replace(inner, span=part.span), part)
    spelling = spelled(low, part)
    if spelling is None:
        return None
    base = part.base if isinstance(part, tree.Scripted) else part
    number = None if spellings(letter(base), low.row, low.families) else numbered(letter(base))[1]
    bare = Marked(spelling, part.span, number)
    made = _more(low, bare, part) if isinstance(part, tree.Scripted) else bare
    if made.layer is None and spelling.layer is None and not _is_input(low, made):
        others = (s for s in spellings(letter(base), low.row, {spelling.family}) if s.layer is not None)
        made = replace(made, spelling=next(others, spelling))
    return made


def _more(low: Lowering, found: Marked, part: tree.Scripted) -> Marked:
    if part.primes or (part.behind and (part.lower or found.units)):
        raise Unknown(part.span, f"{low.shown(part)} is not understood here")
    layered = low.net.kinds.get(found.spelling.family, "").startswith("l") and found.spelling.layer != "L"
    uppers = list(flat(part.upper))
    others = [upper for upper in uppers if not is_transpose(upper)]
    layer, example, power = found.layer, found.example, found.power
    behind = list(part.behind)  # w[l, j, k]
    if behind and layered and layer is None:
        layer = behind.pop(0)
    below = tuple(_split(part.lower, low, found.spelling))
    if layered and layer is None and (there := _layer_of_word(low, found, part.lower)) is not None:
        layer, below = there, ()
    marked_apart = low.row.layer != "{}"  # a bare number above is a power where layers are in brackets
    numbered_below = layer is None and layered and marked_apart and _is_number_of_layer(low, below)
    squared = numbered_below or (low.row.layers == "letter" and bool(part.lower))  # z_j^2, and not a layer
    layered_above = [u for u in others if not (squared and isinstance(u, tree.Number))]
    if low.row.layer == "[{}]" and low.many:  # a^{(i)} is of an example
        layered_above = [u for u in layered_above if not _is_bracketed(u, "(")]
    placed = _layer_among(layered_above) if layered and layer is None else None
    for upper in others:
        if upper is placed:
            layer = upper
        elif isinstance(upper, tree.Number) and (squared or not layered) and power is None:
            power = upper
        elif example is None and _numbers_example(upper):
            example = upper
        else:
            raise Unknown(upper.span, f"{low.shown(upper)} above {low.shown(part.base)}")
    lower = (*behind, *below)
    if layer is None and layered and _is_number_of_layer(low, lower):
        [layer], lower = lower, ()
    return replace(
        found, layer=layer, units=found.units + lower, example=example, power=power,
        transposed=found.transposed != (len(others) != len(uppers)),
    )  # fmt: skip


def _layer_of_word(low: Lowering, found: Marked, lower: tuple[Part, ...]) -> Part | int | None:
    """The layer of ``W_{out}``, ``a_{in}`` and the like, as the notation numbers it."""
    family, word, depth = found.spelling.family, layer_word(lower), low.net.depth
    if not word or depth is None or low.row.shifts.get(family, 0) or (word == "hidden" and depth != 3):
        return None
    if word == "out":
        return tree.Name(found.span, "L")
    enters = word == "hidden" or family not in ("a", "x")
    return low.row.first + int(enters)


def _layer_among(uppers: list[Part]) -> Part | None:
    """Which of the marks above is the layer: one in square brackets or with an l in it, or else the first."""
    sure = [u for u in uppers if _is_bracketed(u, "[<") or any(letter(p) in ("l", "L", r"\ell") for p in parts_of(u))]
    return next(iter([*sure, *uppers]), None)


def _is_bracketed(part: Part, kinds: str) -> bool:
    return isinstance(part, tree.Group) and part.kind in kinds


def _numbers_example(part: Part) -> bool:
    inner = part.parts[0] if isinstance(part, tree.Group) and len(part.parts) == 1 else part
    return isinstance(inner, tree.Name | tree.Number) and letter(inner) not in ("l", "L", r"\ell")


def _is_number_of_layer(low: Lowering, lower: tuple[Part, ...]) -> bool:
    """W_1, a_{l-1}: what stands below is a layer, where the notation writes them so."""
    if len(lower) != 1 or not (low.row.layers == "number" or low.sense.ones):
        return False
    letters = {letter(p) for p in parts_of(lower[0]) if isinstance(p, tree.Name)}
    return letters <= {"l", "L", r"\ell"} and not isinstance(lower[0], tree.Mark)


def _split(parts: tuple[Part, ...], low: Lowering, spelling: Spelling) -> Iterator[Part]:
    """``jk`` as j and k, ``12`` as 1 and 2; a number in front of a letter with a layer is that number."""
    kinds = low.net.kinds.get(spelling.family, "").removeprefix("l")
    for one in flat(parts):
        text = one.text if isinstance(one, tree.Name | tree.Number) else ""
        alone = len(parts) == 1 and len(text) > 1 and text not in WORDS and text.isalnum() and text.isascii()
        if alone and (isinstance(one, tree.Name) or len(text) == len(kinds)):
            for at, sign in enumerate(text, start=one.span[0]):
                yield (tree.Number if sign.isdigit() else tree.Name)((at, at + 1), sign)
        else:
            yield one


# From marks to arrays.


def _made(low: Lowering, found: Marked) -> Array:
    family = found.spelling.family
    if family == "M":
        return arrays.number(_examples(low, found), found.span)
    if family in _COSTS:
        return arrays.number(cost(low, found), found.span)
    kinds = low.net.kinds[family]
    layers: tuple[Any, ...] = (_layer(low, found),) if kinds.startswith("l") else ()
    slots = _slots(low, found, layers, kinds.removeprefix("l"))
    if family == "a" and low.row.outputs_apart and found.spelling.layer is None and len(low.sense.activities) > 1:
        low.conditions.append(NonNegative(low.net.depth - 1 - layers[0]))  # outputs have another letter
    made = member(low, family, found.span, layers, slots)
    lies = family == "w" and slots.count(None) == 1 and low.sense.weights is not None and low.sense.weights[1]
    return arrays.transposed(made, found.span) if lies else made


def _examples(low: Lowering, found: Marked) -> Any:
    if M not in low.net.symbols or found.units or found.layer:
        raise Unknown(found.span, f"{low.at(found.span)} is not understood: there is one example")
    return M


def cost(low: Lowering, found: Marked) -> Any:
    """The cost, or that of one example."""
    own = "Cx" in low.net.kinds
    if len(found.units) > 1:
        raise Unknown(found.span, f"{low.at(found.span)} is a part of the cost, and it is not said which")
    mark = found.example or (found.units[0] if len(found.units) == 1 else None)
    if isinstance(mark, tree.Number) and mark.text == "0":
        return _without_penalty(low, found)
    if not own and isinstance(mark, tree.Name) and spellings(letter(mark), low.row, {"a", "z", "w", "b"}):
        raise Unknown(found.span, f"{low.at(found.span)} is not understood here")
    if not own:
        return Member("C")
    if not low.net.kinds["Cx"]:
        return Member("Cx") if found.spelling.family == "Cx" else Member("C")
    if mark is not None:
        return Member("Cx", low.example_index(mark))
    if found.spelling.family == "C":
        return Member("C")
    if low.example is None:
        raise Unknown(found.span, f"{low.at(found.span)} is the cost of an example, and it is not said of which")
    return Member("Cx", low.noted_example(low.example, found.span))


def _without_penalty(low: Lowering, found: Marked) -> Any:
    """``C_0``: the cost without its penalty."""
    bodies = [d.body for d in low.net.definitions if d.head == Member("C") and d.body is not None]
    terms = [term for body in bodies for term in Add.make_args(expand(body))]
    kept = [term for term in terms if Member("lambda") not in term.atoms(Member)]
    if len(kept) == len(terms):
        raise Unknown(found.span, f"{low.at(found.span)}: there is no penalty that it could be without")
    return Add(*kept)


def _layer(low: Lowering, found: Marked) -> Any:
    """The layer of a quantity, as the network numbers it."""
    family, given = found.spelling.family, found.layer
    shift = low.row.shifts.get(family, 0)
    if given is not None:
        layer = (low.numbered(Integer(given)) if isinstance(given, int) else low.layer(given)) + shift
        if isinstance(layer, Integer) and isinstance(low.net.depth, Integer) and not 1 <= layer <= low.net.depth:
            raise Unknown(found.span, f"{low.at(found.span)}: there is no such layer")
        return layer
    if low.sense.units and len(found.units) > 1 and _is_input(low, found):
        at = found.units[-1]
        if (layer := low.sense.units.get(letter(at))) is not None:
            return layer
    if given is None and found.spelling.layer is not None:
        return low.net.depth if found.spelling.layer == "L" else Integer(found.spelling.layer)
    if low.sense.units and found.units:
        at = found.units[-1] if family == "w" and low.row.from_first else found.units[0]
        units = found.units[1:] if letter(at) in low.row.numbers_examples else found.units
        says = letter(units[-1 if family == "w" and low.row.from_first else 0]) if units else ""
        if (layer := low.sense.units.get(says)) is not None:
            return layer
    if low.sense.units and not found.units:
        raise Malformed(found.span, f"{low.at(found.span)} has no index, and the others have one")
    if low.sense.single:
        return low.net.depth
    raise Unknown(found.span, f"{low.at(found.span)} has no layer")


def _is_input(low: Lowering, found: Marked) -> bool:
    """Whether it is x_ji, where weights are numbered by letters: what comes from i."""
    return found.spelling == Spelling("a", "x") and low.row.layers == "letter" and len(found.units) > 1


def _slots(low: Lowering, found: Marked, layers: tuple[Any, ...], kinds: str) -> list[Any]:
    """What stands at each place of an index, None where it is left open: units, and then the example."""
    units = kinds.count("u")
    given: list[Part] = list(found.units)
    example = found.example
    numbered_all_the_same = "e" not in kinds and found.spelling.family in low.row.example
    if numbered_all_the_same and given and letter(given[0]) in low.sense.numbers:
        given.pop(0)
    if "e" in kinds and example is None and (place := _place_of_example(low, found, units)) is not None:
        example = given.pop(place)
    if len(given) == units - 1 and low.is_one_unit(found.spelling.family, layers):
        given = [tree.Number(found.span, "1"), *given]
    if len(given) == units + 1 and _is_input(low, found):
        given.pop(0)  # x_ji is what unit j gets from i
    if len(given) == units - 1 and found.spelling.family == "w" and low.sense.weights is not None:
        given.insert(1 - low.sense.weights[0], tree.Mark(found.span, ":"))
    if len(given) not in (0, units) and not low.sense.ones:
        wanted = f"{low.at(found.span)} has {len(given)} unit indices, and not {units}"
        raise (Unknown if len(given) < units else Malformed)(found.span, wanted)
    if found.spelling.family == "w" and low.row.from_first:
        given.reverse()
    slots = [None if isinstance(part, tree.Mark) else low.index(part) for part in given] or [None] * units
    if low.sense.ones:
        slots = [Integer(1)] * units
    if "e" not in kinds:
        if example is not None:
            said = f"{low.at(found.span)} is the same for all examples" if low.many else "there is one example"
            raise (Malformed if low.many else Unknown)(found.span, said)
        return slots
    return [*slots, _which_example(low, found, example)]


def _place_of_example(low: Lowering, found: Marked, units: int) -> int | None:
    """Which of the indices below is the example: the one that is left, or the one whose letter says so."""
    if len(found.units) == units + 1:
        return 0 if low.row.vectors == "rows" or letter(found.units[0]) in low.row.numbers_examples else units
    named = [at for at, part in enumerate(found.units) if letter(part) in low.row.numbers_examples]
    return named[0] if named and len(found.units) <= units else None


def _which_example(low: Lowering, found: Marked, written: Part | None) -> Any:
    if isinstance(written, tree.Mark):
        return None
    if written is not None:
        return low.example_index(written)
    if low.example is not None:
        return low.example
    lower_case = found.spelling.letter.isalpha() and found.spelling.letter.islower()
    if low.row.one_example and lower_case:
        raise Unknown(found.span, f"{low.at(found.span)} is of one example, and it is not said of which")
    return None


def member(low: Lowering, family: str, span: Span, layers: tuple[Any, ...], slots: list[Any]) -> Array:
    """The quantities with these indices, as an array of those that are left open."""
    open_ = [place for place, slot in enumerate(slots) if slot is None]
    names = {place: Symbol(f"open{place}_") for place in open_}
    note(low, family, (*layers, *(names.get(place, slot) for place, slot in enumerate(slots))), set(names.values()))
    sign = -1 if family in low.row.negative else 1

    def entry(*at: Any) -> Any:
        filled = dict(zip(open_, at, strict=True))
        made = Member(family, *layers, *(filled.get(place, slot) for place, slot in enumerate(slots)))
        return Mul(sign, made)

    if not open_:
        return arrays.number(entry(), span)
    example = {symbol: low.net.kinds[family].removeprefix("l")[place] == "e" for place, symbol in names.items()}
    ends = dict(zip(open_, _ends(low, family, layers, open_), strict=True))
    rows = low.row.vectors == "rows"
    if len(open_) == 1:
        upright = example[names[open_[0]]] == rows
        made = Array((ends[open_[0]], SINGLE), lambda i, _: entry(i), span)
        made = made if upright else Array((SINGLE, ends[open_[0]]), lambda _, j: entry(j), span)
    else:
        made = Array((ends[open_[0]], ends[open_[1]]), entry, span)
        turned = rows if family != "w" else low.row.from_first
        made = Array(made.dims[::-1], lambda i, j: entry(j, i), span) if turned else made
    made = replace(made, more=low.row.presumes.get("bias") == "unit" and family in ("a", "x"))
    return _of_one_unit(low, made) if low.net.widths is not None else made


def _of_one_unit(low: Lowering, a: Array) -> Array:
    """The array where layers of one unit have no axis."""
    assert low.net.widths is not None
    ones = {n(layer): arrays.ONE for layer, width in enumerate(low.net.widths, 1) if width == 1}
    dims = tuple(SINGLE if (lo, ones.get(hi, hi)) == SINGLE else (lo, hi) for lo, hi in a.dims)
    return arrays.number(a.entry(*(1 for _ in dims)), a.span) if set(dims) == {SINGLE} else replace(a, dims=dims)


def _ends(low: Lowering, family: str, layers: tuple[Any, ...], open_: list[int]) -> list[Any]:
    """From where to where the open indices go."""
    whole = low.net.shape(Member(family, *layers))
    return [whole[place] for place in open_]


def note(low: Lowering, family: str, indices: tuple[Any, ...], open_: set[Symbol]) -> None:
    """That the member is within its range, and what its indices range over."""
    forms = [index(form) for form in inside(low.net.core, quantity(Member(family, *indices)))]
    for place, at in enumerate(indices):
        low_end, high_end = forms[2 * place : 2 * place + 2]
        low.conditions += [NonNegative(low_end), NonNegative(high_end)]
        if isinstance(at, Symbol) and at != L and at not in open_:
            low.ranges.setdefault(at, []).append((at - low_end, high_end + at))


__all__ = ["Marked", "count", "marked", "member", "note", "quantity_of", "spelled"]
