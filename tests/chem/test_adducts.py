"""The ions of the adduct table, each against an example worked out from the formula of the whole ion."""

import csv
from pathlib import Path

import pytest
from chem_tables import adducts, features, rows

from ringside.chem.features import features_of
from ringside.chem.ion_label import IonLabel, ion_counts, read_label
from ringside.chem.ions import ions_of, read_adducts
from ringside.chem.mass import formula, parse_formula
from ringside.chem.molecule import canonical
from ringside.errors import BadInput, BadKnowledge

DATA = Path(__file__).parent / "data"


def examples() -> list[dict[str, str]]:
    with (DATA / "ions.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def shown(smiles: str) -> dict[str, tuple[float, float]]:
    smiles = canonical(smiles)
    own = features_of(smiles, features())
    both = [*ions_of(smiles, own, adducts(), "positive"), *ions_of(smiles, own, adducts(), "negative")]
    return {label: (mz, height) for label, mz, height in both}


@pytest.mark.parametrize("row", examples(), ids=lambda r: f"{r['ion']} {r['smiles']}")
def test_a_molecule_shows_the_ion_at_the_mass_of_its_formula(row):
    mz, _ = shown(row["smiles"])[row["ion"]]
    assert mz == pytest.approx(float(row["mz"]), abs=1e-4)
    counts = ion_counts(parse_formula(formula(canonical(row["smiles"]))), read_label(row["ion"]))
    assert counts == parse_formula(row["formula"])


def test_every_row_of_the_table_has_an_example():
    used = set()
    for row in examples():
        smiles = canonical(row["smiles"])
        _, height = shown(smiles)[row["ion"]]
        used.add((row["ion"], round(height, 6), features_of(smiles, features())))
    for adduct in adducts():
        assert any(
            label == adduct.label and height == adduct.commonness and _asked(adduct.needs, own)
            for label, height, own in used
        ), adduct


def _asked(needs, own):
    return not needs or any(n in own for n in needs if n[0] not in "!&")


@pytest.mark.parametrize(
    ("smiles", "absent"),
    [
        ("C1CNCCNC1", ("[M+3H]3+", "[M+H-H2O]+", "[M+H-HBr]+", "[C7H7]+", "[M-H+2Na]+", "[M]+", "[M+NH4]+")),
        ("O=C(c1ccccc1)N1CCCCC1", ("[C7H7]+", "[M+2H]2+", "[M-H+2Na]+")),
        ("Cc1ccc(CN2CCCNCC2)cc1", ("[C7H7]+",)),
        ("BrCc1ccccc1", ("[M+H-HBr]+", "[M+H]+", "[C7H7]+")),
        ("Brc1ccc(cc1)N1CCCNCC1", ("[M+H-HBr]+",)),
        ("[N-]=[N+]=NCc1ccccc1", ("[M+H-N2]+",)),
        ("C[N+]1(C)CCCCC1", ("[M+H]2+", "[M-H]+", "M2+", "[M+Cl]+")),
        ("C[N+]1(C)CCC[N+](C)(C)CC1", ("M+", "[M+H]+")),
        ("C[N+](C)(C)CC(C[N+](C)(C)C)C[N+](C)(C)C", ("M2+", "[M+Cl]+", "[M-H]+")),
    ],
)
def test_a_molecule_without_the_group_does_not_show_the_ion(smiles, absent):
    assert not set(absent) & set(shown(smiles))


def test_a_trication_shows_at_a_third_of_its_mass_and_as_nothing_else():
    (ion,) = shown("C[N+](C)(C)CC(C[N+](C)(C)C)C[N+](C)(C)C").items()
    assert ion[0] == "M3+"
    assert ion[1][0] == pytest.approx((13 * 12 + 34 * 1.00782503 + 3 * 14.003074 - 3 * 0.00054858) / 3, abs=1e-4)


def test_labels_are_read_in_parts():
    assert read_label("[2M+Na]+") == IonLabel(2, (("Na", 1),), 1)
    assert read_label("[M+2H+CH3CN]2+") == IonLabel(1, (("H", 2), ("CH3CN", 1)), 2)
    assert read_label("M2+") == IonLabel(1, (), 2)
    assert read_label("[M-H]-") == IonLabel(1, (("H", -1),), -1)
    assert read_label("[C7H7]+") == IonLabel(0, (("C7H7", 1),), 1)


@pytest.mark.parametrize("text", ["", "M", "M+H", "[M+H]", "[M+h]+", "[M++H]+", "[M+H]+, M+1", "PEG n=4", "[7]+"])
def test_what_is_no_name_of_an_ion_is_refused(text):
    with pytest.raises(BadInput):
        read_label(text)


@pytest.mark.parametrize(
    "fault",
    [
        {"shift_da": "1.0078"},
        {"n_m": "2"},
        {"charge": "2"},
        {"label": "[M+proton]+"},
        {"of": "cation"},
        {"of": "radical"},
    ],
)
def test_a_row_whose_numbers_are_not_those_of_its_label_is_refused(fault):
    with pytest.raises(BadKnowledge) as refused:
        read_adducts([{**rows("adducts.csv")[0], **fault}])
    assert refused.value.complaints[0].file == "adducts.csv"


def test_recurring_background_ions_step_by_their_unit():
    found = {r["ion"]: float(r["mz"]) for r in rows("background_ions.csv")}
    series = {"PEG n={} [M+NH4]+": (44.0262, 4, 12), "PPG n={} [M+H]+": (58.0419, 3, 9)}
    for name, (step, first, last) in series.items():
        for n in range(first, last):
            assert found[name.format(n + 1)] - found[name.format(n)] == pytest.approx(step, abs=2e-4)
