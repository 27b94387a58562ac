"""The layers that can be checked, by name."""

from __future__ import annotations

from typing import Final

from . import normalisation
from .layer import Layer

LAYERS: Final[dict[str, Layer]] = {layer.name: layer for layer in (*normalisation.LAYERS,)}
#: Other names that layers have.
SAME: Final = {
    "layer_norm": "layernorm", "layer-norm": "layernorm", "rms_norm": "rmsnorm", "rms-norm": "rmsnorm",
    "batch_norm": "batchnorm", "batch-norm": "batchnorm",
}  # fmt: skip


def layer_named(name: str) -> Layer:
    """ValueError, which says what there is, where there is none of this name."""
    known = SAME.get(name.lower(), name.lower())
    if known not in LAYERS:
        raise ValueError(f"there is no layer {name}: there are {', '.join(LAYERS)}")
    return LAYERS[known]


__all__ = ["LAYERS", "layer_named"]
