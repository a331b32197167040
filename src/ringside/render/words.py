"""How numbers and ids become words, the same in the terminal and on the page."""

from __future__ import annotations

from ringside.answers.report import (
    ExplanationEntry,
    Interval,
    Observations,
    OpenInterval,
    RateEntry,
    Report,
    SpeciesEntry,
    StepEntry,
)

SHOWN_ROLES = ("product", "starting-material", "intermediate", "side-product")


def percent(value: float) -> str:
    """Return a fraction as percent with two meaningful digits.

    >>> percent(0.6234), percent(0.0123), percent(0.0), percent(0.00004), percent(0.996), percent(1.0)
    ('62 %', '1.2 %', '0 %', '<0.1 %', '99.6 %', '100 %')
    """
    hundred = 100 * value
    if hundred == 0:
        return "0 %"
    if hundred < 0.1:
        return "<0.1 %"
    if hundred < 10 or 99 < hundred < 99.95:
        return f"{hundred:.1f} %"
    return f"{hundred:.0f} %"


def span(value: Interval) -> str:
    """Return a median with its 5 to 95 % interval, in percent.

    >>> span(Interval(0.5, 0.25, 0.75))
    '50 % (25 to 75)'
    """
    low, high = (percent(v).removesuffix(" %") for v in (value.low, value.high))
    return f"{percent(value.median)} ({low} to {high})"


def signed_points(value: Interval) -> str:
    """Return a gain in percentage points with its interval.

    >>> signed_points(Interval(0.204, 0.05, 0.4))
    '+20 points (+5 to +40)'
    """
    median, low, high = (f"{100 * v:+.0f}" for v in (value.median, value.low, value.high))
    return f"{median} points ({low} to {high})"


def minutes(value: float | None) -> str:
    """Return a retention time."""
    return "" if value is None else f"{value:.2f} min"


def species_names(report: Report) -> dict[str, str]:
    """Return the label of every species and family id."""
    names = {s.id: s.label for s in report.species}
    names.update({f.id: f.label for f in report.families or ()})
    return names


def candidate_name(species: str, names: dict[str, str]) -> str:
    """Return how a candidate of a peak is called."""
    if species == "none-of-these":
        return "none of these"
    if species.startswith("background:"):
        return f"background: {species.removeprefix('background:')}"
    return names.get(species, species)


def shown_species(report: Report, most: int) -> tuple[SpeciesEntry, ...]:
    """Return what belongs in the picture of the flask: the product first, then the most abundant others."""
    real = [s for s in report.species if s.role in SHOWN_ROLES and (s.role == "product" or s.amount.high >= 0.002)]
    real.sort(key=lambda s: (s.role != "product", -s.amount.median, -s.amount.high, s.id))
    return tuple(real[:most])


def rate_text(step: StepEntry) -> str:
    """Return the central rate constant of a step at 25 °C."""
    if step.log10_k is None:
        return ""
    unit = "L/mol/s" if len(step.reactants) == 2 else "/s"
    return f"k {10**step.log10_k:.1g} {unit} at 25 °C"


def error_text(entry: ExplanationEntry) -> str:
    """Return how far a reading is from what was measured."""
    return f"{entry.error:+.1f} ppm" if entry.error_unit == "ppm" else f"{1000 * entry.error:+.1f} mDa"


def constant_text(entry: RateEntry) -> str:
    """Return a rate constant with its 5 to 95 % interval."""
    k = entry.log10_k
    return f"{10**k.median:.2g} {entry.unit} ({10**k.low:.1g} to {10**k.high:.1g})"


def parts_text(entry: RateEntry) -> str:
    """Return the parts of a rate constant at 25 degC: log10 with its standard deviation, and the source of each."""
    return "; ".join(f"{p.text} {p.value:+.2f} ± {p.sd:.2g} [{p.source.split(':')[0]}]" for p in entry.parts)


def power_span(k: Interval) -> str:
    """Return a constant with its interval from their log10."""
    return f"{10**k.median:.2g} ({10**k.low:.2g} to {10**k.high:.2g})"


def open_text(k: OpenInterval | None) -> str:
    """Return an interval from log10 of its ends, either of which may be open."""
    if k is None:
        return "-"
    if k.low is None and k.high is None:
        return "anything"
    if k.low is None:
        return f"below {10 ** (k.high or 0.0):.2g}"
    return f"above {10**k.low:.2g}" if k.high is None else f"{10**k.low:.2g} to {10**k.high:.2g}"


def round_name(number: int) -> str:
    """Return what a run is called.

    >>> round_name(0), round_name(2)
    ('First run', 'Round 2')
    """
    return f"Round {number}" if number else "First run"


def seen_text(seen: Observations | None) -> str:
    """Return what was observed in one run, in short."""
    if seen is None:
        return ""
    named = (("isolated yield", seen.isolated_yield), ("conversion", seen.conversion), ("crude", seen.crude_mass))
    parts = [f"{name} {value}" for name, value in named if value]
    parts += [f"no {', no '.join(seen.absent)}"] if seen.absent else []
    return "; ".join((*parts, *seen.typed, *seen.notes))
