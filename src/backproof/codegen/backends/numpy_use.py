"""How a NumPy module may be used, tried: other arrays, wrong ones, threads, workspaces, kept results."""

from __future__ import annotations

import contextlib
import io
import sys
import threading
from collections.abc import Callable, Iterator
from itertools import count, product
from types import FrameType, ModuleType
from typing import Any, Final

import numpy as np

from ..backend import Failed
from ..program import Spec
from ..sample import Array
from ..trials import MANY

Given = tuple[list[tuple[Array, Array]], Array, Array]
DIFFERENT: Final = 1e-9  # results of one text on the same numbers, relative to the largest, in float64
ETA: Final = 0.25


def used(spec: Spec, module: ModuleType, given: Given, other: Given) -> None:
    """``Failed`` where one of the promises of the module does not hold; ``other`` has as many examples."""
    plain = module.gradient(*given)
    for what, arrays in _alike(given):
        for name, found in _called(module, arrays):
            _same(spec, f"{name} of {what}", found, dict(_called(module, given))[name])
    _kept(spec, module, given, other, plain)
    _refused(spec, module, given)
    _steps(spec, module, given)
    _between_threads(spec, module, given, other)
    _with_workspaces(spec, module, given)
    with contextlib.redirect_stdout(io.StringIO()) as said:
        status = module._self_test()  # noqa: SLF001 - it is ours
    if status != 0:
        raise Failed(f"run as a program, it finds itself wrong: {said.getvalue()}")


def _called(module: ModuleType, given: Given) -> Iterator[tuple[str, Any]]:
    parameters, x, _ = given
    yield "forward", [np.array(module.forward(parameters, x))]
    yield "cost", [np.array(module.cost(*given))]
    yield "gradient", _flat(module.gradient(*given))


def _flat(pairs: Any) -> list[Array]:
    return [part for pair in pairs for part in pair]


def _same(spec: Spec, what: str, found: list[Array], wanted: list[Array]) -> None:
    """Whether arrays are the same but for rounding."""
    near = DIFFERENT if spec.dtype == "float64" else 1e-4
    for got, right in zip(found, wanted, strict=True):
        if np.array_equal(got, right, equal_nan=True):
            continue
        if got.shape != right.shape or not np.allclose(got, right, rtol=0.0, atol=near * (np.abs(right).max() + 1e-6)):
            raise Failed(f"{what} is another than that of the same numbers in plain arrays")


def _alike(given: Given) -> Iterator[tuple[str, Given]]:
    """The same numbers in other arrays."""
    parameters, x, y = given
    yield "lists", (parameters, x.tolist(), y.tolist())
    yield "arrays in Fortran order", (_each(np.asfortranarray, parameters), np.asfortranarray(x), np.asfortranarray(y))
    yield "parts of other arrays", (_each(_strided, parameters), _strided(x), _strided(y))
    yield "read-only arrays", (_each(_frozen, parameters), _frozen(x), _frozen(y))
    yield "float64 for x and y", (parameters, x.astype("float64"), y.astype("float64"))


def _each(way: Callable[[Array], Array], parameters: list[tuple[Array, Array]]) -> list[tuple[Array, Array]]:
    return [(way(w), way(b)) for w, b in parameters]


def _strided(array: Array) -> Array:
    """The same, in memory that is not contiguous."""
    wide = np.zeros(tuple(2 * size for size in array.shape), array.dtype)
    part = wide[tuple(slice(None, None, 2) for _ in array.shape)]
    part[...] = array
    return part


def _frozen(array: Array) -> Array:
    copied = array.copy()
    copied.flags.writeable = False
    return copied


def _kept(spec: Spec, module: ModuleType, given: Given, other: Given, plain: Any) -> None:
    """Results are the caller's: they are never written to again, and may be parameters."""
    kept = module.gradient(*given)
    before = [part.copy() for part in _flat(kept)]
    module.gradient(*other)
    module.step(_each(np.copy, other[0]), *other[1:], ETA)
    if any(np.shares_memory(one, two) for one in _flat(kept) for two in _flat(plain)):
        raise Failed("two results of gradient are the same arrays")
    if not all((part == was).all() for part, was in zip(_flat(kept), before, strict=True)):
        raise Failed("a result of gradient changes when gradient or step is called again")
    copied = _each(np.copy, kept)
    _same(spec, "the gradient at an earlier gradient", _flat(module.gradient(kept, *given[1:])),
          _flat(module.gradient(copied, *given[1:])))  # fmt: skip


def wrong(spec: Spec, given: Given) -> Iterator[tuple[str, Any]]:
    """What has to be refused."""
    parameters, x, y = given
    other = "float32" if spec.dtype == "float64" else "float64"
    (w, b), *rest = parameters
    axis = 1 if spec.layout == "rows" else 0
    yield "parameters as lists", ([(w.tolist(), b.tolist()), *rest], x, y)
    yield "no parameters", (3.0, x, y)
    for place in range(2 * len(parameters)):
        parts = [part.astype(other) if at == place else part for at, part in enumerate(_flat(parameters))]
        yield f"{other} in layer {place // 2 + 2}", (list(zip(parts[::2], parts[1::2], strict=True)), x, y)
    yield "integer weights", ([(w.astype(int), b), *rest], x, y)
    yield "too many layers", ([*parameters, parameters[-1]], x, y)
    yield "too few layers", (parameters[:-1], x, y)
    yield "a row too many in the weights", ([(np.concatenate([w, w[:1]]), b), *rest], x, y)
    yield "biases with another axis", ([(w, b.reshape(1, -1) if spec.layout == "rows" else b[:, 0]), *rest], x, y)
    yield "an input too many", (parameters, np.concatenate([x, x], axis), y)
    yield "a target too many", (parameters, x, np.concatenate([y, y], axis))
    yield "an example too many in x", (parameters, np.concatenate([x, x], 1 - axis), y)
    yield "one example without its axis", (parameters, x.reshape(-1), y)
    yield "no example", (parameters, *((x[:0], y[:0]) if spec.layout == "rows" else (x[:, :0], y[:, :0])))


def _refused(spec: Spec, module: ModuleType, given: Given) -> None:
    for what, arrays in wrong(spec, given):
        for name in ("gradient", "cost", "step"):
            rate = (ETA,) if name == "step" else ()
            try:
                getattr(module, name)(*arrays, *rate)
            except ValueError as error:
                if " not " in str(error):
                    continue
                raise Failed(f"{name} does not say what it expects, of {what}: {error}") from None
            raise Failed(f"{name} takes {what}")
    parameters, x, y = given
    work = module.workspace(x.shape[0 if spec.layout == "rows" else 1] + 1)
    try:
        module.gradient(parameters, x, y, work)
    except ValueError as error:
        if "workspace" in str(error):
            return
        raise Failed(f"gradient does not say what it expects, of a workspace for more examples: {error}") from None
    raise Failed("gradient takes a workspace for more examples")


def _steps(spec: Spec, module: ModuleType, given: Given) -> None:
    """Every layer moves or none; where the arrays lie does not matter."""
    parameters, x, y = given
    moved = _each(np.copy, parameters)
    module.step(moved, x, y, ETA)
    for way in (_strided, np.asfortranarray):
        arrays = _each(way, _each(np.copy, parameters))
        module.step(arrays, x, y, ETA)
        _same(spec, "a step", _flat(arrays), _flat(moved))
    for bad in range(2 * len(parameters)):
        parts = [_frozen(part) if place == bad else part.copy() for place, part in enumerate(_flat(parameters))]
        held = list(zip(parts[::2], parts[1::2], strict=True))
        try:
            module.step(held, x, y, ETA)
        except ValueError:
            if all((one == two).all() for one, two in zip(parts, _flat(parameters), strict=True)):
                continue
            raise Failed("a step that fails has moved some layers") from None
        raise Failed("a step takes read-only parameters")


def _between_threads(spec: Spec, module: ModuleType, given: Given, other: Given) -> None:
    """After every line of the gradient in one thread, another thread computes a whole one."""
    wanted, found, file = _flat(module.gradient(*given)), list[Any](), module.gradient.__code__.co_filename
    lines, often = count(), 1 if spec.parameters <= MANY else 16

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code.co_filename != file:
            return None
        if event == "line" and next(lines) % often == 0:
            thread = threading.Thread(target=module.gradient, args=other)
            thread.start()
            thread.join()
        return trace

    def run() -> None:
        module.gradient(*given)  # what is made once is there already
        sys.settrace(trace)
        try:
            found.append(module.gradient(*given))
        finally:
            sys.settrace(None)

    first = threading.Thread(target=run)
    first.start()
    first.join()
    _same(spec, "the gradient, with another thread at work,", _flat(found[0]), wanted)


def _with_workspaces(spec: Spec, module: ModuleType, given: Given) -> None:
    """Every way to work in a workspace gives the same, and gives its arrays."""
    m, wanted = given[1].shape[0 if spec.layout == "rows" else 1], module.gradient(*given)
    for work in _workspaces(module, m, few=spec.parameters > MANY):
        once, twice = module.gradient(*given, work), module.gradient(*given, out=work)
        _same(spec, "the gradient in a workspace", _flat(twice), _flat(wanted))
        if not all(np.shares_memory(one, two) for one, two in zip(_flat(once), _flat(twice), strict=True)):
            raise Failed("with a workspace, gradient makes new arrays")
        _own_results(spec, module, given, work)
        moved, right = _each(np.copy, given[0]), _each(np.copy, given[0])
        module.step(moved, *given[1:], ETA, work)
        module.step(right, *given[1:], ETA)
        _same(spec, "a step in a workspace", _flat(moved), _flat(right))


def _own_results(spec: Spec, module: ModuleType, given: Given, work: Any) -> None:
    """What lies in a workspace is refused as parameters, or copied in time."""
    _, x, y = given
    own = module.gradient(*given, work)
    wanted = module.gradient(_each(np.copy, own), x, y)
    try:
        found = module.gradient(own, x, y, work)
    except ValueError:
        return
    _same(spec, "the gradient at a result in the same workspace", _flat(found), _flat(wanted))


def large(spec: Spec, module: ModuleType, given: Given, examples: int) -> None:
    """The products that are chosen for large batches give what those for small ones give."""
    parameters, x, y = given
    axis = 0 if spec.layout == "rows" else 1
    x, y = (np.take(part, np.arange(examples) % part.shape[axis], axis) for part in (x, y))
    plain = module.gradient(parameters, x, y, module.Workspace(examples, "C", "C", module.dot))
    _same(spec, f"the gradient of {examples} examples", _flat(module.gradient(parameters, x, y)), _flat(plain))


def _workspaces(module: ModuleType, m: int, *, few: bool) -> list[Any]:
    """The one that is chosen, and all there are to choose from, or a few of them."""
    chosen = module.workspace(m)
    if module.Workspace.__init__.__code__.co_argcount == 2:
        return [chosen]
    ways = [*product("CF", "CF", (module.matmul, module.dot)), ("S", "S", module.matmul)]
    return [chosen, *(module.Workspace(m, *way) for way in (ways[-2:] if few else ways))]


__all__ = ["large", "used", "wrong"]
