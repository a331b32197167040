import csv
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ringside.knowledge
from ringside.chem.fragment_rules import FragmentRules, read_fragment_rules
from ringside.chem.fragments import Fragment, fragments_of
from ringside.chem.mass import charge, exact_formula_mass, exact_mass, formula, hill, parse_formula
from ringside.chem.molecule import canonical
from ringside.errors import BadKnowledge

DATA = Path(ringside.knowledge.__file__).parent / "data"
ELECTRON = 0.000548580
MOLECULES = [
    "C1CNCCNC1",
    "c1ccccc1CN1CCCNCC1",
    "CC(C)(C)OC(=O)N1CCCN(Cc2ccccc2)CC1",
    "O=C(OCc1ccccc1)N1CCCNCC1",
    "Cc1ccc(cc1)S(=O)(=O)N1CCCNCC1",
    "[O-][N+](=O)c1ccccc1S(=O)(=O)N1CCCNCC1",
    "O=C(c1ccccc1)N1CCCN(C)CC1",
    "CN1CCN(c2ncccc2C#N)CCC1=O",
    "C[N+]1(Cc2ccccc2)CCCNCC1",
    "C[N+]12CCCN(CC1)CC2",
    "CC(C)N1CC2CCN1C2",
    "O=C(Oc1ccc(Br)cc1)N1CCN2CCC1CC2",
    "CN1c2ccc(cc2N(C(=O)CC1=O)c3ccccc3)Cl",
    "OCCN1CCCN(CCCl)CC1",
    "FC(F)(F)c1ccc(nc1)N1CCCN(CC1)C(=O)C=C",
    "CSCCN1CCN(N=O)CC1",
    "NC(=O)NCCCN(CCO)C(=O)OCC",
]


def rows(name: str) -> tuple[dict[str, str], ...]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def rules() -> FragmentRules:
    constants = {r["key"]: float(r["value"]) for r in rows("fragment_scoring")}
    return read_fragment_rules(rows("fragmentation"), rows("fragment_ions"), constants)


def broken(smiles: str, kind: str | None = None) -> tuple[Fragment, ...]:
    text = canonical(smiles)
    return fragments_of(text, kind or ("quaternary" if charge(text) else "single"), rules())


def heights(smiles: str, kind: str | None = None) -> dict[str, float]:
    return {f.formula: f.weight for f in broken(smiles, kind)}


def lost_at_once(smiles: str) -> set[str]:
    return {f.lost[0] for f in broken(smiles) if f.generation == 1}


@given(st.sampled_from(MOLECULES), st.booleans())
def test_every_fragment_and_what_was_lost_make_up_the_precursor(smiles, twice):
    text = canonical(smiles)
    kind = "quaternary" if charge(text) else "dimer" if twice else "single"
    whole = dict(parse_formula(formula(text)))
    if kind == "dimer":
        whole = {e: 2 * n for e, n in whole.items()}
    if kind != "quaternary":
        whole["H"] = whole.get("H", 0) + 1
    found = broken(smiles, kind)
    assert found
    assert sum(f.weight for f in found) == pytest.approx(1.0)
    for f in found:
        together: dict[str, int] = {}
        for part in (f.formula, *f.lost):
            for element, n in parse_formula(part).items():
                together[element] = together.get(element, 0) + n
        assert hill(together) == hill(whole)
        assert len(f.lost) == f.generation <= 4
        assert f.mz == pytest.approx(exact_formula_mass(f.formula) - ELECTRON, abs=1e-6)
        assert f.mz < exact_mass(text) * (2 if kind == "dimer" else 1) + 1.008
        assert f.rule == "dimer-falls-apart" or f.rule in {r["id"] for r in rows("fragmentation")}


@given(st.sampled_from([s for s in MOLECULES if "." not in s]))
def test_ions_with_paired_electrons_are_the_rule(smiles):
    def paired(text: str) -> bool:
        c = parse_formula(text)
        odd = c.get("H", 0) + sum(c.get(e, 0) for e in ("F", "Cl", "Br", "I")) + c.get("N", 0)
        return odd % 2 == 0

    found = broken(smiles)
    assert sum(f.weight for f in found if not paired(f.formula)) > 0.5


@pytest.mark.parametrize(
    ("smiles", "ion"),
    [
        ("c1ccccc1CN1CCCNCC1", "C7H7"),
        ("Clc1ccccc1CN1CCCNCC1", "C7H6Cl"),
        ("c1ccc(cc1)C(c1ccccc1)N1CCCNCC1", "C13H11"),
        ("Cc1ccc(cc1)S(=O)(=O)N1CCCNCC1", "C7H7O2S"),
        ("O=C(c1ccccc1)N1CCCNCC1", "C7H5O"),
        ("C[N+]1(Cc2ccccc2)CCCNCC1", "C7H7"),
        ("CC(C)(C)OC(=O)N1CCCNCC1", "C6H13N2O2"),
    ],
)
def test_the_marker_ion_of_a_group_is_among_the_highest(smiles, ion):
    assert ion in {f.formula for f in broken(smiles)[:6]}


def test_boc_goes_as_isobutene_then_carbon_dioxide_and_shows_tert_butyl():
    found = {f.formula: f for f in broken("CC(C)(C)OC(=O)N1CCCN(Cc2ccccc2)CC1")}
    own = exact_mass("CC(C)(C)OC(=O)N1CCCN(Cc2ccccc2)CC1") + 1.007276
    assert own - found["C13H19N2O2"].mz == pytest.approx(56.0626, abs=2e-4)
    assert own - found["C12H19N2"].mz == pytest.approx(100.0524, abs=2e-4)
    assert found["C12H19N2"].lost == ("C4H8", "CO2")
    assert found["C4H9"].mz == pytest.approx(57.0699, abs=2e-4)


def test_cbz_gives_benzyl_and_a_sulfonamide_loses_sulfinic_acid_and_sulfur_dioxide():
    assert "C7H7" in heights("O=C(OCc1ccccc1)N1CCCNCC1")
    assert {"C7H8O2S", "O2S", "C7H7O2S"} <= lost_at_once("Cc1ccc(cc1)S(=O)(=O)N1CCCNCC1")


def test_the_ring_of_a_diazepane_gives_its_small_iminium_ions_and_loses_its_pieces():
    found = heights("Cc1ccc(cc1)S(=O)(=O)N1CCCNCC1")
    assert {"C3H6N", "C3H8N", "C4H8N", "C5H10N"} <= set(found)
    assert {"C2H5N", "C3H7N"} <= lost_at_once("c1ccccc1CN1CCCNCC1")
    assert "C5H10N" not in heights("Cc1ccc(cc1)S(=O)(=O)N1CCNCC1")


def test_an_acylium_loses_carbon_monoxide():
    found = {f.formula: f for f in broken("O=C(c1ccccc1)N1CCCNCC1")}
    assert found["C6H5"].lost[-1] == "CO"


def test_a_bridged_amine_comes_apart_too():
    found = heights("C1CN2CCN1CC2")
    assert {"C3H6N", "C4H8N"} <= set(found)


def test_a_dimer_gives_mostly_its_half_and_then_what_that_gives():
    alone, dimer = broken("c1ccccc1CN1CCCNCC1"), broken("c1ccccc1CN1CCCNCC1", "dimer")
    assert dimer[0].formula == "C12H19N2"
    assert dimer[0].weight > 0.5
    assert [f.formula for f in dimer[1:]] == [f.formula for f in alone]
    assert {f.generation for f in dimer[1:]} <= {2, 3, 4}


@pytest.mark.parametrize(
    ("smiles", "kind"),
    [("c1ccccc1CN1CCCNCC1", "quaternary"), ("C[N+](C)(C)C", "single"), ("C[N+](C)(C)C", "dimer"), ("CC(=O)[O-]", "single"), ("[2H]C([2H])([2H])N1CCCNCC1", "single")],
)  # fmt: skip
def test_nothing_is_said_of_an_ion_that_the_molecule_has_not(smiles, kind):
    assert broken(smiles, kind) == ()


@pytest.mark.parametrize(
    "change",
    [{"smarts": "[N:1]-[C:2"}, {"smarts": "[N:1]-[C:3]"}, {"smarts": "[N]-[C]"}, {"kind": "burn"}],
)
def test_a_rule_that_is_none_is_refused_with_its_name(change):
    row = {**rows("fragmentation")[0], **change}
    with pytest.raises(BadKnowledge) as fault:
        read_fragment_rules([row], [], {})
    assert fault.value.complaints[0].field == row["id"]
    assert fault.value.complaints[0].file == "fragmentation.csv"


def test_every_rule_has_a_weight_a_source_on_record_and_says_when_it_is_wrong():
    known = set()
    for path in (DATA / "sources").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            known |= {r["key"] for r in csv.DictReader(file)}
    for row in rows("fragmentation"):
        assert 0.0 < float(row["weight"]) <= 1.0, row["id"]
        assert row["text"], row["id"]
        assert row["note"], f"{row['id']} does not say when it is wrong"
    assert {r["source"] for name in ("fragmentation", "fragment_ions", "fragment_scoring") for r in rows(name)} <= known
    ids = [r["id"] for r in rows("fragmentation")]
    assert len(set(ids)) == len(ids)
