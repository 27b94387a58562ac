"""The network of a theorem, as its defining equations: printed from the network itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from sympy import Integer

from ..networks import dense
from ..notation.latex import conditions, equation, latex, listed
from ..notation.ordering import members
from ..notation.profiles import Notation, for_network
from ..surface.network import Definition, Network
from ..surface.terms import Apply, NonNegative, Total, l, n


def equations(net: Network, notation: Notation) -> list[str]:
    """All defining equations of ``net``, each with the range of its layer."""
    return [_equation(d, for_network(notation, net), _usual(net)) for d in net.definitions if d.body is not None]


def own_definitions(net: Network, used: Collection[str]) -> list[Definition]:
    """The equations of ``net`` that the standard one does not have, as far as they bear on the families ``used``."""
    kept = set(dense(net.depth).definitions) if net.depth is not None else set()
    wanted, reached = set(used), 0
    while reached < len(wanted):
        reached = len(wanted)
        for d in net.definitions:
            if d.head.family in wanted:
                parts = d.inputs if d.body is None else (d.body,)
                wanted |= {member.family for part in parts for member in members(part)}
    return [d for d in net.definitions if d not in kept and d.head.family in wanted]


def assumptions(net: Network, used: Collection[str], notation: Notation) -> list[str]:
    """What is assumed about ``net`` beyond the standard one: sizes, functions and equations of its own."""
    row, own = for_network(notation, net), own_definitions(net, used)
    functions = [equation(Apply(f.name, f.variable), f.body, row) for f in net.functions]
    return [
        *_sizes(net, row),
        *(_given(d, row) for d in own if net.depth is not None and d.body is None and d.facts),
        *(_equation(d, row, _usual(net)) for d in own if d.body is not None),
        *functions,
        *(_dependence(d, row) for d in own if d.inputs),
    ]


def given(net: Network, used: Collection[str], notation: Notation) -> str:
    r"""The data of a network of one's own, in words, with what is known of them: ``$x_{t}$ and $\varepsilon > 0$``."""
    row, usual = for_network(notation, net), _usual(net)
    return listed([_datum(d, row, usual) for d in own_definitions(net, used) if d.body is None and not d.inputs])


def ranges(net: Network, notation: Notation) -> str:
    r"""The ranges of the axes of a network of one's own, in words: ``$1 \le t \le T$ and ...``."""
    gaps = [NonNegative(gap) for v, (lo, hi) in _usual(net).items() for gap in (v - lo, hi - v)]
    return listed([f"${condition}$" for condition in conditions(gaps, for_network(notation, net))])


def _usual(net: Network) -> dict[Any, tuple[Any, Any]]:
    """The range of each axis of a network of one's own, where nothing else is said: that in which it comes first."""
    found: dict[Any, tuple[Any, Any]] = {}
    for d in net.definitions if net.depth is None else ():
        for v, lo, hi in d.bounds:
            found.setdefault(v, (lo, hi))
    return found


def is_standard(net: Network) -> bool:
    """Whether there is nothing to say about ``net`` but what the section on the setting says."""
    return net == dense()


def _sizes(net: Network, row: Notation) -> list[str]:
    if net.widths is None:
        return [f"{row.letters['L']} = {net.depth}"] if isinstance(net.depth, Integer) else []
    symbols = ", ".join(latex(n(Integer(layer)), row) for layer in range(1, len(net.widths) + 1))
    return [f"{row.letters['L']} = {len(net.widths)}", f"({symbols}) = ({', '.join(map(str, net.widths))})"]


def _equation(definition: Definition, row: Notation, usual: Mapping[Any, Any]) -> str:
    return equation(definition.head, definition.body, row) + _where(definition, row, usual)


def _where(definition: Definition, row: Notation, usual: Mapping[Any, Any]) -> str:
    """The ranges of a definition that are not the usual ones."""
    said = [(v, lo, hi) for v, lo, hi in definition.bounds if (usual.get(v) != (lo, hi) if usual else v == l)]
    given = conditions([NonNegative(gap) for v, lo, hi in said for gap in (v - lo, hi - v)], row)
    return rf" \quad ({', '.join(given)})" if given else ""


def _given(definition: Definition, row: Notation) -> str:
    """That a quantity is given, and what is known of it."""
    facts = [FACTS[fact](definition, row) for fact in definition.facts]
    return rf"{latex(definition.head, row)}\text{{, given}}" + "".join(rf"\text{{, with }}{fact}" for fact in facts)


def _datum(definition: Definition, row: Notation, usual: Mapping[Any, Any]) -> str:
    """A quantity, its range where that is not the usual one, and what is known of it."""
    facts = [FACTS[fact](definition, row) for fact in definition.facts]
    head = latex(definition.head, row)
    whole = facts.pop(0) if facts and facts[0].startswith(head) else head
    return f"${whole}{_where(definition, row, usual)}$" + "".join(f" with ${fact}$" for fact in facts)


def _sums_to_1(d: Definition, row: Notation) -> str:
    return equation(Total(d.head, *d.bounds[-1]), Integer(1), row)


#: What is known of data, as a formula; the names are those of ``core.network.FACTS``.
FACTS: Mapping[str, Callable[[Definition, Notation], str]] = {
    "positive": lambda d, row: rf"{latex(d.head, row)} > 0",
    "sums to 1": _sums_to_1,
}


def _dependence(definition: Definition, row: Notation) -> str:
    inputs = listed([f"${latex(e, row)}$" for e in definition.inputs])
    return rf"{latex(definition.head, row)}\text{{, a differentiable function of }}" + _flat(inputs)


def _flat(words: str) -> str:
    return words.replace("$", "").replace(" and ", r"\text{ and }")
