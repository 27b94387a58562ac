"""The registry: which derivations there are, and how a file of them is loaded."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import re
import sys
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache, wraps
from pathlib import Path
from types import ModuleType
from typing import Any
from zlib import crc32

from .derivation import Chapter, Derivation

REGISTRY: dict[str, list[Callable[[], Derivation]]] = {}  # by module, in the order of the file

KINDS = ("lemma", "theorem", "corollary")
DERIVATION = "derivation"  # the attribute of what is registered, and of what it raises first, that has the name

#: The chapters of the package's own library, in reading order: each is a file of derivations/.
LIBRARY = (
    "forward", "bp1", "bp2", "bp3", "bp4", "backward", "five_layers", "activations", "costs", "examples",
    "cost_of_backprop", "layer_norm", "rms_norm", "batch_norm", "group_norm", "attention", "scores", "rotary", "flash",
    "gates", "embedding", "recurrent", "lstm", "gru", "scan", "convolution", "pooling", "residual", "add_norm",
    "dropout", "lora", "experts", "straight_through", "cross_entropy", "losses", "penalty", "transformer",
    "language_model",
)  # fmt: skip


def derivation(
    name: str, title: str, *, notation: str = "nielsen", judged_by: str = "", kind: str = ""
) -> Callable[[Callable[..., Derivation]], Callable[..., Derivation]]:
    """Name a function that returns ``calc(...)``; its docstring is the prose that goes before the theorem.

    Its argument, if any, is the network; it is computed once for each. ``judged_by`` is for a statement that no judge
    can speak of, such as one that rests on an assumption: what vouches for it beside the kernel. ``kind``: whether it
    is printed as a lemma, a theorem or a corollary.
    """
    if kind not in ("", *KINDS):
        raise ValueError(f"a statement is a {', a '.join(KINDS[:-1])} or a {KINDS[-1]}, and no {kind!r}")
    if not re.fullmatch(r"\w[\w.-]*", name, re.ASCII):
        raise ValueError(f"{name!r} is no name for a derivation: letters from a to z, digits, and . _ - between them")

    def register(build: Callable[..., Derivation]) -> Callable[..., Derivation]:
        @cache
        @wraps(build)
        def wrapper(*args: Any) -> Derivation:
            prose = inspect.cleandoc(_warned(build.__doc__ or "", build.__name__))
            try:
                made = build(*args)
            except (Exception, SystemExit) as error:  # a derivation is somebody's program: it may raise anything
                error.__dict__.setdefault(DERIVATION, name)
                raise
            if not isinstance(made, Derivation):
                raise TypeError(f"{build.__name__} does not return a derivation: is it missing `return calc(...)`?")
            if not made.composes():
                raise ValueError(f"the lines of {build.__name__} do not come to its theorem")
            if unclear := _unclear(made):
                raise ValueError(f"{build.__name__} {unclear}")
            again = wrapper if inspect.signature(build).parameters else None
            made = replace(made, name=name, title=title, prose=prose, again=again)
            return replace(made, notation=notation, judged_by=judged_by, kind=kind)

        setattr(wrapper, DERIVATION, name)
        REGISTRY.setdefault(build.__module__, []).append(wrapper)
        return wrapper

    return register


def _warned(doc: str, name: str) -> str:
    """A docstring; one whose backslashes Python has read as something else is warned of."""
    if re.search("[\x07\x08\x0b\x0c]", doc):
        warnings.warn(f"the docstring of {name} has backslashes: write r before it", stacklevel=4)
    return doc


def _unclear(made: Derivation) -> str:
    """What would keep a reader, or a judge, from knowing what the statement says: they go by the names of symbols."""
    names = Counter(symbol.name for symbol in made.symbols)
    return next((f"has two symbols that are called {name}" for name, count in names.items() if count > 1), "")


def chapter(module: ModuleType) -> Chapter:
    """The derivations of a loaded file, proved; its docstring is ``title``, prose, and ``Source: ...``."""
    title, _, rest = inspect.cleandoc(_warned(module.__doc__ or module.__name__, module.__name__)).partition("\n")
    prose, _, source = rest.partition("Source:")
    name = module.__name__.rpartition(".")[2]
    built = tuple(replace(make(), source=source.strip(), chapter=name) for make in REGISTRY.get(module.__name__, ()))
    return Chapter(name, title.strip(), prose.strip(), " ".join(source.split()), built)


def library_module(name: str) -> ModuleType:
    """One file of the package's own derivations."""
    return importlib.import_module(f"backproof.derivations.{name}")


def load_file(path: Path) -> ModuleType:
    """Run a derivation file of the user's and return its module; it is a program, like any Python file."""
    name = f"backproof_user_{path.stem}_{crc32(str(path.resolve()).encode()):08x}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    REGISTRY.pop(name, None)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
