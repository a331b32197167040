"""Conditions and work-up of a case file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ringside.errors import BadInput, bad_input
from ringside.recipe.collect import Collector, as_list, as_table, as_text
from ringside.recipe.nouns import Extraction, Programme, Workup
from ringside.record.toml import unknown_keys
from ringside.units import Span, parse_span, split_times

WORKUP_KEYS = ("quench", "extract")
EXTRACT_KEYS = ("solvent", "volume", "times")
EXTRACT_LIMIT = '[{ solvent = "dichloromethane", volume = "20 mL", times = 3 }] or ["3 x 20 mL dichloromethane"]'
PROGRAMME_LIMIT = '"25 degC", or [["0 h", "0 degC"], ["1 h", "25 degC"]]'
ABSOLUTE_ZERO_K = 0.0
PH_RANGE = (0.0, 14.0)
_PH = re.compile(r"^\s*ph\s*[=:]?\s*(-?\d+(?:[.,]\d+)?)\s*$", re.IGNORECASE)
_VOLUME_OF = re.compile(r"^([\d.,].*?[a-zµμA-Z])\s+(?:of\s+)?(\S.*)$")


def read_programme(value: object, prior: Span, *, file: str, field: str = "conditions.temperature") -> Programme:
    """Return a temperature programme; one temperature is a programme of one point.

    Raises:
        BadInput: If it is no temperature or list of [time, temperature], its times do not rise, or it is colder than
            absolute zero.
    """
    if not isinstance(value, (list, tuple)):
        return Programme(((0.0, _temperature(value, prior, file, field)),))
    points: list[tuple[float, Span]] = []
    for item in as_list(value, file=file, field=field, limit=PROGRAMME_LIMIT):
        point = as_list(item, file=file, field=field, limit=PROGRAMME_LIMIT)
        if len(point) != 2:
            raise _bad_programme("a programme is a list of [time, temperature]", item, file, field)
        t = parse_span(point[0], "time", file=file, field=field)
        if t is None or not t.exact:
            raise _bad_programme("the times of a programme are single values", item, file, field)
        points.append((t.low, _temperature(point[1], prior, file, field)))
    times = [t for t, _ in points]
    if not times or times != sorted(set(times)):
        raise _bad_programme("the times of a programme must rise", value, file, field)
    return Programme(tuple(points))


def _bad_programme(why: str, value: object, file: str, field: str) -> BadInput:
    return bad_input("bad-programme", why, file=file, field=field, value=repr(value), limit=PROGRAMME_LIMIT)


def _temperature(value: object, prior: Span, file: str, field: str) -> Span:
    kelvin = parse_span(value, "temperature", file=file, field=field) or prior
    if kelvin.low <= ABSOLUTE_ZERO_K:
        raise bad_input(
            "out-of-range",
            "colder than absolute zero",
            file=file,
            field=field,
            value=repr(value),
            limit="above -273.15 degC",
            next_step="check the sign and the unit",
        )
    return kelvin


def read_mixing(value: object, *, file: str) -> float:
    """Return the mixing time [s]; 0 where mixing is ideal or its time unknown."""
    if value == "ideal":
        return 0.0
    found = parse_span(value, "time", file=file, field="conditions.mixing")
    return found.mid if found is not None else 0.0


def read_workup(raw: object, *, file: str) -> Workup | None:
    """Return the work-up of a case, None where it has none.

    Raises:
        BadInput: With every complaint at once.
    """
    if raw is None:
        return None
    table = as_table(raw, file=file, field="workup", limit=f'quench = "sat. NaHCO3", extract = {EXTRACT_LIMIT}')
    gather = Collector(file)
    gather.complaints += unknown_keys(table, WORKUP_KEYS, file=file, field="workup")
    steps = gather.attempt(
        lambda: as_list(table.get("extract", []), file=file, field="workup.extract", limit=EXTRACT_LIMIT), ()
    )
    extract = [
        gather.attempt(lambda i=item, n=number: _extraction(i, n, file), None)
        for number, item in enumerate(steps, start=1)
    ]
    quench, ph = gather.attempt(lambda: _quench(table.get("quench"), file), (None, None))
    gather.finish()
    return Workup(quench, ph, tuple(e for e in extract if e is not None))


def _quench(value: object, file: str) -> tuple[str | None, float | None]:
    """Return the name of a quench, and its pH where it is written as one: 9 or "pH 9"."""
    if value is None:
        return None, None
    field, limit = "workup.quench", 'a name such as "sat. NaHCO3", or a pH such as "pH 9"'
    match = _PH.match(value) if isinstance(value, str) else None
    if match is None and (isinstance(value, (str, bool)) or not isinstance(value, (int, float))):
        return as_text(value, file=file, field=field, limit=limit), None
    ph = float(match[1].replace(",", ".")) if match is not None else float(str(value))
    if not PH_RANGE[0] <= ph <= PH_RANGE[1]:
        raise bad_input("out-of-range", "no such pH", file=file, field=field, value=repr(value), limit="pH 0 to 14")
    return str(value), ph


def _extraction(item: object, number: int, file: str) -> Extraction:
    """Return one extraction, from a table or from text such as "3 x 20 mL dichloromethane"."""
    field = f"workup.extract[{number}]"
    if isinstance(item, str):
        item = _extraction_words(item, file, field)
    table = as_table(item, file=file, field=field, limit=EXTRACT_LIMIT)
    gather = Collector(file)
    gather.complaints += unknown_keys(table, EXTRACT_KEYS, file=file, field=field)
    solvent = gather.attempt(
        lambda: as_text(table.get("solvent"), file=file, field=f"{field}.solvent", limit='such as "ethyl acetate"'), ""
    )
    volume = table.get("volume")
    said, each = split_times(volume) if isinstance(volume, str) else (1, volume)
    times: object = table.get("times", said)
    litres = gather.attempt(lambda: parse_span(each, "volume", file=file, field=f"{field}.volume"), None)
    if litres is not None and litres.high <= 0.0:
        gather.add(
            "out-of-range", "nothing to extract with", field=f"{field}.volume", value=repr(volume), limit="above 0"
        )
    if isinstance(times, bool) or not isinstance(times, int) or times < 1:
        gather.add(
            "bad-times", "how often is a whole number", field=f"{field}.times", value=repr(times), limit="1 or more"
        )
    elif "times" in table and said not in {1, times}:
        gather.add(
            "times-contradict",
            "times and volume say how often, and differ",
            field=f"{field}.times",
            value=f"{times} and {volume}",
            next_step="leave one of them out",
        )
    gather.finish()
    return Extraction(solvent, litres.mid if litres is not None else 0.0, times if isinstance(times, int) else 1)


def _extraction_words(text: str, file: str, field: str) -> Mapping[str, Any]:
    times, rest = split_times(text)
    match = _VOLUME_OF.match(rest)
    if match is None:
        raise bad_input(
            "bad-extraction", "this is not an extraction", file=file, field=field, value=repr(text), limit=EXTRACT_LIMIT
        )
    return {"volume": match[1], "solvent": match[2], "times": times}
