"""What is charged, when, how hot, and what is done with it afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ringside.chem.mass import charge
from ringside.units import EXACT_ONE, EXACT_ZERO, Kelvin, Litre, MolAmount, Second, Span

Role = Literal["substrate", "reagent", "base", "acid", "catalyst", "template", "solvent", "additive"]
AmountKind = Literal["equiv", "mol", "mass", "volume", "concentration", "mol_fraction"]


@dataclass(frozen=True, slots=True)
class Amount:
    """How much, as written: the number in the unit of its kind.

    Kinds: ``equiv`` [-], ``mol`` [mol], ``mass`` [g], ``volume`` [L], ``concentration`` [mol/L of total solvent],
    ``mol_fraction`` [mol per mol limiting]. ``value`` is None when the text said "unknown".
    """

    kind: AmountKind
    value: Span | None


@dataclass(frozen=True, slots=True)
class Solution:
    """A charge that enters as a solution."""

    concentration: Span
    solvent: str


@dataclass(frozen=True, slots=True)
class Charge:
    """One line of the recipe."""

    name: str
    role: Role
    amount: Amount
    smiles: str | None = None
    purity: Span = EXACT_ONE
    water: Span = EXACT_ZERO
    form: str | None = None
    solution: Solution | None = None
    add_over: Span = EXACT_ZERO
    start: Span = EXACT_ZERO
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Programme:
    """Temperature against time: straight ramps between ``points`` ((t [s], T [K]), ...), held after the last."""

    points: tuple[tuple[Second, Span], ...]


@dataclass(frozen=True, slots=True)
class Extraction:
    """One extraction step."""

    solvent: str
    volume: Litre
    times: int


@dataclass(frozen=True, slots=True)
class Workup:
    """Quench and extraction."""

    quench: str | None = None
    ph: float | None = None
    extract: tuple[Extraction, ...] = ()


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that is done, with ranges left as ranges; ``unknown`` holds the field paths of what is not known."""

    charges: tuple[Charge, ...]
    programme: Programme
    time: Span
    atmosphere: str = "air"
    mixing: Second = 0.0
    workup: Workup | None = None
    scale: Span | None = None
    target: str | None = None
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Caution:
    """Something the reader of a report must know."""

    code: str
    severity: Literal["note", "caution", "alarm"]
    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Dose:
    """One species entering the flask: salts are split into their ions, impurities are doses of their own.

    ``smiles`` is canonical, one component, or None for a material without a structure. ``volume`` [L] enters with
    it over the same period. ``charged_as`` is the ion of a salt, where ``smiles`` is its neutral form.
    """

    name: str
    smiles: str | None
    role: Role
    mol: MolAmount
    start: Second = 0.0
    duration: Second = 0.0
    volume: Litre = 0.0
    solid: bool = False
    charged_as: str | None = None

    @property
    def protons(self) -> int:
        """Labile protons that enter beyond those that ``smiles`` is written with: -1 for a carboxylate."""
        return charge(self.charged_as) - charge(self.smiles) if self.charged_as and self.smiles else 0


@dataclass(frozen=True, slots=True)
class Flask:
    """A recipe made concrete: one value for every range.

    ``solvents`` is ((name, volume fraction), ...), largest first; ``volume`` [L] is what is in the flask at time 0.
    ``programme`` is ((t [s], T [K]), ...).
    """

    doses: tuple[Dose, ...]
    solvents: tuple[tuple[str, float], ...]
    volume: Litre
    programme: tuple[tuple[Second, Kelvin], ...]
    time: Second
    mixing: Second
    atmosphere: str
    limiting: MolAmount
    limiting_smiles: str
    workup: Workup | None = None
    warnings: tuple[Caution, ...] = ()
