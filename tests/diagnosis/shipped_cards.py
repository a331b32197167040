"""The shipped cards and constants, read once."""

import csv
import tomllib
from pathlib import Path

from ringside import knowledge
from ringside.diagnosis.cards import read_cause
from ringside.diagnosis.constants import read_constants, read_priors
from ringside.diagnosis.nexttest import read_test
from ringside.diagnosis.signs import read_signs
from ringside.remedy.cards import read_remedy

FOLDER = Path(knowledge.__file__).parent


def rows(path):
    with path.open(encoding="utf-8") as handle:
        return list(csv.DictReader(line for line in handle if not line.startswith("#")))


def _cards(folder, read):
    found = sorted((FOLDER / folder).glob("*.toml"))
    return tuple(read(tomllib.loads(p.read_text(encoding="utf-8")), file=p.name) for p in found)


CONSTANTS = read_constants(rows(FOLDER / "data" / "likelihood.csv"))
SIGNS = read_signs(rows(FOLDER / "data" / "notes.csv"))
SHIFTS = read_priors(rows(FOLDER / "data" / "priors.csv"))
CAUSES = _cards("causes", read_cause)
CHECKS = _cards("tests", read_test)
REMEDIES = _cards("remedies", read_remedy)
SOURCE_KEYS = {row["key"] for p in sorted((FOLDER / "data").rglob("sources*/*.csv")) for row in rows(p)}
SOURCE_KEYS |= {"seed", "judgement"}
FEATURE_IDS = {row["id"] for row in rows(FOLDER / "data" / "features.csv")}


def features_named(needs, changes):
    """Return the features that a card's conditions and changes name."""
    named = {f.split(":", 1)[1] for n in needs for f in n.split("|") if f.startswith(("has:", "target:"))}
    terms = [t for c in changes for t in c.where.split("&") if "feature:" in t]
    return named | {f for t in terms for f in t.split("feature:")[1].split("|")}
