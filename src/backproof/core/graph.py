"""What influences what, and the idea that makes this backpropagation: families that separate.

A node is a family at a layer, ``("z", l + 1)``; units are left out. An edge runs from what a defining equation mentions
to what it defines, and never to an earlier layer. The graph may have more edges than the network: that only makes it
more cautious.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .network import ANY, Network
from .terms import Member, difference, free, known, l

Node = tuple[str, Any]  # family, layer (None: the family has no layer)
LIMIT = 200  # nodes to look at before an influence is taken for granted


def node_of(net: Network, member: Member) -> Node:
    """The node that a quantity belongs to."""
    return member.family, net.layer(member)


def successors(net: Network, node: Node, beyond: Any = None) -> Iterator[Node]:
    """The nodes that ``node`` directly feeds.

    ``beyond`` is a layer that is known to be at most the depth: a lower layer is not the last one.
    """
    family, layer = node
    for mentioned, head in ((source, target) for source, target in net.edges if source.family == family):
        source, target = net.layer(mentioned), net.layer(head)
        if source is None or l not in free(source):  # the equation speaks of one layer only, such as L
            if source is None or _may_be(net, layer, source, beyond):
                yield head.family, ANY if target is not None and l in free(target) else target
        elif target is None or known(net.depth - (target - source + layer)) is not False:
            yield head.family, None if target is None else target - source + layer


def _may_be(net: Network, layer: Any, source: Any, beyond: Any) -> bool:
    gap = difference(source, layer)
    if gap is None and beyond is not None and source == net.depth:
        return (difference(beyond, layer) or 0) <= 0
    return gap in (None, 0)


def influences(net: Network, x: Member, y: Member) -> bool:
    """Whether a change of ``x`` may reach ``y`` along at least one edge (True also where it cannot be told)."""
    if y.family in net.opaque or net.is_given(y.family):
        return y.family in net.opaque
    goal, queue = node_of(net, y), [node_of(net, x)]
    for reached in queue:
        for node in successors(net, reached):
            if _may_be_one(node, goal) or len(queue) > LIMIT:
                return True
            if node not in queue and not _is_past(node[1], goal[1]):
                queue.append(node)
    return False


def separates(net: Network, family: Member, x: Member, y: Member) -> str | None:
    """None if every path from ``x`` to ``y`` meets ``family`` and no member of it feeds another; else why not.

    The idea that makes this backpropagation: cut all paths from x to y by a family t. To first order y feels x only
    through t, once per member, so the partials of y by t and of t by x, multiplied and summed, are the partial of y
    by x. Leave one path out and a term is lost; let t feed itself and a path is counted twice. With a skip connection
    the next layer is no cut: a path goes past it. An example index is carried along by every equation, so the cut may
    be made within one example.
    """
    cut, start, goal = (node_of(net, member) for member in (family, x, y))
    examples = [net.example(member) for member in (family, x, y)]
    if len(set(examples) - {None}) > 1:
        return "more than one example is involved"
    if examples[0] is not None and examples[1] is examples[2] is None:
        return "it covers one example only"
    if cut in (start, goal):
        return "it must not be one of its own members"
    if _may_be_one(start, goal) or {y.family, family.family} & net.opaque:
        return f"a path leads from {x} to {y} without it"
    if influences(net, family, family):
        return "its members feed one another"
    queue = [start]
    for reached in queue:
        for node in (found for found in successors(net, reached, beyond=cut[1]) if found != cut and found not in queue):
            ahead = 0 if None in (node[1], cut[1]) else difference(node[1], cut[1])
            if _may_be_one(node, goal):
                return f"a path leads from {x} to {y} without it"
            if ahead is None or len(queue) > LIMIT:
                return f"layers {node[1]} and {cut[1]} cannot be compared"
            if ahead > 0:
                return f"a path leads from {x} past it, by {node[0]} of layer {node[1]}"
            queue.append(node)
    return None


def _may_be_one(first: Node, second: Node) -> bool:
    """Whether two nodes may be the same."""
    if first[0] != second[0] or None in (first[1], second[1]):
        return first == second
    return difference(first[1], second[1]) in (None, 0)


def _is_past(layer: Any, goal: Any) -> bool:
    return None not in (layer, goal) and (difference(layer, goal) or 0) > 0
