"""Activations by the names that libraries have for them: what each is, in the words of a formula of one's own.

They are those of torch.nn and jax.nn that work entry by entry, and that are no rows of ``networks.ACTIVATIONS``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True)
class Named:
    """A formula in z, with parameters that may follow z in a call, and what they are where they do not."""

    formula: str
    parameters: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The formula with its parameters put in; ValueError where one has no value."""
        if missing := [name for name, value in self.parameters.items() if not value]:
            raise ValueError(f"it needs its {' and '.join(missing)}")
        return re.sub(r"[a-z]+", lambda found: self.parameters.get(found[0], found[0]), self.formula)


_SCALE, _ALPHA = "1.0507009873554804934193349852946", "1.6732632423543772848170429916717"
_SILU = Named("z*sigmoid(z)")
_LOG_SIGMOID = Named("-softplus(-z)")
_HARD_SWISH = Named("where(z > 3, z, where(z > -3, z*(z + 3)/6, 0))")

#: By name. A parameter without a value has to be given.
NAMED: Final[dict[str, Named]] = {
    "celu": Named("max(z, 0) + alpha*expm1(min(z, 0)/alpha)", {"alpha": "1"}),
    "elu": Named("max(z, 0) + alpha*expm1(min(z, 0))", {"alpha": "1"}),
    "gelu_tanh": Named("z/2*(1 + tanh(sqrt(2/pi)*(z + 0.044715*z**3)))"),
    "hard_sigmoid": Named("clip(z/6 + 1/2, 0, 1)"),
    "hard_silu": _HARD_SWISH,
    "hard_swish": _HARD_SWISH,
    "hard_tanh": Named("clip(z, low, high)", {"low": "-1", "high": "1"}),
    "hardshrink": Named("where(z > width, z, where(z >= -width, 0, z))", {"width": "0.5"}),
    "leaky_relu": Named("max(z, 0) + slope*min(z, 0)", {"slope": "0.01"}),
    "log_sigmoid": _LOG_SIGMOID,
    "mish": Named("z*tanh(softplus(z))"),
    "prelu": Named("max(z, 0) + slope*min(z, 0)", {"slope": "0.25"}),
    "relu6": Named("clip(z, 0, 6)"),
    "selu": Named(f"{_SCALE}*(max(z, 0) + {_ALPHA}*expm1(min(z, 0)))"),
    "silu": _SILU,
    "softshrink": Named("max(z - width, 0) + min(z + width, 0)", {"width": "0.5"}),
    "softsign": Named("z/(1 + abs(z))"),
    "sparse_plus": Named("where(z > 1, z, where(z > -1, (z + 1)**2/4, 0))"),
    "sparse_sigmoid": Named("clip((z + 1)/2, 0, 1)"),
    "squareplus": Named("(z + sqrt(z**2 + b))/2", {"b": "4"}),
    "swish": _SILU,
    "tanhshrink": Named("z - tanh(z)"),
    "threshold": Named("where(z > least, z, value)", {"least": "", "value": ""}),
}


def plain(name: str) -> str:
    """A name without what libraries spell differently: Leaky-ReLU, LeakyReLU and leaky_relu are one."""
    return "".join(c for c in name.lower() if c.isalnum())


BY_PLAIN_NAME: Final = {plain(name): name for name in NAMED}
