"""The documentation says what the program does."""

import csv
import re
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ringside.answers.ask import ask, check_knowledge
from ringside.cli.main import app

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    "diagnose",
    "predict",
    "assign",
    "paths",
    "rate",
    "fit",
    "plan",
    "learn",
    "plate",
    "synth",
    "what-is",
    "explain",
    "cite",
    "new",
    "schema",
    "knowledge",
]


def test_every_command_of_the_program_is_in_the_readme_and_has_a_page():
    shown = re.findall(
        r"^\s{2}([a-z-]+)\s{2,}", CliRunner().invoke(app, ["--help"]).output.partition("Commands:")[2], re.M
    )
    assert sorted(shown) == sorted(COMMANDS)
    for command in COMMANDS:
        assert f"ringside {command}" in README
        assert f"# ringside {command}" in (ROOT / "docs" / "commands" / f"{command}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "command",
    ["diagnose", "predict", "assign", "paths", "rate", "fit", "plate", "synth", "what-is", "explain", "cite", "new"],
)
def test_a_command_page_names_every_option(command):
    page = (ROOT / "docs" / "commands" / f"{command}.md").read_text(encoding="utf-8")
    options = set(re.findall(r"--[a-z]+", CliRunner().invoke(app, [command, "--help"]).output)) - {"--help"}
    assert options
    assert options <= set(re.findall(r"--[a-z]+", page))


def test_links_and_pictures_of_the_readme_and_the_pages_exist():
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_the_counts_in_the_readme_are_those_of_the_knowledge_base():
    counted = check_knowledge()
    for word, shown in (
        ("rules", "mechanistic rules"),
        ("causes", "causes"),
        ("remedies", "remedies"),
        ("rate families", "rate families"),
    ):
        number = re.search(rf"(\d+) {word}", counted).group(1)
        assert f"{number} {shown}" in README, f"{number} {shown}"
    reviewed = re.search(r"(\d+ of \d+) cards reviewed", counted).group(1)
    assert reviewed in README


def test_the_tutorials_reaction_smiles_gives_a_case_that_parses():
    text = re.search(r'ringside new "([^"]+)"', (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")).group(1)
    written = CliRunner().invoke(app, ["new", text])
    assert written.exit_code == 0
    assert tomllib.loads(written.output)["target"]


@pytest.mark.parametrize("example", ["benzylation", "waters-b6"])
def test_the_answers_quoted_in_the_readme_are_those_that_the_program_gives(example):
    words = " ".join(README.replace("*", " ").replace("> ", "").split())
    assert ask("diagnose", ROOT / "examples" / f"{example}.toml").verdict in words


def test_the_changelog_has_an_unreleased_section():
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_data_file_from_elsewhere_has_a_row_in_the_notice():
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    folders = (ROOT / "examples" / "data", ROOT / "tests" / "evidence" / "data")
    for path in sorted(p for folder in folders for p in folder.rglob("*")):
        if path.is_file():
            assert str(path.relative_to(ROOT)) in notice


def test_shipped_and_test_data_stay_under_ten_megabytes():
    data = [
        p
        for folder in ("src/ringside/knowledge", "examples", "tests")
        for p in (ROOT / folder).rglob("*")
        if p.is_file()
    ]
    assert sum(p.stat().st_size for p in data if p.suffix not in {".py", ".pyc"}) < 10e6


def test_predictions_of_literature_cases_hold_numbers():
    with (ROOT / "validation" / "literature-predictions.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len({r["case"] for r in rows}) == 6
    assert all(float(r["amount_low"]) <= float(r["amount_median"]) <= float(r["amount_high"]) for r in rows)
