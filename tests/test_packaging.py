"""What is shipped: the façade, the dependencies and their bounds, the schema, the derivations."""

import re
import tomllib
from importlib import metadata
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from packaging.requirements import Requirement
from packaging.version import Version

import backproof
from backproof.derive.registry import LIBRARY

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
REQUIREMENTS = [
    Requirement(line)
    for line in [*PROJECT["project"]["dependencies"], *(line for lines in EXTRAS.values() for line in lines)]
    if not line.startswith("backproof")
]


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=str)
def test_what_is_installed_is_within_the_bounds(requirement):
    assert requirement.specifier.contains(metadata.version(requirement.name), prereleases=True)


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=str)
def test_every_dependency_has_a_lower_bound(requirement):
    lower = [part.version for part in requirement.specifier if part.operator == ">="]
    assert len(lower) == 1
    assert Version(lower[0]) > Version("0")


def test_extras_build_on_one_another():
    assert EXTRAS["pdf"][0] == "backproof[cli]"
    assert EXTRAS["test"][0] == "backproof[pdf]"


def test_the_facade_has_what_it_names():
    assert set(backproof.__all__) <= set(dir(backproof))
    for name in backproof.__all__:
        assert getattr(backproof, name) is not None
    with pytest.raises(AttributeError, match="nonsense"):
        _ = backproof.nonsense


def test_the_version_is_that_of_the_project():
    assert backproof.__version__ == PROJECT["project"]["version"]


def test_the_schema_is_a_schema_and_is_shipped():
    import json

    schema = json.loads(files("backproof").joinpath("schemas/prove.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["title"] == "backproof.prove/1"


def test_the_derivations_are_shipped_from_one_place():
    included = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert included == {"derivations": "backproof/derivations"}
    assert {path.stem for path in (ROOT / "derivations").glob("*.py")} >= set(LIBRARY)
    assert files("backproof").joinpath("py.typed").is_file()


def test_every_lint_exception_has_a_reason():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    codes = re.findall(r'^  "[A-Z]+\d*",(.*)$', text, re.MULTILINE)
    assert codes
    assert all(re.match(r"\s+# \w", comment) for comment in codes)


def test_ci_runs_the_command_of_the_readme():
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert script.startswith("#!/usr/bin/env bash\n")
    assert "set -euo pipefail" in script
    assert "pip install --quiet '.[test]'" in script
    assert script.rstrip().endswith("pytest")
