"""What the mass spectrometer of the synthetic instrument records."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ringside.chem.features import features_of
from ringside.chem.ion_label import IonLabel, read_label
from ringside.chem.mass import charge
from ringside.evidence.lines import isotope_offsets
from ringside.evidence.nouns import Expected
from ringside.evidence.raw import Scan
from ringside.evidence.setting import Setting, SynthTables
from ringside.kinetics.draws import normals
from ringside.kinetics.nouns import FloatArray

SPACING = 1.0005  # Da between the masses of organic molecules that differ by one in nominal mass
LEAST_LINE = 0.005
PPM = 1e-6


@dataclass(frozen=True, slots=True)
class Ion:
    """One ion of species number ``species``: label, m/z of its isotope lines and their heights relative to the highest.

    ``weight`` is its height relative to [M+H]+ of a tertiary amine of the same amount; a ``dimer`` has it only at one load, and
    goes with the square of the signal.
    """

    species: int
    label: str
    mz: FloatArray
    heights: FloatArray
    weight: float
    dimer: bool


def response(smiles: str, tables: SynthTables) -> float:
    """Return the response of a species in electrospray, relative to a tertiary amine."""
    found = features_of(smiles, tables.evidence.features) | ({"cation"} if charge(smiles) > 0 else set[str]())
    return next((row.response for row in tables.machine.ionisation if not row.needs or row.needs & found), 0.0)


def ions(views: Sequence[Expected], setting: Setting, tables: SynthTables, *, seed: int) -> tuple[Ion, ...]:
    """Return the ions of all species with their isotope lines.

    The usual heights are moved by what each ion has of its own, and by the cone voltage of the run: fragments gain
    what clusters, dimers and doubly charged ions lose.

    Args:
        views: What each species would look like.
        setting: The instrument.
        tables: Response classes.
        seed: Of the scatter.
    """
    name = f"synthetic {seed}"
    cone = setting.cone_log_sd * float(normals(["cone"], 2, name)[0, 1])
    found: list[Ion] = []
    for i, view in enumerate(views):
        answer = response(view.species, tables)
        if answer <= 0.0 or not view.ions:
            continue
        own = normals([f"esi:{view.species}", *(f"esi:{view.species}:{x.ion}" for x in view.ions)], 2, name)[:, 1]
        answer *= math.exp(setting.ms_species_log_sd * float(own[0]))
        for ion, z in zip(view.ions, own[1:], strict=True):
            label = read_label(ion.ion)
            weight = answer * ion.weight * math.exp(setting.ms_ratio_log_sd * float(z) + cone * _sense(view, label))
            isotopes = isotope_offsets(view.species, ion.ion, LEAST_LINE)
            offsets = np.array([offset for _, offset, _ in isotopes]) / abs(label.charge)
            heights = np.array([h for _, _, h in isotopes])
            if setting.ms_low <= ion.mz <= setting.ms_high:
                found.append(Ion(i, ion.ion, ion.mz + offsets, heights, weight, label.molecules > 1))
    return tuple(found)


def _sense(view: Expected, label: IonLabel) -> float:
    """Return 1 for a fragment, which gains with the cone voltage, -1 for what it breaks (clusters, dimers, high charges), else 0."""
    if not label.molecules or any(n < 0 for _, n in label.parts):
        return 1.0
    usual = max(charge(view.species), 1)
    return -1.0 if len(label.parts) > 1 or label.molecules > 1 or label.charge > usual else 0.0


def currents(found: Sequence[Ion], flow: FloatArray, setting: Setting) -> FloatArray:
    """Return the height of the highest line of each ion in time [counts], shape (n_times, len(found)).

    Species that leave together compete for the charge: all signals fall as 1 / (1 + flow of responding molecules /
    that which halves them). [2M+H]+ goes with the square of the signal of its molecule.

    Args:
        found: The ions.
        flow: What enters the source [mol/s], shape (n_times, n_species).
        setting: The instrument.
    """
    if not found:
        return np.zeros((len(flow), 0))
    strongest: dict[int, float] = {}
    for ion in found:
        if not ion.dimer:
            strongest[ion.species] = max(strongest.get(ion.species, 0.0), ion.weight)
    crowd = sum(w * flow[:, s] for s, w in strongest.items())
    free = setting.ms_counts / (1.0 + setting.suppression * np.asarray(crowd))
    own = flow[:, [ion.species for ion in found]] * free[:, None]
    dimer = np.array([ion.dimer for ion in found])
    answer = np.array([strongest.get(ion.species, 0.0) for ion in found])
    ratio = np.where(dimer, own * answer / setting.dimer_counts, 1.0)
    return np.asarray(own * ratio * np.array([ion.weight for ion in found]), dtype=np.float64)


def scans(
    t: FloatArray,
    found: Sequence[Ion],
    height: FloatArray,
    setting: Setting,
    tables: SynthTables,
    noise: np.random.Generator,
) -> tuple[Scan, ...]:
    """Return the mass spectra that are recorded.

    Args:
        t: Times [s], shape (n_times,).
        found: The ions.
        height: Heights of their highest lines [counts], shape (n_times, len(found)).
        setting: The instrument.
        tables: Background.
        noise: Random numbers.
    """
    columns: list[FloatArray] = []
    masses: list[float] = []
    for i, ion in enumerate(found):
        top = float(height[:, i].max(initial=0.0))
        for m, h in zip(ion.mz, ion.heights, strict=True):
            if top * h >= setting.ms_least:
                columns.append(height[:, i] * h)
                masses.append(float(m))
    since = np.clip((t - setting.dead_time) / setting.gradient_time, 0.0, 1.0)
    courses = {"constant": np.ones_like(t), "rising": since, "falling": 1.0 - since}
    for level in tables.machine.background:
        columns.append(setting.background * level.counts * courses[level.course])
        masses.append(level.mz)
    signal = np.array(columns) * np.exp(setting.ms_scatter * noise.standard_normal((len(columns), len(t))))
    line, scan = np.nonzero(signal >= setting.ms_least)
    hum, low, high = round(setting.ms_noise_ions), math.ceil(setting.ms_low), math.floor(setting.ms_high)
    at = noise.integers(low, high, (len(t), hum)) * SPACING + setting.unit_sd * noise.standard_normal((len(t), hum))
    some = setting.ms_least + setting.ms_noise * noise.standard_exponential((len(t), hum))
    which = np.concatenate([scan, np.repeat(np.arange(len(t)), hum)])
    mz = np.concatenate([np.array(masses)[line], at.ravel()])
    counts = np.concatenate([signal[line, scan], some.ravel()])
    counts *= np.exp(setting.ms_spray * noise.standard_normal(len(t)))[which]
    return _centroids(t, which, mz, counts, setting, noise)


def _centroids(
    t: FloatArray, which: np.ndarray, mz: FloatArray, counts: FloatArray, setting: Setting, noise: np.random.Generator
) -> tuple[Scan, ...]:
    """Merge what the analyser does not resolve, clip, and read each centroid with its error."""
    order = np.lexsort((mz, which))
    which, mz, counts = which[order], mz[order], counts[order]
    apart = np.diff(mz) > mz[1:] / setting.fine_resolution if setting.fine else np.diff(np.rint(mz / SPACING)) != 0.0
    first = np.concatenate([[0], np.flatnonzero((np.diff(which) != 0) | apart) + 1])
    total = np.add.reduceat(counts, first)
    centre = np.add.reduceat(counts * mz, first) / total
    scan = which[first]
    sd = centre * PPM * setting.fine_sd if setting.fine else setting.unit_sd
    shift = centre * PPM * setting.fine_shift if setting.fine else setting.unit_shift
    centre = centre + shift + sd * noise.standard_normal(len(centre))
    total = np.minimum(np.rint(total), setting.ms_ceiling)
    order = np.lexsort((centre, scan))
    centre, total = centre[order], total[order]
    ends = np.searchsorted(scan, np.arange(1, len(t)))
    parts = zip(t, np.split(centre, ends), np.split(total, ends), strict=True)
    return tuple(Scan(float(x), m, h.astype(np.float32).astype(np.float64)) for x, m, h in parts)
