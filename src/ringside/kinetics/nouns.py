"""Rate laws, protons, and amounts over time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a log10 rate constant: ``value`` +- ``sd``; draws share the deviation of terms with one ``key``."""

    key: str
    value: float
    sd: float
    source: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class RateLaw:
    """log10 k(298.15 K) = sum of terms; units M^(1-n) s^-1 for n reactants; Arrhenius with ``ea`` [kJ/mol].

    ``absolute`` is False for catalytic steps, whose rate is known only relative to others of their catalyst.
    ``acid_order`` 1 means that the electrophile (map number 2) reacts only when it holds a proton more
    than written, -1 that the nucleophile (map number 1) reacts as its conjugate base.
    """

    reaction: str
    terms: tuple[Term, ...]
    ea: float
    ea_sd: float
    absolute: bool = True
    validity: str = ""
    acid_order: int = 0


@dataclass(frozen=True, slots=True)
class Binding:
    """Proton binding of one species in one solvent, by microstates.

    ``beta``: macroscopic binding polynomial, beta[k] [M^-k] is the weight of k bound protons (beta[0] = 1), relative to
    the species as written, which holds ``offset`` labile protons. ``free``: atom index to polynomial weights, the same
    length, of states in which that atom is free to react, damped once for each proton bound elsewhere. ``pool`` is the
    neutral form that all conjugate forms of one skeleton are counted as (empty: the species itself).
    """

    beta: tuple[float, ...]
    offset: int
    free: Mapping[int, tuple[float, ...]]
    pool: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """Amounts over time of one run: ``t`` [s], shape (n_times,); ``n`` [mol], shape (n_times, n_species)."""

    species: tuple[str, ...]
    t: FloatArray
    n: FloatArray


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Draws of one recipe.

    ``n`` [mol], shape (n_draws, n_times, n_species), times ``t`` [s]; ``limiting`` [mol], shape (n_draws,);
    ``flux`` [mol], shape (n_draws, n_reactions), the total turnover of each reaction. ``chains`` [mol], shape (n_draws,), the
    molecules in the lumped family at the end, None where there is none.
    """

    species: tuple[str, ...]
    t: FloatArray
    n: FloatArray
    limiting: FloatArray
    flux: FloatArray
    chains: FloatArray | None = None
