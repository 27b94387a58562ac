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
        if self.file.endswith(".c"):
            return check_layer(CFunction(path, self.function), network=self.network, **dict(self.more))
        return check_layer(_loaded(path, self.function), network=self.network, **dict(self.more))


def _loaded(path: Path, name: str) -> Callable[..., Any]:
    spec = importlib.util.spec_from_file_location(f"layer_program_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    found: Callable[..., Any] = getattr(module, name)
    return found


PROGRAMS = (
    Program("normalisation.py", "layernorm_backward", "layernorm"),
    Program("normalisation.py", "layernorm_from_cache", "layernorm"),
    Program("normalisation.py", "LayerNorm", "layernorm"),
    Program("normalisation.py", "rmsnorm_backward", "rmsnorm"),
    Program("normalisation.c", "layernorm_backward", "layernorm"),
    Program("normalisation.c", "rmsnorm_backward", "rmsnorm"),
)

#: A program by its place, what is changed in it, and the theorems that it is not any more.
SLIPS: tuple[tuple[int, str, str, str], ...] = (
    (0, "dnorm.mean(-1, keepdims=True) - ", "", "layer-norm-input"),
    (0, "norm * (dnorm * norm).mean(-1, keepdims=True)", "(dnorm * norm).mean(-1, keepdims=True)", "layer-norm-input"),
    (0, "dnorm = dout * weight", "dnorm = dout", "layer-norm-input"),
    (0, "(dout * norm).sum(axis=(0, 1))", "(dout * x).sum(axis=(0, 1))", "layer-norm-scale"),
    (0, "dx *= rstd[:, :, None]", "dx *= rstd[:, :, None] ** 2", "layer-norm-input"),
    (1, "dgamma += dout[n]", "dgamma = dout[n]", "layer-norm-scale"),
    (1, " * -0.5 * std**-3", " * 0.5 * std**-3", "layer-norm-input"),
    (1, " + dmu / D", "", "layer-norm-input"),
    (2, "g = grad_output * self.gamma", "g = grad_output * self.gamma * 2", "layer-norm-input"),
    (2, "grad_output.sum(axis=0)", "grad_output.mean(axis=0)", "layer-norm-shift"),
    (3, "** 3", "** 2", "rms-norm-input-from-outputs"),
    (3, "(wdy * x).sum(1, keepdims=True)", "(dy * x).sum(1, keepdims=True)", "rms-norm-input-from-outputs"),
    (3, " * rstd[:, None]).sum(0)", ").sum(0)", "rms-norm-weights"),
    (4, " - s - ", " - ", "layer-norm-input"),
    (4, "dbias[i] +=", "dbias[i] =", "layer-norm-shift"),
    (4, "s = s / C;", "", "layer-norm-input"),
    (4, "dweight[i] += norm", "dweight[i] += norm * rstd_bt", "layer-norm-scale"),
    (4, "mean[b * T + t]", "mean[t]", "layer-norm-input"),
    (5, "- xr[i] * dot", "+ xr[i] * dot", "rms-norm-input-from-outputs"),
    (5, "dw[i] += dyr[i] * xr[i] * rs", "dw[i] += dyr[i] * xr[i]", "rms-norm-weights"),
    (5, "/ (float)cols", "", "rms-norm-input-from-outputs"),
)
