"""Multilayer perceptrons of scikit-learn: objects of the library, and classes that override parts of it.

The backward pass is a private method, ``_backprop``, which is called as the library calls it, on an object that its own
``fit`` has set up. Functions of SciPy take no exact numbers: those that the library uses are given others in an exact
run, and the value of the loss, which no gradient depends on, is left out there.
"""

from __future__ import annotations

import copy
import inspect
import sys
import warnings
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from types import ModuleType
from typing import Any, Final, NamedTuple

import numpy as np

from . import roles
from .adapter import Told
from .calls import Batch, CannotCallError, Claim
from .containers import Layer, Layers, Leaf
from .layouts import LAYOUTS, TARGETS, Layout, Targets
from .load import callables
from .matching import Parameter
from .subject import EXAMPLES, Callee, Made

Array = Any
WIDTHS: Final = (6, 9, 5, 7)  # of hidden layers, whatever the program has
INPUTS: Final = 4
CLASSES: Final = 3
PENALTY: Final = 0.25
LIBRARY: Final = "sklearn.neural_network._multilayer_perceptron"
BASE: Final = "sklearn.neural_network._base"
NAMES: Final = {"logistic": "sigmoid"}  # of activations, where we have others


class Kind(NamedTuple):
    """A network to be tried: the hidden activation, the activation of the last layer, and its units."""

    hidden: str
    last: str
    units: int


@dataclass(frozen=True)
class Perceptron:
    """An object that ``fit`` has set up, and how its gradient is asked for; as ``calls.Way``."""

    module: ModuleType
    name: str
    net: Any
    paired: bool = False

    @property
    def subject(self) -> Told:
        return Told(self.module)

    @property
    def made(self) -> Made:
        """Lists ``coefs_`` and ``intercepts_``."""
        sizes = (self.net.coefs_[0].shape[0], *(w.shape[1] for w in self.net.coefs_))
        layers = tuple(
            Layer(Leaf(("coefs_", n), pair), Leaf(("intercepts_", n), pair[1:]))
            for n, pair in enumerate(pairwise(sizes))
        )
        return Made(self.net, Layers(layers, "in,out", sizes), None, self.name, examples=EXAMPLES)

    @property
    def callee(self) -> Callee:
        return Callee("_backprop", type(self.net)._backprop)  # noqa: SLF001 - there is no other way to ask for it

    @property
    def layout(self) -> Layout:
        return LAYOUTS["rows"]

    @property
    def targets(self) -> Targets:
        return TARGETS["matrix"]

    @property
    def parameters(self) -> list[Parameter]:
        """In the order of the layers."""
        return [
            Parameter(n, family, leaf.name, leaf)
            for n, layer in enumerate(self.made.layers.layers, start=2)
            for family, leaf in (("w", layer.weight), ("b", layer.bias))
            if leaf is not None
        ]

    def gradient(self, batch: Batch) -> Claim:
        """Call it with the arguments that the library gives, in the order in which it gives them."""
        net, x, y = self._with(batch), batch.x.T.copy(), batch.y.T.copy()
        shapes = [w.shape for w in net.coefs_]
        given = {
            "X": x, "y": y, "sample_weight": None, "activations": [x] + [None] * len(shapes),
            "deltas": [None] * len(shapes), "coef_grads": [np.empty(shape, dtype=x.dtype) for shape in shapes],
            "intercept_grads": [np.empty(shape[1:], dtype=x.dtype) for shape in shapes],
        }  # fmt: skip
        asked = list(inspect.signature(base()._backprop).parameters)[1:]  # noqa: SLF001
        loss, weights, biases = net._backprop(*(given[name] for name in asked))  # noqa: SLF001
        found = {"w": weights, "b": biases}
        return Claim({p: np.asarray(found[p.family][p.layer - 2]) for p in self.parameters}, loss)

    def output(self, batch: Batch) -> Array:
        """What the forward pass gives, as columns."""
        net, x = self._with(batch), batch.x.T.copy()
        return net._forward_pass([x] + [None] * len(net.coefs_))[-1].T  # noqa: SLF001

    def _with(self, batch: Batch) -> Any:
        return self.made.layers.put(copy.deepcopy(self.net), dict(batch.weights), dict(batch.biases))


def base() -> Any:
    """The class of which all of them are; None where the library is not loaded: no program has one, then."""
    library = sys.modules.get(LIBRARY)
    return None if library is None else library.BaseMultilayerPerceptron


# What a module has.


def perceptrons(module: ModuleType, entry: str) -> list[tuple[str, Any]]:
    """The classes and objects of a module that are perceptrons, by name; ``entry``: only this one."""
    if base() is None:
        return []
    name = entry.split(".", maxsplit=1)[0]
    if name:
        listed = {name: vars(module).get(name)}
    else:
        own = callables(module)
        listed = {**own, **{name: e for name, e in vars(module).items() if not callable(e)}}
    found = [(name, one) for name, e in listed.items() if (one := _perceptron(e)) is not None]
    return [pair for pair in found if inspect.isclass(pair[1])] + [p for p in found if not inspect.isclass(p[1])]


def _perceptron(e: Any) -> Any:
    """A class or object that is one, or has one within, as a pipeline has; or what a function without parameters
    returns.
    """
    if inspect.isclass(e):
        return e if issubclass(e, base()) and not inspect.isabstract(e) else None
    if isinstance(e, base()):
        return e
    if hasattr(e, "get_params"):
        with suppress(Exception):  # it is somebody's object
            return next((one for one in e.get_params().values() if isinstance(one, base())), None)
    if inspect.isfunction(e) and roles.kind(e.__name__) == "" and not any(map(roles.required, roles.parameters(e))):
        with suppress(Exception, SystemExit):  # it is somebody's function
            made = e()
            return _perceptron(made) if not inspect.isfunction(made) else None
    return None


# Networks to be tried.


def kinds(found: Any) -> list[Kind]:
    """Of an object what it is; of a class all hidden activations, and all outputs that it can have."""
    whole = inspect.isclass(found)
    hidden = ["tanh", "logistic", "relu", "identity"] if whole else [found.activation]
    if not whole and hasattr(found, "out_activation_"):
        outputs = [(found.out_activation_, 1 if found.n_outputs_ == 1 else CLASSES)]
    elif classifies(found):
        outputs = [("softmax", CLASSES), ("logistic", 1), ("logistic", CLASSES)]
    else:
        outputs = [("identity", 1), ("identity", CLASSES)]
    first = [Kind(hidden[0], *output) for output in outputs]
    return first + [Kind(name, *outputs[0]) for name in hidden[1:]]


def classifies(found: Any) -> bool:
    """Whether its targets are classes."""
    return "classifier" in str(getattr(found, "_estimator_type", "")) or hasattr(found, "predict_proba")


def fitted(found: Any, kind: Kind) -> Any:
    """An object that ``fit`` has set up for a small network of that kind. What it raises goes through.

    CannotCallError where it is not known how to make one.
    """
    net: Any
    layers = 2
    if not inspect.isclass(found):
        layers = max(1, min(np.size(found.hidden_layer_sizes), len(WIDTHS)))
        net = type(found)(**found.get_params(deep=False))
    else:
        needed = [p.name for p in roles.parameters(found) if roles.required(p)]
        if needed:
            raise CannotCallError(f"it is not known what {found.__name__} takes as {', '.join(needed)}: make one")
        net = found()
        net.alpha = PENALTY
    net.hidden_layer_sizes, net.activation = WIDTHS[:layers], kind.hidden
    net.max_iter = net.max_fun = 1
    net.warm_start = net.early_stopping = net.verbose = False
    net.batch_size, net.random_state = "auto", 0
    draw = np.random.default_rng(0)
    x = draw.uniform(-1, 1, (EXAMPLES + 1, INPUTS))
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # of one step nobody expects that it converges
        net.fit(x, _targets(kind, draw))
    return net


def _targets(kind: Kind, draw: Any) -> Array:
    count = EXAMPLES + 1
    if kind.last == "softmax":
        return np.arange(count) % CLASSES
    if kind.last == "logistic":
        table = np.arange(count)[:, None] + np.arange(CLASSES)
        return table % 2 if kind.units > 1 else np.arange(count) % 2
    return draw.uniform(0.1, 1, (count, kind.units)) if kind.units > 1 else draw.uniform(0.1, 1, count)


def ours(name: str) -> str:
    """An activation by our name."""
    return NAMES.get(name, name)


# Exact numbers.


def exact_functions() -> None:
    """Let the functions that the library takes from SciPy take exact numbers as well, in this process."""
    own: Any = sys.modules[BASE]
    plain = own.logistic_sigmoid
    if getattr(plain, "plain", None) is not None:
        return

    def logistic(z: Array, out: Array | None = None) -> Array:
        if not _exact(z):
            return plain(z, out=out)
        value = 1 / (1 + np.exp(-z))
        if out is None:
            return value
        out[...] = value
        return out

    logistic.plain = plain  # type: ignore[attr-defined]
    own.logistic_sigmoid = logistic
    for name, function in own.LOSS_FUNCTIONS.items():
        own.LOSS_FUNCTIONS[name] = _without_value(function)


def _exact(values: Any) -> bool:
    return isinstance(values, np.ndarray) and values.dtype.kind == "O"


def _without_value(plain: Any) -> Any:
    def loss(y: Array, a: Array, *rest: Any, **named: Any) -> Any:
        return 0 if _exact(a) else plain(y, a, *rest, **named)

    return loss


__all__ = ["CLASSES", "Kind", "Perceptron", "base", "exact_functions", "fitted", "kinds", "ours", "perceptrons"]
