"""The knowledge base, typed: what every layer is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ringside.chem.acidity import AcidityTable
from ringside.chem.features import FeatureTable
from ringside.chem.labels import CommonName
from ringside.diagnosis.constants import Constants, PriorShift
from ringside.diagnosis.nexttest import TestCard
from ringside.diagnosis.nouns import Cause
from ringside.diagnosis.signs import Sign
from ringside.evidence.expected import EvidenceTables
from ringside.evidence.setting import Machine
from ringside.evidence.table import ColumnWords
from ringside.kinetics.gases import GasTable
from ringside.kinetics.posterior import Posterior
from ringside.kinetics.protons import ProtonTable
from ringside.kinetics.rates import RateTables
from ringside.network.nouns import Rule
from ringside.outcome.tables import OutcomeTables
from ringside.recipe.catalogue import Catalogue
from ringside.recipe.resolve import Priors
from ringside.remedy.moves import Lever
from ringside.remedy.nouns import RemedyCard
from ringside.units import Span


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number or claim is from, and how that was read."""

    key: str
    kind: str
    citation: str
    url: str
    licence: str
    read_as: str


@dataclass(frozen=True, slots=True)
class Bystander:
    """What meets a sample without being in the recipe, and how far-fetched that is [steps]."""

    smiles: str
    name: str
    where: str
    cost: float


@dataclass(frozen=True, slots=True)
class MassDifference:
    """What a side product usually differs by from a target: ``mass`` [Da], and the chemistry behind it."""

    change: str
    gained: str
    lost: str
    mass: float
    meaning: str


@dataclass(frozen=True, slots=True, eq=False)
class Knowledge:
    """Everything that is known; ``hash`` names its content.

    ``measures``: what a kind of rate term is, and how to measure it. ``learned``: what was fitted to measurements. ``fitting``: how well
    things are measured. ``machine``: what makes simulated LC-MS files. ``quantity``: how well areas tell amounts.
    ``plate``: how wells are compared; ``differences``: what side products usually differ by.
    ``levers`` and ``planning``: what a plan may move, and what things cost.
    """

    hash: str
    rules: tuple[Rule, ...]
    causes: tuple[Cause, ...]
    remedies: tuple[RemedyCard, ...]
    tests: tuple[TestCard, ...]
    sources: Mapping[str, Source]
    catalogue: Catalogue
    priors: Priors
    unknowns: Mapping[str, Span]
    features: FeatureTable
    acidity: AcidityTable
    protons: ProtonTable
    gases: GasTable
    rates: RateTables
    outcome: OutcomeTables
    evidence: EvidenceTables
    columns: ColumnWords
    constants: Constants
    shifts: tuple[PriorShift, ...]
    signs: tuple[Sign, ...]
    names: tuple[CommonName, ...]
    bystanders: tuple[Bystander, ...]
    measures: Mapping[str, tuple[str, str]]
    learned: Posterior
    fitting: Mapping[str, float]
    machine: Machine
    quantity: Mapping[str, float]
    plate: Mapping[str, float]
    differences: tuple[MassDifference, ...]
    levers: tuple[Lever, ...]
    planning: Mapping[str, float]
