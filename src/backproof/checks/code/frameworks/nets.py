"""Networks of PyTorch and JAX: what their functions take beside examples, and gradients that nobody wrote."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from .framework import Framework
from .table import FRAMEWORKS, of_module

TORCH, JAX = FRAMEWORKS
#: What functions take beside networks and examples, by name.
BESIDE: Final = {
    "optimiser": r"opt|optim|optimi[sz]er|sgd",
    "loss": r"criterion|loss_?(?:fn|fun|func|function|f)|objective",
    "batches": r"(?:train_?)?(?:data_?)?loader|(?:train_?)?dl|batches",
    "device": r"device|dev",
    "key": r"(?:prng_?|rng_?)?key|rng",
}
#: Losses of PyTorch, as the words of a program would tell them: the cost, its factor, and the last activation.
LOSSES: Final = {
    "CrossEntropyLoss": ("log-likelihood", 1.0, "softmax"), "cross_entropy": ("log-likelihood", 1.0, "softmax"),
    "NLLLoss": ("log-likelihood", 1.0, "softmax"), "nll_loss": ("log-likelihood", 1.0, "softmax"),
    "MSELoss": ("quadratic", 2.0, None), "mse_loss": ("quadratic", 2.0, None),
    "BCELoss": ("cross-entropy", 1.0, "sigmoid"), "binary_cross_entropy": ("cross-entropy", 1.0, "sigmoid"),
    "BCEWithLogitsLoss": ("cross-entropy", 1.0, "sigmoid"),
    "binary_cross_entropy_with_logits": ("cross-entropy", 1.0, "sigmoid"),
}  # fmt: skip
OF_CLASSES: Final = ("CrossEntropyLoss", "cross_entropy", "NLLLoss", "nll_loss")  # a mean over examples, not entries
OTHERWISE: Final = re.compile(r"Adam|RMSprop|Adagrad|Adadelta|momentum|LBFGS|optax")
CLEARS: Final = re.compile(r"zero_grad|grad(?:\.data)?\.zero_|grad\s*=\s*None|grad(?:\.data)?\.fill_|autograd\.grad\(")
NOTHING: Final = object()


def beside(name: str) -> str:
    """What a parameter of this name is, "" where it is none of these."""
    low = name.casefold().strip("_")
    return next((found for found, words in BESIDE.items() if re.fullmatch(words, low)), "")


def library(made: ModuleType) -> Framework | None:
    """The library whose arrays the functions of a program take."""
    return of_module(vars(made))


def given(name: str, made: ModuleType, holder: Any, rate: float, batch: tuple[Any, Any]) -> Any:
    """What is given for a parameter of this name; NOTHING where it is none of these."""
    of = library(made)
    what = beside(name) if of is not None else ""
    if what == "batches":
        return [batch]
    if of is JAX and what == "key":
        return key()
    if of is not TORCH or what not in ("optimiser", "loss", "device"):
        return NOTHING
    import torch

    if what == "device":
        return torch.device("cpu")
    if what == "loss":
        found = loss(made)
        return found if found is not None else NOTHING
    parameters = list(holder.parameters()) if hasattr(holder, "parameters") else []
    return torch.optim.SGD(parameters, lr=rate) if parameters else NOTHING


def key() -> Any:
    """What JAX makes random numbers from."""
    import jax

    return jax.random.PRNGKey(0)


# Losses, by the text of a program.


def loss_call(made: ModuleType) -> ast.Call | None:
    """Where a program first calls a loss of the library, or makes one."""
    calls = [node for node in ast.walk(_tree(made)) if isinstance(node, ast.Call) and _called(node) in LOSSES]
    return min(calls, key=lambda node: node.lineno, default=None)


def _called(node: ast.Call) -> str:
    return ast.unparse(node.func).rpartition(".")[2]


def _tree(made: ModuleType) -> ast.AST:
    try:
        return ast.parse(text(made))
    except SyntaxError:
        return ast.Module([], [])


def text(made: ModuleType) -> str:
    """The text of a program."""
    try:
        return Path(str(made.__file__)).read_text(encoding="utf-8")
    except OSError:
        return ""


def _reduction(node: ast.Call) -> str:
    own = next((e.value for e in node.keywords if e.arg == "reduction"), None)
    said = own.value if isinstance(own, ast.Constant) else "mean"
    if said == "mean":
        return "mean" if _called(node) in OF_CLASSES else "mean of entries"
    return "sum"


def loss(made: ModuleType) -> Callable[[Any, Any], Any] | None:
    """The loss of PyTorch that a program has, as it is called there."""
    import torch

    node = loss_call(made)
    if node is None:
        return None
    name, options = _called(node), {}
    for e in node.keywords:
        if e.arg and isinstance(e.value, ast.Constant):
            options[e.arg] = e.value.value
    if name[0].isupper():
        found: Callable[[Any, Any], Any] = getattr(torch.nn, name)(**options)
        return found
    function = getattr(torch.nn.functional, name)
    return lambda output, target: function(output, target, **options)


def told(made: ModuleType) -> tuple[str, float, str | None, str] | None:
    """The loss that a program calls: cost, factor, last activation, reduction."""
    node = loss_call(made) if library(made) is TORCH else None
    return None if node is None else (*LOSSES[_called(node)], _reduction(node))


# Steps and gradients.


def steps_otherwise(made: ModuleType) -> bool:
    """Whether a step is more than a multiple of the gradient."""
    return library(made) is TORCH and OTHERWISE.search(text(made)) is not None


def clears(made: ModuleType) -> bool:
    """Whether a program sets gradients to zero, or to nothing."""
    return CLEARS.search(text(made)) is not None


def rate_of(holder: Any) -> float | None:
    """The learning rate of an optimiser that an object has."""
    if not TORCH.loaded or not hasattr(holder, "__dict__"):
        return None
    import torch

    own = [e for e in vars(holder).values() if isinstance(e, torch.optim.Optimizer)]
    return float(own[0].param_groups[0]["lr"]) if own else None


def is_module(holder: Any) -> bool:
    """Whether an object is a network of PyTorch."""
    if not TORCH.loaded:
        return False
    import torch

    return isinstance(holder, torch.nn.Module)


def differentiated(made: ModuleType) -> Callable[[Any, Any, Any], Any]:
    """A backward pass for a program that has none: PyTorch's, from the loss that the program calls."""
    import torch

    def autograd(net: Any, inputs: Any, targets: Any) -> Any:
        of = loss(made) or torch.nn.MSELoss()
        value = of(net(inputs), targets)
        value.backward()
        return value.detach()

    return autograd


__all__ = ["NOTHING", "beside", "clears", "differentiated", "given", "is_module", "key", "library", "loss", "rate_of",
           "steps_otherwise", "text", "told"]  # fmt: skip
