"""Benchmark of plates beside PyParse: a real plate of 14 wells, and the same tiled to 96. Writes benchmarks/plates.md.

usage: python tools/bench_plate.py

PyParse takes part where PYPARSE names its folder (a clone of github.com/thatchemistryguy/PyParse) and PYPARSE_PYTHON a Python that
has its packages (pip install rdkit pandas jinja2 pillow).
"""

import csv
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from recorded_reactions import stamp
from tiled_plate import ROOT, tiled

from ringside.answers.plate.ask import ask_plate
from ringside.knowledge.load import load
from ringside.render.plate import plate_html
from ringside.render.plate_tables import plate_csv

PAGE = ROOT / "benchmarks" / "plates.md"
RUNS = 3
SIZES = (14, 96)
MEGABYTE = 1024.0


@dataclass(frozen=True)
class Timed:
    """Processes of one kind: processor seconds of the whole, their spread, wall seconds, and peak memory [MB]; medians."""

    whole: float
    spread: float
    wall: float
    memory: float


def measured(command: list[str], folder: Path, where: Path) -> Timed:
    """Run a command several times in a folder, after one run that fills caches."""
    whole: list[float] = []
    wall: list[float] = []
    memory: list[float] = []
    for number in range(RUNS + 1):
        with (folder / "out.txt").open("w") as out:
            start = time.perf_counter()
            process = subprocess.Popen(command, stdout=out, stderr=out, cwd=where)
            _, status, used = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - start
        if status:
            raise SystemExit(f"{command[1]} failed:\n{(folder / 'out.txt').read_text()}")
        if number:
            whole.append(used.ru_utime + used.ru_stime)
            wall.append(seconds)
            memory.append(used.ru_maxrss / MEGABYTE)
    return Timed(statistics.median(whole), max(whole) - min(whole), statistics.median(wall), statistics.median(memory))


def own(platemap: Path, report: Path, folder: Path) -> tuple[Timed, float]:
    """Return Ringside as a command, and its work alone (reading, naming, page and table) in a process that is warm."""
    command = [sys.executable, "-c", "from ringside.cli.main import main; main()", "plate", str(platemap), str(report)]
    outputs = ["--html", str(folder / "p.html"), "--csv", str(folder / "p.csv"), "--json", str(folder / "p.json")]
    timed = measured([*command, *outputs], folder, folder)
    warm: list[float] = []
    for _ in range(RUNS + 1):
        start = time.process_time()
        answer = ask_plate(platemap, report, None)
        plate_html(answer)
        plate_csv(answer)
        warm.append(time.process_time() - start)
    return timed, statistics.median(warm[1:])


def peer(platemap: Path, report: Path, folder: Path) -> Timed | None:
    """Return PyParse on the same plate, with its own settings."""
    where, python = os.environ.get("PYPARSE"), os.environ.get("PYPARSE_PYTHON")
    if not where or not python:
        return None
    mapped = folder / "pyparse.csv"
    with platemap.open(encoding="utf-8") as stream, mapped.open("w", encoding="utf-8", newline="") as out:
        rows = [[r["well"], r["smiles"]] for r in csv.DictReader(stream)]
        csv.writer(out, lineterminator="\n").writerows([["Well", "Desired Product Smiles"], *rows])
    (folder / "pyparse").mkdir(exist_ok=True)
    command = [python, str(Path(where) / "PyParse.py"), str(report), str(mapped), "-o", str(folder / "pyparse")]
    return measured(command, folder, Path(where))


def empty(where: Path | None, python: str, code: str, folder: Path) -> float:
    """Return the processor seconds of starting Python and loading the packages, without any plate."""
    return measured([python, "-c", code], folder, where or folder).whole


def main() -> None:
    """Write the page."""
    lines = [
        "# Plates", "",
        f"Made at {stamp(load())}, by `make bench`. {platform.machine()}, {os.cpu_count()} shared cores, Python {platform.python_version()}.", "",
        f"The Waters plate of `examples/data` ({SIZES[0]} wells, 1.3 MB) and the same wells tiled to {SIZES[1]}, read, named and written as a page and tables. Cold: processor seconds of a fresh process from "
        f"start to end, median of {RUNS} (largest less smallest); wall: the same by the clock, on a machine that others use. Warm: without the start of Python, packages and knowledge; for Ringside the median of {RUNS} calls in one "
        "process, for PyParse the whole less a process that only loads its packages. Memory: peak resident size. Both do the same plate in turn; PyParse with its own settings.", "",
        "| wells | engine | cold | wall | warm | memory | cold, ratio | warm, ratio |", "|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    size = 0.0
    for wells in SIZES:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            platemap, report = tiled(folder, wells)
            mine, warm = own(platemap, report, folder)
            lines.append(_row(wells, "ringside", mine, warm, 1.0, 1.0))
            other = peer(platemap, report, folder)
            if other is not None:
                python, where = os.environ["PYPARSE_PYTHON"], Path(os.environ["PYPARSE"])
                work = other.whole - empty(where, python, "import PyParse", folder)
                lines.append(_row(wells, "PyParse", other, work, other.whole / mine.whole, work / warm))
            size = (folder / "p.html").stat().st_size / 1e6
    lines += ["", f"The page of {SIZES[-1]} wells has {size:.2f} MB.", "",
              "What each does: PyParse finds the hits of each target and draws a table, pie charts and structures. Ringside reads every peak against the target, what else the plate map names, background ions "
              "and what other wells could have left, with probabilities and ties; aligns the wells; gathers and explains what recurs; and draws three maps and a named chromatogram for each well.",
              "", "Without PyParse (see the head of `tools/bench_plate.py`) its rows are left out."]  # fmt: skip
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


def _row(wells: int, engine: str, timed: Timed, warm: float, cold_ratio: float, warm_ratio: float) -> str:
    """Return a row of the table."""
    return (
        f"| {wells} | {engine} | {timed.whole:.2f} s ({timed.spread:.2f}) | {timed.wall:.1f} s | {warm:.2f} s | {timed.memory:.0f} MB "
        f"| {cold_ratio:.1f} | {warm_ratio:.1f} |"
    )


if __name__ == "__main__":
    main()
