"""Benchmark of extracted-ion traces and of peak picking. Writes benchmarks/ions.md.

usage: python tools/bench_ions.py [PYTHON_WITH_PYOPENMS]

Beside pyopenms only where the Python of an environment that holds it is given (or named by PYOPENMS_PYTHON):
python -m venv oms && oms/bin/pip install pyopenms
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from recorded_reactions import stamp

from ringside.evidence.extract import extracted
from ringside.evidence.mzml import read_mzml
from ringside.evidence.picking import picked
from ringside.evidence.raw import RawRun, Scan
from ringside.evidence.shapes import emg
from ringside.knowledge.load import load

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "benchmarks" / "ions.md"
FILE = ROOT / "tests" / "evidence" / "data" / "FeatureFinderMetaboIdent_1_input.mzML"
TOLERANCE = 0.005  # Da
TARGETS = 500
REPEATS = 7
SEED = 5
SAME = 1e-5  # of the highest of a trace; pyopenms holds single precision
PEER = r"""
import json, sys, time
import numpy as np
import pyopenms as oms

path, targets, tolerance, repeats, out = sys.argv[1], json.load(open(sys.argv[2])), float(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
experiment = oms.MSExperiment()
stored = np.load(path)
for t, a, b in zip(stored["t"], stored["start"], stored["start"][1:]):
    spectrum = oms.MSSpectrum()
    spectrum.setRT(float(t))
    spectrum.setMSLevel(1)
    spectrum.set_peaks((stored["mz"][a:b], stored["intensity"][a:b].astype(np.float32)))
    experiment.addSpectrum(spectrum)
experiment.updateRanges()
times, found = {}, {}


def timed(name, work):
    work()
    spent = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = work()
        spent.append(time.perf_counter() - start)
    times[name] = sorted(spent)[len(spent) // 2]
    return result


def by_extractor():
    coordinates = []
    for k, mz in enumerate(targets):
        c = oms.ExtractionCoordinates()
        c.mz, c.rt_start, c.rt_end, c.id = mz, -1.0, -1.0, str(k)
        coordinates.append(c)
    access = oms.SpectrumAccessOpenMS(experiment)
    result = [oms.OSChromatogram() for _ in targets]
    oms.ChromatogramExtractorAlgorithm().extractChromatograms(access, result, coordinates, 2.0 * tolerance, False, -1.0, "tophat")
    return result


def by_peaks():
    rows = []
    for spectrum in experiment:
        mz, intensity = spectrum.get_peaks()
        total = np.concatenate([[0.0], np.cumsum(intensity, dtype=np.float64)])
        ends = np.searchsorted(mz, edges)
        rows.append(total[ends[n:]] - total[ends[:n]])
    return np.array(rows).T


n = len(targets)
edges = np.concatenate([np.array(targets) - tolerance, np.array(targets) + tolerance])
for name, work, read in (
    ("ChromatogramExtractorAlgorithm, tophat", by_extractor, lambda r: [list(c.getIntensityArray().data) for c in r]),
    ("get_peaks of each spectrum, then NumPy searchsorted", by_peaks, lambda r: r.tolist()),
):
    try:
        found[name] = read(timed(name, work))
    except Exception as fault:
        times[name] = None
        found[name] = repr(fault)[:200]
json.dump({"version": oms.__version__, "times": times, "found": found}, open(out, "w"))
"""


def median_time(work: Callable[[], object]) -> tuple[float, float, float]:
    """Return median, least and greatest wall time [s] of runs after one that compiles."""
    work()
    spent: list[float] = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        spent.append(time.perf_counter() - start)
    return float(np.median(spent)), min(spent), max(spent)


def stored(scans: tuple[Scan, ...], path: Path) -> Path:
    """Write the scans as arrays, from which the peer builds its spectra, so that both look at the same signals."""
    start = np.concatenate([[0], np.cumsum([len(s.mz) for s in scans])])
    mz, intensity = np.concatenate([s.mz for s in scans]), np.concatenate([s.intensity for s in scans])
    np.savez(path, t=np.array([s.t for s in scans]), start=start, mz=mz, intensity=intensity)
    return path


def peers(path: Path, targets: list[float], folder: Path, python: str | None) -> dict[str, object] | None:
    """Return what pyopenms finds and how long it takes; None where it is not there."""
    if python is None:
        return None
    script, wanted, out = folder / "peer.py", folder / "targets.json", folder / "out.json"
    script.write_text(PEER, encoding="utf-8")
    wanted.write_text(json.dumps(targets), encoding="utf-8")
    subprocess.run([python, str(script), str(path), str(wanted), str(TOLERANCE), str(REPEATS), str(out)], check=True)
    return json.loads(out.read_text(encoding="utf-8"))


def extraction(copies: int, python: str | None) -> list[str]:
    """Return the rows of one file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        scans = read_mzml(FILE).scans
        length = scans[-1].t + 1.0
        scans = tuple(replace(s, t=s.t + i * length) for i in range(copies) for s in scans)
        every = np.concatenate([s.mz for s in scans])
        targets = sorted(float(m) for m in np.random.default_rng(SEED).choice(every, TARGETS, replace=False))
        own, least, most = median_time(lambda: extracted(scans, targets, TOLERANCE))
        found = extracted(scans, targets, TOLERANCE)
        rows = [
            f"{len(scans)} scans, {len(every)} signals, {TARGETS} targets of +-{TOLERANCE} Da.",
            "",
            "| engine | time (least to greatest) | ratio | traces that agree |",
            "|---|---|---|---|",
            f"| ringside, extracted | {1e3 * own:.1f} ms ({1e3 * least:.1f} to {1e3 * most:.1f}) | 1 | - |",
        ]
        beside = peers(stored(scans, folder / "scans.npz"), targets, folder, python)
        for engine, spent in (beside or {"times": {}})["times"].items():  # pyright: ignore
            theirs = beside["found"][engine]  # pyright: ignore
            if spent is None:
                rows.append(f"| pyopenms {beside['version']}, {engine} | did not run: {theirs} | - | - |")  # pyright: ignore
                continue
            other = np.array(theirs)
            off = np.abs(other - found).max(axis=1) / np.maximum(found.max(axis=1), 1.0)
            agree = f"{int((off < SAME).sum())} of {len(off)}, the others by {float(off.max()):.0%} at most" if off.max() > SAME else f"all, to {float(off.max()):.0e}"  # fmt: skip
            rows.append(f"| pyopenms {beside['version']}, {engine} | {1e3 * spent:.1f} ms | {spent / own:.1f} | {agree} |")  # pyright: ignore  # fmt: skip
    return rows


def ten_minutes() -> RawRun:
    """Return a made-up run of 10 min: 1200 scans of 350 signals, 3000 UV spectra at 150 wavelengths, 20 peaks, some of which overlap."""
    rng = np.random.default_rng(SEED)
    t, ts, wavelengths = np.arange(0.0, 600.0, 0.2), np.arange(0.1, 600.0, 0.5), np.linspace(200.0, 400.0, 150)
    uv = rng.normal(0.0, 0.03, (len(t), 150)) + 0.002 * t[:, None]
    ions = np.zeros((20, len(ts)))
    for i, rt in enumerate(np.sort(rng.uniform(30.0, 570.0, 20))):
        shape = np.array([rt]), np.log(np.array([1.5 + rt / 600.0])), rng.uniform(0.2, 1.2, 1)
        light = np.exp(-0.5 * ((wavelengths - 230.0 - 12.0 * (i % 4)) / 20.0) ** 2)
        uv += np.outer(emg(t, *shape)[:, 0], light) * 10.0 ** rng.uniform(0.0, 1.5)
        ions[i] = emg(ts - 3.0, *shape)[:, 0] * 10.0 ** rng.uniform(4.0, 5.5)
    scans: list[Scan] = []
    for j, x in enumerate(ts):
        mz = np.concatenate([150.05 + 20.0 * np.arange(20) + rng.normal(0.0, 0.02, 20), rng.uniform(100.0, 900.0, 330)])
        height = np.concatenate([ions[:, j] * rng.normal(1.0, 0.05, 20), rng.exponential(150.0, 330)])
        order = np.argsort(mz)[height[np.argsort(mz)] > 20.0]
        scans.append(Scan(float(x), mz[order], height[order]))
    return RawRun(tuple(scans), t, wavelengths, uv, (), False, "made up")


def picking() -> list[str]:
    """Return the times of picking."""
    run = ten_minutes()
    targets = [float(m) for m in np.random.default_rng(SEED).uniform(120.0, 800.0, TARGETS)]
    lines = ["| what | time (least to greatest) | peaks |", "|---|---|---|"]
    for name, asked in (("peaks", ()), (f"peaks, with {TARGETS} targets", targets)):
        spent, least, most = median_time(lambda asked=asked: picked(run, targets=asked))
        lines.append(
            f"| {name} | {spent:.2f} s ({least:.2f} to {most:.2f}) | {len(picked(run, targets=asked).peaks)} |"
        )
    return lines


def main() -> None:
    """Run everything and write the page."""
    python = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("PYOPENMS_PYTHON")
    lines = [
        "# Ions and peaks",
        "",
        f"Made at {stamp(load())}, by `make bench`. {platform.machine()}, {os.cpu_count()} shared cores, Python {platform.python_version()}. Wall time, median of {REPEATS} after one run that compiles.",
        "",
        "## Extracted-ion traces",
        "",
        "The scans of `FeatureFinderMetaboIdent_1_input.mzML` as read here, centroids, in memory in all engines; the same windows, around signals drawn from the file. pyopenms where its Python is named.",
        "",
        *extraction(1, python),
        "",
        "The same file five times over:",
        "",
        *extraction(5, python),
        "",
        "## Picking a run of ten minutes",
        "",
        "1200 scans of 350 signals and 3000 UV spectra at 150 wavelengths, made up, 20 peaks at random times.",
        "",
        *picking(),
    ]
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
