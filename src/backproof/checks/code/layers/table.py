"""The layers that can be checked, by name."""

from __future__ import annotations

from typing import Final

from . import activations, attention, convolution, embedding, losses, normalisation, rotary
from .layer import Layer

#: By name, each with the forms that it has: what a function computes is tried as one after the other.
LAYERS: Final[dict[str, tuple[Layer, ...]]] = {
    "layernorm": (normalisation.LAYER_NORM,),
    "rmsnorm": (normalisation.RMS_NORM,),
    "batchnorm": (normalisation.BATCH_NORM,),
    "softmax": (attention.SOFTMAX,),
    "attention": (attention.ATTENTION, attention.FULL_ATTENTION),
    "gqa": (attention.GROUPED,),
    "rope": (rotary.ROPE,),
    "embedding": (embedding.EMBEDDING,),
    "linear": (embedding.LINEAR,),
    "conv": (convolution.CONVOLUTION, convolution.PLAIN_CONVOLUTION),
    "maxpool": (convolution.MAX_POOLING,),
    "avgpool": (convolution.AVERAGE_POOLING,),
    "gelu": (activations.GELU,),
    "silu": (activations.SILU,),
    "swiglu": (activations.SWIGLU,),
    "softmax-cross-entropy": (losses.CROSS_ENTROPY,),
    "linear-cross-entropy": (losses.FUSED,),
}
#: Other names that layers have.
SAME: Final = {
    "layer-norm": "layernorm", "rms-norm": "rmsnorm", "batch-norm": "batchnorm", "mha": "attention",
    "causal-attention": "attention", "grouped-query-attention": "gqa", "rotary": "rope", "conv2d": "conv",
    "convolution": "conv", "max-pool": "maxpool", "max-pooling": "maxpool", "avg-pool": "avgpool", "matmul": "linear",
    "cross-entropy": "softmax-cross-entropy", "fused-cross-entropy": "linear-cross-entropy",
}  # fmt: skip


def layers_named(name: str) -> tuple[Layer, ...]:
    """ValueError, which says what there is, where there is none of this name."""
    small = name.lower().replace("_", "-")
    known = SAME.get(small, small)
    if known not in LAYERS:
        raise ValueError(f"there is no layer {name}: there are {', '.join(LAYERS)}")
    return LAYERS[known]


__all__ = ["LAYERS", "layers_named"]
