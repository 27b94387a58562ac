"""The shape of the house: who may import whom, how long the core is, what it never calls."""

from __future__ import annotations

import ast
import io
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from backproof.core.kernel import RULES

SOURCE = Path(__file__).parents[1] / "src" / "backproof"
FILES = sorted(SOURCE.rglob("*.py"))
LIBRARY = sorted((SOURCE.parents[1] / "derivations").glob("*.py"))  # in the wheel it is a part of the package
CORE = sorted((SOURCE / "core").glob("*.py"))
CORE_BUDGET = 849
VERIFY = sorted((SOURCE / "verify").glob("*.py"))  # reads and prints theorems, and makes none
VERIFY_BUDGET = 126

#: What each part may import of the others, which stand above it; a part may always import itself.
MAY_IMPORT = {
    "errors": set(),
    "messages": set(),
    "beside": {"messages"},
    "files": {"errors"},
    "starting": {"errors"},
    "schemas": set(),
    "core": set(),
    "verify": {"core"},
    "surface": {"core", "verify"},
    "networks": {"surface"},
    "reference": set(),
    "derive": {"core", "surface"},
    "derivations": {"surface", "networks", "derive"},
    "oracle": {"surface", "reference"},
    "notation": {"errors", "surface", "derive"},
    "activations": {"core", "surface", "networks", "derive"},
    "lambdify": {"surface", "derive", "notation", "activations"},
    "codegen": {"errors", "surface", "networks", "derive", "notation", "activations", "reference", "oracle"},
    "instances": {"surface", "networks", "derive"},
    "report": {"errors", "files", "surface", "networks", "derive", "notation"},
    "advice": {"surface", "networks", "derive"},
    "refusals": {"surface", "derive", "oracle", "notation", "advice"},
    "targets": {"errors", "derive", "derivations", "notation", "refusals"},
    "worked": {"networks", "surface", "notation", "activations", "codegen", "instances", "report"},
    "proving": {
        "errors", "worked", "beside", "surface", "networks", "derive", "oracle", "notation", "instances", "report",
        "refusals", "targets",
    },
    "exporting": {"errors", "files", "networks", "activations", "codegen", "instances"},
    "data": {"errors"},
    "training": {"errors", "instances", "exporting", "data"},
    "console": set(),
    "findings": {"console"},
    "examining": {"errors", "checks", "checking", "findings"},
    "pytest_plugin": {"examining"},
    "table": {"console", "notation", "refusals", "proving", "exporting"},
    "checking": {"errors", "checks"},
    "verdicts": {"checking", "console"},
    "annotating": {"errors", "files", "checking", "verdicts"},
    "cli": {
        "errors", "beside", "notation", "codegen", "proving", "exporting", "training", "checking", "annotating",
        "checks", "examining", "findings", "report", "starting", "table", "verdicts",
    },
    "__main__": {"cli"},
    "checks": {
        "errors", "core", "surface", "networks", "derive", "derivations", "oracle", "notation", "reference", "codegen",
    },
    "__init__": {
        "checking", "examining", "checks", "errors", "surface", "networks", "derive", "codegen", "proving", "exporting",
        "training",
    },
}  # fmt: skip
#: What the judges may see of the surface, by name: the heads of the surface, symbols, and networks as data.
HEADS = {
    *(
        "Apply",
        "Binder",
        "Choice",
        "D",
        "Dot",
        "Equal",
        "ForAll",
        "Hadamard",
        "Head",
        "Kron",
        "Member",
        "Mults",
        "NonNegative",
    ),
    *("NonZero", "Outer", "Positive", "Total", "Transposed", "n"),
}
SYMBOLS = {"C", "L", "M", "b", "i", "j", "k", "l", "w"}
ORACLE_MAY_SEE = {f"surface.terms.{name}" for name in HEADS | SYMBOLS | {"Family"}}
ORACLE_MAY_SEE |= {f"surface.network.{name}" for name in ("Definition", "Function", "Network")}
TABLES = {"RULES", "REGISTRY", "NODES", "OWN"}  # every node there is, so that equal is identical; kinds of them


def name(file: Path) -> str:
    return ".".join(file.relative_to(SOURCE.parents[1] if file in LIBRARY else SOURCE).with_suffix("").parts)


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text())


def imports(file: Path) -> Iterator[str]:
    """The modules of this package that a file imports, anywhere in it."""
    package = tuple(name(file).split(".")[:-1])
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


@pytest.mark.parametrize("file", [*FILES, *LIBRARY], ids=name)
def test_a_part_imports_what_the_table_says(file: Path) -> None:
    part = name(file).split(".")[0]
    assert {module.split(".")[0] for module in imports(file)} <= MAY_IMPORT[part] | {part}


@pytest.mark.parametrize("file", sorted((SOURCE / "oracle").rglob("*.py")), ids=name)
def test_a_judge_shares_no_code_with_what_it_judges(file: Path) -> None:
    assert {module for module in imports(file) if module.startswith(("core", "surface"))} <= ORACLE_MAY_SEE


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


@pytest.mark.parametrize(("files", "budget"), [(CORE, CORE_BUDGET), (VERIFY, VERIFY_BUDGET)], ids=["core", "verify"])
def test_what_is_trusted_is_short(files: list[Path], budget: int) -> None:
    assert sum(map(lines_of_code, files)) <= budget


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


@pytest.mark.parametrize("file", [*CORE, *VERIFY], ids=name)
def test_the_core_and_what_prints_it_import_the_standard_library_alone(file: Path) -> None:
    """And what the table says: of this package the core imports itself, and what prints it both."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            assert {alias.name.split(".")[0] for alias in node.names} <= sys.stdlib_module_names
        elif isinstance(node, ast.ImportFrom):
            assert node.level or (node.module or "").split(".")[0] in sys.stdlib_module_names


def test_the_core_is_imported_without_sympy() -> None:
    code = "import sys, backproof.verify.replay; assert not {'sympy', 'numpy', 'jinja2'} & sys.modules.keys()"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("file", [*CORE, *VERIFY], ids=name)
def test_the_core_imports_at_its_top(file: Path) -> None:
    inside = [node for node in ast.walk(tree(file)) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert set(inside) <= set(tree(file).body)


@pytest.mark.parametrize("file", FILES, ids=name)
def test_only_the_core_makes_nodes_and_theorems(file: Path) -> None:
    """Both come out of ``object.__new__``, in one place each."""
    made = [
        node
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "object.__new__"
    ]
    assert len(made) == (name(file) in ("core.index", "core.kernel"))


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
