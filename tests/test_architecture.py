"""The shape of the house: who may import whom, how long the core is, what it never calls."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from backproof.core.kernel import RULES

SOURCE = Path(__file__).parents[1] / "src" / "backproof"
FILES = sorted(SOURCE.rglob("*.py"))
CORE = sorted((SOURCE / "core").glob("*.py"))
CORE_BUDGET = 1150  # lines that are neither blank, nor comments, nor docstrings

#: What each part may import of the others; a part may always import itself.
MAY_IMPORT = {
    "core": set(),
    "networks": {"core"},
    "reference": set(),
    "derive": {"core", "networks"},
    "derivations": {"core", "networks", "derive"},
    "oracle": {"core", "reference"},
    "notation": {"core", "networks", "derive"},
    "activations": {"core", "networks", "derive"},
    "lambdify": {"core", "networks", "derive", "notation", "activations"},
    "codegen": {"core", "networks", "derive", "notation", "activations", "reference", "oracle", "output"},
    "data": {"output"},
    "exporting": {"activations", "codegen", "instances", "networks", "output"},
    "training": {"data", "exporting", "instances", "output"},
    "report": {"core", "networks", "derive", "notation", "oracle", "output"},
}
#: What the judges may see of the core, by name: the heads of the surface, symbols, and networks as data.
HEADS = {
    *("Apply", "Binder", "D", "Dot", "Equal", "ForAll", "Hadamard", "Head", "Kron", "Member", "Mults", "NonNegative"),
    *("NonZero", "Outer", "Positive", "Total", "Transposed", "n"),
}
SYMBOLS = {"C", "L", "M", "b", "i", "j", "k", "l", "w"}
ORACLE_MAY_SEE = {f"core.terms.{name}" for name in HEADS | SYMBOLS | {"Family"}}
ORACLE_MAY_SEE |= {f"core.network.{name}" for name in ("Definition", "Function", "Network")}
BANNED = {"subs", "xreplace", "doit", "simplify", "diff", "eval", "exec", "replace_all", "nsimplify", "parse_expr"}
TABLES = {"RULES", "REGISTRY"}


def name(file: Path) -> str:
    return ".".join(file.relative_to(SOURCE).with_suffix("").parts)


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text())


def imports(file: Path) -> Iterator[str]:
    """The modules of this package that a file imports, anywhere in it."""
    package = file.relative_to(SOURCE).parts[:-1]
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*above, *filter(None, [node.module])))
            if node.level or module.startswith("backproof"):
                module = module.removeprefix("backproof").strip(".")
                yield from (f"{module}.{alias.name}".strip(".") for alias in node.names)
        elif isinstance(node, ast.Import):
            own = [alias.name for alias in node.names if alias.name.startswith("backproof.")]
            yield from (module.removeprefix("backproof.") for module in own)


@pytest.mark.parametrize("file", [f for f in FILES if name(f).split(".")[0] in MAY_IMPORT], ids=name)
def test_imports_point_one_way(file: Path) -> None:
    part = name(file).split(".")[0]
    assert {module.split(".")[0] for module in imports(file)} <= MAY_IMPORT[part] | {part}


@pytest.mark.parametrize("file", sorted((SOURCE / "oracle").rglob("*.py")), ids=name)
def test_a_judge_shares_no_code_with_what_it_judges(file: Path) -> None:
    assert {module for module in imports(file) if module.startswith("core")} <= ORACLE_MAY_SEE


@pytest.mark.parametrize("file", sorted((SOURCE / "oracle").rglob("*.py")), ids=name)
def test_a_judge_reads_a_network_as_data(file: Path) -> None:
    """``net.families``, ``net.definitions`` and the like, and nothing that the core has found out about them."""
    of_networks = [
        node
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Attribute) and getattr(node.value, "attr", getattr(node.value, "id", "")) == "net"
    ]
    assert {node.attr for node in of_networks} <= {"definitions", "depth", "families", "functions", "title", "widths"}


#: Which rooms of the judges may see which.
ROOMS = {"worlds": {"worlds"}, "scale": {"scale", "worlds", "dual"}}


@pytest.mark.parametrize("room", ROOMS)
def test_the_rooms_of_the_judges_import_one_way(room: str) -> None:
    for file in (SOURCE / "oracle" / room).glob("*.py"):
        seen = {module.split(".")[1] for module in imports(file) if module.startswith("oracle.")}
        assert seen <= ROOMS[room], name(file)


def test_the_core_is_short() -> None:
    assert sum(map(lines_of_code, CORE)) <= CORE_BUDGET


def lines_of_code(file: Path) -> int:
    """Lines that are neither blank, nor comments, nor docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    first = [node.body[0] for node in ast.walk(tree(file)) if isinstance(node, documented) and ast.get_docstring(node)]
    words = {line for node in first for line in range(node.lineno, (node.end_lineno or 0) + 1)}
    nothing = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    code: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(file.read_text()).readline):
        if token.type not in nothing:
            code |= set(range(token.start[0], token.end[0] + 1))
    return len(code - words)


def test_lines_of_code_are_counted(tmp_path: Path) -> None:
    sample = tmp_path / "sample.py"
    sample.write_text(
        '"""Words.\n\nMore."""\n\n# why\nx = [\n    1,\n]\n\n\ndef f():\n    """Words."""\n    return x\n'
    )
    assert lines_of_code(sample) == 5


@pytest.mark.parametrize("file", CORE, ids=name)
def test_the_core_calls_nothing_of_sympy_that_captures_or_guesses(file: Path) -> None:
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            assert called not in BANNED, f"{name(file)}:{node.lineno}"
            strings = any(isinstance(arg, ast.Constant) and isinstance(arg.value, str) for arg in node.args)
            assert not (called in ("sympify", "S") and strings), f"{name(file)}:{node.lineno}"


@pytest.mark.parametrize("file", CORE, ids=name)
def test_the_core_imports_at_its_top(file: Path) -> None:
    inside = [node for node in ast.walk(tree(file)) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert set(inside) <= set(tree(file).body)


@pytest.mark.parametrize("file", FILES, ids=name)
def test_only_the_kernel_has_the_key(file: Path) -> None:
    mentions = "_KEY" in {getattr(node, "id", getattr(node, "attr", None)) for node in ast.walk(tree(file))}
    imported = any(module.endswith("_KEY") for module in imports(file))
    assert (mentions or imported) == (name(file) == "core.kernel")


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_shows_its_inference(rule: str) -> None:
    assert "-----" in (RULES[rule].__doc__ or "")


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_short(rule: str) -> None:
    """A rule checks and never searches."""
    [node] = [n for n in tree(SOURCE / "core" / "kernel.py").body if isinstance(n, ast.FunctionDef) and n.name == rule]
    assert (node.end_lineno or 0) - node.body[1].lineno < 25


@pytest.mark.parametrize("file", [*CORE, *sorted((SOURCE / "derive").glob("*.py"))], ids=name)
def test_modules_keep_no_state_but_registries(file: Path) -> None:
    """What is assigned at the top of a module and can change: tables and registries only, in capital letters."""
    changeable = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
    for node in tree(file).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, changeable):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = {target.id for target in targets if isinstance(target, ast.Name)}
            assert all(n.isupper() or n == "__all__" for n in names), f"{name(file)}: {names}"
    changed = {n for node in ast.walk(tree(file)) for n in _changed(node)}
    assert changed <= TABLES, f"{name(file)} changes {changed}"


def _changed(node: ast.AST) -> Iterator[str]:
    """Names in capital letters that a statement writes into, and all that it declares global."""
    if isinstance(node, ast.Global):
        yield from node.names
    written = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign) else []
    yield from (
        t.value.id
        for t in written
        if isinstance(t, ast.Subscript) and isinstance(t.value, ast.Name) and t.value.id.isupper()
    )
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
        changes = node.func.attr in ("append", "add", "update", "setdefault", "pop", "clear", "extend")
        yield from [node.func.value.id] * (changes and node.func.value.id.isupper())


def test_nothing_else_is_a_package_of_functions() -> None:
    """``__init__.py`` is a façade: it defines nothing but what it hands on, lazily."""
    for file in (f for f in FILES if f.name == "__init__.py" and f.parent != SOURCE):
        assert not [node for node in tree(file).body if isinstance(node, ast.FunctionDef | ast.ClassDef)], file
