"""The programs in sources, and single slips in them."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backproof.checks.code.c.function import CFunction
from backproof.checks.code.layers.check import check_layer

FOLDER = Path(__file__).with_name("sources")


@dataclass(frozen=True)
class Program:
    """A function in a file, and the layer whose backward pass it is."""

    file: str
    function: str
    network: str
    more: tuple[tuple[str, Any], ...] = ()

    def __str__(self) -> str:
        return f"{self.file}:{self.function}"

    def checked(self, folder: Path, old: str = "", new: str = "") -> dict[str, Any]:
        """What is said of it, with one thing changed; ``folder`` is for the changed file."""
        path = FOLDER / self.file
        if old:
            text = path.read_text()
            start = text.index(self.function)
            assert old in text[start:], f"{self} has no {old}"
            path = folder / self.file
            path.write_text(text[:start] + text[start:].replace(old, new, 1))
        if self.file.endswith((".c", ".cpp")):
            return check_layer(CFunction(path, self.function), network=self.network, **dict(self.more))
        return check_layer(_loaded(path, self.function), network=self.network, **dict(self.more))


def loaded(file: str, name: str) -> Any:
    """A function of a file of programs."""
    return _loaded(FOLDER / file, name)


def _loaded(path: Path, name: str) -> Callable[..., Any]:
    spec = importlib.util.spec_from_file_location(f"layer_program_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    found: Callable[..., Any] = getattr(module, name)
    return found


PROGRAMS = tuple(
    Program(*line.split())
    for line in """
    normalisation.py layernorm_backward layernorm
    normalisation.py layernorm_from_cache layernorm
    normalisation.py LayerNorm layernorm
    normalisation.py rmsnorm_backward rmsnorm
    normalisation.c layernorm_backward layernorm
    normalisation.c rmsnorm_backward rmsnorm
    channels.c layernorm_nchw_backward layernorm
    columns.py softmax_of_columns_backward softmax
    attention.py attention_backward attention
    attention.py flash_backward attention
    attention.py gqa_backward gqa
    attention.py softmax_backward softmax
    attention.py rope_backward rope
    attention.py rope_pairs_backward rope
    attention.c attention_backward attention
    attention.c gqa_backward gqa
    attention.c softmax_backward softmax
    attention.c rope_backward rope
    attention.c rope_in_place rope
    convolution.py conv_backward conv
    convolution.py conv_im2col_backward conv
    convolution.py max_pool_backward maxpool
    convolution.py avg_pool_backward avgpool
    convolution.py batchnorm_backward batchnorm
    convolution.py spatial_batchnorm_backward batchnorm
    convolution.c conv2d_backward conv
    convolution.c maxpool_backward maxpool
    convolution.c maxpool_from_indices_backward maxpool
    convolution.c batchnorm_backward batchnorm
    others.py embedding_backward embedding
    others.py embedding_loop_backward embedding
    others.py linear_backward linear
    others.py gelu_backward gelu
    others.py silu_backward silu
    others.py swiglu_backward swiglu
    others.py softmax_loss_backward softmax-cross-entropy
    others.py fused_cross_entropy_backward linear-cross-entropy
    others.c encoder_backward embedding
    others.c matmul_backward linear
    others.c gelu_backward gelu
    others.c swiglu_backward swiglu
    others.c crossentropy_softmax_backward softmax-cross-entropy
    others.c fused_linear_cross_entropy_backward linear-cross-entropy
    structures.c layernorm_backward layernorm
    structures.c sigmoid_backward sigmoid
    templates.cpp rmsnorm_bwd rmsnorm
    templates.cpp fused_loss_bwd linear-cross-entropy
    in_place.c backward_norm batchnorm
    in_place.c xent_backward softmax-cross-entropy
    in_place.c table_backward embedding
    sized.c dense_backward linear
    windows.c conv2d_grouped_backward conv
    windows.c depthwise_conv_backward depthwise-conv
    windows.c conv1d_backward conv1d
    windows.c conv_by_patches_backward conv
    recurrent.py rnn_step_backward rnn
    recurrent.py lstm_step_backward lstm
    recurrent.py lstm_columns_backward lstm
    recurrent.py gru_step_backward gru
    keeping.py RMSNormFunction rmsnorm
    keeping.py LayerNormWithGrads layernorm
    keeping.py layernorm_with_unused_backward layernorm
    keeping.py groupnorm_backward groupnorm
    keeping.py relu_backward relu
    keeping.py tanh_backward tanh
    keeping.py dropout_backward dropout
    keeping.py dropout_from_rate_backward dropout
    keeping.py hinge_loss hinge
    """.strip().split("\n")
)

#: A program, what is changed in it, what it is then, and the theorems that are not followed any more.
SLIPS: tuple[tuple[str, str, str, str], ...] = (
    ("normalisation.py:layernorm_backward", "dnorm.mean(-1, keepdims=True) - ", "", "layer-norm-input"),
    ("normalisation.py:layernorm_backward", "norm * (dnorm * norm).mean", "(dnorm * norm).mean", "layer-norm-input"),
    ("normalisation.py:layernorm_backward", "dnorm = dout * weight", "dnorm = dout", "layer-norm-input"),
    ("normalisation.py:layernorm_backward", "(dout * norm).sum", "(dout * x).sum", "layer-norm-scale"),
    ("normalisation.py:layernorm_backward", "dx *= rstd[:, :, None]",
     "dx *= rstd[:, :, None] ** 2", "layer-norm-input"),
    ("normalisation.py:layernorm_from_cache", "dgamma += dout[n]", "dgamma = dout[n]", "layer-norm-scale"),
    ("normalisation.py:layernorm_from_cache", " * -0.5 * std**-3", " * 0.5 * std**-3", "layer-norm-input"),
    ("normalisation.py:layernorm_from_cache", " + dmu / D", "", "layer-norm-input"),
    ("normalisation.py:LayerNorm", "grad_output * self.gamma", "grad_output * self.gamma * 2", "layer-norm-input"),
    ("normalisation.py:LayerNorm", "grad_output.sum(axis=0)", "grad_output.mean(axis=0)", "layer-norm-shift"),
    ("normalisation.py:rmsnorm_backward", "** 3", "** 2", "rms-norm-input-from-outputs"),
    ("normalisation.py:rmsnorm_backward", "(wdy * x).sum(1", "(dy * x).sum(1", "rms-norm-input-from-outputs"),
    ("normalisation.py:rmsnorm_backward", " * rstd[:, None]).sum(0)", ").sum(0)", "rms-norm-weights"),
    ("normalisation.c:layernorm_backward", " - s - ", " - ", "layer-norm-input"),
    ("channels.c:layernorm_nchw_backward", "- a / C - h * b / C", "- a / P - h * b / P", "layer-norm-input"),
    ("channels.c:layernorm_nchw_backward", "dg[c] += dy", "dg[c] = dy", "layer-norm-scale"),
    ("columns.py:softmax_of_columns_backward", "(dout * p).sum(axis=0", "(dout * p).sum(axis=1", "attention-scores"),
    ("normalisation.c:layernorm_backward", "dbias[i] +=", "dbias[i] =", "layer-norm-shift"),
    ("normalisation.c:layernorm_backward", "s = s / C;", "", "layer-norm-input"),
    ("normalisation.c:layernorm_backward", "+= norm *", "+= norm * rstd_bt *", "layer-norm-scale"),
    ("normalisation.c:layernorm_backward", "mean[b * T + t]", "mean[t]", "layer-norm-input"),
    ("normalisation.c:rmsnorm_backward", "- xr[i] * dot", "+ xr[i] * dot", "rms-norm-input-from-outputs"),
    ("normalisation.c:rmsnorm_backward", "dyr[i] * xr[i] * rs;", "dyr[i] * xr[i];", "rms-norm-weights"),
    ("normalisation.c:rmsnorm_backward", "/ (float)cols", "", "rms-norm-input-from-outputs"),
    ("attention.py:attention_backward", "ds /= np.sqrt(hs)", "", "attention-queries"),
    ("attention.py:attention_backward", "(datt - (datt * att).sum(-1, keepdims=True))", "datt", "attention-keys"),
    ("attention.py:attention_backward", "att.swapaxes(-1, -2) @ do", "att @ do", "attention-values"),
    ("attention.py:attention_backward", "dk = ds.swapaxes(-1, -2) @ q", "dk = ds @ q", "attention-keys"),
    ("attention.py:attention_backward", "(datt * att).sum(-1", "(datt * att).sum(-2", "attention-queries"),
    ("attention.py:flash_backward", "np.where(mask, ", "np.where(mask | True, ", "attention-values"),
    ("attention.py:flash_backward", " - delta[b, h]", "", "attention-queries"),
    ("attention.py:flash_backward", "dk[b, h] += ds.T @ q[b, h]", "dk[b, h] += ds.T @ k[b, h]", "attention-keys"),
    ("attention.py:gqa_backward", "n_kv_heads, n_rep, D).sum(axis=3)\n    dv",
     "n_rep, n_kv_heads, D).sum(axis=2)\n    dv",
     "attention-keys"),
    ("attention.py:gqa_backward", "n_rep, D).sum(axis=3)\n    return",
     "n_rep, D)[:, :, :, 0]\n    return", "attention-values"),
    ("attention.py:gqa_backward", "np.repeat(v, n_rep, axis=2)", "np.tile(v, (1, 1, n_rep, 1))", "attention-queries"),
    ("attention.py:softmax_backward", "np.diagflat(p) - p @ p.T", "np.diagflat(p - p * p)", "attention-scores"),
    ("attention.py:rope_backward", "first * c + second * s", "first * c - second * s", "rotary-first"),
    ("attention.py:rope_pairs_backward", "- dy[:, t, :, 2 * i] * s", "- dy[:, t, :, 2 * i] * c", "rotary-second"),
    ("attention.c:attention_backward", "dk[i] += q[i] * dp[s] * scale", "dk[i] += q[i] * dp[s]", "attention-keys"),
    ("attention.c:attention_backward", "r <= t; r++", "r < t; r++", "attention-scores"),
    ("attention.c:attention_backward", "dv[i] += a[s]", "dv[i] = a[s]", "attention-values"),
    ("attention.c:attention_backward", "(same - a[r])", "same", "attention-scores"),
    ("attention.c:gqa_backward", "int kvh = h / group", "int kvh = h % n_kv_heads", "attention-values"),
    ("attention.c:gqa_backward", "dks[i] += ds * qt[i]", "dks[i] = ds * qt[i]", "attention-keys"),
    ("attention.c:gqa_backward", "(dp[s] - dot) * scale", "dp[s] * scale", "attention-queries"),
    ("attention.c:softmax_backward", " - sum)", ")", "attention-scores"),
    ("attention.c:rope_backward", "dy[2 * i + 1] * c - dy[2 * i] * s",
     "dy[2 * i + 1] * c + dy[2 * i] * s", "rotary-second"),
    ("attention.c:rope_in_place", "sin[t * (head_dim / 2) + i]", "sin[i]", "rotary-first"),
    ("convolution.py:conv_backward", "top : top + HH, left : left + WW] += dout",
     "top : top + HH, left : left + WW] = dout",
     "convolution-2-input"),
    ("convolution.py:conv_backward", "dw[f] +=", "dw[f] =", "convolution-2-weight"),
    ("convolution.py:conv_backward", "pad : pad + H, pad : pad + W", ":H, :W", "convolution-2-input"),
    ("convolution.py:conv_backward", "dout.sum(axis=(0, 2, 3))", "dout.sum(axis=(2, 3))[0]", "convolution-2-bias"),
    ("convolution.py:conv_im2col_backward", "] += dcols", "] = dcols", "convolution-2-input"),
    ("convolution.py:max_pool_backward", "+= mask", "= mask", "max-pooling-2"),
    ("convolution.py:avg_pool_backward", "kernel_size**2", "stride**2", "average-pooling-2"),
    ("convolution.py:batchnorm_backward", "- dxhat.sum(axis=0) ", "", "batch-norm-input"),
    ("convolution.py:batchnorm_backward", "dxhat = dout * gamma", "dxhat = dout", "batch-norm-input"),
    ("convolution.py:spatial_batchnorm_backward", "m = x.shape[0] * ", "m = ", "batch-norm-input"),
    ("convolution.py:spatial_batchnorm_backward", "centred / std, axis", "centred, axis", "batch-norm-scale"),
    ("convolution.c:conv2d_backward", "ky - pad", "ky", "convolution-2-weight"),
    ("convolution.c:conv2d_backward", "dx[xi] +=", "dx[xi] =", "convolution-2-input"),
    ("convolution.c:conv2d_backward", "(f * C + c) * KH + ky", "(f * C + c) * KH + KH - 1 - ky", "convolution-2-input"),
    ("convolution.c:maxpool_backward", "+ at] +=", "+ at] =", "max-pooling-2"),
    ("convolution.c:maxpool_backward", "in[i] > best", "in[i] < -best", "max-pooling-2"),
    ("convolution.c:maxpool_from_indices_backward", "]] +=", "]] =", "max-pooling-2"),
    ("convolution.c:batchnorm_backward", "float m = N * HW", "float m = HW", "batch-norm-input"),
    ("convolution.c:batchnorm_backward", "dot += dout[at] * (x[at] - mean[c]) * rstd", "dot += dout[at] * x[at] * rstd",
     "batch-norm-scale"),
    ("others.py:embedding_backward", "np.add.at(dwte, tokens, dout)", "dwte[tokens] += dout", "embedding-table"),
    ("others.py:embedding_backward", "dout.sum(axis=0)", "dout[0]", "embedding-position"),
    ("others.py:embedding_loop_backward", "+= grad", "= grad", "embedding-table"),
    ("others.py:linear_backward", "dout.sum(0)", "dout.mean(0)", "linear-bias"),
    ("others.py:gelu_backward", "3 * 0.044715", "0.044715", "gelu-tanh-input"),
    ("others.py:gelu_backward", "(1 - t**2)", "(1 - t)", "gelu-tanh-input"),
    ("others.py:silu_backward", "(1 + x * (1 - s))", "(1 - s)", "silu-input"),
    ("others.py:swiglu_backward", "dout * gate * s", "dout * s", "gate-what-is-gated"),
    ("others.py:swiglu_backward", "dout * up * (s", "dout * (s", "gate"),
    ("others.py:softmax_loss_backward", "] -= 1", "] += 1", "cross-entropy-logits"),
    ("others.py:fused_cross_entropy_backward", "dweight += np", "dweight = np", "cross-entropy-weights"),
    ("others.py:fused_cross_entropy_backward", "p[targets[n]] -= 1.0", "p[n % V] -= 1.0", "cross-entropy-inputs"),
    ("others.c:encoder_backward", "de[i] += d", "de[i] = d", "embedding-table"),
    ("others.c:encoder_backward", "dp[i] += d", "dp[i] = d", "embedding-position"),
    ("others.c:matmul_backward", "dweight[o * C + i] += inp[bt * C + i]",
     "dweight[o * C + i] += inp[bt + i]", "linear-weight"),
    ("others.c:gelu_backward", "0.5f * sech2", "0.5f * ch", "gelu-tanh-input"),
    ("others.c:gelu_backward", "0.5f * (1.0f + th)", "(1.0f + th)", "gelu-tanh-input"),
    ("others.c:swiglu_backward", "(1.0f - s)", "s", "gate"),
    ("others.c:crossentropy_softmax_backward", " * dloss", "", "cross-entropy-logits"),
    ("others.c:crossentropy_softmax_backward", "(p[i] - indicator)", "(p[i] + indicator)", "cross-entropy-logits"),
    ("others.c:fused_linear_cross_entropy_backward", "p[v] / sum", "p[v]", "cross-entropy-inputs"),
    ("others.c:fused_linear_cross_entropy_backward", "dw[v * D + i] +=", "dw[v * D + i] =", "cross-entropy-weights"),
    ("structures.c:layernorm_backward", "- a - xh * b", "- xh * b", "layer-norm-input"),
    ("structures.c:layernorm_backward", "+= dout[r * n + i];", "+= dout[i];", "layer-norm-shift"),
    ("structures.c:sigmoid_backward", "(1.0f - y->data[i])", "1.0f", "sigmoid-input"),
    ("templates.cpp:rmsnorm_bwd", "+ c * x[j]", "- c * x[j]", "rms-norm-input-from-outputs"),
    ("templates.cpp:rmsnorm_bwd", "dy[j] * x[j] * r;", "dy[j] * x[j];", "rms-norm-weights"),
    ("templates.cpp:fused_loss_bwd", " - (v == target[i])", "", "cross-entropy-inputs"),
    ("in_place.c:backward_norm", " + to_mean[f] / count", "", "batch-norm-input"),
    ("in_place.c:backward_norm", "+= delta[at] * (x[at] - mean[f]) / sqrt", "+= delta[at] * x[at] / sqrt",
     "batch-norm-scale"),
    ("in_place.c:xent_backward", "-= 1.0f / n_rows", "-= 1.0f", "cross-entropy-logits"),
    ("in_place.c:table_backward", "* width + e] +=", "* width + e] =", "embedding-table"),
    ("sized.c:dense_backward", "dy[n][o] * w[o][i]", "dy[n][o]", "linear-input"),
    ("windows.c:conv2d_grouped_backward", "ky * dilation, z", "ky, z", "convolution-2-weight-in-groups"),
    ("windows.c:conv2d_grouped_backward", "oc / og", "oc % groups", "convolution-2-input-in-groups"),
    ("windows.c:depthwise_conv_backward", "H + y) * W + z] +=", "H + y) * W + z] =", "convolution-2-input-in-groups"),
    ("windows.c:conv1d_backward", "db[o] += d", "db[o] = d", "convolution-bias"),
    ("windows.c:conv1d_backward", "+ k - pad", "+ k", "convolution-weight"),
    ("windows.c:conv_by_patches_backward", "dx[at] +=", "dx[at] =", "convolution-2-input"),
    ("recurrent.py:rnn_step_backward", "prev_h.T @ da", "next_h.T @ da", "recurrent-recurrent-weights-h"),
    ("recurrent.py:lstm_step_backward", "dc = dnext_c + ", "dc = ", "lstm-cell-before"),
    ("recurrent.py:lstm_step_backward", "dc * prev_c", "dc * next_c", "lstm-weights-f"),
    ("recurrent.py:lstm_step_backward", "dg * (1 - g**2)", "dg * g * (1 - g)", "lstm-weights-g"),
    ("recurrent.py:lstm_columns_backward", "dc * it * (1 - cct**2)", "dc * it * (1 - cct)", "lstm-weights-g"),
    ("recurrent.py:gru_step_backward", "(r * h_prev).T", "h_prev.T", "gru-recurrent-weights-n"),
    ("recurrent.py:gru_step_backward", "+ drh * r +", "+ drh +", "gru-state"),
    ("keeping.py:RMSNormFunction", "x * inv**2", "x * inv", "rms-norm-input-from-outputs"),
    ("keeping.py:LayerNormWithGrads", "(grad * self.xhat).sum(axes)", "grad.sum(axes)", "layer-norm-scale"),
    ("keeping.py:groupnorm_backward", "g - g.mean(axis=axes, keepdims=True)", "g", "group-norm-input"),
    ("keeping.py:relu_backward", "x > 0", "x < 0", "relu-input"),
    ("keeping.py:dropout_backward", "dout * mask if", "dout if", "dropout-input"),
    ("keeping.py:dropout_from_rate_backward", " / (1.0 - p)", " * (1.0 - p)", "dropout-input"),
    ("keeping.py:hinge_loss", "-= dscores.sum(axis=1)", "-= 1.0", "hinge"),
)  # fmt: skip
