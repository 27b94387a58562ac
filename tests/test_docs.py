"""The documentation is executed: README and every page of docs/, by what ``pages.py`` finds in them."""

from __future__ import annotations

import doctest
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import backproof
from backproof import cli, targets
from backproof.derive import reasons
from backproof.notation.profiles import NOTATIONS

from .pages import PAGES, ROOT, Page, commands, interactive, keys, lines, rewrite
from .test_architecture import CORE_BUDGET, VERIFY_BUDGET

KINDS = {"file", "console", "python", "printed by", "made", "not run"}
JSON = [(page, block) for page in PAGES.values() for block in page.blocks if block.kind == "printed by"]


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    """An empty folder to be in, and a terminal of 80 columns."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")


def write(files):
    for name, text in files.items():
        Path(name).write_text(text, encoding="utf-8")


def shown(command):
    if re.match(r"backproof [^|>&;]*$", command):
        return CliRunner().invoke(cli.main, shlex.split(command)[1:]).stdout
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        command, shell=True, check=True, capture_output=True, text=True, env={**os.environ, "PATH": path}
    ).stdout


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_every_block_is_of_a_kind(page):
    """No example that nothing looks at."""
    assert page.text.count("```") == 2 * len(page.blocks)
    for block in page.blocks:
        assert block.kind in KINDS, f"{page.name}:{block.line}"


@pytest.mark.parametrize("block", commands(), ids=lambda block: block.where)
def test_commands_print_what_the_page_says(block, request):
    write(block.files)
    told = [(command, printed, shown(command)) for command, printed in block]
    if request.config.getoption("--update-golden"):
        rewrite(block, ((command, old if lines(new) == lines(old) else new) for command, old, new in told))
    else:
        for command, printed, new in told:
            assert lines(new) == lines(printed), command


@pytest.mark.parametrize("page", interactive(), ids=lambda page: page.name)
def test_the_python_of_a_page_runs(page):
    write(page.files)
    test = doctest.DocTest(page.examples, {"__name__": "__main__"}, page.name, page.name, 0, None)
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    assert doctest.DocTestRunner(optionflags=flags).run(test).failed == 0


@pytest.mark.parametrize(("page", "block"), JSON, ids=[f"{page.name}:{block.line}" for page, block in JSON])
def test_json_has_the_keys_that_are_printed(page, block):
    write(page.files)
    said, found = json.loads(block.body), json.loads(shown(block.what))
    assert list(found) == list(said)
    assert keys(found) <= keys(said)


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_links_lead_to_files(page):
    for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.text):
        if ":" not in link and not link.startswith("gallery/"):  # the gallery's files are made with the site
            assert (ROOT / page.name).parent.joinpath(link).exists(), link


def test_the_table_of_chapters_counts_the_library():
    rows = dict(re.findall(r"^\| `(\w+)` \| (\d+) \|", PAGES["docs/chapters.md"].text, re.MULTILINE))
    assert {name: int(count) for name, count in rows.items()} == {
        chapter.name: len(chapter.derivations) for chapter in targets.listing()
    }
    for page in ("README.md", "docs/index.md"):
        assert f"[{len(rows)} chapters](" in PAGES[page].text


def test_the_table_of_notations_is_what_they_print():
    rows = re.findall(r"^\| `(\S+)` \| \$(.*)\$ \| \$(.*)\$ \|", PAGES["docs/notations.md"].text, re.MULTILINE)
    assert [name for name, *_ in rows] == list(NOTATIONS)
    for name, *formulas in rows:
        told = backproof.prove(["bp2-vector", "bp2"], notation=name, formats=()).derivations[:2]
        assert formulas == [one.to_json()["statement"]["latex"] for one in told]


def test_what_is_trusted_is_as_long_as_it_is_said_to_be():
    said = PAGES["docs/trust.md"].text
    assert f"{CORE_BUDGET} lines of code at most" in said
    assert f"{VERIFY_BUDGET} lines that" in said
    assert f"{CORE_BUDGET} lines over the standard library" in PAGES["README.md"].text


def test_the_table_of_reasons_has_them_all():
    """A row, or a place in one, for each that is exported, and for nothing else."""
    table = PAGES["docs/prove.md"].text.split("| reason |")[1].split("\n\n")[0]
    names = [name for row in table.splitlines()[2:] for name in re.findall(r"`(\w+)", row.split("|")[1])]
    assert sorted(names) == sorted(set(reasons.__all__) - {"Reason"})


def test_the_reference_has_every_public_name():
    named = re.findall(r"^::: backproof\.(?:networks\.dense\.)?(\w+)$", PAGES["docs/reference.md"].text, re.MULTILINE)
    assert sorted(named) == sorted(set(backproof.__all__) - {"__version__"})


USAGE = PAGES["docs/command-line.md"].text.split("| exit")[0]
USED = dict(re.findall(r"^    backproof (\w+)((?:.|\n {20})*)", USAGE, re.MULTILINE))


def test_every_command_is_in_the_usage():
    assert set(USED) == set(cli.main.commands)


@pytest.mark.parametrize("command", USED)
def test_options_of_the_usage_exist(command):
    named = set(re.findall(r"(?<!\w)(--?[a-z]+)\b", USED[command]))
    assert named <= {name for parameter in cli.main.commands[command].params for name in parameter.opts}


@pytest.mark.parametrize("command", USED)
def test_every_option_is_in_the_usage(command):
    for parameter in cli.main.commands[command].params:
        for name in parameter.opts:
            if name.startswith("--") and name not in ("--out", "--help"):
                assert name in USED[command]


def test_the_site_is_built_without_a_warning(tmp_path):
    """With its gallery; docs/hooks.py refuses what is fetched from elsewhere."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "<math" in (tmp_path / "site/tutorial.html").read_text(encoding="utf-8")
    assert (tmp_path / "site/gallery/four-equations/backproof.pdf").read_bytes().startswith(b"%PDF")


# What runs the pages has to see what is wrong in one.

WRONG = Page("wrong.md", "```console\n$ echo 1\n2\n```\n\n```python\n>>> 1 + 1\n3\n\n```\n\n```sh\nls\n```\n")


def test_a_page_is_taken_apart():
    assert [block.kind for block in WRONG.blocks] == ["console", "python", ""]
    assert [(e.source, e.want) for e in WRONG.examples] == [("1 + 1\n", "3\n")]
    assert lines(shown("echo 1")) != lines("2")
    assert keys({"a": [{"b": 1}]}) == {".a", ".a[].b"}
