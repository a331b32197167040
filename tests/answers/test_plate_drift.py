"""Drift: a known one is found, and what it tears apart is gathered again."""

import numpy as np
import pytest
from plate_files import BENZYLS, PROTONATED, place, target, written

from ringside.answers.plate.ask import ask_plate

WELLS = 12
IONS = ((0.6, 147.4), (1.1, 301.3), (1.7, 388.4), (2.4, 275.6), (3.1, 433.2), (3.8, 519.3))
UNKNOWN = (2.9, 347.3)


def drifting(folder, late, stretch, *, wrong=(), seed=3):
    """Write a plate whose shared ions come late [s] and stretched, with 0.2 s of noise; some wells have wrong peaks of the same ions."""
    noise = np.random.default_rng(seed).normal(0.0, 0.2, (WELLS, len(IONS) + 2)) / 60.0
    rows = [f"{place(n)},{target(BENZYLS[n % 6])}" for n in range(WELLS)]
    peaks = []
    for n in range(WELLS):
        shown = [*IONS, UNKNOWN, (1.3 + 0.1 * (n % 6), PROTONATED[BENZYLS[n % 6]])]
        for k, (rt, mz) in enumerate(shown):
            t = 2.2 + late[n] / 60.0 + stretch[n] * (rt - 2.2) + noise[n, k]
            peaks.append(f"{place(n)},{t:.4f},{12.5 if k != 6 else 8},{mz}")
        peaks += [f"{place(n)},{IONS[0][0] + 0.15:.3f},4,{IONS[0][1]}"] if n in wrong else []
    return ask_plate(*written(folder, "well,smiles", rows, peaks), None)


def test_a_known_shift_of_each_well_is_found(tmp_path):
    late = np.linspace(-9.0, 9.0, WELLS)
    report = drifting(tmp_path, late, np.ones(WELLS))
    found = np.array([w.drift_s for w in report.wells])
    assert np.abs(found - (late - np.median(late))).max() < 0.5
    assert all(w.stretch == 1.0 for w in report.wells)


def test_wrong_peaks_of_some_wells_do_not_move_them(tmp_path):
    late = np.linspace(-9.0, 9.0, WELLS)
    report = drifting(tmp_path, late, np.ones(WELLS), wrong=(0, 4, 7))
    assert np.abs(np.array([w.drift_s for w in report.wells]) - (late - np.median(late))).max() < 0.7


def test_a_stretched_well_is_told_from_a_shifted_one(tmp_path):
    stretch = np.ones(WELLS)
    stretch[[2, 9]] = 1.03
    late = np.zeros(WELLS)
    late[5] = 4.0
    report = drifting(tmp_path, late, stretch)
    assert [n for n, w in enumerate(report.wells) if w.stretch != 1.0] == [2, 9]
    assert [report.wells[n].stretch for n in (2, 9)] == pytest.approx([1.03, 1.03], abs=0.005)
    assert report.wells[5].drift_s == pytest.approx(4.0, abs=0.5)


def test_an_unknown_that_drift_tears_apart_is_gathered_in_all_wells(tmp_path):
    report = drifting(tmp_path, np.linspace(-15.0, 15.0, WELLS), np.ones(WELLS))
    group = next(g for g in report.recurring if abs(g.mz - UNKNOWN[1]) < 0.1)
    assert len(group.wells) == WELLS


def test_the_order_of_the_plate_map_changes_no_drift(tmp_path):
    late = np.linspace(-9.0, 9.0, WELLS)
    report = drifting(tmp_path, late, np.ones(WELLS))
    platemap = tmp_path / "map.csv"
    head, *rows = platemap.read_text().splitlines()
    platemap.write_text("\n".join((head, *reversed(rows))) + "\n")
    again = ask_plate(platemap, tmp_path / "peaks.csv", None)
    assert {w.well: w.drift_s for w in again.wells} == pytest.approx({w.well: w.drift_s for w in report.wells})


def test_one_shared_ion_is_not_enough_to_tell_a_drift(tmp_path):
    rows = [f"{place(n)},{target(s)}" for n, s in enumerate(BENZYLS)]
    peaks = [f"{place(n)},{1.0 + 0.02 * n},100,347.3" for n in range(len(BENZYLS))]
    report = ask_plate(*written(tmp_path, "well,smiles", rows, peaks), None)
    assert all(w.drift_s is None for w in report.wells)


def test_a_product_out_of_line_with_its_siblings_is_remarked(tmp_path):
    rows = [f"{place(n)},{target('')}" for n in range(6)]
    peaks = [f"{place(n)},{1.5 if n != 3 else 1.9},60,{PROTONATED['']}" for n in range(6)]
    peaks += [f"{place(n)},{rt},20,{mz}" for n in range(6) for rt, mz in IONS[2:4]]
    report = ask_plate(*written(tmp_path, "well,smiles", rows, peaks), None)
    assert [n for n, w in enumerate(report.wells) if w.remarks] == [3]
    assert "24 s later" in report.wells[3].remarks[0]
