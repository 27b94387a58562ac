"""The programs in sources, and single slips in them: what is changed, and what is to be found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SOURCES = HERE / "sources"
#: What is right: a file, a name in it, and the layer.
LAYERS = tuple(
    tuple(line.split())
    for line in """
    torch_layers.py LayerNormFunction layernorm
    torch_layers.py layer_norm layernorm
    torch_layers.py RMSNorm rmsnorm
    torch_layers.py MeanCrossEntropy softmax-cross-entropy
    torch_layers.py TokenLoss softmax-cross-entropy
    torch_layers.py GELU gelu
    torch_layers.py SwishImplementation silu
    torch_layers.py SwiGLU swiglu
    torch_layers.py Softmax softmax
    torch_layers.py CausalAttention attention
    torch_layers.py LinearFunction linear
    torch_layers.py BatchNorm batchnorm
    torch_layers.py FusedLinearCrossEntropy linear-cross-entropy
    torch_layers.py LayerNorm layernorm
    torch_layers.py LlamaRMSNorm rmsnorm
    torch_layers.py attention attention
    torch_layers.py norm layernorm
    torch_layers.py layernorm_backward layernorm
    torch_layers.py SiLU silu
    jax_layers.py layer_norm layernorm
    jax_layers.py cross_entropy softmax-cross-entropy
    jax_layers.py silu silu
    jax_layers.py softmax softmax
    jax_layers.py attention attention
    jax_layers.py rmsnorm_backward rmsnorm
    """.strip().splitlines()
)


@dataclass(frozen=True)
class Slip:
    """One thing changed in a layer, after ``name``; ``row``: the array that is wrong, ``equation``: what it is held
    against."""

    name: str
    old: str
    new: str
    row: str
    equation: str

    def __str__(self) -> str:
        return f"{self.name}: {self.new or 'without ' + self.old}"


SLIPS = tuple(
    Slip(*row)
    for row in (
        ("LayerNormFunction", "- c1 * xhat", "", "grad_input", "layer-norm-input"),
        ("LayerNormFunction", " - c2", "", "grad_input", "layer-norm-input"),
        ("LayerNormFunction", "wdy = grad_output * weight", "wdy = grad_output", "grad_input", "layer-norm-input"),
        ("LayerNormFunction", "c2) * rstd", "c2)", "grad_input", "layer-norm-input"),
        ("LayerNormFunction", "D).sum(0)\n        if", "D).mean(0)\n        if", "grad_weight", "layer-norm-scale"),
        (
            "LayerNormFunction",
            "grad_weight, grad_bias, None",
            "grad_bias, grad_weight, None",
            "grad_weight",
            "layer-norm-scale",
        ),
        (
            "LayerNormFunction",
            "grad_weight, grad_bias, None",
            "grad_weight, None, None",
            "grad_bias",
            "layer-norm-shift",
        ),
        ("LayerNormFunction", "unbiased=False", "unbiased=True", "output", "forward"),
        ("LayerNormFunction", "weight * xhat + bias", "weight * (xhat + bias)", "output", "forward"),
        ("RMSNorm", "inv**3", "inv**2", "grad_x", "rms-norm-input-from-outputs"),
        ("RMSNorm", "g = dy * w", "g = dy", "grad_x", "rms-norm-input-from-outputs"),
        (
            "RMSNorm",
            ".mean(-1, keepdim=True)\n        dw",
            ".sum(-1, keepdim=True)\n        dw",
            "grad_x",
            "rms-norm-input-from-outputs",
        ),
        ("RMSNorm", "dy, x * inv", "dy, x", "grad_w", "rms-norm-weights"),
        ("RMSNorm", "+ eps) * w", "+ eps) * (1 + w)", "output", "forward"),
        (
            "MeanCrossEntropy",
            "grad_output * grad / grad.size(0)",
            "grad / grad.size(0)",
            "grad_logits",
            "cross-entropy-logits",
        ),
        ("MeanCrossEntropy", " / grad.size(0)", "", "grad_logits", "cross-entropy-logits"),
        ("MeanCrossEntropy", "-torch.ones_like", "torch.ones_like", "grad_logits", "cross-entropy-logits"),
        ("MeanCrossEntropy", "log_softmax(dim=1)", "log_softmax(dim=0)", "output", "forward"),
        ("TokenLoss", " * dloss.unsqueeze(-1)", "", "grad_logits", "cross-entropy-logits"),
        ("TokenLoss", "return lse - ", "return lse + ", "output", "forward"),
        ("GELU", "(1 - t * t)", "(1 - t)", "grad_x", "gelu-tanh-input"),
        ("GELU", "1 + 3 * 0.044715", "1 + 0.044715", "grad_x", "gelu-tanh-input"),
        ("SwishImplementation", "(1 + i * (1 - sigmoid_i))", "(i * (1 - sigmoid_i))", "grad_i", "silu-input"),
        ("SwiGLU", "d_up = dh * gate * sig", "d_up = dh * sig", "grad_up", "gate-what-is-gated"),
        ("SwiGLU", "return d_gate, d_up", "return d_up, d_gate", "grad_gate", "gate"),
        ("Softmax", "(dy - s)", "dy", "grad_x", "attention-scores"),
        ("CausalAttention", "dq = (ds @ k) * ctx.scale", "dq = ds @ k", "grad_q", "attention-queries"),
        ("CausalAttention", "dk = (ds.transpose(-2, -1) @ q)", "dk = (ds @ q)", "grad_k", "attention-keys"),
        ("CausalAttention", "att.transpose(-2, -1) @ do", "att @ do", "grad_v", "attention-values"),
        ("CausalAttention", "(datt - (datt * att).sum(-1, keepdim=True))", "datt", "grad_q", "attention-queries"),
        ("LinearFunction", "grad_output.sum(0)", "grad_output.mean(0)", "grad_bias", "linear-bias"),
        ("BatchNorm", "N * dxhat - dxhat.sum((0, 2, 3), keepdim=True)", "N * dxhat", "grad_x", "batch-norm-input"),
        ("BatchNorm", "(dout * xhat).sum((0, 2, 3))", "dout.sum((0, 2, 3))", "grad_gamma", "batch-norm-scale"),
        ("FusedLinearCrossEntropy", "dw += dz", "dw = dz", "grad_weight", "cross-entropy-weights"),
        (
            "LayerNorm",
            "mean = x.mean(-1, keepdim=True)",
            "mean = x.mean(-1, keepdim=True).detach()",
            "grad_x",
            "forward",
        ),
        (
            "LayerNorm",
            "** 2).mean(-1, keepdim=True) + self.eps)",
            "** 2).mean(-1, keepdim=True)) + self.eps",
            "output",
            "forward",
        ),
        ("LlamaRMSNorm", "pow(2).mean", "abs().mean", "output", "forward"),
        ("layernorm_backward", "dnorm = dout * weight", "dnorm = dout", "dx", "layer-norm-input"),
        ("SiLU", "self.s * (1 + self.x", "self.s * (self.x", "dx", "silu-input"),
        ("_layer_norm_bwd", "- xhat * (wg * xhat).mean(-1, keepdims=True)", "", "grad_x", "layer-norm-input"),
        ("_layer_norm_bwd", "return dx, dw, db", "return dx, db, dw", "grad_weight", "layer-norm-scale"),
        ("ce_bwd", "g * (jnp", "(jnp", "grad_logits", "cross-entropy-logits"),
        ("ce_bwd", " / logp.shape[0]", "", "grad_logits", "cross-entropy-logits"),
        ("softmax_bwd", "(p * g).sum(-1", "(p * g).mean(-1", "grad_x", "attention-scores"),
        ("attention", "jnp.sqrt(q.shape[-1])", "q.shape[-1]", "output", "forward"),
        ("rmsnorm_backward", "dw = (dy * xhat)", "dw = (dy * x)", "dw", "rms-norm-weights"),
    )
)
#: The function of a rule, and what it is a rule of.
OF_RULES = {"_layer_norm_bwd": "layer_norm", "ce_bwd": "cross_entropy", "softmax_bwd": "softmax"}


#: Networks with one thing changed: the file, what is changed, the equation and the slip.
NET_SLIPS = (
    ("module_and_train", "return self.fc2(x)", "return F.softmax(self.fc2(x), dim=1)", "BP1", "wrong-forward"),
    ("module_and_train", "return self.fc2(x)", "return self.fc2(x.detach())", "BP2", "missing-term"),
    ("module_and_train", "opt.zero_grad()", "pass", "update", "missing-zero"),
    ("two_layers_of_tensors", "grad_h[self.h < 0] = 0", "pass", "BP2", "missing-sigma-prime"),
    ("two_layers_of_tensors", "self.h_relu.t().mm", "self.h.t().mm", "BP4", "operand"),
    (
        "two_layers_of_tensors",
        "self.w1 -= learning_rate * grad_w1",
        "self.w1 += learning_rate * grad_w1",
        "BP4",
        "sign",
    ),
    ("tensors_in_a_dict", "dW1 = torch.matmul(X.T, dz1)", "dW1 = torch.matmul(X.T, dz1) * m", "BP4", "batch-constant"),
    (
        "tensors_in_a_dict",
        "da1 * self.a1 * (1 - self.a1)",
        "da1 * self.z1 * (1 - self.z1)",
        "BP2",
        "sigma-prime-argument",
    ),
    ("adam_and_bce", "nn.BCELoss()", "nn.BCEWithLogitsLoss()", "BP1", "wrong-forward"),
    ("loader_loop", "self.body(x))", "self.body(x).detach())", "BP2", "missing-term"),
    ("jax_tuples", "delta.sum(0)", "delta.mean(0)", "BP3", "batch-constant"),
    ("jax_tuples", "(a - y) * a * (1 - a)", "(a - y)", "BP1", "missing-sigma-prime"),
    ("jax_named_tuple", "(d2 @ params.w2.T) * hidden * (1 - hidden)", "d2 @ params.w2.T", "BP2", "missing-sigma-prime"),
)


def place(slip: Slip) -> tuple[str, str, str, str]:
    """The file and name of a layer, which it is, and the text with the slip in it."""
    in_jax = slip.name in OF_RULES or slip.name in ("attention", "rmsnorm_backward")
    file = "jax_layers.py" if in_jax else "torch_layers.py"
    name = OF_RULES.get(slip.name, slip.name)
    network = next(row[2] for row in LAYERS if row[:2] == (file, name))
    text = (SOURCES / file).read_text()
    heads = [text.find(f"{word} {slip.name}{end}") for word in ("class", "def") for end in ("(", ":")]
    start = min(at for at in heads if at >= 0)
    assert slip.old in text[start:], f"{slip.name} has no {slip.old}"
    return file, name, network, text[:start] + text[start:].replace(slip.old, slip.new, 1)


def answers(jobs: list[dict[str, Any]], folder: Path) -> list[dict[str, Any]]:
    """What is said of many programs, in a process of its own."""
    (folder / "jobs").write_text("\n".join(map(json.dumps, jobs)))
    found = subprocess.run(
        [sys.executable, str(HERE / "runner.py"), str(folder / "jobs")],
        capture_output=True, text=True, check=True, env={**os.environ, "OMP_NUM_THREADS": "1", "JAX_PLATFORMS": "cpu"},
    )  # fmt: skip
    return [json.loads(line) for line in found.stdout.splitlines()]
