"""A commented case file from a reaction SMILES."""

import tomllib
from functools import cache
from pathlib import Path

import pytest

from ringside.case.new import new_case
from ringside.case.read import CaseTools, case_from_raw
from ringside.chem.features import read_features
from ringside.errors import BadInput
from ringside.recipe.catalogue import read_catalogue
from ringside.recipe.resolve import Priors, resolve
from ringside.record.tables import read_csv
from ringside.units import Span

DATA = Path(__file__).parents[2] / "src" / "ringside" / "knowledge" / "data"
TOOLS = CaseTools({"temperature": Span(288.15, 383.15), "time": Span(1800.0, 172800.0)})
BENZYLATION = "C1CNCCNC1.BrCc1ccccc1>CC#N>C1CNCCN(C1)Cc1ccccc1"


@cache
def tables():
    return read_catalogue(read_csv(DATA / "reagents.csv")), read_features(read_csv(DATA / "features.csv"))


def written(text):
    return tomllib.loads(new_case(text, *tables()))


def roles(text):
    return {c["name"]: c["role"] for c in written(text)["charge"]}


def test_names_and_roles_come_from_the_catalogue():
    assert roles(BENZYLATION) == {
        "benzyl bromide": "substrate",
        "homopiperazine": "substrate",
        "acetonitrile": "solvent",
    }


def test_what_is_not_known_is_written_as_unknown():
    raw = written(BENZYLATION)
    assert raw["conditions"]["temperature"] == raw["conditions"]["time"] == "unknown"
    assert {c["name"]: c["amount"] for c in raw["charge"]} == {
        "benzyl bromide": "1.0 equiv",
        "homopiperazine": "1.0 equiv",
        "acetonitrile": "unknown",
    }


@pytest.mark.parametrize(
    "text",
    [
        BENZYLATION,
        "C1CNCCNC1.BrCc1ccccc1>>",
        "C1CNCCNC1.O=Cc1ccccc1.[Na+].CC(=O)O[BH-](OC(C)=O)OC(C)=O>ClCCCl.CC(=O)O>C1CNCCN(C1)Cc1ccccc1",
        "C/C=C\\CBr.C1CCNC1>>C/C=C\\CN1CCCC1",
        "[CH2:1]1[CH2:2][NH:3][CH2:4][CH2:5][NH:6][CH2:7]1.Br[CH2:8]c1ccccc1>>[CH2:1]1[CH2:2][N:3]([CH2:8]c2ccccc2)[CH2:4][CH2:5][NH:6][CH2:7]1",
        "CCN.CCN.ClCCCl>>CCNCCNCC |f:0.1|",
        "CC#N>>CC(N)=O",
        "OC(=O)c1ccc(F)cc1F.FC(F)(F)c1ccc[nH]1>[Li+].[O-]c1ccccc1>",
    ],
)
def test_what_is_written_reads_as_a_case_and_becomes_a_flask(text):
    case = case_from_raw(written(text), TOOLS, file="new.toml", folder=Path())
    flask = resolve(case.recipe, tables()[0], priors=Priors(Span(0.8, 3.0), Span(0.02, 1.0)))
    assert flask.volume > 0.0
    assert flask.limiting_smiles


def test_the_ions_of_a_salt_are_put_together():
    found = roles("C1CNCCNC1.BrCc1ccccc1>O=C([O-])[O-].[K+].[K+].[Na+].[I-].CC#N>")
    assert found["potassium carbonate"] == "base"
    assert found["sodium iodide"] == "additive"
    assert len(found) == 5


def test_ions_that_the_catalogue_does_not_know_make_one_salt():
    charges = written("C1CNCCNC1.BrCc1ccccc1>[Li+].[O-]c1ccccc1>")["charge"]
    assert "[Li+].[O-]c1ccccc1" in [c.get("smiles") for c in charges]


def test_a_solvent_or_base_written_among_the_reactants_keeps_its_role():
    found = roles("C1CNCCNC1.BrCc1ccccc1.CC#N.CCN(CC)CC>>")
    assert (found["acetonitrile"], found["triethylamine"]) == ("solvent", "base")


def test_a_solvent_that_must_be_a_reactant_is_one():
    assert roles("C1CCNC1.ClCCl>>C(N1CCCC1)N1CCCC1")["dichloromethane"] == "substrate"


def test_a_hydride_is_a_reagent_and_a_catalyst_is_given_a_little_of():
    raw = written("C1CNCCNC1.O=Cc1ccccc1.[Na+].[BH3-]C#N>CC(=O)[O-].CC(=O)[O-].[Pd+2]>")
    found = {c["name"]: c for c in raw["charge"]}
    assert found["sodium cyanoborohydride"]["role"] == "reagent"
    assert (found["palladium(II) acetate"]["role"], found["palladium(II) acetate"]["amount"]) == ("catalyst", "5 mol%")


def test_a_reactant_written_twice_is_two_equivalents():
    amounts = {c["name"]: c["amount"] for c in written("C1CCNC1.C1CCNC1.BrCCCBr>>")["charge"]}
    assert (amounts["pyrrolidine"], amounts["1,3-dibromopropane"]) == ("2.0 equiv", "1.0 equiv")


def test_the_largest_product_is_the_target_and_none_is_left_out():
    assert written("C1CNCCNC1.BrCc1ccccc1>>C1CNCCN(C1)Cc1ccccc1.Br")["target"] == "c1ccc(CN2CCCNCC2)cc1"
    assert "target" not in written("C1CNCCNC1.BrCc1ccccc1>>")


def test_a_solvent_is_assumed_where_none_is_given():
    (solvent,) = [c for c in written("C1CNCCNC1.BrCc1ccccc1>>")["charge"] if c["role"] == "solvent"]
    assert (solvent["amount"], solvent["assumed"]) == ("unknown", True)


def test_two_unknown_isomers_have_two_names():
    names = [c["name"] for c in written("CCCCCCCN.CCCCCCNC>>")["charge"]]
    assert len(set(names)) == 3


def test_the_order_of_the_reactants_changes_nothing():
    one = new_case("C1CNCCNC1.BrCc1ccccc1>CC#N.ClCCl>", *tables())
    assert one == new_case("BrCc1ccccc1.C1CNCCNC1>ClCCl.CC#N>", *tables())


@pytest.mark.parametrize("text", ["", "C1CNCCNC1", "C1CNCCNC1>>C>C", ">>C", "C.C>C"])
def test_what_is_no_reaction_is_refused(text):
    with pytest.raises(BadInput) as caught:
        new_case(text, *tables())
    (complaint,) = caught.value.complaints
    assert (complaint.code, complaint.field, complaint.value) == ("bad-reaction", "TEXT", text)
    assert ">" in complaint.limit


def test_every_bad_structure_is_named():
    with pytest.raises(BadInput) as caught:
        new_case("C1CNCCNC1.BrCc1cccc>Q>C1CC", *tables())
    assert [(c.code, c.field, c.value) for c in caught.value.complaints] == [
        ("bad-smiles", "TEXT", "BrCc1cccc"),
        ("bad-smiles", "TEXT", "Q"),
        ("bad-smiles", "TEXT", "C1CC"),
    ]
