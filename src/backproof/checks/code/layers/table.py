"""The layers that can be checked, by name."""

from __future__ import annotations

from typing import Final

from . import activations, attention, convolution, elementwise, embedding, losses, normalisation, recurrent, rotary
from .layer import Layer

#: By name, each with the forms that it has: what a function computes is tried as one after the other.
LAYERS: Final[dict[str, tuple[Layer, ...]]] = {
    "layernorm": (normalisation.LAYER_NORM,),
    "rmsnorm": (normalisation.RMS_NORM,),
    "rmsnorm-offset": (normalisation.OFFSET_RMS_NORM,),
    "batchnorm": (normalisation.BATCH_NORM,),
    "groupnorm": (normalisation.GROUP_NORM,),
    "instancenorm": (normalisation.INSTANCE_NORM,),
    "softmax": (attention.SOFTMAX,),
    "attention": (attention.ATTENTION,),
    "full-attention": (attention.FULL_ATTENTION,),
    "gqa": (attention.GROUPED,),
    "rope": (rotary.ROPE, rotary.BOTH),
    "embedding": (embedding.EMBEDDING,),
    "linear": (embedding.LINEAR,),
    "residual": (embedding.RESIDUAL,),
    "conv": convolution.CONVOLUTIONS,
    "depthwise-conv": convolution.DEPTHWISE,
    "conv1d": convolution.ONE_DIMENSION,
    "maxpool": (convolution.PADDED_MAX_POOLING, convolution.MAX_POOLING),
    "avgpool": (convolution.AVERAGE_POOLING,),
    "relu": (elementwise.RELU,),
    "leaky-relu": (elementwise.LEAKY_RELU,),
    "sigmoid": (elementwise.SIGMOID,),
    "tanh": (elementwise.TANH,),
    "dropout": (elementwise.DROPOUT,),
    "gelu": (activations.GELU,),
    "gelu-erf": (activations.GELU_BY_ERF,),
    "silu": (activations.SILU,),
    "swiglu": (activations.SWIGLU,),
    "softmax-cross-entropy": (losses.CROSS_ENTROPY,),
    "linear-cross-entropy": (losses.FUSED,),
    "hinge": (losses.HINGE,),
    "rnn": (recurrent.RNN,),
    "lstm": recurrent.LSTMS,
    "gru": recurrent.GRUS,
}
#: Other names that layers have.
SAME: Final = {
    "layer-norm": "layernorm", "rms-norm": "rmsnorm", "batch-norm": "batchnorm", "mha": "attention",
    "causal-attention": "attention", "grouped-query-attention": "gqa", "rotary": "rope", "conv2d": "conv",
    "convolution": "conv", "max-pool": "maxpool", "max-pooling": "maxpool", "avg-pool": "avgpool", "matmul": "linear",
    "group-norm": "groupnorm", "instance-norm": "instancenorm", "svm": "hinge", "multiclass-hinge": "hinge",
    "leakyrelu": "leaky-relu", "logistic": "sigmoid", "swish": "silu",
    "cross-entropy": "softmax-cross-entropy", "fused-cross-entropy": "linear-cross-entropy",
}  # fmt: skip


#: What programs may be right for that are wrong for a layer.
NEIGHBOURS: Final = {
    "attention": (attention.FULL_ATTENTION,),
    "full-attention": (attention.ATTENTION,),
    "gelu": (activations.GELU_BY_ERF,),
    "gelu-erf": (activations.GELU,),
    "rmsnorm": (normalisation.OFFSET_RMS_NORM,),
}


def neighbours(name: str) -> tuple[Layer, ...]:
    """Layers that differ from this one in what is often not said."""
    small = name.lower().replace("_", "-")
    return NEIGHBOURS.get(SAME.get(small, small), ())


def layers_named(name: str) -> tuple[Layer, ...]:
    """ValueError, which says what there is, where there is none of this name."""
    small = name.lower().replace("_", "-")
    known = SAME.get(small, small)
    if known not in LAYERS:
        raise ValueError(f"there is no layer {name}: there are {', '.join(LAYERS)}")
    return LAYERS[known]


__all__ = ["LAYERS", "layers_named", "neighbours"]
