"""A table of measured amounts over time, as chemists keep it: a row per sample, a column per species."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ringside.errors import RingsideError, bad_input
from ringside.record.tables import read_csv
from ringside.units import Second, parse_span

Kind = Literal["share", "concentration", "area"]
_HEAD = re.compile(r"^(?P<name>.+?)\s*\[\s*(?P<unit>[^\]]*?)\s*(?:(?:\+-|\+/-|±)\s*(?P<error>[\d.,]+))?\s*\]$")
_UNITS: dict[str, tuple[Kind, float]] = {
    "%": ("share", 0.01),
    "mol/mol": ("share", 1.0),
    "mol/L": ("concentration", 1.0),
    "M": ("concentration", 1.0),
    "mmol/L": ("concentration", 1e-3),
    "mM": ("concentration", 1e-3),
    "area": ("area", 1.0),
    "area %": ("area", 1.0),
    "area%": ("area", 1.0),
}
_NOTHING = {"", "-", "na", "n/a", "nan"}
_NOT_FOUND = {"nd", "n.d.", "not detected", "<lod", "< lod"}
FORM = "time [h],NAME [%],NAME [mol/L +- 0.002],NAME [area]"


@dataclass(frozen=True, slots=True)
class Reading:
    """One measured value.

    ``run`` 0 is the case as written, n its n-th round; ``t`` [s], None for the end of the run. ``kind``: share [mol per mol
    limiting], concentration [mol/L], or area in any unit. ``error`` is a standard deviation in the unit of the value, None where the
    table gives none; ``below``: the value is only a limit.
    """

    run: int
    t: Second | None
    name: str
    kind: Kind
    value: float
    error: float | None
    below: bool


def read_course(path: Path) -> tuple[Reading, ...]:
    """Read a table of measured amounts.

    The column ``time [h]`` (or min, s; cells of ``time`` may carry their own unit) may be left out for end points; ``run`` numbers
    the rounds of a case. Other columns are ``NAME [UNIT]`` with %, mol/mol, mol/L, mmol/L or area, and an error after +-. Empty cells
    were not measured; ``n.d.`` and ``<0.5`` are limits.

    Raises:
        BadInput: With the column and the cell that cannot be used.
    """
    rows = read_csv(path)
    if not rows:
        raise bad_input("empty-file", "the table has no rows", file=str(path), limit=FORM)
    heads = {name: _head(name, path) for name in rows[0] if name and _plain(name) not in {"time", "run"}}
    if not heads:
        raise bad_input("no-column", "no column holds amounts", file=str(path), field="header", limit=FORM)
    clock = next((name for name in rows[0] if _plain(name) == "time"), None)
    found: list[Reading] = []
    for number, row in enumerate(rows, start=2):
        t = _time(clock, row[clock], path, number) if clock is not None else None
        run = _run(row.get("run", ""), path, number)
        for name, (species, kind, factor, error) in heads.items():
            cell = _cell(row[name], path, f"row {number}, {name}")
            if cell is not None:
                value, below = cell
                found.append(Reading(run, t, species, kind, value * factor, error, below))
    return tuple(found)


def _plain(name: str) -> str:
    return name.partition("[")[0].strip().casefold()


def _head(name: str, path: Path) -> tuple[str, Kind, float, float | None]:
    known = ", ".join(dict.fromkeys(_UNITS))
    hit = _HEAD.match(name)
    if hit is None or hit["unit"] not in _UNITS:
        raise bad_input(
            "bad-column",
            "a column needs the unit of its values in brackets",
            file=str(path),
            field="header",
            value=name,
            limit=known,
            next_step=f"write, for example, {FORM}",
        )
    kind, factor = _UNITS[hit["unit"]]
    error = float(hit["error"].replace(",", ".")) * factor if hit["error"] else None
    return hit["name"].strip(), kind, factor, error


def _time(clock: str, text: str, path: Path, number: int) -> Second | None:
    if not text or text.casefold() == "end":
        return None
    hit = _HEAD.match(clock)
    written = f"{text} {hit['unit']}" if hit is not None else text
    try:
        span = parse_span(written, "time", file=str(path), field=f"row {number}, {clock}")
    except RingsideError as fault:
        raise bad_input(
            "bad-time",
            "this is no time",
            file=str(path),
            field=f"row {number}, {clock}",
            value=text,
            limit=FORM,
            next_step="put the unit into the header, such as time [min]",
        ) from fault
    return span.mid if span is not None else None


def _run(text: str, path: Path, number: int) -> int:
    if not text:
        return 0
    if not text.isdigit():
        raise bad_input(
            "bad-run",
            "a run is 0 for the case as written, or the number of one of its rounds",
            file=str(path),
            field=f"row {number}, run",
            value=text,
        )
    return int(text)


def _cell(text: str, path: Path, field: str) -> tuple[float, bool] | None:
    plain = text.strip().casefold()
    if plain in _NOTHING:
        return None
    if plain in _NOT_FOUND:
        return 0.0, True
    below = plain.startswith("<")
    try:
        value = float(plain.lstrip("< ").rstrip("% ").replace(",", "."))
    except ValueError:
        raise bad_input(
            "bad-number",
            "this is no amount",
            file=str(path),
            field=field,
            value=text,
            limit="a number, <0.5, n.d. or empty",
        ) from None
    if value < 0.0:
        raise bad_input("bad-number", "an amount cannot be negative", file=str(path), field=field, value=text)
    return value, below
