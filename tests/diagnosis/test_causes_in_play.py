"""Each cause has a small case in which it is in play, and a look-alike in which it is not."""

from functools import cache

import pytest
from small_cases import BENZYL, KNOWN, MEBENZYL, WASHED, case, in_play

FIRST = frozenset(
    [
        "bridged-aminal",
        "closure-incomplete",
        "colder-than-written",
        "column-hydrolysis",
        "dead-hydride",
        "dichloromethane-reacts",
        "hydride-in-protic-solvent",
        "hydride-too-early",
        "in-source",
        "insufficient-base",
        "lost-in-water",
        "low-titre-electrophile",
        "no-base",
        "not-dry",
        "old-aldehyde",
        "stopped-early",
        "too-concentrated",
        "too-hot",
        "too-little-hydride",
        "too-much-electrophile",
        "unprotected-diamine",
        "weak-chromophore",
        "wet-diamine",
        "wet-solvent",
    ]
)
BASE = "homopiperazine; substrate; 1.0 equiv"
MEH = "1-methylhomopiperazine; substrate; 1.0 equiv"
BNBR = "benzyl bromide; substrate; 1.0 equiv"
BUBR = "1-bromobutane; substrate; 1.0 equiv"
PHCHO = "benzaldehyde; substrate; 1.1 equiv"
DIPEA = "N,N-diisopropylethylamine; base; 2 equiv"
MECN = "acetonitrile; solvent; 50 mL"
DMF = "N,N-dimethylformamide; solvent; 50 mL"
BUTYL, BOC_BENZOYL = "CCCCN1CCCN(C)CC1", "CC(C)(C)OC(=O)N1CCCN(CC1)C(C)=O"
CBH, NABH4 = "sodium cyanoborohydride; reagent; 1.5 equiv", "sodium borohydride; reagent; 1.5 equiv"
MEOH, DCM20 = "methanol; solvent; 50 mL", "dichloromethane; solvent; 20 mL"
BOC_EDA = "N-Boc-ethylenediamine [CC(C)(C)OC(=O)NCCN]; substrate; 1.0 equiv"
PHENOL = "phenol amine [Oc1ccc(CN2CCCNCC2)cc1]; substrate; 1.0 equiv"
PHENOL_BN = "Oc1ccc(CN2CCCN(Cc3ccccc3)CC2)cc1"
NITRO = "nitrobenzyl [CN1CCCN(CC1)Cc1cccc(c1)[N+](=O)[O-]]; substrate; 1.0 equiv"
LACTAM = "lactam [CN1CCCN(Cc2ccccc2)C(=O)C1]; substrate; 1.0 equiv"
BUNH2 = "butylamine; substrate; 1.0 equiv"
PD, RANEY = "palladium on carbon; catalyst; 5 mol%", "Raney nickel; catalyst; 20 mol%"
THF = "tetrahydrofuran; solvent; 50 mL"

CASES = {
    "mono-benzyl": lambda: case(BENZYL, BASE, BNBR, DIPEA, MECN, workup=WASHED),
    "unseen": lambda: case(BENZYL, BASE, BNBR, DIPEA, MECN, workup=WASHED, seen=False),
    "slurry": lambda: case(
        BENZYL, BASE, BNBR, "potassium carbonate; base; 2 equiv", "toluene; solvent; 50 mL", time="4 h", workup=WASHED
    ),
    "pyridine": lambda: case(MEBENZYL, MEH, BNBR, "pyridine; base; 1.5 equiv", MECN),
    "dabco": lambda: case(MEBENZYL, MEH, BNBR, "DABCO; base; 1.5 equiv", MECN),
    "benzyl": lambda: case(MEBENZYL, MEH, BNBR, DIPEA, MECN),
    "butyl": lambda: case(BUTYL, MEH, BUBR, DIPEA, MECN, at="60 degC"),
    "butyl-dilute": lambda: case(BUTYL, MEH, BUBR, DIPEA, "acetonitrile; solvent; 500 mL"),
    "butyl-open": lambda: case(BUTYL, MEH, BUBR, DIPEA, "acetonitrile; solvent; 500 mL", air="open air", time="48 h"),
    "butyl-salt": lambda: case(
        BUTYL, MEH + "; form: 2HCl salt", BUBR, "N,N-diisopropylethylamine; base; 1 equiv", DMF, at="60 degC"
    ),
    "butyl-thf": lambda: case(BUTYL, MEH, BUBR, DIPEA, THF, at="60 degC"),
    "butyl-acetone": lambda: case(
        "CCCCN1CCCNCC1", BASE, BUBR, "potassium carbonate; base; 2 equiv", "acetone; solvent; 50 mL", at="50 degC"
    ),
    "butyl-acetate": lambda: case(BUTYL, MEH, BUBR, DIPEA, "ethyl acetate; solvent; 50 mL", at="70 degC", time="48 h"),
    "butyl-dce": lambda: case(BUTYL, MEH, BUBR, DIPEA, "1,2-dichloroethane; solvent; 50 mL", at="80 degC", time="24 h"),
    "methyl-iodide": lambda: case(
        MEBENZYL, "1-benzylhomopiperazine; substrate; 1.0 equiv", "methyl iodide; substrate; 1.0 equiv", DIPEA, MECN
    ),
    "benzoyl": lambda: case(
        "O=C(c1ccccc1)N1CCCNCC1", BASE, "benzoyl chloride; substrate; 1.0 equiv; add_over: 1 h", "triethylamine; base; 1.5 equiv",
        "dichloromethane; solvent; 50 mL", at="0 degC", time="2 h",
    ),
    "benzoyl-once": lambda: case(
        "O=C(c1ccccc1)N1CCCN(C)CC1", MEH, "benzoyl chloride; substrate; 1.0 equiv", "triethylamine; base; 1.5 equiv", MEOH, time="2 h"
    ),
    "acetyl-ethanol": lambda: case(
        "CC(=O)N1CCCN(C)CC1", MEH, "acetyl chloride; substrate; 1.0 equiv", "pyridine; base; 1.5 equiv", "ethanol; solvent; 200 mL", time="2 h"
    ),
    "ring-fed": lambda: case(
        "C1CCN(Cc2ccccc2)CCN1Cc1ccccc1", "N,N'-dibenzylethylenediamine; substrate; 1.0 equiv; add_over: 24 h",
        "1,3-dibromopropane; substrate; 1.0 equiv; add_over: 24 h", "N,N-diisopropylethylamine; base; 3 equiv", MECN,
        at="80 degC", time="48 h",
    ),
    "borohydride-thf": lambda: case(MEBENZYL, MEH, PHCHO, NABH4, THF),
    "borohydride-methanol": lambda: case(MEBENZYL, MEH, PHCHO, NABH4, MEOH),
    "borohydride-acid": lambda: case("CCCCNCc1ccccc1", BUNH2, PHCHO, NABH4, "acetic acid; acid; 3 equiv", THF),
    "wet-stab": lambda: case(
        MEBENZYL, MEH, PHCHO, "sodium triacetoxyborohydride; reagent; 1.2 equiv", "water; additive; 20 equiv",
        "1,2-dichloroethane; solvent; 50 mL",
    ),
    "cyanoborohydride": lambda: case(MEBENZYL, MEH, PHCHO, CBH, MEOH),
    "cyanoborohydride-ketone": lambda: case(
        "C1CCCCC1NCCCC", BUNH2, "cyclohexanone; substrate; 1.0 equiv", CBH, MECN, time="4 h"
    ),
    "cyanoborohydride-sulfonic": lambda: case(
        MEBENZYL, MEH, PHCHO, CBH, "p-toluenesulfonic acid; acid; 1.2 equiv", "methanol; solvent; 20 mL", time="4 h"
    ),
    "paraformaldehyde": lambda: case(
        MEBENZYL, "1-benzylhomopiperazine; substrate; 1.0 equiv", "paraformaldehyde; substrate; 1.2 equiv",
        "sodium triacetoxyborohydride; reagent; 1.5 equiv", "1,2-dichloroethane; solvent; 50 mL",
    ),
    "half-paraformaldehyde": lambda: case(
        MEBENZYL, "1-benzylhomopiperazine; substrate; 1.0 equiv", "paraformaldehyde; substrate; 1.0 equiv; purity: 40 %", CBH, MEOH
    ),
    "butanal": lambda: case(
        BUTYL, MEH, "butyraldehyde; substrate; 1.1 equiv", CBH + "; start: 4 h", "ethanol; solvent; 20 mL", time="20 h"
    ),
    "butanal-stab": lambda: case(
        BUTYL, MEH, "butyraldehyde; substrate; 1.1 equiv", "sodium triacetoxyborohydride; reagent; 1.4 equiv", "1,2-dichloroethane; solvent; 50 mL"
    ),
    "imine-water": lambda: case(
        "c1ccccc1C=NCCCC", BUNH2, "benzaldehyde; substrate; 1.0 equiv", "water; solvent; 50 mL"
    ),
    "imine-toluene": lambda: case(
        "c1ccccc1C=NCCCC", BUNH2, "benzaldehyde; substrate; 1.0 equiv", "toluene; solvent; 50 mL"
    ),
    "light-imine": lambda: case("CCCC=NCCCC", BUNH2, "butyraldehyde; substrate; 1.0 equiv", "ethanol; solvent; 20 mL"),
    "hot-dmf": lambda: case(
        "c1ccnc(c1)N1CCCN(C)CC1", MEH, "2-chloropyridine; substrate; 1.0 equiv", "potassium carbonate; base; 2 equiv", DMF,
        at="150 degC", time="48 h",
    ),
    "dichloropyrimidine": lambda: case(
        "Clc1ccnc(n1)N1CCCN(C)CC1", "1-methylhomopiperazine; substrate; 3.0 equiv", "2,4-dichloropyrimidine; substrate; 1.0 equiv",
        DIPEA, MECN, at="60 degC",
    ),
    "raney-methanol": lambda: case(
        "C1CCN(CC1)CCCC", "piperidine; substrate; 1.0 equiv", "butyraldehyde; substrate; 1.0 equiv", RANEY, MEOH, at="100 degC", air="H2"
    ),
    "pd-nitro": lambda: case(
        "CN1CCCN(CC1)Cc1cccc(c1)[N+](=O)[O-]", MEH, "3-nitrobenzaldehyde; substrate; 1.1 equiv", PD, "ethanol; solvent; 30 mL",
        air="H2", time="8 h",
    ),
    "pd-aniline": lambda: case(
        "CN1CCCN(CC1)Cc1cccc(N)c1", NITRO, PD, "ethanol; solvent; 30 mL", air="H2", time="24 h"
    ),
    "lactam-borane": lambda: case(
        MEBENZYL, LACTAM, "borane tetrahydrofuran complex; reagent; 3 equiv", "tetrahydrofuran; solvent; 30 mL", at="60 degC", workup=WASHED
    ),
    "bromoacetate-naoh": lambda: case(
        "CCOC(=O)CN1CCCN(C)CC1", MEH, "ethyl bromoacetate; substrate; 1.0 equiv", "sodium hydroxide; base; 2 equiv", THF
    ),
    "chloropropylamine": lambda: case(
        "CN1CCCN(CCCNCc2ccccc2)CC1", MEH, "3-chloropropyl benzylamine [ClCCCNCc1ccccc1]; substrate; 1 equiv",
        "N,N-diisopropylethylamine; base; 3 equiv", "acetonitrile; solvent; 100 mL", at="60 degC",
    ),
    "boc-sulfonic": lambda: case(
        BOC_BENZOYL, "1-Boc-homopiperazine; substrate; 1.0 equiv", "acetic anhydride; substrate; 1.1 equiv",
        "p-toluenesulfonic acid; acid; 2 equiv", DCM20, time="4 h",
    ),
    "boc-phenol-tfa": lambda: case(
        "Oc1cccc(CN2CCCNCC2)c1", "Boc phenol [CC(C)(C)OC(=O)N1CCCN(CC1)Cc1cccc(O)c1]; substrate; 1.0 equiv",
        "trifluoroacetic acid; acid; 20 equiv", "dichloromethane; solvent; 5 mL", time="16 h",
    ),
    "acetyl-hot": lambda: case(
        "CC(=O)N1CCCNC(C)C1", "2-methylhomopiperazine [CC1CNCCCN1]; substrate; 1.0 equiv",
        "acetic anhydride; substrate; 0.8 equiv", "triethylamine; base; 3 equiv", "toluene; solvent; 50 mL",
        at="110 degC", time="24 h",
    ),
    "boc-hot": lambda: case(
        "CC(C)(C)OC(=O)NCCNCCCC", BOC_EDA, BUBR, "potassium carbonate; base; 1.5 equiv", "N,N-dimethylacetamide; solvent; 30 mL", at="80 degC"
    ),
    "boc-alkoxide": lambda: case(
        "CC(C)(C)OC(=O)NCCNCc1ccccc1", BOC_EDA, BNBR, "potassium tert-butoxide; base; 1.5 equiv", "tetrahydrofuran; solvent; 30 mL", at="60 degC"
    ),
    "fmoc": lambda: case(
        "O=C(OCC1c2ccccc2-c2ccccc21)N1CCCNCC1", BASE, "Fmoc chloride; substrate; 1.0 equiv", "triethylamine; base; 1.5 equiv", DCM20, time="24 h"
    ),
    "phenol": lambda: case(PHENOL_BN, PHENOL, BNBR, "cesium carbonate; base; 2 equiv", DMF),
    "phenol-dipea": lambda: case(PHENOL_BN, PHENOL, BNBR, DIPEA, DMF),
    "aniline": lambda: case(
        "Nc1cccc(CN2CCCN(C(C)=O)CC2)c1", "aniline amine [Nc1cccc(CN2CCCNCC2)c1]; substrate; 1.0 equiv",
        "acetic anhydride; substrate; 1.6 equiv", "triethylamine; base; 2 equiv", "dichloromethane; solvent; 30 mL",
    ),
    "diisopropylamine": lambda: case(
        "CCCCN(C(C)C)C(C)C", "diisopropylamine [CC(C)NC(C)C]; substrate; 1.0 equiv", BUBR, "potassium carbonate; base; 2 equiv", MECN, at="50 degC"
    ),
}  # fmt: skip
made = cache(lambda name: CASES[name]())

ROWS = [
    ("carbonated-diamine", "mono-benzyl", "butyl"),
    ("diamine-was-salt", "mono-benzyl", "butyl-salt"),
    ("volatile-electrophile", "methyl-iodide", "mono-benzyl"),
    ("hotter-than-written", "slurry", "benzoyl-once"),
    ("overcharged-electrophile", "mono-benzyl", "butyl"),
    ("fed-at-once", "ring-fed", "mono-benzyl"),
    ("inverse-addition", "benzoyl", "mono-benzyl"),
    ("insoluble-hydride", "borohydride-thf", "borohydride-methanol"),
    ("polymeric-aldehyde", "paraformaldehyde", "butanal"),
    ("open-to-air", "butyl", "borohydride-methanol"),
    ("peroxide-in-ether", "butyl-thf", "butyl"),
    ("dimethylamine-in-dmf", "phenol-dipea", "butyl"),
    ("mono-salt-crystallised", "slurry", "butyl"),
    ("diamine-impurity", "mono-benzyl", "butyl"),
    ("silica-loss", "mono-benzyl", "imine-toluene"),
    ("emulsion-loss", "mono-benzyl", "butyl"),
    ("mechanical-loss", "mono-benzyl", "unseen"),
    ("volatile-product", "light-imine", "mono-benzyl"),
    ("weighed-as-salt", "mono-benzyl", "imine-toluene"),
    ("salts-in-crude", "mono-benzyl", "imine-toluene"),
    ("rotamers", "aniline", "mono-benzyl"),
    ("ghost-peaks", "mono-benzyl", "unseen"),
    ("void-elution", "mono-benzyl", "imine-toluene"),
    ("saturated-detector", "mono-benzyl", "unseen"),
    ("goes-on-in-vial", "slurry", "borohydride-methanol"),
    ("degraded-sample", "imine-toluene", "mono-benzyl"),
    ("upper-layer-sampled", "slurry", "imine-toluene"),
    ("boc-lost-in-source", "boc-hot", "mono-benzyl"),
    ("base-alkylated", "dabco", "benzyl"),
    ("base-too-weak", "pyridine", "benzyl"),
    ("solid-base-slow", "slurry", "benzyl"),
    ("slow-leaving-group", "butyl-dilute", "borohydride-methanol"),
    ("chloride-exchange", "butyl-salt", "butyl"),
    ("strong-base-eliminates", "bromoacetate-naoh", "butyl"),
    ("solvent-takes-electrophile", "acetyl-ethanol", "benzyl"),
    ("acetone-reacts", "butyl-acetone", "benzyl"),
    ("dmf-formylates", "hot-dmf", "phenol-dipea"),
    ("ethyl-acetate-acylates", "butyl-acetate", "benzyl"),
    ("methanol-methylates", "raney-methanol", "borohydride-methanol"),
    ("borohydride-takes-aldehyde", "borohydride-thf", "cyanoborohydride"),
    ("cyanoborohydride-needs-acid", "cyanoborohydride-ketone", "cyanoborohydride-sulfonic"),
    ("cyanide-adduct", "cyanoborohydride", "borohydride-methanol"),
    ("acid-eats-hydride", "borohydride-acid", "borohydride-methanol"),
    ("too-much-acid", "cyanoborohydride-sulfonic", "cyanoborohydride"),
    ("condensation-needs-acid", "butanal-stab", "borohydride-methanol"),
    ("water-holds-it-back", "imine-water", "imine-toluene"),
    ("aldehyde-as-acetal", "cyanoborohydride-sulfonic", "cyanoborohydride"),
    ("aldol-takes-aldehyde", "butanal", "imine-toluene"),
    ("too-dilute", "butyl-dilute", "ring-fed"),
    ("haloamine-closes-alone", "chloropropylamine", "butyl"),
    ("too-much-amine", "dichloropyrimidine", "benzyl"),
    ("amine-borane-kept", "lactam-borane", "benzyl"),
    ("hydrogenolysis", "pd-aniline", "raney-methanol"),
    ("nitro-reduced", "pd-nitro", "pd-aniline"),
    ("boc-lost-to-acid", "boc-sulfonic", "boc-hot"),
    ("fmoc-lost-to-amine", "fmoc", "benzoyl"),
    ("carbamate-closes", "boc-alkoxide", "boc-hot"),
    ("competing-anion", "phenol", "phenol-dipea"),
    ("competing-aniline", "aniline", "benzyl"),
    ("salt-not-freed", "butyl-salt", "butyl"),
    ("hindered-nitrogen", "diisopropylamine", "butyl"),
    ("dichloroethane-reacts", "butyl-dce", "butyl"),
    ("tert-butyl-trapped", "boc-phenol-tfa", "boc-hot"),
    ("acyl-migrated", "acetyl-hot", "mono-benzyl"),
]


@pytest.mark.parametrize(("cause", "here", "not_here"), ROWS, ids=[r[0] for r in ROWS])
def test_a_cause_changes_what_is_seen_where_it_fits_and_nothing_in_its_look_alike(cause, here, not_here):
    assert in_play(cause, made(here), confusable=("doubtful",))
    assert not in_play(cause, made(not_here), confusable=("doubtful",))


def test_every_cause_beyond_the_first_has_a_row():
    assert {r[0] for r in ROWS} == {c.id for c in KNOWN.causes if c.channel is None} - FIRST


def test_every_cause_says_what_is_seen_and_what_it_is_mistaken_for():
    for cause in KNOWN.causes:
        assert cause.seen, cause.id
        assert cause.looks_like, cause.id
        assert cause.id not in cause.looks_like


def test_every_cause_but_the_recipe_s_own_losses_has_a_test_that_would_settle_it():
    answered = {a for t in KNOWN.tests for a in t.answers}
    measured = {t.id for t in KNOWN.tests if t.measures != "check"}
    for cause in KNOWN.causes:
        assert cause.id in answered or cause.test in measured, cause.id
