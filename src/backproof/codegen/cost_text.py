"""What a cost of one's own is computed from in array languages: the z and a of the last layer, and the targets."""

from __future__ import annotations

from typing import Any, Final

from ..activations.stable import stable
from ..networks import A, Activation, Cost, u
from ..surface.terms import Apply
from .entries import rewrite
from .infix import Infix, Shown, extreme

LOG_SOFTMAX: Final = "log_softmax"  # of the units of a layer: a function of arrays


def in_z(cost: Cost, last: Activation) -> Any:
    """The value of the cost in A, Y and u, the weighted input: logarithms of what has rounded to 0 are never taken."""

    def opened(e: Any) -> Any:
        inside = e.args[1] if isinstance(e, Apply) and str(e.args[0]) == "log" else None
        if last.name == "sigmoid" and not last.own and inside in (A, 1 - A):
            return -Apply("softplus", -u if inside == A else u)
        return Apply(LOG_SOFTMAX, u) if last.body is None and inside == A else e

    return stable(rewrite(cost.form, opened))


class NumPyText(Infix):
    """A formula of whole arrays with operators, for NumPy: a line that is no matter of speed."""

    #: How functions are called; AXIS is that of the units.
    calls: Final = {
        **{name: f"{name}({{}})" for name in ("exp", "log", "sqrt", "expm1", "log1p", "tanh")},
        "softplus": "logaddexp({}, ZERO)",
        "sigmoid": "((1 + tanh(({}) / 2)) / 2)",
        "step": "heaviside({}, ZERO)",
        LOG_SOFTMAX: "({0} - logaddexp.reduce({0}, AXIS, keepdims=True))",
    }
    extremes: Final = {"max": "maximum", "min": "minimum", "abs": "absolute"}

    def name(self, family: str, layer: int | None) -> str:
        return family if layer is None else f"{family}{layer}"

    def function(self, name: str, argument: Any, order: int) -> Shown:
        if name not in self.calls or order:
            raise ValueError(f"{name} is not among the functions of a cost for NumPy: {', '.join(sorted(self.calls))}")
        return Shown(self.calls[name].format(self.text(argument)))

    def choice(self, e: Any) -> Shown:
        found = extreme(e)
        if found is not None:
            return Shown(f"{self.extremes[found[0]]}({', '.join(map(self.text, found[1]))})")
        d, above, below = map(self.text, e.args)
        return Shown(f"where({d} > 0, {above}, {below})")

    def over_units(self, body: str) -> Shown:
        raise TypeError(f"a cost is that of one output: {body}")

    over_examples = over_units


def summed(show: Infix, cost: Cost, last: Activation, function: str) -> str:
    """The sum over all outputs and examples; ``function`` is what sums in the language."""
    return f"{function}({show.text(in_z(cost, last))})"


__all__ = ["LOG_SOFTMAX", "NumPyText", "in_z", "summed"]
