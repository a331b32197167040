"""The shipped tables of the evidence layer, and short ways to write peaks."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import ringside.knowledge
from ringside.chem.acidity_table import read_acidity
from ringside.chem.features import read_features
from ringside.chem.ions import read_adducts
from ringside.chem.molecule import canonical
from ringside.chem.optical import read_chromophores
from ringside.evidence.assign import assign
from ringside.evidence.expected import EvidenceTables, expected, read_background
from ringside.evidence.nouns import Assignment, Instrument, Peak
from ringside.evidence.table import ColumnWords, read_column_words
from ringside.record.tables import read_csv

DATA = Path(ringside.knowledge.__file__).parent / "data"
PLATE = Path(__file__).parents[2] / "examples" / "data" / "waters_plate"
ACCURATE = Instrument(mz_error=5.0, mz_error_unit="ppm")
UNIT_MASS = Instrument(mz_error=0.3, mz_error_unit="Da")
NONE = "none-of-these"


def rows(name: str) -> tuple[dict[str, str], ...]:
    return read_csv(DATA / f"{name}.csv")


@cache
def tables() -> EvidenceTables:
    return EvidenceTables(
        adducts=read_adducts(rows("adducts")),
        features=read_features(rows("features")),
        chromophores=read_chromophores(rows("chromophores")),
        background=read_background(rows("background_ions")),
        decided_by={r["kind"]: r["text"] for r in rows("decided_by")},
        constants={r["key"]: float(r["value"]) for r in rows("assignment")},
        acidity=read_acidity(rows("acidity_sites"), rows("acidity_exact"), rows("acidity_interactions")),
    )


@cache
def words() -> ColumnWords:
    return read_column_words(rows("lcms_columns"))


def peak(
    name: str, *mz: float, area: float | None = None, rt: float | None = None, heights: Sequence[float] = ()
) -> Peak:
    return Peak(name, rt, tuple(mz), area, tuple(heights))


def read_peaks(
    peaks: Sequence[Peak],
    smiles: Sequence[str],
    amounts: dict[str, tuple[float, float, float]] | None = None,
    instrument: Instrument = ACCURATE,
) -> dict[str, Assignment]:
    species = [expected(canonical(s), tables(), instrument) for s in smiles]
    in_sample = {canonical(s): a for s, a in (amounts or {}).items()}
    return {a.peak.id: a for a in assign(peaks, species, in_sample, tables(), instrument)}


def chances(assignment: Assignment) -> dict[str, float]:
    return {c.species: c.probability for c in assignment.candidates}
