"""Naming peaks: all peaks against all predicted species at once."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ringside.chem.exchange import exchange_gain
from ringside.chem.lipophilicity import log_d
from ringside.evidence.degeneracy import kind_of
from ringside.evidence.expected import EvidenceTables
from ringside.evidence.experiments import Behaviour, experiment_log_ratio
from ringside.evidence.fragments import fragment_match, kind_of_ion
from ringside.evidence.nouns import Assignment, Candidate, Expected, Instrument, Peak
from ringside.evidence.sharing import Interval, ion_shares, prior_weights, share_out
from ringside.evidence.spectrum import Match, Spectrum, match, spectrum_of, unknown_density
from ringside.kinetics.nouns import FloatArray

NONE = "none-of-these"
BACKGROUND = "background:"
MOST_LOG = 60.0
LN10 = math.log(10.0)


def assign(
    peaks: Sequence[Peak],
    species: Sequence[Expected],
    in_sample: Mapping[str, Interval],
    tables: EvidenceTables,
    instrument: Instrument,
) -> tuple[Assignment, ...]:
    """Return every reading of every peak with its probability.

    P(peak i is species s) is proportional to prior (area seen against simulated share of the signal) x P(ions | s) /
    P(ions | a compound not thought of) x how free s is of other peaks. Readings that share an ion (regioisomers, [2M+H]+
    and a cyclic dimer, a quaternary ion and an isomeric amine) stay apart as candidates; those among which the ions change
    the odds by less than ``undecided_factor`` are listed as undecidable, with the experiment that would decide.

    Args:
        peaks: Peaks of one injection; their order does not matter.
        species: What may be there.
        in_sample: (low, median, high) of what is injected [mol per mol limiting], by species; empty where nothing is
            known of amounts.
        tables: Background ions, constants and deciding experiments.
        instrument: Mass error.

    Returns:
        One assignment for each peak, by retention time. The probabilities of its candidates sum to 1.
    """
    constants = tables.constants
    ordered = sorted(species, key=lambda s: s.species)
    queue = sorted(peaks, key=lambda p: (p.rt is None, p.rt or 0.0, p.area or 0.0, p.mz, p.id))
    spectra = [spectrum_of(p, constants, instrument) for p in queue]
    recorded = any(p.mz and p.span is not None for p in queue)
    found = [
        [_read(peak, spectrum, s, tables, instrument, recorded=recorded) for s in ordered]
        for peak, spectrum in zip(queue, spectra, strict=True)
    ]
    logs = np.array([[m.log_ratio for m in row] for row in found]).reshape(len(queue), len(ordered))
    prior, none = prior_weights(queue, ordered, in_sample, constants)
    ghosts = [_ghosts(spectrum, tables) for spectrum in spectra]
    ghostly = np.array([math.fsum(w for _, _, w in g) for g in ghosts]).reshape(len(queue))
    part = constants["background_part"]
    shares, heard = ion_shares(ordered, in_sample, constants), np.array([s.esi for s in ordered], dtype=bool)
    logs = _with_others(logs, shares, ghostly, heard, [bool(p.mz) for p in queue], constants)
    silent = [not p.mz and p.area is None for p in queue]
    weights = prior * np.exp(np.clip(logs, -MOST_LOG, MOST_LOG))
    chance = share_out(weights, none * (1.0 + part * ghostly), constants["second_peak"], silent)
    chance = _doubted(chance, [bool(p.mz) for p in queue], constants["misread"])
    return tuple(
        _assignment(peak, ordered, found[i], chance[i], ghosts=_split(ghosts[i], part), tables=tables)
        for i, peak in enumerate(queue)
    )


def _doubted(chance: FloatArray, has_ions: Sequence[bool], misread: float) -> FloatArray:
    """Return the chances with room for ions that are not those of the peak at all, which is then none of these.

    All species lose the same share, so that their areas keep their ratios.
    """
    part = np.where(np.array(has_ions, dtype=bool), misread, 0.0)[:, None]
    found = (1.0 - part) * chance
    found[:, -1:] += part
    return np.asarray(found, dtype=np.float64)


def _with_others(
    logs: FloatArray,
    shares: FloatArray,
    ghostly: FloatArray,
    heard: NDArray[np.bool_],
    has_ions: Sequence[bool],
    constants: Mapping[str, float],
) -> FloatArray:
    """Return log ratios in which the ions under a peak of what does not ionise are those of something else that leaves with it.

    That is another species of the sample, as likely as its share of the ion current, or the background.

    Args:
        logs: What each species says of the ions of each peak, shape (n_peaks, n_species).
        shares: Of the ion current of the sample, shape (n_species,).
        ghostly: What the background says, shape (n_peaks,).
        heard: Which species ionise, shape (n_species,).
        has_ions: Of each peak.
        constants: Those of assignment.csv.
    """
    if not logs.size:
        return logs
    clipped = np.clip(logs, -MOST_LOG, MOST_LOG)
    others = constants["coeluting"] * (np.exp(clipped) @ shares) + constants["background_under"] * ghostly
    mixed = np.logaddexp(clipped, np.log(np.maximum(np.outer(others, ~heard), 1e-30)))
    return np.where(np.array(has_ions)[:, None], mixed, logs)


def _read(
    peak: Peak,
    spectrum: Spectrum,
    species: Expected,
    tables: EvidenceTables,
    instrument: Instrument,
    *,
    recorded: bool,
) -> Match:
    """Return how a species explains the ions of a peak, and what further experiments say of it.

    A peak of a run whose ions were ``recorded`` that shows none is hardly what ionises.
    """
    if recorded and not peak.mz and peak.span is not None:
        return Match(tables.constants["log_silent_where_heard"] if species.esi else 0.0)
    found = match(spectrum, species, tables.constants)
    said = 0.0
    if peak.load_exponent is not None or peak.exchange is not None or peak.second_rt is not None:
        behaviour = Behaviour(
            lambda ion: exchange_gain(species.species, ion), lambda ph: log_d(species.species, ph, tables.acidity)
        )
        said += experiment_log_ratio(peak, found, behaviour, instrument, tables.constants)
    kind = kind_of_ion(found.ion) if peak.fragments and found.ion else None
    if kind is not None:
        precursor = peak.mz[0]
        said += fragment_match(peak.fragments, species.species, kind, precursor, tables, instrument).log_ratio
    return replace(found, log_ratio=found.log_ratio + said) if said else found


def explained_area(assignments: Sequence[Assignment]) -> float | None:
    """Return the share of the area that real species explain: sum of area x probability; None without areas."""
    areas = [a.peak.area for a in assignments if a.peak.area is not None]
    total = math.fsum(areas)
    if total <= 0:
        return None
    real = math.fsum(
        a.peak.area * c.probability for a in assignments if a.peak.area is not None for c in a.candidates if _real(c)
    )
    return min(real / total, 1.0)


def _real(candidate: Candidate) -> bool:
    return candidate.species != NONE and not candidate.species.startswith(BACKGROUND)


def _ghosts(spectrum: Spectrum, tables: EvidenceTables) -> list[tuple[str, float, float]]:
    """Return (name, m/z, likelihood ratio times share of the table) of background ions that the strongest ion may be."""
    if not spectrum.signals:
        return []
    mz, sd, _ = spectrum.signals[0]
    found: list[tuple[str, float, float]] = []
    for name, line in tables.background:
        z = (mz - line) / sd
        if abs(z) <= 4.0:
            density = math.exp(-0.5 * z * z) / (sd * math.sqrt(2.0 * math.pi))
            ratio = density / unknown_density(sd, tables.constants) / len(tables.background)
            found.append((name, line, ratio))
    return sorted(found, key=lambda g: (-g[2], g[0]))


def _split(ghosts: Sequence[tuple[str, float, float]], part: float) -> list[tuple[str, float, float]]:
    """Return (name, m/z, share of the probability of none of these) of background ions."""
    whole = 1.0 + part * math.fsum(w for _, _, w in ghosts)
    return [(name, mz, part * w / whole) for name, mz, w in ghosts]


def _assignment(
    peak: Peak,
    species: Sequence[Expected],
    matches: Sequence[Match],
    chance: Sequence[float],
    *,
    ghosts: Sequence[tuple[str, float, float]],
    tables: EvidenceTables,
) -> Assignment:
    constants = tables.constants
    tied = _tied(peak, species, matches, chance, constants)
    ratios = sorted([0.0, *(m.log_ratio for m in matches)], reverse=True)
    factor = math.log(constants["undecided_factor"])
    shown = [
        j
        for j in sorted(range(len(species)), key=lambda j: (-chance[j], species[j].species))
        if chance[j] >= constants["least_probability"]
    ][: int(constants["most_candidates"])]
    shown += [j for j in tied if j not in shown]
    none = float(chance[-1])
    candidates = [
        Candidate(
            species=species[j].species,
            ion=matches[j].ion,
            mz=matches[j].mz,
            ppm=matches[j].ppm,
            score=matches[j].log_ratio / LN10,
            probability=float(chance[j]),
            decided_by_data=_leads(matches[j].log_ratio, ratios, factor) and bool(matches[j].ion),
        )
        for j in shown
    ]
    for name, mz, part in ghosts:
        ppm = 1e6 * (peak.mz[0] - mz) / mz if peak.mz else None
        candidates.append(Candidate(f"{BACKGROUND}{name}", name, mz, ppm, 0.0, none * part, False))
    rest = none * (1.0 - math.fsum(part for _, _, part in ghosts))
    candidates.append(Candidate(NONE, "", None, None, 0.0, rest, bool(peak.mz) and _leads(0.0, ratios, factor)))
    total = math.fsum(c.probability for c in candidates)
    scaled = sorted((_with_probability(c, c.probability / total) for c in candidates), key=_order)
    names = tuple(species[j].species for j in tied)
    kind = kind_of([(species[j].species, matches[j]) for j in tied]) if tied else ""
    told = tables.decided_by.get(kind, tables.decided_by.get("other", "")) if kind else ""
    return Assignment(peak, tuple(scaled), names, told)


def _order(candidate: Candidate) -> tuple[float, str]:
    return (-candidate.probability, candidate.species)


def _with_probability(c: Candidate, probability: float) -> Candidate:
    return Candidate(c.species, c.ion, c.mz, c.ppm, c.score, probability, c.decided_by_data)


def _leads(ratio: float, ranked: Sequence[float], factor: float) -> bool:
    """Say whether a log ratio is the best and ahead of the next by the factor."""
    return len(ranked) > 1 and ratio >= ranked[0] and ratio - ranked[1] >= factor


def _tied(
    peak: Peak,
    species: Sequence[Expected],
    matches: Sequence[Match],
    chance: Sequence[float],
    constants: Mapping[str, float],
) -> list[int]:
    """Return the readings that the ions cannot tell from the most probable one; none if it stands alone."""
    everyone = range(len(species))
    explain = [j for j in everyone if matches[j].ion and matches[j].log_ratio > 0.0] if peak.mz else everyone
    least = constants["least_probability"] if peak.mz else constants["least_probability_without_ions"]
    ranked = sorted((j for j in explain if chance[j] >= least), key=lambda j: (-chance[j], species[j].species))
    if not ranked:
        return []
    best = matches[ranked[0]].log_ratio
    factor = math.log(constants["undecided_factor"])
    tied = [j for j in ranked if abs(matches[j].log_ratio - best) < factor]
    return tied if len(tied) > 1 else []
