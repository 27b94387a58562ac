"""The line for a test suite: ``assert_holds("δ^l = ((w^<l+1>)^T δ^<l+1>) ⊙ σ'(z^l)")``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..networks import Setting, dense_network
from ..notation import profiles
from ..notation.profiles import Notation
from ..surface.network import Network
from .claims import Reading, Verdict, judge
from .front import presumed


class NotEstablished(AssertionError):  # noqa: N818 - a verdict on a claim
    """A claim that is wrong, malformed, or not understood; ``verdicts`` has one for each relation of it."""

    def __init__(self, verdicts: list[Verdict]) -> None:
        self.verdicts = verdicts
        super().__init__("\n".join(str(v) for v in verdicts if not v.holds))


def assert_holds(
    claim: Any,
    net: Network | Setting | None = None,
    *,
    notation: str = "nielsen",
    letters: Mapping[str, str] | None = None,
) -> None:
    r"""Raise NotEstablished unless the claim is true of the network: each of its relations, for all of its indices.

    ``claim`` is LaTeX or plain text; or two sides in plain SymPy, ``Eq(left, right)``, as ``Theorem.to_sympy`` writes
    them, in the letters w, b, z, a, delta, x, y, C. ``net`` is by default the dense net of any depth and widths with
    any activation and any cost, with one example or, where the notation presumes so, M of them;
    ``Setting(cost="quadratic")``, ``dense(cost="quadratic")`` and the like say more.
    ``notation`` is nielsen, column, rows, deeplearning.ai or
    another row of the table; ``letters`` are as for ``prove --letters``. TypeError where the claim is no text or the
    network is none.

    >>> assert_holds(r"\frac{\partial C}{\partial w^l_{jk}} = a^{l-1}_k \delta^l_j")
    """
    row = profiles.with_letters(profiles.notation(notation), letters or {})
    if not isinstance(claim, str):
        from . import plain  # SymPy has it loaded where it is needed

        if not plain.is_plain(claim):
            raise TypeError(f"a claim is text, or two sides in SymPy, and not {claim!r}")
        found = plain.judge(claim, _reading(net, row))
        if not found.holds:
            raise NotEstablished([found])
        return
    verdicts = judge(claim, _reading(net, row)) or [Verdict("malformed", claim, "", "it says nothing", "")]
    if not all(v.holds for v in verdicts):
        raise NotEstablished(verdicts)


def _reading(net: Network | Setting | None, row: Notation) -> Reading:
    """What a claim is about."""
    if net is None:
        return presumed(row)
    setting = net if isinstance(net, Setting) else None
    about = dense_network(setting) if setting else net
    if not isinstance(about, Network):
        raise TypeError(f"a claim is about a network, such as dense(), or a Setting, and not about {net!r}")
    return Reading(about, profiles.for_network(row, about), setting=setting)
