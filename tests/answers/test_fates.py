"""Where the material went, and what comes back when a side reaction is switched off, in whole flasks."""

import numpy as np
import pytest

from ringside.answers.channels import carries, channel_of, way_of
from ringside.answers.fates import material_entries
from ringside.answers.flow import simulator, switched_off
from ringside.answers.tools import case_tools, toolbox_of
from ringside.case.read import case_from_raw, read_case
from ringside.diagnosis.channels import events_of
from ringside.diagnosis.nouns import Channel
from ringside.knowledge.load import load

N = 24
STEPS_OF_THE_WAY = {
    "acylisourea-hydroxylamine", "aryne", "azidohydrin", "beckmann-acid", "beckmann-sulfonate", "carbamoyl-chloride-isocyanate",
    "carbodiimide-acid", "cdi-acid", "epoxide-closure", "hydrazoic-acid", "imidazole-carboxylic-loss", "iminophosphorane-hydrolysis", "lactam-expansion-7",
    "mitsunobu-activation", "mitsunobu-betaine", "oxalyl-chloride-acid", "oxime-sulfonylation", "phosphonium-acid", "schmidt-migration",
    "staudinger", "thionyl-chloride-acid", "thionyl-chloride-alcohol", "trichloromethyl-carbamate-loss", "uronium-acid",
}  # fmt: skip
"""Activations and migrations that are run for their own sake; where one takes material off a way it is told by its rule's title."""
TOLD_BY_THE_RECIPE = {
    "acyl-transfer-chain", "acyl-transfer-diazepane", "aldol", "aldol-dehydration", "halide-exchange", "halide-exchange-acid",
    "tert-butyl-acid-adduct", "tert-butyl-arene", "tert-butyl-ester-cleavage", "tert-butyl-silane", "tert-butyl-thioether", "tert-butyl-thiol",
    "tert-butyl-water",
}  # fmt: skip
"""Causes of the recipe speak of them (acyl-migrated, aldol-takes-aldehyde, chloride-exchange, tert-butyl-trapped)."""
QUICK = ["benzylation", "aziridinium-ring-change", "sulfonylation"]


@pytest.fixture(scope="module")
def known():
    return load()


@pytest.fixture(scope="module")
def flask(examples, known):
    run = simulator(known)
    return lambda name, n=N: run(read_case(examples / f"{name}.toml", case_tools(known)), n)


def test_every_rule_is_run_for_its_own_sake_or_belongs_to_a_side_reaction_or_a_cause_of_the_recipe(known):
    named = {r for c in known.causes if c.channel is not None for r in c.channel.rules}
    assert {r.id for r in known.rules} - named == STEPS_OF_THE_WAY | TOLD_BY_THE_RECIPE


def test_benzyl_bromide_is_shared_between_mono_bis_and_quaternary_product(flask, known):
    materials = {m.label: {f.card or f.kind: f for f in m.fates} for m in material_entries(flask("benzylation"), known)}
    bromide = materials["benzyl bromide"]
    assert bromide["product"].share.median > 0.3
    assert bromide["cause/alkylated-again"].share.median > 0.3
    assert bromide["cause/alkylated-again"].species
    assert "cause/quaternised" in bromide
    assert materials["homopiperazine"]["unreacted"].share.median > 0.1


@pytest.mark.parametrize("name", QUICK)
def test_nothing_of_a_building_block_is_counted_twice_or_forgotten(name, flask, known):
    for material in material_entries(flask(name, 1), known):
        assert 0.95 < sum(f.share.median for f in material.fates) < 1.0 + 1e-9


@pytest.mark.parametrize("name", QUICK)
def test_switching_off_what_runs_nowhere_changes_nothing(name, flask, known):
    base = flask(name)
    idle = [r.id for r, v in zip(base.network.reactions, base.ensemble.flux.T, strict=True) if not np.any(v > 0.0)]
    assert not carries(base, idle)
    assert np.array_equal(switched_off(base, idle, N, known).outcome.amount, base.outcome.amount)


@pytest.mark.parametrize("name", QUICK)
def test_the_way_to_the_target_stays_open_whatever_is_switched_off(name, flask, known):
    base = flask(name)
    way = way_of(base, known)
    column = base.outcome.species.index(base.target)
    all_off = switched_off(base, way.off, N, known).outcome.amount[:, column]
    assert np.all(all_off > base.outcome.amount[:, column] - 0.02)


def test_without_the_second_alkylation_more_target_is_left(flask, known):
    base = flask("benzylation")
    off = events_of(
        next(c for c in known.causes if c.id == "alkylated-again").channel, base.network, way_of(base, known)
    )
    column = base.outcome.species.index(base.target)
    after = switched_off(base, off, N, known).outcome.amount[:, column]
    assert float(np.median(after - base.outcome.amount[:, column])) > 0.1


def test_a_channel_that_is_idle_here_is_not_simulated(examples, known):
    tools = toolbox_of(simulator(known), known, [])
    case = read_case(examples / "benzylation.toml", case_tools(known))
    assert tools.without(case, Channel(("nitro-hydrogenation",)), N) is None


def test_each_side_reaction_has_one_card_whatever_the_order_of_the_charges(examples, known):
    case = read_case(examples / "benzylation.toml", case_tools(known))
    raw = {**case.raw, "charge": list(reversed(case.raw["charge"]))}
    turned = case_from_raw(raw, case_tools(known), file="turned.toml", folder=examples)
    told = [
        {r: c.id for r, c in channel_of(s, way_of(s, known), known).items()}
        for s in (simulator(known)(c, 2) for c in (case, turned))
    ]
    assert told[0] == told[1]


def test_a_target_that_is_not_reached_has_no_material_balance(examples, known):
    case = read_case(examples / "benzylation.toml", case_tools(known))
    raw = {**case.raw, "target": "CCCCCCCCCC"}
    away = simulator(known)(case_from_raw(raw, case_tools(known), file="away.toml", folder=examples), 2)
    assert material_entries(away, known) is None
