"""What PyTorch differentiates: a subclass of ``autograd.Function``, a module, or a function of tensors."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from .rules import Differentiated, NoDerivativeError, Rule, Taken, first, in_order, is_real, taken
from .torch_arrays import Torch

Array = Any
MISCOUNTED: Final = "incorrect number of gradients"


class Context:
    """What a forward pass is given to keep things in, where nothing is differentiated by it."""

    saved_tensors: tuple[Any, ...] = ()

    def __init__(self, count: int) -> None:
        self.needs_input_grad = (True,) * count

    def save_for_backward(self, *tensors: Any) -> None:
        """Keep them."""
        self.saved_tensors = tensors

    save_for_forward = save_for_backward

    def mark_dirty(self, *_: Any) -> None:
        """Nothing is done."""

    mark_non_differentiable = mark_shared_storage = set_materialize_grads = mark_dirty


@dataclass(frozen=True)
class Own(Rule):
    """A subclass of ``torch.autograd.Function``."""

    function: Any
    has_own = True

    @property
    def with_context(self) -> bool:
        """Whether ``forward`` is given the context; else ``setup_context`` is."""
        import torch

        return self.function.setup_context is torch.autograd.Function.setup_context

    def takes(self) -> list[Taken]:
        """The parameters of ``forward``."""
        return taken(self.function.forward, skip=1 if self.with_context else 0)

    def run(self, given: Mapping[str, Any], above: Array | None, *, plainly: bool) -> Differentiated:
        """By ``apply``, or ``forward`` by itself."""
        forward, takes = self._forward if plainly else self.function.apply, self.takes()
        try:
            return differentiated(lambda own: forward(*in_order(takes, own)), given, above)
        except RuntimeError as error:
            fewer = {t.name: given[t.name] for t in takes if t.name in given and t.needed}
            if MISCOUNTED not in str(error) or len(fewer) == len(given):
                raise
        # It may count on it that what has a default is left out.
        return differentiated(lambda own: forward(*in_order(takes, own)), fewer, above)

    def _forward(self, *given: Any) -> Any:
        context = (Context(len(given)),) if self.with_context else ()
        return self.function.forward(*context, *given)

    def source(self) -> Any:
        """``backward``."""
        return self.function.backward


@dataclass(frozen=True)
class Plain(Rule):
    """A function of tensors."""

    function: Any
    has_own = False

    def takes(self) -> list[Taken]:
        """Its parameters."""
        return taken(self.function)

    def run(self, given: Mapping[str, Any], above: Array | None, *, plainly: bool) -> Differentiated:  # noqa: ARG002
        """As it stands."""
        takes = self.takes()
        return differentiated(lambda own: self.function(*in_order(takes, own)), given, above)

    def source(self) -> Any:
        """The function."""
        return self.function


@dataclass(frozen=True)
class Module(Rule):
    """A subclass of ``torch.nn.Module`` without a backward pass of its own."""

    cls: Any
    has_own = False

    def takes(self) -> list[Taken]:
        """What makes it, the parameters that it keeps, and what ``forward`` takes."""
        made = [Taken(t.name, t.needed, made=True) for t in taken(self.cls.__init__, skip=1)]
        kept = [Taken(name, kept=True) for name in _kept(self.cls)]
        known = {t.name for t in kept}
        return [*(t for t in made if t.name not in known), *kept, *taken(self.cls.forward, skip=1)]

    def run(self, given: Mapping[str, Any], above: Array | None, *, plainly: bool) -> Differentiated:  # noqa: ARG002
        """Make it, give it its parameters, and call it."""
        import torch

        takes = self.takes()
        module = self.cls(**{t.name: given[t.name] for t in takes if t.made and t.name in given})
        own = {name: e for name, e in module._parameters.items() if e is not None}  # noqa: SLF001
        kept = [t.name for t in takes if t.kept and t.name in given and t.name in own]
        for name in kept:
            if tuple(own[name].shape) != given[name].shape:
                raise ValueError(f"{name} has the shape {tuple(own[name].shape)}, and not {given[name].shape}")
        inputs = {t.name for t in takes if not (t.made or t.kept)}

        def call(values: dict[str, Any]) -> Any:
            state = {name: values[name] for name in kept}
            return torch.func.functional_call(module, state, (), {n: e for n, e in values.items() if n in inputs})

        return differentiated(call, {n: e for n, e in given.items() if n in inputs or n in kept}, above)

    def source(self) -> Any:
        """``forward``."""
        return self.cls.forward


def _kept(cls: Any) -> list[str]:
    """The names of the parameters of a module, as the text of ``__init__`` has them."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(cls.__init__)))
    except (OSError, TypeError, SyntaxError):
        return []
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            of = ast.unparse(node.value.func)
            if of.rpartition(".")[2] == "Parameter":
                found += [t.attr for t in node.targets if isinstance(t, ast.Attribute)]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("register_parameter") and node.args:
            found += [str(e.value) for e in node.args[:1] if isinstance(e, ast.Constant)]
    return list(dict.fromkeys(found))


def differentiated(
    call: Callable[[dict[str, Any]], Any], given: Mapping[str, Any], above: Array | None
) -> Differentiated:
    """Call it with tensors, and go back from its output."""
    import torch

    arrays = Torch()
    made = {name: arrays.array(e) if hasattr(e, "dtype") else e for name, e in given.items()}
    leaves = {name: e.requires_grad_() for name, e in made.items() if is_real(given[name])}
    inner = {name: e.view_as(e) if name in leaves else e for name, e in made.items()}  # leaves cannot be changed
    with torch.enable_grad():
        output = first(call(inner))
    if not output.requires_grad:
        raise NoDerivativeError("its output does not depend on what it is given, as far as PyTorch sees: it is cut off")
    seed = torch.ones_like(output) if above is None else arrays.array(above).expand_as(output)
    found = torch.autograd.grad(output, list(leaves.values()), seed, allow_unused=True)
    slopes = {n: None if g is None else arrays.plain(g) for n, g in zip(leaves, found, strict=True)}
    return Differentiated([arrays.plain(output)], slopes)


__all__ = ["Module", "Own", "Plain", "differentiated"]
