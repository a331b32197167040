"""How well a species explains the MS/MS of a peak's strongest ion."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from ringside.chem.fragment_rules import FragmentRules
from ringside.chem.fragments import Fragment, IonKind, fragments_of
from ringside.evidence.expected import EvidenceTables
from ringside.evidence.extract import joined
from ringside.evidence.nouns import Instrument, Peak
from ringside.evidence.raw import FragmentScan, Scan
from ringside.evidence.spectrum import mass_sd
from ringside.network.nouns import FAMILY_PREFIX
from ringside.units import Mz

_ROOT_TWO_PI = math.sqrt(2.0 * math.pi)
_REACH = 4.0
MOST_SIGNALS = 40  # of one spectrum
NEAR = 10.0  # s, half the width of a peak whose span is not known
KINDS: dict[str, IonKind] = {"[M+H]+": "single", "[2M+H]+": "dimer", "M+": "quaternary"}


@dataclass(frozen=True, slots=True)
class FragmentMatch:
    """One species against one MS/MS spectrum.

    ``log_ratio`` is the natural log of P(MS/MS | this species) / P(MS/MS | a compound not thought of of that mass). ``explained`` is the share
    of the intensity below the precursor that its fragments account for, ``annotations`` the signals they name as (m/z seen, formula of the
    ion, label), strongest first.
    """

    log_ratio: float
    explained: float
    annotations: tuple[tuple[Mz, str, str], ...]


def kind_of_ion(label: str) -> IonKind | None:
    """Return how an ion of the adduct table breaks; None for ions of which nothing can be said (sodium adducts, M2+).

    >>> kind_of_ion("[2M+H]+"), kind_of_ion("[M+H-C4H8]+"), kind_of_ion("[M+Na]+")
    ('dimer', 'single', None)
    """
    return "single" if label.startswith("[M+H-") else KINDS.get(label)


def fragment_match(
    fragments: tuple[tuple[Mz, float], ...],
    smiles: str,
    kind: IonKind,
    precursor: Mz,
    tables: EvidenceTables,
    instrument: Instrument,
) -> FragmentMatch:
    """Return what an MS/MS spectrum says for or against a species.

    A signal is a fragment of the species, spread over all its fragments by their shares, or a stray. A compound not thought of gives signals
    anywhere in the bands of organic masses, with common ions and losses among them. So a large molecule with many possible fragments
    gains less from each. Signals count by the root of their height, together at most as a few independent ones.

    Args:
        fragments: Signals as (m/z, height in any unit), in any order.
        smiles: Canonical SMILES, or the id of a lumped family, of which nothing can be said.
        kind: The ion that was broken.
        precursor: Its m/z; signals near it and above say nothing.
        tables: Rules of fragmentation.
        instrument: Mass error of the fragments.

    Returns:
        The match; log ratio 0 and no annotations where there are no signals or the species has no such ion.
    """
    rules = tables.fragmentation
    mzs, known = _by_mz(smiles, kind, rules) if not smiles.startswith(FAMILY_PREFIX) else ((), ())
    if not known:
        return FragmentMatch(0.0, 0.0, ())
    constants = rules.constants
    highest = precursor - constants["precursor_window"]
    used = [(m, h) for m, h in fragments if constants["least_mz"] <= m <= highest and h > 0.0]
    top = max((h for _, h in used), default=0.0)
    used = sorted(((m, h) for m, h in used if h >= constants["least_height"] * top), key=lambda x: (-x[1], x[0]))
    if not used:
        return FragmentMatch(0.0, 0.0, ())
    power, flat = constants["weight_power"], constants["uniform"]
    end = bisect_right(mzs, highest)
    whole = sum(f.weight**power for f in known[:end])
    logs: list[float] = []
    named: list[tuple[Mz, str, str]] = []
    height = 0.0
    for mz, h in used:
        sd = mass_sd(mz, tables.constants, instrument)
        density = 0.0
        near = known[bisect_left(mzs, mz - _REACH * sd) : min(bisect_right(mzs, mz + _REACH * sd), end)]
        for f in near:
            density += ((1.0 - flat) * f.weight**power / whole + flat / end) * _normal(mz - f.mz, sd)
        stray = constants["stray"]
        logs.append(math.log((1.0 - stray) * density / _unknown(mz, sd, precursor, rules) + stray))
        close = [f for f in near if abs(f.mz - mz) <= constants["named_sd"] * sd]
        if close:
            best = max(close, key=lambda f: (f.weight * _normal(mz - f.mz, sd), f.formula))
            named.append((mz, best.formula, best.label))
            height += h
    roots = [math.sqrt(h) for _, h in used]
    share = [r / sum(roots) for r in roots]
    signals = min(1.0 / sum(s * s for s in share), constants["most_lines"])
    total = constants["temper"] * signals * sum(s * x for s, x in zip(share, logs, strict=True))
    most = constants["most_log"]
    return FragmentMatch(min(max(total, -most), most), height / sum(h for _, h in used), tuple(named))


@lru_cache(maxsize=16384)
def _by_mz(smiles: str, kind: IonKind, rules: FragmentRules) -> tuple[tuple[Mz, ...], tuple[Fragment, ...]]:
    ordered = tuple(sorted(fragments_of(smiles, kind, rules), key=lambda f: (f.mz, f.formula)))
    return tuple(f.mz for f in ordered), ordered


def _unknown(mz: Mz, sd: float, precursor: Mz, rules: FragmentRules) -> float:
    """Return the density [1/Da] of fragments of a compound not thought of: common ions, common losses, and any organic mass."""
    constants = rules.constants
    width = max(constants["unknown_band"], sd * _ROOT_TWO_PI)
    density, rest = 0.0, 1.0
    for ion in rules.common:
        at = precursor - ion.mz if ion.loss else ion.mz
        rest -= ion.share
        if abs(mz - at) < _REACH * sd:
            density += ion.share * _normal(mz - at, sd)
    return density + rest / (max(precursor - constants["least_mz"], 1.0) * width)


def _normal(x: float, sd: float) -> float:
    z = x / sd
    return math.exp(-0.5 * z * z) / (sd * _ROOT_TWO_PI)


def with_fragments(
    peaks: Sequence[Peak],
    msms: Sequence[FragmentScan],
    delay: float,
    mz_tolerance: float,
    *,
    apart: float,
) -> tuple[Peak, ...]:
    """Return the peaks with the MS/MS of their strongest ion, as far as it was recorded.

    Args:
        peaks: Peaks of one injection, times on the clock of the detector they were found with.
        msms: MS/MS scans of the same injection.
        delay: How much later the scans are [s].
        mz_tolerance: Of the precursor [Da].
        apart: Signals of different scans closer than this are one [Da].

    Returns:
        The peaks in their order; those without such scans between start and end as they were.
    """
    return tuple(_joined_to(p, msms, delay, mz_tolerance, apart) for p in peaks)


def _joined_to(peak: Peak, msms: Sequence[FragmentScan], delay: float, tolerance: float, apart: float) -> Peak:
    if peak.rt is None or not peak.mz:
        return peak
    start, end = peak.span or (peak.rt - NEAR, peak.rt + NEAR)
    own = [
        Scan(s.t, s.mz, s.intensity)
        for s in msms
        if start <= s.t - delay <= end and abs(s.precursor - peak.mz[0]) <= tolerance
    ]
    if not own:
        return peak
    mz, height = joined(own, apart)
    order = np.lexsort((mz, -height))[:MOST_SIGNALS]
    if not len(order):
        return peak
    top = float(height[order[0]])
    return replace(peak, fragments=tuple((float(mz[i]), float(height[i]) / top) for i in order))
