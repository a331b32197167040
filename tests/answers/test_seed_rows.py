"""Rows of the guide that Ringside started from, asked as cases."""

from pathlib import Path

import pytest

from ringside.answers.ask import ask

CASES = Path(__file__).parents[2] / "validation" / "seed"


def test_over_alkylation_is_told_as_two_like_nitrogens_with_excess_diamine_or_protection_first():
    report = ask("diagnose", CASES / "s19b-alike.toml")
    assert report.causes[0].id == "unprotected-diamine"
    first = report.remedies[0]
    assert first.id in {"excess-diamine", "mono-protection"}
    assert first.yield_.after.median > first.yield_.before.median


def test_a_triacetoxyborohydride_in_methanol_is_told_and_moved_to_another_solvent():
    report = ask("diagnose", CASES / "s08-reductant.toml")
    assert report.causes[0].id == "hydride-in-protic-solvent"
    assert report.remedies[0].id == "stab-in-dce"


def test_a_low_conversion_is_helped_first_by_heat():
    report = ask("diagnose", CASES / "s19c-low-conversion.toml")
    first = report.remedies[0]
    assert first.id == "warmer"
    assert first.gain.median > 0.1


def test_the_target_of_the_azetidine_row_is_not_reached_and_this_is_said():
    assert not ask("predict", CASES / "s21b-azetidine.toml").case.reached


@pytest.mark.parametrize("path", sorted(CASES.glob("*.toml")), ids=lambda p: p.stem)
def test_every_case_says_which_row_it_is(path):
    first = path.read_text(encoding="utf-8").splitlines()[0]
    row = path.stem.split("-")[0].rstrip("abcd").replace("s0", "s").upper()
    assert first.startswith(f"# Row {row}")
    assert first[len(f"# Row {row}")] in ":,"
