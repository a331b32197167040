"""Benchmark of the mzML reader beside pymzml and pyopenms: MB/s and memory. Writes benchmarks/mzml.md.

usage: python tools/bench_mzml.py [PYTHON_WITH_PEERS]

Beside the peers only where the Python of an environment that holds them is given (or named by MZML_PEERS):
python -m venv peers && peers/bin/pip install pymzml pyopenms
"""

import json
import os
import platform
import re
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

ROOT = Path(__file__).parent.parent
DATA = ROOT / "tests" / "evidence" / "data"
FILES = ("FeatureFinderMetaboIdent_1_input.mzML", "example.mzML")
PEERS = ("pymzml", "pyopenms", "pyopenms, one thread")
ROUNDS = 5
TIMED = 3
LARGE_ROUNDS, LARGE_TIMED = 3, 1
LARGE = 100_000_000
INSTALL = "python -m venv peers && peers/bin/pip install pymzml pyopenms && make bench MZML_PEERS=peers/bin/python"
_TIME = re.compile(rb'(accession="MS:1000016"[^>]*?value=")([^"]*)(")')


def tiled(source: Path, target: Path, size: int = LARGE) -> None:
    """Write an mzML of about ``size`` bytes: the spectra of a real one again and again, each round later by its length."""
    whole = source.read_bytes()
    start, end = whole.index(b"<spectrum "), whole.rindex(b"</spectrum>") + len(b"</spectrum>")
    spectra = re.findall(rb"<spectrum .*?</spectrum>\s*", whole[start:end], re.DOTALL)
    times = [float(found[2]) for s in spectra if (found := _TIME.search(s)) is not None]
    step = (max(times) - min(times)) * len(times) / (len(times) - 1)
    rounds = max(size // (end - start), 1)
    head = re.sub(rb'<spectrumList count="\d+"', b'<spectrumList count="%d"' % (rounds * len(spectra)), whole[:start])
    with target.open("wb") as file:
        file.write(re.sub(rb"<indexedmzML[^>]*>", b"", head))
        for n in range(rounds):
            for k, spectrum in enumerate(spectra):
                later = _TIME.sub(lambda m, n=n: m[1] + b"%.8f" % (float(m[2]) + n * step) + m[3], spectrum, count=1)
                number = n * len(spectra) + k
                later = re.sub(rb'\sindex="\d+"', b' index="%d"' % number, later, count=1)
                file.write(re.sub(rb"scan=\d+", b"scan=%d" % (number + 1), later, count=1))
        file.write(b"</spectrumList></run></mzML>\n")


def reader(name: str) -> Callable[[Path], int]:
    """Return a function that reads every array of a file and returns how many numbers it got."""
    if name == "ringside":
        from ringside.evidence.mzml import read_mzml  # noqa: PLC0415

        def ours(path: Path) -> int:
            run = read_mzml(path)
            return sum(len(s.mz) + len(s.intensity) for s in (*run.scans, *run.msms))

        return ours
    if name == "pymzml":
        import pymzml.run  # noqa: PLC0415

        return lambda path: sum(len(s.mz) + len(s.i) for s in pymzml.run.Reader(str(path)))
    import pyopenms  # noqa: PLC0415

    def openms(path: Path) -> int:
        held = pyopenms.MSExperiment()
        pyopenms.MzMLFile().load(str(path), held)
        return sum(len(a) for s in held for a in s.get_peaks())

    return openms


def peak() -> float:
    """Return the most memory that this process has had [MB]; getrusage would count the one that started it."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) / 1024


def work(name: str, path: Path) -> None:
    """Read a file a few times and print the times, the memory and the version as JSON."""
    warnings.simplefilter("ignore")
    read = reader(name)
    before = peak()
    numbers = read(path)
    after = peak()
    wall: list[float] = []
    cpu: list[float] = []
    for _ in range(LARGE_TIMED if path.stat().st_size > LARGE // 2 else TIMED):
        start, busy = time.perf_counter(), time.process_time()
        read(path)
        cpu.append(time.process_time() - busy)
        wall.append(time.perf_counter() - start)
    release = "" if name == "ringside" else version(name)
    print(
        json.dumps({"numbers": numbers, "before": before, "after": after, "wall": wall, "cpu": cpu, "version": release})
    )


def measured(name: str, python: str, path: Path) -> dict[str, object] | None:
    """Return what a reader does in a process of its own, None where it is not installed."""
    threads = {"OMP_NUM_THREADS": "1"} if name.endswith("one thread") else {}
    paths = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    run = subprocess.run(
        [python, __file__, "--work", name.partition(",")[0], str(path)], capture_output=True, text=True, check=False, env={**os.environ, **threads, "PYTHONPATH": paths}
    )  # fmt: skip
    if run.returncode and "ModuleNotFoundError" not in run.stderr:
        raise SystemExit(run.stderr)
    return json.loads(run.stdout.splitlines()[-1]) if run.returncode == 0 else None


def noise() -> str:
    """Return how much a fixed piece of arithmetic differs from run to run."""
    times: list[float] = []
    for _ in range(9):
        start = time.perf_counter()
        sum(i * i for i in range(2_000_000))
        times.append(time.perf_counter() - start)
    return f"{(max(times) - min(times)) / float(np.median(times)):.0%}"


def table(title: str, path: Path, pythons: dict[str, str]) -> tuple[list[str], set[str]]:
    """Return the lines on one file, and the readers that could not be run."""
    size = path.stat().st_size / 1e6
    seen: dict[str, list[dict[str, object]]] = {}
    for _ in range(LARGE_ROUNDS if path.stat().st_size > LARGE // 2 else ROUNDS):
        for name, python in pythons.items():
            result = measured(name, python, path)
            if result is not None:
                seen.setdefault(name, []).append(result)
    lines = [
        f"## {title}, {size:.1f} MB",
        "",
        "| reader | MB per CPU second, median (range) | MB/s by the clock, median (range) | numbers kept | memory, of which before reading |",
        "|---|---|---|---|---|",
    ]
    medians: dict[str, dict[str, float]] = {"cpu": {}, "wall": {}}
    for name, results in seen.items():
        cells = [f"{name} {results[-1]['version']}".strip()]
        for key, found in medians.items():
            speeds = [size / t for r in results for t in r[key]]
            found[name] = float(np.median(speeds))
            cells.append(f"{found[name]:.0f} ({min(speeds):.0f} to {max(speeds):.0f})")
        memory = [np.median([r[k] for r in results]) for k in ("after", "before")]
        lines.append(f"| {' | '.join(cells)} | {results[-1]['numbers']} | {memory[0]:.0f} MB, {memory[1]:.0f} MB |")
    ratios: list[str] = []
    for key, word in (("cpu", "by CPU time"), ("wall", "by the clock")):
        own = medians[key].pop("ringside")
        if medians[key]:
            best = max(medians[key], key=lambda n: medians[key][n])
            ratios.append(f"{own / medians[key][best]:.2f} to {best} {word}")
    if ratios:
        lines += ["", f"Ratio of ringside to the faster peer: {', '.join(ratios)}."]
    return [*lines, ""], set(pythons) - set(seen)


def main() -> None:
    """Measure, print and write the page."""
    if sys.argv[1:2] == ["--work"]:
        work(sys.argv[2], Path(sys.argv[3]))
        return
    peers = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("MZML_PEERS", "")
    pythons = {"ringside": sys.executable} | (dict.fromkeys(PEERS, peers) if peers else {})
    if not peers:
        print(f"The peers are not here. To measure beside them: {INSTALL}")
    lines = [
        "# Reading mzML",
        "",
        f"Made by `make bench` ({platform.machine()}, {os.cpu_count()} shared cores, Python {platform.python_version()}). Peers: `{INSTALL}`.",
        f"Each reader reads every array of the file, from the disc cache, {TIMED} times after a first time in each of {ROUNDS} processes (the large files {LARGE_TIMED} and {LARGE_ROUNDS}), the readers taking turns. "
        f"Noise of this machine (range over median of a fixed piece of arithmetic, 9 runs): {noise()}.",
        "Ringside also sorts, turns profiles into centroids and drops empty signals, which is why it keeps fewer numbers; the peers hand over the arrays as they are. "
        "pymzml gives one spectrum at a time and keeps none, so its memory is not comparable. pyopenms by default reads with several threads, which wait busily on a shared machine; it is therefore also run with one.",
        "",
    ]
    missing: set[str] = set()
    with TemporaryDirectory() as folder:
        tiles = []
        for name, word in zip(FILES, ("plain", "zlib"), strict=True):
            target = Path(folder) / f"large-{word}.mzML"
            tiled(DATA / name, target)
            tiles.append((f"The spectra of {name} again and again ({word})", target))
        for title, path in [*((f"{n} ({w})", DATA / n) for n, w in zip(FILES, ("plain", "zlib"), strict=True)), *tiles]:
            found, lacking = table(title, path, pythons)
            missing |= lacking
            lines += found
    if missing:
        lines.append(f"Not measured, not installed: {', '.join(sorted(missing))}.")
    text = "\n".join(lines).rstrip() + "\n"
    print(text)
    if peers and not missing:
        (ROOT / "benchmarks" / "mzml.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
