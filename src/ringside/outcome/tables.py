"""What quenches, samples and extractions do, as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ringside.errors import BadKnowledge, Complaint
from ringside.network.nouns import Rule

KEYS = ("eluent_ph", "log_d", "aqueous_per_organic", "volatile_boiling_point", "volatile_width")


@dataclass(frozen=True, slots=True)
class Quench:
    """A quench by name, and the pH of the water it leaves."""

    name: str
    synonyms: tuple[str, ...]
    ph: float


@dataclass(frozen=True, slots=True)
class Fate:
    """What happens to a kind of species in the sample or in the water of a work-up, below a pH.

    ``rule`` is a hydrolysis; where it is None, whatever holds ``pattern`` is destroyed. ``fraction`` +- ``sd`` is hit.
    """

    id: str
    pattern: str
    rule: Rule | None
    places: frozenset[str]
    below_ph: float
    fraction: float
    sd: float


@dataclass(frozen=True, slots=True)
class OutcomeTables:
    """Quenches, fates in table order, and constants (value, sd) by key."""

    quenches: tuple[Quench, ...]
    fates: tuple[Fate, ...]
    constants: Mapping[str, tuple[float, float]]


def read_outcome(
    quench_rows: Sequence[Mapping[str, str]],
    sample_rows: Sequence[Mapping[str, str]],
    workup_rows: Sequence[Mapping[str, str]],
) -> OutcomeTables:
    """Build the tables from the rows of quench.csv, sample.csv and workup.csv.

    Raises:
        BadKnowledge: If a constant is missing.
    """
    quenches = tuple(
        Quench(r["name"], tuple(s for s in r["synonyms"].split(";") if s), float(r["ph"])) for r in quench_rows
    )
    fates = tuple(
        Fate(
            r["id"],
            r["pattern"],
            Rule(r["id"], r["id"], r["rule"], "") if r["rule"] else None,
            frozenset(r["where"].split(";")),
            float(r["below_ph"]),
            float(r["fraction"]),
            float(r["sd"]),
        )
        for r in sample_rows
    )
    constants = {r["key"]: (float(r["value"]), float(r["sd"])) for r in workup_rows}
    missing = [k for k in KEYS if k not in constants]
    if missing:
        raise BadKnowledge(
            Complaint("missing-row", "a constant is missing", file="workup.csv", value=", ".join(missing))
        )
    return OutcomeTables(quenches, fates, constants)


def quench_ph(name: str | None, ph: float | None, tables: OutcomeTables) -> float:
    """Return the pH of the water after a quench: as given, or by name, or that of plain water."""
    if ph is not None:
        return ph
    wanted = " ".join((name or "").lower().replace("aqueous", "").replace("aq.", "").split())
    for q in tables.quenches:
        if wanted in {q.name.lower(), *q.synonyms}:
            return q.ph
    near = [
        (len(word), q.ph) for q in tables.quenches for word in (q.name.lower(), *q.synonyms) if word and word in wanted
    ]
    return max(near)[1] if near else tables.quenches[0].ph
