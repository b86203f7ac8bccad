"""Who may import whom, and what every package owes its reader."""

import ast
import tomllib
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "handlers", "storage", "locales", "sandbox")
MODULES = sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))
LONGEST = 320  # past 250 a module should split by meaning; this is where it must


def test_the_import_contracts_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    assert lint_imports(no_cache=True, no_logo=True) == EXIT_STATUS_SUCCESS


def test_the_contracts_cover_every_room() -> None:
    named = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]

    assert set(PACKAGES) <= set(named["root_packages"])
    assert len(named["contracts"]) >= 9


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_in_a_line_what_it_is_for(module: Path) -> None:
    docstring = ast.get_docstring(ast.parse(module.read_text()))

    assert docstring
    assert len(docstring.splitlines()[0]) <= 100


def test_no_module_has_outgrown_its_idea() -> None:
    long = {
        str(module.relative_to(ROOT)): lines
        for module in MODULES
        if (lines := len(module.read_text().splitlines())) > LONGEST
        and "migrations" not in module.parts
    }

    assert not long


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    drawers = {"utils", "helpers", "misc", "common", "manager", "base", "const", "consts"}

    assert not [module for module in MODULES if module.stem in drawers]


def test_a_story_has_the_same_name_in_every_room() -> None:
    stories = {path.stem for path in (ROOT / "bot/core").glob("*.py")}
    rooms = {path.stem for path in (ROOT / "storage").glob("*.py")}
    own = {
        "__init__",
        "address",
        "audiences",
        "discretion",
        "queries",
        "schema",
        "sealing",
        "settlements",
        "store",
        "tables",
        "transaction",
        "trips",
    }

    assert rooms - own <= stories
