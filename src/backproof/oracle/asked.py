"""What is asked of the judges, who are imported once they are: where they work in another process, they are not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..surface.network import Network
    from .answer import Answer
    from .evidence import Evidence


def gather(net: Network, lhs: Any, rhs: Any, hypotheses: frozenset[Any] = frozenset()) -> tuple[Evidence, ...]:
    """The evidence for ``lhs = rhs`` under the hypotheses; a judge that cannot say is left out."""
    from . import evidence

    return evidence.gather(net, lhs, rhs, hypotheses)


def told(net: Network, lhs: Any, rhs: Any, hypotheses: frozenset[Any]) -> tuple[dict[str, Any], ...]:
    """The same, as in ``prove --json``."""
    return tuple(found.as_dict() for found in gather(net, lhs, rhs, hypotheses))


def exactly(net: Network, lhs: Any, rhs: Any, hypotheses: frozenset[Any] = frozenset()) -> Answer:
    """What the exact judge says."""
    from . import exact
    from .answer import asked

    return asked(exact.judge, net, lhs, rhs, hypotheses)


def exactly_where_all_exists(net: Network, lhs: Any, rhs: Any) -> Answer:
    """The same of an equation without hypotheses, where all that it speaks of is in range."""
    from . import exact
    from .answer import asked
    from .worlds.exists import where_all_exists

    return asked(lambda: exact.judge(net, lhs, rhs, where_all_exists(lhs, rhs)))


def in_numbers_where_all_exists(net: Network, lhs: Any, rhs: Any) -> tuple[Answer, ...]:
    """What the judges say of it that work with small networks and numbers alone."""
    from . import brute_force, numeric
    from .answer import asked
    from .worlds.exists import where_all_exists

    there = where_all_exists(lhs, rhs)
    return tuple(asked(one.judge, net, lhs, rhs, there) for one in (brute_force, numeric))


def broken(kind: str, error: Exception) -> dict[str, Any]:
    """What ``prove --json`` has where another judge breaks down."""
    from .answer import broke
    from .evidence import Evidence

    return Evidence(kind, broke(error)).as_dict()


def beside_the_reference(by_bias: Any, by_weight: Any, nets: tuple[Network, ...]) -> dict[str, Any]:
    """The formulas of all partials beside the NumPy reference, in small nets: as in ``prove --json``."""
    from .against_reference import at_small_sizes

    try:
        found = at_small_sizes(by_bias, by_weight, nets)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is no answer
        return broken("reference", error)
    networks = [",".join(map(str, net.widths or ())) for net in nets]
    detail = {"networks": networks, "max_relative_error": found.max_relative_error}
    return {"kind": "reference", "holds": found.holds, **detail}
