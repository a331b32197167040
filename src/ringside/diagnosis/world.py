"""One simulated world: everything an observation can be compared with."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np

from ringside.case.nouns import Case, Patch
from ringside.diagnosis.nouns import Channel
from ringside.kinetics.nouns import FloatArray

_NOT_SIMULATED = frozenset(("title", "observed", "round"))


@dataclass(frozen=True, slots=True)
class World:
    """What one recipe would have given.

    Amounts [mol per mol limiting] have shape (n_draws, n_species), columns as ``species``; draw i of every world shares
    its rate deviations, and the first draws of a longer run are those of a shorter one. The limiting reactant is the
    one the recipe says, in the amount it says: a purity below 100 % does not change the basis.

    Attributes:
        species: Canonical SMILES, or family ids.
        amount: End of the reaction, before quench.
        in_sample: What is injected.
        isolated: After work-up.
        charged: Put in [mol per mol limiting], shape (n_species,).
        limiting_mol: Limiting reactant [mol], shape (n_draws,).
        molar_mass: [g/mol], shape (n_species,).
        uv: Relative molar response at the detector's wavelength, shape (n_species,); 0 is invisible.
        residue: Whether the species stays in a weighed crude (no solvent, gas or washed-out salt).
        product: The target, or None where it is not reached.
        starting_materials: Substrates, limiting first.
        unread: Area that no species of the flask accounts for, as a fraction of all, shape (n_draws,); None is none.
        weighed: What a crude weighs per mass of the species in it, shape (n_draws,); None is 1.
        signs: Probability that a sign is reported here, where it differs from that anywhere.
        samples: The same flask at the time of each aliquot, by that time [s].
        ph: That of the mixture in water at the end, shape (n_draws,); None where nobody measured it.
        water: Mass fraction of water by what was titrated ("mixture" at the end, or a charge by name), each of shape (n_draws,).
        others: The other runs of the case in the same world, by number; as many draws, draw i being the same in each.
    """

    species: tuple[str, ...]
    amount: FloatArray
    in_sample: FloatArray
    isolated: FloatArray
    charged: FloatArray
    limiting_mol: FloatArray
    molar_mass: FloatArray
    uv: FloatArray
    uv_class: tuple[str, ...]
    esi: tuple[bool, ...]
    residue: tuple[bool, ...]
    product: str | None
    starting_materials: tuple[str, ...]
    unread: FloatArray | None = None
    weighed: FloatArray | None = None
    signs: Mapping[str, float] = field(default_factory=dict[str, float])
    samples: Mapping[float, World] = field(default_factory=dict[float, "World"])
    ph: FloatArray | None = None
    water: Mapping[str, FloatArray] = field(default_factory=dict[str, FloatArray])
    others: Mapping[int, World] = field(default_factory=dict[int, "World"])

    @property
    def n_draws(self) -> int:
        """Return how many draws there are."""
        return int(self.amount.shape[0])

    @property
    def limiting(self) -> str:
        """Return the SMILES of the limiting reactant."""
        return self.starting_materials[0]

    def of(self, run: int) -> World:
        """Return one run of the case in this world; itself where it has no other run of that number."""
        return self.others.get(run, self)

    def sampled(self, at: float | None) -> World:
        """Return the flask at the time of an aliquot; as it ended for None and where none was taken then."""
        return self if at is None else self.samples.get(at, self)

    def column(self, amounts: FloatArray, species: str | None) -> FloatArray:
        """Return one species' column of ``amounts``, zeros where it is not in this world."""
        if species is None or species not in self.species:
            return np.zeros(self.n_draws)
        return amounts[:, self.species.index(species)]

    def target_yield(self, per: str | None = None) -> FloatArray:
        """Return isolated product [mol per mol of ``per``], the limiting reactant where ``per`` is left out."""
        isolated = self.column(self.isolated, self.product)
        if per is None or per == self.limiting or per not in self.species:
            return isolated
        charged = float(self.charged[self.species.index(per)])
        return isolated / charged if charged > 0 else isolated


Run: TypeAlias = Callable[[Case, int], World]
Without: TypeAlias = Callable[[Case, Channel, int], World | None]


def head(world: World, n: int) -> World:
    """Return a world with its first ``n`` draws only."""
    return replace(
        world,
        amount=world.amount[:n],
        in_sample=world.in_sample[:n],
        isolated=world.isolated[:n],
        limiting_mol=world.limiting_mol[:n],
        unread=None if world.unread is None else world.unread[:n],
        weighed=None if world.weighed is None else world.weighed[:n],
        samples={at: head(sample, n) for at, sample in world.samples.items()},
        ph=None if world.ph is None else world.ph[:n],
        water={of: values[:n] for of, values in world.water.items()},
        others={number: head(other, n) for number, other in world.others.items()},
    )


def recipe_key(case: Case) -> str:
    """Return a text that two cases share if the same simulation serves both."""
    file = {k: v for k, v in case.raw.items() if k not in _NOT_SIMULATED}
    file["instrument"] = case.raw.get("observed", {}).get("instrument")
    if case.observed is not None:
        seen = case.observed
        file["samples"] = [[a.at for a in seen.aliquots], seen.ph is not None, sorted({w.of for w in seen.water})]
    return json.dumps(file, sort_keys=True, default=str)


def memoised(run: Run) -> Run:
    """Return a ``run`` that simulates the same case file once, and again only when more draws are asked for."""
    known: dict[str, World] = {}

    def remembered(case: Case, n: int) -> World:
        key = recipe_key(case)
        if key not in known or known[key].n_draws < n:
            known[key] = run(case, n)
        world = known[key]
        return world if world.n_draws == n else head(world, n)

    return remembered


@dataclass(frozen=True, slots=True)
class Toolbox:
    """What diagnosis and remedies borrow from other layers; ``diagnosis.toolbox.toolbox`` builds the real one.

    Attributes:
        run: Simulate a case with so many draws.
        patch: Apply patches to a case.
        features: Feature ids of a SMILES of any number of components.
        smiles_of: SMILES of a charge, by its name, in a case; None for materials without a structure.
        equivalents: Equivalents of each charge, by name, in a case; charges without a structure are left out.
        canonical: Canonical SMILES of a text, None where it is not SMILES.
        protect: Mono-Boc form of an amine, or None where there is no single one.
        without: As ``run``, with the reactions of a channel switched off; None where it is the same as with them.
    """

    run: Run
    patch: Callable[[Case, Sequence[Patch]], Case]
    features: Callable[[str], frozenset[str]]
    smiles_of: Callable[[Case, str], str | None]
    equivalents: Callable[[Case], Mapping[str, float]]
    canonical: Callable[[str], str | None]
    protect: Callable[[str], str | None]
    without: Without


def quantiles(n: int, *, turn: int = 0) -> FloatArray:
    """Return ``n`` well-spread quantiles in (0, 1), the first of a longer list being those of a shorter one."""
    golden = (5**0.5 - 1) / 2
    return np.mod((np.arange(n) + 0.5) * golden + turn * golden**2, 1.0)


def weighted_quantile(values: FloatArray, weights: FloatArray, q: float) -> float:
    """Return the value below which a share ``q`` of the weight lies, interpolated between draws."""
    order = np.argsort(values, kind="stable")
    ordered, share = values[order], weights[order] / weights.sum()
    middle = np.cumsum(share) - share / 2
    return float(np.interp(q, middle, ordered))
