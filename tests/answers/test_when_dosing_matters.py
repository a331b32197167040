"""When it matters how fast a reagent is added, and when it does not, in whole flasks."""

import pytest

from ringside.answers.ask import ask

ALKYLATION = """
title = "mono-benzylation"
target = "C1CNCCN(C1)Cc1ccccc1"
scale = "10 mmol"
charge = [
  {{ name = "homopiperazine", role = "substrate", amount = "1.0 equiv" }},
  {{ name = "benzyl bromide", role = "substrate", amount = "1.0 equiv", add_over = "{over}" }},
  {{ name = "{base}", role = "base", amount = "3 equiv" }},
  {{ name = "acetonitrile", role = "solvent", amount = "50 mL" }},
]
conditions = {{ temperature = "25 degC", time = "24 h", atmosphere = "N2" }}
"""
AMINATION = """
title = "reductive amination"
target = "C1CNCCN(C1)Cc1ccccc1"
scale = "10 mmol"
charge = [
  {{ name = "homopiperazine", role = "substrate", amount = "1.0 equiv" }},
  {{ name = "benzaldehyde", role = "substrate", amount = "1.0 equiv", add_over = "{over}" }},
  {{ name = "sodium triacetoxyborohydride", role = "reagent", amount = "1.5 equiv" }},
  {{ name = "acetic acid", role = "acid", amount = "1 equiv" }},
  {{ name = "1,2-dichloroethane", role = "solvent", amount = "50 mL" }},
]
conditions = {{ temperature = "25 degC", time = "24 h", atmosphere = "N2" }}
"""
ACYLATION = """
title = "mono-benzoylation"
target = "O=C(c1ccccc1)N1CCNCC1"
scale = "10 mmol"
charge = [
  { name = "piperazine", role = "substrate", amount = "1.0 equiv" },
  { name = "benzoyl chloride", smiles = "O=C(Cl)c1ccccc1", role = "substrate", amount = "1.0 equiv", solution = "0.5 mol/L in dichloromethane", add_over = "30 min" },
  { name = "triethylamine", role = "base", amount = "2 equiv" },
  { name = "dichloromethane", role = "solvent", amount = "50 mL" },
]
conditions = { temperature = "25 degC", time = "2 h", atmosphere = "N2", mixing = "MIXING" }
"""

RING = """
title = "a ring or chains"
target = "CN1CCCN(C)CC1"
scale = "1 mmol"
charge = [
  {{ name = "N,N'-dimethylethylenediamine", smiles = "CNCCNC", role = "substrate", amount = "1.0 equiv", add_over = "{over}", solution = "4 mol/L in acetonitrile" }},
  {{ name = "1,3-dibromopropane", role = "substrate", amount = "1.0 equiv", add_over = "{over}", solution = "4 mol/L in acetonitrile" }},
  {{ name = "N,N-diisopropylethylamine", role = "base", amount = "3 equiv" }},
  {{ name = "acetonitrile", role = "solvent", amount = "10 mL" }},
]
conditions = {{ temperature = "60 degC", time = "72 h", atmosphere = "N2" }}
"""


def product(text, folder, question="predict"):
    path = folder / "case.toml"
    path.write_text(text, encoding="utf-8")
    return next(s for s in ask(question, path).species if s.role == "product").amount.median


@pytest.mark.parametrize(("base", "matters"), [("triethylamine", False), ("potassium carbonate", True)])
def test_feeding_the_halide_changes_mono_against_bis_only_where_the_base_dissolves_slowly(base, matters, tmp_path):
    at_once, slowly = (product(ALKYLATION.format(over=o, base=base), tmp_path) for o in ("1 min", "16 h"))
    assert (abs(at_once - slowly) > 0.02) == matters


def test_an_aldehyde_fed_to_amine_and_hydride_gives_more_mono_than_one_poured_in(tmp_path):
    poured, fed = (product(AMINATION.format(over=o), tmp_path) for o in ("1 min", "12 h"))
    assert fed > poured + 0.005


def test_an_acid_chloride_faster_than_mixing_acylates_twice(tmp_path):
    ideal, real = (product(ACYLATION.replace("MIXING", m), tmp_path) for m in ("ideal", "5 s"))
    assert real < 0.5 * ideal


def test_chains_give_way_when_both_partners_of_a_ring_are_fed_and_most_of_it_by_three_closures(tmp_path):
    path = tmp_path / "case.toml"
    chains = []
    for over in ("1 min", "2 h", "20 h", "40 h"):
        path.write_text(RING.format(over=over), encoding="utf-8")
        chains.append(ask("predict", path).families[0].amount.median)
    assert chains == sorted(chains, reverse=True)
    assert chains[2] < 0.3 * chains[0]
    assert chains[2] - chains[3] < 0.15 * (chains[0] - chains[2])
