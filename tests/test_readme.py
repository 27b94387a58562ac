"""The README is executed: its Python, its commands with what they print, its table, its JSON."""

import doctest
import json
import re
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from backproof import cli, targets
from backproof.derive import reasons

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"^<!-- file: (\S+) -->\n```(?:python|markdown)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_it_begins_with_two_commands():
    first, second = re.findall(r"^    (.+?)\s+#", README, re.MULTILINE)[:2]
    assert first == "pip install '.[pdf]' && backproof prove"
    assert second == "pip install '.[test]' && pytest"


def test_its_python_runs():
    test = doctest.DocTestParser().get_doctest(README, {}, "README.md", "README.md", 0)
    assert test.examples
    assert doctest.DocTestRunner().run(test).failed == 0


def commands():
    """(command, what it prints), in the order of the text."""
    for language, body in BLOCK.findall(README):
        if language == "console":
            for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
                command, _, printed = part.partition("\n")
                yield command, printed


def lines(text):
    """The lines without padding, and with # for figures that are the search's, the kernel's or the machine's."""
    rows = [re.sub(r" +✓ [\d^e-]+", " ✓ #", line.rstrip()) for line in text.strip().splitlines()]
    rows = [re.sub(r"\d+ steps replayed", "# steps replayed", line) for line in rows]
    return [re.sub(r"\b\d+e[-+]\d+\b", "#", line) for line in rows]


def test_its_commands_print_what_it_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    for name, text in FILE.findall(README):
        Path(name).write_text(text, encoding="utf-8")
    for command, printed in commands():
        if command.startswith("backproof "):
            shown = CliRunner().invoke(cli.main, command.split()[1:]).stdout
        else:
            shown = subprocess.run(command, shell=True, check=True, capture_output=True, text=True).stdout
        assert lines(shown) == lines(printed), command


def test_its_table_counts_the_library():
    rows = dict(re.findall(r"^\| `(\w+)` \| (\d+) \|", README, re.MULTILINE))
    assert {name: int(count) for name, count in rows.items()} == {
        chapter.name: len(chapter.derivations) for chapter in targets.listing()
    }


def test_its_table_of_reasons_has_them_all():
    """A row, or a place in one, for each that is exported, and for nothing else."""
    table = README.split("| reason |")[1].split("\n\n")[0]
    names = [name for row in table.splitlines()[2:] for name in re.findall(r"`(\w+)", row.split("|")[1])]
    assert sorted(names) == sorted(set(reasons.__all__) - {"Reason"})


def test_its_json_has_the_shape_that_is_printed(tmp_path, monkeypatch):
    [shown] = [json.loads(body) for language, body in BLOCK.findall(README) if language == "json"]
    monkeypatch.chdir(tmp_path)
    found = json.loads(CliRunner().invoke(cli.main, ["prove", "bp2", "--format", "json", "--json"]).stdout)
    assert keys(found) <= keys(shown)
    assert list(found) == list(shown)


def keys(value, path=""):
    """Every key with the keys that lead to it."""
    if isinstance(value, dict):
        return {f"{path}.{key}" for key in value} | {k for key in value for k in keys(value[key], f"{path}.{key}")}
    return {k for item in value for k in keys(item, f"{path}[]")} if isinstance(value, list) else set()


USAGE = README.split("## Command line")[1].split("| exit")[0]
COMMANDS = dict(re.findall(r"^    backproof (\w+)((?:.|\n {20})*)", USAGE, re.MULTILINE))


def test_every_command_is_in_it():
    assert set(COMMANDS) == set(cli.main.commands)


@pytest.mark.parametrize("command", COMMANDS)
def test_its_options_exist(command):
    shown = set(re.findall(r"(?<!\w)(--?[a-z]+)\b", COMMANDS[command]))
    assert shown <= {name for parameter in cli.main.commands[command].params for name in parameter.opts}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_in_it(command):
    for parameter in cli.main.commands[command].params:
        for name in parameter.opts:
            if name.startswith("--") and name not in ("--out", "--help"):
                assert name in COMMANDS[command]
