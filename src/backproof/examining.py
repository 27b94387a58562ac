"""The verb ``check``, for programs: is this backward pass right, and if not, which equation of which layer is wrong."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from .checks.code.answer import Answer
from .checks.code.client import Ended, Run, anew, forking
from .checks.code.frameworks import imports
from .checks.code.said import Said
from .checks.limits import processors
from .errors import CannotRun

SECONDS: Final = 60.0  # that a check may take, if nothing else is said
CODE: Final = re.compile(r"(?P<module>.+?\.(?:py|c)|[A-Za-z_][\w.]*(?=:))(?::(?P<entry>[A-Za-z_][\w.]*))?")
COSTS: Final = {"softmax-log-likelihood": "log-likelihood"}  # the name in documents, and ours


@dataclass(frozen=True)
class Report:
    """What was found in a program; ``says`` is as ``check --json`` prints it."""

    target: str
    says: Mapping[str, Any]

    @property
    def overall(self) -> str:
        """ok, wrong, scale, order, raises or unknown."""
        return str(self.says["overall"])

    @property
    def ok(self) -> bool:
        """Whether all was found right."""
        return self.overall == "ok"

    def to_json(self) -> dict[str, Any]:
        """In the schema backproof.check-code/1."""
        return dict(self.says)

    def __str__(self) -> str:
        from .findings import text

        return text(self.says)


def is_code(target: str) -> bool:
    """Whether a target of ``check`` is a program: file.py, file.py:object, package.module:object."""
    found = CODE.fullmatch(target)
    return found is not None and Path(target).suffix.casefold() not in (".md", ".tex", ".ipynb", ".txt")


def examine(
    target: str,
    *,
    network: str | None = None,
    adapter: str | None = None,
    seconds: float = SECONDS,
    run: Run = anew,
    **said: str | None,
) -> Report:
    """What is right in a program, which is run in a process of its own.

    ``said``: ``hidden``, ``output``, ``cost``, ``reduction``, as declared; what is not is inferred, and said in the
    report. ``adapter``: a file that declares the program. ``network``: the backward pass is that of one layer, of this
    name: layernorm, attention, conv, ... CannotRun where there is no such file.
    """
    found = CODE.fullmatch(target)
    if found is None:
        raise CannotRun(f"{target} is no program: file.py, file.py:object, or package.module:object")
    name, entry = found["module"], found["entry"] or ""
    for file in filter(None, (name if name.endswith((".py", ".c")) else None, adapter)):
        if not Path(file).is_file():
            raise CannotRun(f"cannot read {file}: no such file")
    if (lacking := imports.missing(name)) is not None:
        shown = imports.SHOWN[lacking]
        raise CannotRun(f"{name} needs {shown}, which is not installed: pip install backproof[{lacking}]")
    given = {key: value for key, value in said.items() if value and value not in ("generic", "none")}
    if "cost" in given:
        given["cost"] = COSTS.get(str(given["cost"]), given["cost"])
    asked = {
        "target": name, "shown": target, "said": {**given, "entry": entry}, "seconds": seconds, "adapter": adapter,
        "network": network,
    }  # fmt: skip
    return Report(target, _asked(asked, run))


def _asked(asked: Mapping[str, Any], run: Run) -> Mapping[str, Any]:
    target, ended = str(asked["shown"]), run(asked)
    if ended.over:
        return Answer("raises", reason=f"it did not end within {asked['seconds']:g} s").to_json(target)
    lines = ended.out.splitlines()
    if lines:
        said = json.loads(lines[-1])
        said.pop("proved", None)
        return said  # type: ignore[no-any-return]
    return _ended(ended, asked["seconds"], target)


def _ended(process: Ended, seconds: float, target: str) -> Mapping[str, Any]:
    """The process ended without an answer: it took too long, or the program ended it."""
    told = process.err
    name = Path(CODE.fullmatch(target)["module"]).name  # type: ignore[index]
    if "Timeout (" in told:
        at = re.search(rf'File ".*{re.escape(name)}", line (\d+) in (\w+)', told)
        where = f", at line {at[1]}, in {at[2]}" if at else ""
        return Answer("raises", reason=f"it did not end within {seconds:g} s{where}").to_json(target)
    last = told.strip().splitlines()[-1:] or [f"exit code {process.code}"]
    return Answer("raises", reason=f"the process that ran it ended: {last[0]}").to_json(target)


def check_many(targets: Iterable[str], executor: Executor | None = None, **options: Any) -> list[Report]:
    """The reports on several programs, in their order; ``executor``: whatever runs functions somewhere."""
    if executor is None:
        with forking() as run, ThreadPoolExecutor(processors()) as threads:
            return check_many(targets, threads, run=run, **options)
    waiting = [executor.submit(examine, target, **options) for target in targets]
    return [one.result() for one in waiting]


def examine_object(found: Any, *, sizes: Sequence[int] | None = None, **said: Any) -> Report:
    """The report on a function or class of this process.

    A function of ``(weights, biases, x, y)`` is called here, as an ``Adapter`` says. Of anything else the file is run,
    in a process of its own. CannotRun where there is no file.
    """
    from .checks.code.flow import check_function
    from .checks.code.roles import parameters

    name = getattr(found, "__qualname__", str(found))
    if [p.name for p in parameters(found)][:4] == ["weights", "biases", "x", "y"]:
        return Report(name, check_function(found, tuple(sizes) if sizes else None, Said(**said)).to_json(name))
    file = getattr(sys.modules.get(getattr(found, "__module__", "")), "__file__", None)
    if file is None:
        raise CannotRun(f"{name} is in no file: give a function of (weights, biases, x, y)")
    return examine(f"{file}:{name}", **said)


def check(target: Any, **options: Any) -> Any:
    """Is this right, and if not, where? What ``backproof check`` answers, of one target or of a list of them.

    A document, by its file name: ``checking.Checked``; a program, as ``net.py`` or ``net.py:Net``, or a function or
    class: a ``Report``, which prints well. Options: those of ``checking.check``, ``examine`` and ``examine_object``.
    """
    from . import checking

    if not isinstance(target, str | Path) and isinstance(target, Iterable):
        return [check(one, **options) for one in target]
    if callable(target):
        return examine_object(target, **options)
    if is_code(str(target)):
        return examine(str(target), **options)
    [found] = checking.check([str(target)], **options)
    return found


def assert_gradient(found: Any, **options: Any) -> Report:
    """AssertionError, with the report, unless the gradient of a program, a function or a class is right.

    ``found`` and ``options``: as those of ``check``.
    """
    report = check(found, **options)
    if not isinstance(report, Report):
        raise CannotRun(f"{found} is no program: file.py, file.py:object, a function or a class")
    if not report.ok:
        raise AssertionError(f"\n{report}")
    return report


__all__ = ["Report", "assert_gradient", "check", "check_many", "examine", "examine_object", "is_code"]
