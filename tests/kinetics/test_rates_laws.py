"""Rate laws: what they are made of and what they share."""

from __future__ import annotations

import math
import time
from dataclasses import replace

import numpy as np
import pytest
from rate_flasks import CLASSES, knowledge, law, laws_of, log_k, network_of, reactions

from ringside.chem.features import pattern
from ringside.chem.molecule import canonical, mol
from ringside.errors import BadKnowledge
from ringside.kinetics.draws import normals, sample
from ringside.kinetics.nouns import RateLaw
from ringside.kinetics.rates import rate_laws, read_rate_tables, soft_terms
from ringside.knowledge.load import SHIPPED
from ringside.network.apply import apply
from ringside.network.nouns import Condition, Gate, Network, Reaction, Site
from ringside.record.tables import read_csv

DIAZEPANE, PIPERIDINE, BENZYL_BROMIDE = "C1CNCCNC1", "C1CCNCC1", "BrCc1ccccc1"
BENZYLDIAZEPANE = "C1CNCCN(Cc2ccccc2)C1"
STAB = "CC(=O)O[BH-](OC(C)=O)OC(C)=O"
DRAWS = 4000


def sd(a: RateLaw, b: RateLaw | None = None) -> float:
    """Return the standard deviation of log10 k, or of the log10 ratio of two."""
    if b is None:
        return float(np.std(sample([a], DRAWS, "s")[0][1:, 0]))
    draws = sample([a, b], DRAWS, "s")[0][1:]
    return float(np.std(draws[:, 0] - draws[:, 1]))


def value(a: RateLaw, prefix: str) -> float:
    return sum(t.value for t in a.terms if t.key.startswith(prefix))


def made(rate: str, reactants: tuple[str, ...], sites: tuple[tuple[int, int, int], ...]) -> Reaction:
    return Reaction("made", "made", rate, reactants, reactants, 1, None, tuple(Site(*s) for s in sites))


def one(reaction: Reaction, solvent: str) -> RateLaw:
    network = Network(tuple(sorted(set(reaction.reactants))), (reaction,))
    return rate_laws(network, solvent, CLASSES[solvent], knowledge().rates)[0]


def raw_tables() -> dict[str, list[dict[str, str]]]:
    return {p.stem: list(read_csv(p)) for p in sorted((SHIPPED / "data" / "rates").glob("*.csv"))}


# --- what a law shares -------------------------------------------------------------------------------------------


def test_the_family_is_the_first_term_of_every_law() -> None:
    assert law("amine-alkylation", PIPERIDINE, BENZYL_BROMIDE).terms[0].key == "family:sn2"


def test_equivalent_nitrogens_count_twice_in_the_rate() -> None:
    one_site = law("amine-alkylation", BENZYLDIAZEPANE, BENZYL_BROMIDE)
    two_sites = law("amine-alkylation", DIAZEPANE, BENZYL_BROMIDE)
    assert value(one_site, "site:") == pytest.approx(0.0)
    assert value(two_sites, "site:") == pytest.approx(math.log10(2))


def test_kappa_of_the_diazepane_is_a_third_per_molecule_and_known_within_a_factor_of_two() -> None:
    first = law("amine-alkylation", DIAZEPANE, BENZYL_BROMIDE)
    second = law("amine-alkylation", BENZYLDIAZEPANE, BENZYL_BROMIDE)
    assert 10 ** (log_k(second) - log_k(first)) == pytest.approx(0.35, abs=0.02)
    assert sd(second, first) < 0.3
    assert sd(first) > 0.5


def test_two_electrophiles_share_family_amine_and_solvent() -> None:
    benzyl = law("amine-alkylation", PIPERIDINE, BENZYL_BROMIDE, solvent="toluene")
    butyl = law("amine-alkylation", PIPERIDINE, "CCCCBr", solvent="toluene")
    shared = {t.key for t in benzyl.terms} & {t.key for t in butyl.terms}
    assert {k.split(":")[0] for k in shared} == {"family", "nuc", "lg", "solvent"}
    assert log_k(benzyl) - log_k(butyl) == pytest.approx(2.5, abs=0.5)


def test_mono_protection_slows_the_other_nitrogen_by_four_to_six() -> None:
    free = law("amine-alkylation", DIAZEPANE, BENZYL_BROMIDE)
    boc = law("amine-alkylation", "CC(C)(C)OC(=O)N1CCCNCC1", BENZYL_BROMIDE)
    assert value(boc, "nuc:") == pytest.approx(-0.8)
    assert value(free, "nuc:") == pytest.approx(-0.2)


# --- ring closure --------------------------------------------------------------------------------------------------


def closure(smiles: str, size: int, rule: str = "amine-alkylation", solvent: str = "acetonitrile") -> RateLaw:
    found = [r for r in reactions(rule, smiles) if r.ring == size]
    assert len(found) == 1
    return laws_of(found, solvent)[0]


def em(a: RateLaw) -> float:
    return value(a, "em:")


@pytest.mark.parametrize(("chain", "size", "relative"), [(4, 5, 4.5), (5, 6, 2.7), (7, 8, -1.5), (13, 14, -0.4)])
def test_amine_closures_follow_the_prior_relative_to_the_seven_ring(chain: int, size: int, relative: float) -> None:
    seven = closure("N" + "C" * 6 + "Br", 7)
    assert em(seven) == pytest.approx(-0.8)
    assert em(closure("N" + "C" * chain + "Br", size)) - em(seven) == pytest.approx(relative)


@pytest.mark.parametrize(
    ("rule", "chain", "size", "relative"), [("aziridine-closure", 2, 3, 1.5), ("azetidine-closure", 3, 4, -0.3)]
)
def test_small_rings_follow_the_prior(rule: str, chain: int, size: int, relative: float) -> None:
    found = law(rule, "N" + "C" * chain + "Br")
    assert em(found) == pytest.approx(-0.8 + relative)


def test_ring_sizes_share_the_deviation_of_the_seven_ring() -> None:
    seven, fourteen = closure("NCCCCCCBr", 7), closure("N" + "C" * 13 + "Br", 14)
    alone = math.hypot(*(t.sd for t in fourteen.terms if t.key.startswith("em:")))
    assert alone == pytest.approx(math.hypot(0.7, 0.5))
    assert sd(fourteen, seven) == pytest.approx(math.hypot(0.5, 0.15, 0.15), rel=0.08)


def test_haloamines_close_five_over_six_over_three_over_four() -> None:
    five, six = closure("NCCCCBr", 5), closure("NCCCCCBr", 6)
    three, four = law("aziridine-closure", "NCCBr"), law("azetidine-closure", "NCCCBr")
    assert log_k(five) > log_k(six) + 1 > log_k(three) + 1 > log_k(four) + 1


def test_a_lactone_value_never_serves_nitrogen() -> None:
    for chain, size in ((4, 5), (5, 6), (6, 7), (7, 8)):
        keys = [t.key for t in closure("N" + "C" * chain + "Br", size).terms if t.key.startswith("em")]
        assert keys
        assert all(k.startswith("em:amine:") for k in keys)


def test_sulfonamide_tertiary_and_transannular_closures_have_keys_of_their_own() -> None:
    sulfonamide = closure("CS(=O)(=O)NCCCCCCBr", 7, "sulfonamide-alkylation")
    tertiary = law("aziridinium-closure", "CN(C)CCCl")
    across = law("aziridinium-closure", "CN1CCCC(Cl)C1")
    classes = [
        {t.key.split(":")[1] for t in a.terms if t.key.startswith("em")} for a in (sulfonamide, tertiary, across)
    ]
    assert classes == [{"sulfonamide"}, {"tertiary"}, {"bicyclic"}]


def test_a_haloamine_closes_six_hundred_times_faster_to_the_piperidine_than_to_the_azepane() -> None:
    assert 100 < 10 ** (log_k(closure("NCCCCCBr", 6)) - log_k(closure("NCCCCCCBr", 7))) < 2000


def test_a_family_that_is_a_closure_as_written_gets_no_effective_molarity() -> None:
    found = reactions("vinamidine-closure", "CC(=O)C=C(C)NCCN")
    assert not [t for a in laws_of(found, "ethanol") for t in a.terms if t.key.startswith("em")]


# --- there and back -------------------------------------------------------------------------------------------------


def both_ways(
    name: str, *smiles: str, solvent: str = "1,2-dichloroethane"
) -> tuple[Reaction, Reaction, RateLaw, RateLaw]:
    rule = next(r for r in knowledge().rules if r.id == name)
    forward, back = apply(rule, tuple(canonical(s) for s in smiles))[:2]
    there, here = laws_of((forward, back), solvent)
    return forward, back, there, here


def test_the_ratio_of_both_directions_is_the_equilibrium_constant_and_its_uncertainty_only() -> None:
    _, _, there, here = both_ways("hemiaminal", PIPERIDINE, "O=Cc1ccccc1")
    assert log_k(there) - log_k(here) == pytest.approx(-1.0)
    assert sd(there, here) == pytest.approx(0.5, rel=0.05)
    assert sd(there) > 0.8


def test_two_nitrogens_double_the_macroscopic_equilibrium_constant() -> None:
    forward, back, there, here = both_ways("hemiaminal", DIAZEPANE, "O=Cc1ccccc1")
    assert (forward.degeneracy, back.degeneracy) == (2, 1)
    assert log_k(there) - log_k(here) == pytest.approx(-1.0 + math.log10(2))


def test_the_effective_molarity_stays_with_the_closing_direction() -> None:
    forward, back, there, here = both_ways("bridged-aminal", "OCN1CCCNCC1")
    assert forward.ring == 5
    assert {t.key.split(":")[1] for t in there.terms if t.key.startswith("em")} == {"bridged"}
    assert not [t for t in here.terms if t.key.startswith("em")]
    constant = 2.5 + 1.5 - math.log10(back.degeneracy)
    assert log_k(there) - log_k(here) == pytest.approx(constant)


def test_imine_and_hemiaminal_constants_leave_benzaldehyde_mostly_imine_and_acetone_mostly_free() -> None:
    def constant(aldehyde: str, hemiaminal: str) -> float:
        _, _, on, off = both_ways("hemiaminal", "CCCN", aldehyde, solvent="methanol")
        _, _, loss, gain = both_ways("imine", hemiaminal, solvent="methanol")
        return log_k(on) - log_k(off) + log_k(loss) - log_k(gain)

    assert constant("O=Cc1ccccc1", "CCCNC(O)c1ccccc1") == pytest.approx(2.3, abs=0.5)
    assert constant("CC(C)=O", "CCCNC(C)(C)O") < 1.0


# --- solvents --------------------------------------------------------------------------------------------------------


def test_the_reference_solvent_adds_no_term_and_apolar_and_protic_ones_slow_alkylation() -> None:
    reference = law("amine-alkylation", PIPERIDINE, BENZYL_BROMIDE)
    assert not [t for t in reference.terms if t.key.startswith("solvent")]
    for solvent, shift in (("toluene", -2.0), ("methanol", -1.3), ("dimethyl sulfoxide", 0.5)):
        moved = law("amine-alkylation", PIPERIDINE, BENZYL_BROMIDE, solvent=solvent)
        assert log_k(moved) - log_k(reference) == pytest.approx(shift, abs=0.3)


def test_a_solvent_of_the_reference_class_moves_nothing() -> None:
    here = law("acylation", PIPERIDINE, "O=C(Cl)c1ccccc1", solvent="1,2-dichloroethane")
    there = law("acylation", PIPERIDINE, "O=C(Cl)c1ccccc1", solvent="dichloromethane")
    assert log_k(here) == pytest.approx(log_k(there))


def test_protic_solvents_slow_anions_by_a_decade_or_more() -> None:
    aprotic = law("anion-alkylation", "[N-]=[N+]=[N-]", "CCCCBr", solvent="N,N-dimethylformamide")
    protic = law("anion-alkylation", "[N-]=[N+]=[N-]", "CCCCBr", solvent="methanol")
    assert 1.0 <= log_k(aprotic) - log_k(protic) <= 3.0


# --- decades that decide an answer --------------------------------------------------------------------------------------


def test_leaving_groups_rank_triflate_iodide_bromide_mesylate_chloride() -> None:
    ks = [
        log_k(law("amine-alkylation", PIPERIDINE, f"CCCC{x}"))
        for x in ("OS(=O)(=O)C(F)(F)F", "I", "Br", "OS(C)(=O)=O", "Cl")
    ]
    assert ks == sorted(ks, reverse=True)
    assert ks[2] - ks[4] == pytest.approx(1.8, abs=0.4)


def test_electrophiles_rank_as_in_every_textbook() -> None:
    order = [BENZYL_BROMIDE, "C=CCBr", "CBr", "CCBr", "CCCCBr", "CC(C)CBr", "CC(C)Br", "CC(C)(C)CBr"]
    ks = [log_k(law("amine-alkylation", PIPERIDINE, s)) for s in order]
    assert ks == sorted(ks, reverse=True)
    assert ks[4] - ks[7] > 4
    assert 2.0 <= ks[0] - ks[4] <= 2.6


def test_amines_rank_with_their_bulk_and_basicity() -> None:
    order = ["C1CCNC1", PIPERIDINE, "C1COCCN1", "Nc1ccccc1"]
    ks = [log_k(law("amine-alkylation", s, BENZYL_BROMIDE)) for s in order]
    assert ks == sorted(ks, reverse=True)
    assert 2.0 <= ks[1] - ks[3] <= 3.5
    assert ks[1] - log_k(law("amine-quaternisation", "CCN(C(C)C)C(C)C", BENZYL_BROMIDE)) > 4


def test_benzylated_tertiary_nitrogen_quaternises_more_slowly_than_a_methylated_one() -> None:
    methyl = log_k(law("amine-quaternisation", "CN1CCCCC1", BENZYL_BROMIDE))
    benzyl = log_k(law("amine-quaternisation", "C1CCN(Cc2ccccc2)CC1", BENZYL_BROMIDE))
    assert 0.3 <= methyl - benzyl <= 1.5


def test_methyl_iodide_forgives_bulk_on_nitrogen() -> None:
    def penalty(electrophile: str) -> float:
        return log_k(law("amine-alkylation", PIPERIDINE, electrophile)) - log_k(
            law("amine-quaternisation", "CCN(CC)CC", electrophile)
        )

    assert penalty("CI") == pytest.approx(0.6, abs=0.2)
    assert penalty("CCI") > penalty("CI") + 0.8


def test_an_effective_condensation_of_benzaldehyde_is_slow_with_acid_and_without() -> None:
    _, _, there, here = both_ways("hemiaminal", PIPERIDINE, "O=Cc1ccccc1")
    constant = log_k(there) - log_k(here)
    hemiaminal = "OC(c1ccccc1)N1CCCCC1"
    alone = laws_of(reactions("iminium", hemiaminal), "1,2-dichloroethane")[0]
    helped = laws_of(reactions("iminium-acid", hemiaminal, "CC(=O)O"), "1,2-dichloroethane")[0]
    left = math.log10(0.06)  # of the amine, and of the acid undissociated, where 0.2 mol/L of each meet
    assert constant + log_k(alone) == pytest.approx(-2.7, abs=0.3)
    assert constant + log_k(helped) + left + math.log10(0.2) + left == pytest.approx(-2.1, abs=0.5)


def test_aldehydes_rank_formaldehyde_alkyl_aryl_ketone() -> None:
    ks = [log_k(both_ways("hemiaminal", PIPERIDINE, s)[2]) for s in ("C=O", "CCC=O", "O=Cc1ccccc1", "CC(C)=O")]
    assert ks == sorted(ks, reverse=True)
    assert ks[2] - ks[3] == pytest.approx(2.0, abs=0.7)


def test_triacetoxyborohydride_takes_iminium_and_leaves_aldehyde_while_borohydride_takes_both() -> None:
    def on(hydride: str, rule: str, other: str) -> float:
        return log_k(law(rule, hydride, other, solvent="methanol"))

    iminium, aldehyde = "C(c1ccccc1)=[N+]1CCCCC1", "O=Cc1ccccc1"
    assert on(STAB, "hydride-iminium", iminium) - on(STAB, "hydride-aldehyde", aldehyde) > 6
    assert on("[BH4-]", "hydride-aldehyde", aldehyde) - on(STAB, "hydride-aldehyde", aldehyde) > 4
    assert on("[BH3-]C#N", "hydride-iminium", iminium) < on(STAB, "hydride-iminium", iminium) - 1.5


def half_life_with(hydride: str, oh: str, solvent: str, concentration: float) -> float:
    oxygen = next(a.GetIdx() for a in mol(canonical(oh)).GetAtoms() if a.GetSymbol() == "O" and a.GetTotalNumHs())
    boron = next(a.GetIdx() for a in mol(canonical(hydride)).GetAtoms() if a.GetSymbol() == "B")
    found = one(made("hydride-protic", (canonical(oh), canonical(hydride)), ((1, 0, oxygen), (2, 1, boron))), solvent)
    return math.log(2) / (10 ** log_k(found) * concentration)


def test_methanol_kills_triacetoxyborohydride_in_minutes_and_spares_cyanoborohydride() -> None:
    assert 20 < half_life_with(STAB, "CO", "methanol", 24.7) < 600
    assert 600 < half_life_with("[BH4-]", "CO", "methanol", 24.7) < 4 * 3600
    assert half_life_with("[BH3-]C#N", "CO", "methanol", 24.7) > 30 * 24 * 3600


def test_acetic_acid_spares_triacetoxyborohydride_and_takes_borohydride() -> None:
    assert half_life_with(STAB, "CC(=O)O", "1,2-dichloroethane", 0.2) > 5 * 24 * 3600
    assert half_life_with("[BH4-]", "CC(=O)O", "tetrahydrofuran", 0.5) < 600


def test_the_second_chlorine_of_a_pyrimidine_waits_for_heat_and_has_a_steeper_slope() -> None:
    first = law("snar", PIPERIDINE, "Clc1ccnc(Cl)n1", solvent="ethanol", product="Clc1nccc(N2CCCCC2)n1")
    second = law("snar", PIPERIDINE, "Clc1nccc(N2CCCCC2)n1", solvent="ethanol")
    assert log_k(first) - log_k(second) > 3
    assert second.ea > first.ea + 15


def test_the_chlorines_of_cyanuric_chloride_leave_at_rising_temperatures() -> None:
    morpholine, diethyl = "C1COCCN1", "CCN(CC)"
    first = law("snar", PIPERIDINE, "Clc1nc(Cl)nc(Cl)n1", solvent="tetrahydrofuran")
    second = law("snar", PIPERIDINE, f"{diethyl}c1nc(Cl)nc(Cl)n1", solvent="tetrahydrofuran")
    third = law("snar", morpholine, f"{diethyl}c1nc(Cl)nc(N(CC)CC)n1", solvent="tetrahydrofuran")
    half_life = [
        math.log(2) / (10 ** log_k(a, t) * 0.1) for a, t in ((first, 0), (second, 25), (third, 25), (third, 100))
    ]
    assert half_life[0] < 60 < half_life[1] < 4 * 3600
    assert half_life[2] > 24 * 3600 > half_life[3]


def test_fluoride_leaves_a_nitroarene_hundreds_of_times_faster_than_chloride() -> None:
    f, cl = (
        log_k(law("snar", PIPERIDINE, f"O=[N+]([O-])c1ccc({x})cc1", solvent="dimethyl sulfoxide")) for x in ("F", "Cl")
    )
    assert 100 < 10 ** (f - cl) < 3000


def test_a_nitrogen_beside_a_quaternary_one_is_decades_slower() -> None:
    free = law("amine-quaternisation", "CN1CCCCC1", BENZYL_BROMIDE)
    beside = law("amine-alkylation", "C[N+]1(C)CCCNCC1", BENZYL_BROMIDE)
    assert value(beside, "nuc:") < value(free, "nuc:") - 1


# --- ignorance and errors ---------------------------------------------------------------------------------------------------


def test_a_site_that_no_row_describes_is_wide_and_said_to_be_so() -> None:
    found = one(made("sn2", ("CCCCC", "CC"), ((1, 0, 0), (2, 1, 0), (3, 1, 1))), "acetonitrile")
    assert "no nuc row fits" in found.validity
    assert "no lg row fits" in found.validity
    assert math.hypot(*(t.sd for t in found.terms)) > 1.2


def test_a_catalytic_law_is_not_absolute() -> None:
    found = law("catalytic-amination", PIPERIDINE, "Brc1ccccc1", solvent="toluene")
    assert not found.absolute
    assert law("amine-alkylation", PIPERIDINE, BENZYL_BROMIDE).absolute


def test_an_unknown_family_is_a_fault_of_the_knowledge_base() -> None:
    with pytest.raises(BadKnowledge) as caught:
        one(made("no-such-family", ("CC",), ()), "acetonitrile")
    assert caught.value.complaints[0].value == "no-such-family"


def test_a_number_that_does_not_parse_is_told_with_file_and_row() -> None:
    tables = raw_tables()
    tables["electrophiles"][2]["sd"] = "wide"
    with pytest.raises(BadKnowledge) as caught:
        read_rate_tables(tables)
    assert (caught.value.complaints[0].file, caught.value.complaints[0].field) == (
        "data/rates/electrophiles.csv",
        "row 4",
    )


def test_a_row_must_be_like_one_that_is_there() -> None:
    tables = raw_tables()
    next(r for r in tables["nucleophiles"] if r["like"])["like"] = "nobody"
    with pytest.raises(BadKnowledge):
        read_rate_tables(tables)


def test_rows_laid_in_front_of_the_shipped_ones_win() -> None:
    tables = raw_tables()
    for name, key, value_of in (("families", "sn2", "log10_k"), ("constants", "site_sd", "value")):
        column = "id" if name == "families" else "key"
        row = dict(next(r for r in tables[name] if r[column] == key)) | {value_of: "0.5"}
        tables[name] = [row, *tables[name]]
    found = read_rate_tables(tables)
    assert (found.families["sn2"].log10_k, found.site_sd) == (0.5, 0.5)


# --- the shipped tables as data ----------------------------------------------------------------------------------------------


def example_reactions() -> list[Reaction]:
    found = {r.id: r for rule in knowledge().rules for e in rule.examples for r in apply(rule, e.reactants)}
    return [found[key] for key in sorted(found)]


def test_every_rule_finds_rows_for_its_own_examples() -> None:
    for solvent in ("acetonitrile", "methanol", "toluene"):
        for a in laws_of(example_reactions(), solvent):
            assert "row fits" not in a.validity, (a.reaction, a.validity)


def test_rates_stay_below_the_diffusion_limit() -> None:
    limit = knowledge().rates.diffusion_limit
    for r, a in zip(found := example_reactions(), laws_of(found, "acetonitrile"), strict=True):
        assert log_k(a) < (limit if len(r.reactants) == 2 else 12), r.id


def test_the_unit_of_a_family_fits_the_molecules_it_takes() -> None:
    for r in example_reactions():
        family = knowledge().rates.families[r.rate]
        closes_by_molarity = r.ring is not None and family.closure
        assert family.unit == ("M^-1 s^-1" if len(r.reactants) == 2 or closes_by_molarity else "s^-1"), r.id


def test_every_smarts_of_the_tables_parses_and_every_group_named_by_a_family_exists() -> None:
    rates = knowledge().rates
    for table in (rates.nucleophiles, rates.neighbours, rates.electrophiles, rates.leaving_groups, rates.equilibria):
        for rows in table.values():
            assert all(pattern(r.smarts) and (not r.partner or pattern(r.partner)) for r in rows)
            assert len({r.id for r in rows}) == len(rows)
    for f in rates.families.values():
        assert set(f.nucleophiles) <= set(rates.nucleophiles), f.id
        assert set(f.electrophiles) <= set(rates.electrophiles), f.id
        assert set(f.leaving_groups) <= set(rates.leaving_groups), f.id
        assert not f.closure or f.closure in rates.nucleophiles, f.id


def test_each_closure_class_has_effective_molarities() -> None:
    rates = knowledge().rates
    classes = {r.id for g in ("closure", "closure-carbonyl") for r in rates.nucleophiles[g]}
    assert classes == set(rates.rings)


def test_a_judgement_never_claims_to_be_sharp() -> None:
    for f in knowledge().rates.families.values():
        assert f.sd >= (0.5 if f.source == "judgement" else 0.2), f.id
        assert 4 <= f.ea_sd <= 20


# --- draws ---------------------------------------------------------------------------------------------------------------------


def test_draws_do_not_depend_on_the_other_laws_nor_on_their_order() -> None:
    a = law("amine-alkylation", PIPERIDINE, BENZYL_BROMIDE)
    b = law("boc-protection", PIPERIDINE, "CC(C)(C)OC(=O)OC(=O)OC(C)(C)C")
    both, swapped, alone = sample([a, b], 50, "x")[0], sample([b, a], 50, "x")[0], sample([a], 50, "x")[0]
    np.testing.assert_array_equal(both, swapped[:, ::-1])
    np.testing.assert_array_equal(both[:, :1], alone)


def test_a_longer_run_of_draws_starts_with_the_shorter_one_and_another_seed_differs() -> None:
    np.testing.assert_array_equal(normals(["a", "b"], 100, "s")[:, :20], normals(["a", "b"], 20, "s"))
    assert not np.allclose(normals(["a"], 20, "s")[:, 1:], normals(["a"], 20, "t")[:, 1:])


def test_draws_are_standard_normal_and_independent_between_keys() -> None:
    z = normals(["a", "b"], 20000, "s")[:, 1:]
    assert np.abs(z.mean(axis=1)).max() < 0.03
    assert np.abs(z.std(axis=1) - 1).max() < 0.03
    assert abs(float(np.corrcoef(z)[0, 1])) < 0.03


def test_the_first_draw_is_the_central_case_and_activation_energies_are_never_negative() -> None:
    laws = laws_of(example_reactions(), "acetonitrile")
    log_ks, ea = sample(laws, 300, "s")
    np.testing.assert_allclose(log_ks[0], [log_k(a) for a in laws])
    np.testing.assert_allclose(ea[0], [a.ea for a in laws])
    assert ea.min() >= 0


# --- speed -----------------------------------------------------------------------------------------------------------------------


def test_a_hundred_and_fifty_cold_laws_take_less_than_a_second() -> None:
    chains = [f"{'C' * n}N{'C' * m}" for n in range(1, 14) for m in range(1, 13)][:150]
    found = [r for c in chains for r in reactions("amine-alkylation", c, "BrCc1ccc(C#N)cc1")]
    assert len(found) >= 150
    start = time.perf_counter()
    laws_of(found, "N,N-dimethylformamide")
    cold = time.perf_counter() - start
    start = time.perf_counter()
    laws_of(found, "N,N-dimethylformamide")
    warm = time.perf_counter() - start
    assert cold < 1.0
    assert warm < 0.05


# --- conditions --------------------------------------------------------------------------------------------------


def test_a_condition_moves_all_reactions_of_its_rule_and_both_directions_alike() -> None:
    hemiaminal = next(r for r in knowledge().rules if r.id == "hemiaminal")
    network = network_of(apply(hemiaminal, (DIAZEPANE, "C=O")))
    slower = Condition(Gate(any_of=("role:acid",)), -2.0, 0.7, "the amine is tied up", "judgement")
    rules = [replace(hemiaminal, conditions=(slower,))]
    assert soft_terms(rules, {"role:base"}) == {}
    soft = soft_terms(rules, {"role:acid"})
    usual = rate_laws(network, "methanol", "protic", knowledge().rates)
    moved = rate_laws(network, "methanol", "protic", knowledge().rates, soft)
    assert len(usual) == 2
    for before, after in zip(usual, moved, strict=True):
        assert after.terms[:-1] == before.terms
        assert (after.terms[-1].value, after.terms[-1].sd, after.terms[-1].text) == (-2.0, 0.7, "the amine is tied up")
    assert moved[0].terms[-1].key == moved[1].terms[-1].key


def test_a_template_helps_the_fourteen_membered_ring_more_than_the_seven_and_nothing_between_molecules() -> None:
    known = next(r for r in knowledge().rules if r.id == "amine-alkylation")
    chain = "NCCNCCCNCCNCCCBr"
    found = [r for r in apply(known, (chain,)) if r.ring in {7, 14}] + list(apply(known, ("C1CCNCC1", "CCCCBr")))
    network = network_of(found)
    bare = rate_laws(network, "acetonitrile", "polar-aprotic", knowledge().rates)
    soft = soft_terms([known], {"role:template", "element:Ni"})
    held = rate_laws(network, "acetonitrile", "polar-aprotic", knowledge().rates, soft)
    gains = {r.ring: log_k(a) - log_k(b) for r, a, b in zip(network.reactions, held, bare, strict=True)}
    assert gains[14] > gains[7] > 0.0
    assert gains[None] == 0.0
    assert soft_terms([known], {"role:template"}) == {}
