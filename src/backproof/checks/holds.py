"""The line for a test suite: ``assert_holds("δ^l = ((w^<l+1>)^T δ^<l+1>) ⊙ σ'(z^l)")``."""

from __future__ import annotations

from collections.abc import Mapping

from ..notation import profiles
from ..surface.network import Network
from .claims import Reading, Verdict, judge
from .front import presumed


class NotEstablished(AssertionError):  # noqa: N818 - a verdict on a claim
    """A claim that is wrong, malformed, or not understood; ``verdicts`` has one for each relation of it."""

    def __init__(self, verdicts: list[Verdict]) -> None:
        self.verdicts = verdicts
        super().__init__("\n".join(str(v) for v in verdicts if not v.holds))


def assert_holds(
    claim: str, net: Network | None = None, *, notation: str = "nielsen", letters: Mapping[str, str] | None = None
) -> None:
    r"""Raise NotEstablished unless the claim is true of the network: each of its relations, for all of its indices.

    ``claim`` is LaTeX or plain text. ``net`` is by default the dense net of any depth and widths with any activation
    and any cost, with one example or, where the notation presumes so, M of them; ``dense(cost="quadratic")`` and the
    like say more. ``notation`` is nielsen, column, rows, deeplearning.ai or another row of the table; ``letters`` are
    as for ``prove --letters``.

    >>> assert_holds(r"\frac{\partial C}{\partial w^l_{jk}} = a^{l-1}_k \delta^l_j")
    """
    row = profiles.with_letters(profiles.notation(notation), letters or {})
    verdicts = judge(claim, presumed(row) if net is None else Reading(net, profiles.for_network(row, net)))
    if not all(v.holds for v in verdicts):
        raise NotEstablished(verdicts)
