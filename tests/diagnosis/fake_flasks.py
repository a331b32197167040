"""An analytic flask: two equivalent amine sites and one electrophile, with everything else a card may change."""

from dataclasses import replace
from itertools import count

import numpy as np

from ringside.case.nouns import Case
from ringside.diagnosis.world import Toolbox, World, quantiles
from ringside.evidence.nouns import Assignment, Candidate, Observed, Peak
from ringside.recipe.nouns import Amount, Charge, Programme, Recipe
from ringside.units import Span

DIAMINE = "C1CNCCNC1"
BROMIDE = "BrCc1ccccc1"
MONO = "c1ccc(CN2CCCNCC2)cc1"
BIS = "c1ccc(CN2CCCN(Cc3ccccc3)CC2)cc1"
SPECIES = (BROMIDE, BIS, DIAMINE, MONO)
FEATURES = {
    DIAMINE: {"secondary-amine", "secondary-diamine", "diamine", "1,4-diazepane"},
    BROMIDE: {"alkyl-halide", "benzylic-halide"},
    MONO: {"secondary-amine", "tertiary-amine", "chromophore"},
    BIS: {"tertiary-amine", "chromophore"},
}
SITUATION = frozenset(
    {"has:diamine", "has:secondary-diamine", "has:1,4-diazepane", "has:alkyl-halide", "role:solvent", "role:base"}
    | {"target:secondary-amine", "target:chromophore", "observed:lc", "observed:mass", "observed:notes"}
)


def span(text):
    """Read "1.1 equiv", "0.1..0.5 h" or "97 %" to a range of numbers."""
    number = text.split()[0]
    low, _, high = number.partition("..")
    return Span(float(low), float(high or low))


def raw_case(**changes):
    raw = {
        "title": "fake",
        "target": MONO,
        "charge": [
            {"name": "homopiperazine", "smiles": DIAMINE, "role": "substrate", "amount": "1.0 equiv"},
            {"name": "benzyl bromide", "smiles": BROMIDE, "role": "substrate", "amount": "1.0 equiv"},
            {"name": "potassium carbonate", "role": "base", "amount": "2.0 equiv"},
            {"name": "acetonitrile", "role": "solvent", "amount": "50 mL"},
        ],
        "conditions": {"temperature": "25 degC", "time": "16 h"},
    }
    return raw | changes


def case_of(raw, observed=None):
    """Build a Case as the reader would, for the few spellings the fakes use."""
    charges = []
    for c in raw["charge"]:
        value = span(c["amount"])
        kind = "equiv" if c["amount"].endswith("equiv") else "volume"
        if kind == "volume":
            value = Span(value.low / 1000, value.high / 1000)
        charges.append(Charge(c["name"], c["role"], Amount(kind, value), c.get("smiles")))
    celsius = span(raw["conditions"]["temperature"])
    time = span(raw["conditions"]["time"])
    recipe = Recipe(
        charges=tuple(charges),
        programme=Programme(((0.0, Span(celsius.low + 273.15, celsius.high + 273.15)),)),
        time=Span(time.low * 3600, time.high * 3600),
        target=raw.get("target"),
    )
    return Case(raw["title"], recipe, observed, (), raw, "fake.toml")


def patch(case, patches):
    raw = dict(case.raw)
    charges = [dict(c) for c in raw["charge"]]
    for p in patches:
        if p.path == "charge[+]":
            charges.append(dict(p.new))
        elif p.path.startswith("charge[-"):
            charges = [c for c in charges if c["name"] != p.path[8:-1]]
        elif p.path.startswith("charge["):
            name, field = p.path[7:].split("].")
            for c in charges:
                if c["name"] == name:
                    c[field] = p.new
        elif "." in p.path:
            section, field = p.path.split(".")
            raw[section] = {**raw.get(section, {}), field: p.new}
        else:
            raw[p.path] = p.new
    raw["charge"] = charges
    return case_of(raw, case.observed)


def _value(text, n, turn=0):
    s = span(text)
    return np.array([s.at(float(u)) for u in quantiles(n, turn=turn)])


def run(case, n):
    """Two independent sites: p of them done, free (1-p)^2, mono 2p(1-p), bis p^2."""
    charge = {c.get("smiles", c["name"]): c for c in case.raw["charge"]}
    purity = {s: _value(c.get("purity", "100 %"), n, turn=3) / 100 for s, c in charge.items()}
    amine = _value(charge[DIAMINE]["amount"], n) * purity[DIAMINE]
    halide = _value(charge[BROMIDE]["amount"], n) * purity[BROMIDE]
    base = next((_value(c["amount"], n, turn=4) for c in case.raw["charge"] if c["role"] == "base"), np.zeros(n))
    spread = np.exp(0.5 * np.sqrt(2) * (2 * quantiles(n, turn=2) - 1))
    kelvin = _value(case.raw["conditions"]["temperature"], n, turn=5) + 273.15
    rate = 0.6 * spread * np.exp(7000 * (1 / 298.15 - 1 / kelvin))
    extent = 1 - np.exp(-rate * _value(case.raw["conditions"]["time"], n, turn=6))
    used = np.minimum(halide * extent, 2 * amine)
    used = np.where(base < 0.5, np.minimum(used, amine * 0.5 + base), used)
    p = used / (2 * amine)
    lim_is_amine = span(charge[DIAMINE]["amount"]).mid <= span(charge[BROMIDE]["amount"]).mid
    limiting = span(charge[DIAMINE if lim_is_amine else BROMIDE]["amount"]).mid
    columns = {DIAMINE: amine * (1 - p) ** 2, MONO: amine * 2 * p * (1 - p), BIS: amine * p**2, BROMIDE: halide - used}
    amount = np.stack([columns[s] for s in SPECIES], axis=1) / limiting
    charged = {DIAMINE: amine.mean() / limiting, BROMIDE: halide.mean() / limiting, MONO: 0.0, BIS: 0.0}
    return World(
        species=SPECIES,
        amount=amount,
        in_sample=amount.copy(),
        isolated=amount.copy(),
        charged=np.array([charged[s] for s in SPECIES]),
        limiting_mol=np.full(n, 0.01),
        molar_mass=np.array([171.0, 280.4, 100.2, 190.3]),
        uv=np.array([0.0, 2.0, 0.0, 1.0]),
        uv_class=("benzyl", "benzyl", "none", "benzyl"),
        esi=(False, True, True, True),
        residue=(True, True, True, True),
        product=MONO,
        starting_materials=(DIAMINE, BROMIDE) if lim_is_amine else (BROMIDE, DIAMINE),
    )


def tools(run_=run):
    def smiles_of(case, name):
        return next((c.get("smiles") for c in case.raw["charge"] if c["name"] == name), None)

    def equivalents(case):
        return {c["name"]: span(c["amount"]).mid for c in case.raw["charge"] if c["amount"].endswith("equiv")}

    return Toolbox(
        run=run_,
        patch=patch,
        features=lambda s: frozenset(FEATURES.get(s, set())),
        smiles_of=smiles_of,
        equivalents=equivalents,
        canonical=lambda s: s if s in SPECIES else None,
        protect=lambda s: None,
        without=lambda case, channel, n: None,
    )


def observed_case(raw=None, **observed):
    return case_of(raw or raw_case(), Observed(**observed))


def assigned(areas):
    """Peaks with one reading each: {species: area}."""
    ids = count(1)
    return tuple(
        Assignment(Peak(f"p{next(ids)}", 60.0, (100.0,), a), (Candidate(s, "[M+H]+", 100.0, 1.0, 1.0, 0.95, True),))
        for s, a in areas.items()
    )


def with_observed(case, **observed):
    return replace(case, observed=Observed(**observed))
