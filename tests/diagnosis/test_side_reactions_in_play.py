"""Each side reaction has a small case in which target comes back without it, and a look-alike in which none does."""

from functools import cache

import pytest
from small_cases import KNOWN, case, in_play
from test_causes_in_play import (
    BNBR,
    BUBR,
    BUNH2,
    BUTYL,
    CBH,
    DCM20,
    DIPEA,
    DMF,
    MEBENZYL,
    MECN,
    MEH,
    MEOH,
    NABH4,
    PD,
    PHCHO,
    THF,
)
from test_causes_in_play import CASES as OTHERS

CASES = {
    "second-aldehyde": lambda: case("c1ccccc1CNCCCC", BUNH2, "benzaldehyde; substrate; 2.0 equiv", "sodium triacetoxyborohydride; reagent; 3 equiv", "1,2-dichloroethane; solvent; 50 mL"),
    "ring-or-chain": lambda: case(
        "CN1CCCNC1c1ccc(OC)cc1", "methyl diamine [CNCCCN]; substrate; 1.0 equiv", "anisaldehyde [COc1ccc(C=O)cc1]; substrate; 1.0 equiv", MEOH
    ),
    "six-or-seven": lambda: case("NCCN1CCCNCC1=O", "bromoacetamide [NCCCN(CCN)C(=O)CBr]; substrate; 1.0 equiv", "N,N-diisopropylethylamine; base; 2 equiv","acetonitrile; solvent; 500 mL"),
    "seven-or-eight": lambda: case("NCCCCN1CCCNCC1=O", "bromoacetamide [NCCCCN(CCCN)C(=O)CBr]; substrate; 1.0 equiv", "N,N-diisopropylethylamine; base; 2 equiv","acetonitrile; solvent; 2000 mL", at="60 degC", time="48 h"),
    "lactam-closes": lambda: case("CCOC(=O)CNCCN", "ethylenediamine; substrate; 3.0 equiv", "ethyl bromoacetate; substrate; 1.0 equiv","ethanol; solvent; 50 mL", at="60 degC", time="24 h"),
    "diethylamine": lambda: case(MEBENZYL, MEH, BNBR, "diethylamine [CCNCC]; base; 2 equiv", MECN),
    "benzyl-methanol": lambda: case("C(N(C(C)C)C(C)C)c1ccccc1", "diisopropylamine [CC(C)NC(C)C]; substrate; 1.0 equiv", BNBR, "potassium carbonate; base; 2 equiv", MEOH, at="60 degC"),
    "azide-there": lambda: case(BUTYL, MEH, BUBR, DIPEA, "sodium azide [[Na+].[N-]=[N+]=[N-]]; additive; 1.0 equiv", DMF, at="60 degC"),
    "carbon-dioxide": lambda: case("CCCCNCc1ccccc1", "butylamine; substrate; 5.0 equiv", "benzyl chloride; substrate; 1.0 equiv", "acetonitrile; solvent; 500 mL", air="CO2"),
    "diketone": lambda: case("CC1=CC(C)=NCCN1", "ethylenediamine; substrate; 1.0 equiv", "acetylacetone [CC(=O)CC(C)=O]; substrate; 1.0 equiv", "ethanol; solvent; 50 mL", at="78 degC", time="24 h"),
    "pyrrolidine-dcm": lambda: case("CCCCN1CCCC1", "pyrrolidine; substrate; 1.0 equiv", "1-chlorobutane [CCCCCl]; substrate; 1.0 equiv", "N,N-diisopropylethylamine; base; 2 equiv", "dichloromethane; solvent; 50 mL", time="168 h"),
    "chloroformate": lambda: case("CCOC(=O)N1CCCN(C)CC1", MEH, "ethyl chloroformate; substrate; 2.5 equiv", "toluene; solvent; 50 mL", DIPEA, at="110 degC", time="24 h"),
    "allyl-pd": lambda: case("C=CCN1CCCN(CC1)CCCC", "1-allylhomopiperazine [C=CCN1CCCNCC1]; substrate; 1.0 equiv", "butyraldehyde; substrate; 1.1 equiv", PD, "ethanol; solvent; 30 mL", air="H2", time="8 h"),
    "peroxide": lambda: case(BUTYL, MEH, BUBR, DIPEA, "hydrogen peroxide [OO]; additive; 1.0 equiv", MECN, at="60 degC"),
    "dihydropyrazine": lambda: case("CC1=NCCN=C1C", "ethylenediamine; substrate; 1.0 equiv", "butane-2,3-dione [CC(=O)C(C)=O]; substrate; 1.0 equiv", "ethanol; solvent; 50 mL", air="open air", time="48 h"),
    "acylurea": lambda: case("O=C(c1ccccc1)N(C(C)C)C(C)C", "diisopropylamine [CC(C)NC(C)C]; substrate; 1.0 equiv", "benzoic acid; substrate; 1.0 equiv", "EDC; reagent; 1.2 equiv", DCM20),
    "chloromethyl": lambda: case("CN1CCN(C)CC(N=[N+]=[N-])C1", "2-(chloromethyl)-1,4-dimethylpiperazine [CN1CCN(C)C(CCl)C1]; substrate; 1.0 equiv", "sodium azide [[Na+].[N-]=[N+]=[N-]]; reagent; 1.5 equiv", DMF, at="80 degC"),
    "aldehyde-week": lambda: case(MEBENZYL, MEH+"; start: 168 h", PHCHO, "sodium triacetoxyborohydride; reagent; 1.5 equiv; start: 168 h", THF, air="open air", time="192 h"),
    "aryl-bromide": lambda: case("CCCCN1CCCN(CC1)c1ccc(Br)cc1", "bromophenyl amine [Brc1ccc(cc1)N1CCCNCC1]; substrate; 1.0 equiv", "butyraldehyde; substrate; 1.1 equiv", PD, "ethanol; solvent; 30 mL", air="H2", time="24 h"),
    "schmidt": lambda: case("O=C1CN(Cc2ccccc2)CCCN1", "benzylpiperidone [O=C1CCCN(Cc2ccccc2)C1]; substrate; 1.0 equiv", "sodium azide; substrate; 1.5 equiv", "methanesulfonic acid; acid; 10 equiv", "chloroform; solvent; 30 mL", time="24 h"),
    "enaminone": lambda: case("CCCCNC(C)=CC(C)=O", "butylamine; substrate; 3.0 equiv", "acetylacetone [CC(=O)CC(C)=O]; substrate; 1.0 equiv", "ethanol; solvent; 20 mL", at="140 degC", time="72 h"),
    "cyclohexyl": lambda: case("C1CCCCC1N1CCCCC1", "piperidine; substrate; 1.0 equiv", "cyclohexyl bromide [BrC1CCCCC1]; substrate; 1.0 equiv", "potassium tert-butoxide; base; 3 equiv", DMF, at="80 degC", time="48 h"),
    "cyano-acid": lambda: case("CC(C)N1CCCN(C)CC1", MEH, "acetone; substrate; 1.1 equiv", "trimethylsilyl cyanide [C[Si](C)(C)C#N]; additive; 1.0 equiv", CBH, "acetic acid; acid; 1 equiv", MEOH),
    "boc-methyl": lambda: case("CC(C)(C)OC(=O)N(C)CCNCCCC", "Boc-methyl [CC(C)(C)OC(=O)N(C)CCN]; substrate; 1.0 equiv", BUBR, "potassium tert-butoxide; base; 0.5 equiv", THF, at="60 degC"),
    "hofmann": lambda: case("CN(C)CCc1ccccc1", "phenethyltrimethylammonium iodide [C[N+](C)(C)CCc1ccccc1.[I-]]; substrate; 1.0 equiv", "butylamine; substrate; 2.0 equiv", "potassium hydroxide; base; 2 equiv", DMF, at="120 degC", time="24 h"),
    "amide-hot": lambda: case("CC(=O)NCCN", "ethylenediamine; substrate; 1.0 equiv", "acetic acid; substrate; 1.0 equiv", "xylene [Cc1ccccc1C]; solvent; 50 mL", at="200 degC", time="72 h"),
    "hydride-imine": lambda: case("c1ccccc1C=NCCCN1CCCN(C)CC1", MEH, "bromopropyl imine [BrCCCN=Cc1ccccc1]; substrate; 1.0 equiv", DIPEA, NABH4, MECN, at="40 degC"),
}  # fmt: skip
made = cache(lambda name: {**OTHERS, **CASES}[name]())

ROWS = [
    ("alkylated-again", "mono-benzyl", "phenol-dipea"),
    ("acylated-again", "benzoyl", "benzoyl-once"),
    ("second-carbonyl", "second-aldehyde", "imine-toluene"),
    ("chains-grow", "seven-or-eight", "six-or-seven"),
    ("smaller-ring-first", "six-or-seven", "seven-or-eight"),
    ("larger-ring-closes", "seven-or-eight", "six-or-seven"),
    ("closes-on-itself", "lactam-closes", "mono-benzyl"),
    ("other-nucleophile-wins", "dichloropyrimidine", "benzyl"),
    ("electrophile-finds-other-amine", "diethylamine", "benzyl"),
    ("acyl-donor-finds-other-amine", "butyl-acetate", "butyl"),
    ("carbonyl-finds-other-amine", "butyl-acetone", "butyl"),
    ("another-condensate", "ring-or-chain", "imine-toluene"),
    ("quaternised", "dabco", "benzoyl-once"),
    ("strained-ion-scrambles", "chloromethyl", "butyl"),
    ("halide-eliminates", "cyclohexyl", "benzyl"),
    ("electrophile-solvolysed", "benzyl-methanol", "benzyl"),
    ("anion-takes-electrophile", "azide-there", "butyl"),
    ("carbon-dioxide-holds-amine", "carbon-dioxide", "mono-benzyl"),
    ("carbonyl-reduced", "raney-methanol", "imine-toluene"),
    ("aldehyde-oxidised", "aldehyde-week", "imine-toluene"),
    ("aminal-holds", "butyl-acetone", "butyl"),
    ("acetal-holds", "cyanoborohydride-sulfonic", "imine-toluene"),
    ("diketone-cleaved", "enaminone", "diketone"),
    ("formylated", "hot-dmf", "phenol-dipea"),
    ("dichloromethane-takes-amine", "pyrrolidine-dcm", "butyl"),
    ("beta-amino-lost", "hofmann", "benzyl"),
    ("dealkylated", "chloroformate", "benzoyl-once"),
    ("acyl-bond-cleaved", "bromoacetate-naoh", "butyl"),
    ("amidine-closes", "amide-hot", "benzoyl-once"),
    ("carbamate-lost", "fmoc", "benzoyl"),
    ("urea-closes", "boc-methyl", "boc-hot"),
    ("nitro-taken", "pd-nitro", "pd-aniline"),
    ("halogen-taken", "aryl-bromide", "pd-aniline"),
    ("benzyl-taken", "pd-aniline", "raney-methanol"),
    ("hydrogen-goes-elsewhere", "allyl-pd", "pd-aniline"),
    ("hydride-goes-elsewhere", "hydride-imine", "benzyl"),
    ("hydride-wasted", "wet-stab", "paraformaldehyde"),
    ("borane-holds-amine", "cyanoborohydride", "paraformaldehyde"),
    ("cyanide-takes-iminium", "cyano-acid", "borohydride-methanol"),
    ("nitrogen-oxidised", "peroxide", "butyl"),
    ("ring-aromatised", "dihydropyrazine", "diketone"),
    ("hot-catalyst-goes-on", "raney-methanol", "borohydride-methanol"),
    ("coupling-reagent-lost", "acylurea", "benzoyl"),
    ("skeleton-breaks", "schmidt", "imine-toluene"),
]


@pytest.mark.parametrize(("cause", "here", "not_here"), ROWS, ids=[r[0] for r in ROWS])
def test_without_a_side_reaction_target_comes_back_where_it_runs_and_not_in_its_look_alike(cause, here, not_here):
    assert in_play(cause, made(here))
    assert not in_play(cause, made(not_here))


def test_every_side_reaction_has_a_row():
    assert {r[0] for r in ROWS} == {c.id for c in KNOWN.causes if c.channel is not None}
