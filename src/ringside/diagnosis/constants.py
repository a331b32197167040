"""The constants of the likelihood and the recipe-dependent priors, as typed tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from ringside.errors import BadKnowledge, Complaint


@dataclass(frozen=True, slots=True)
class Constants:
    """Constants of the likelihood; each row of ``likelihood.csv`` says what it is and where it is from."""

    tempering: float
    prior_none: float
    tail_degrees: float
    sd_yield_logit: float
    floor_yield: float
    handling_median: float
    sd_handling_log: float
    sd_conversion_logit: float
    floor_conversion: float
    sd_crude_log: float
    sd_crude_reference_log: float
    sd_response_within_log: float
    sd_response_between_log: float
    sd_area_log: float
    sd_area_reference_log: float
    detection_limit_uv: float
    detection_limit_esi: float
    sd_detection_log: float
    miss_rate: float
    absent_reference: float
    unexplained_mean: float
    unexplained_none: float
    loss_that_matters: float
    same_prediction: float
    same_bayes_factor: float
    pair_advantage: float
    gain_that_matters: float
    light_molar_mass: float
    sd_course_logit: float
    sd_course_area_log: float
    sd_course_reference: float
    sd_level_reference: float
    sd_ph: float
    ph_range: float
    sd_water_log: float
    ordinary_water: float
    water_reference: float
    sd_water_reference_log: float
    sd_nmr_log: float
    sd_standard_log: float
    detection_limit_nmr: float


@dataclass(frozen=True, slots=True)
class PriorShift:
    """The prior odds of ``cause`` are multiplied by ``odds_times`` where the case has the feature ``when``."""

    cause: str
    when: str
    odds_times: float
    source: str


def read_constants(rows: Sequence[Mapping[str, str]], *, file: str = "likelihood.csv") -> Constants:
    """Read the constants of the likelihood.

    Args:
        rows: Rows with ``key``, ``value``, ``unit``, ``source``, ``note``.
        file: Name for complaints.

    Returns:
        All constants.

    Raises:
        BadKnowledge: If a constant is missing, unknown, not a number, or ``prior_none`` is below 0.15.
    """
    known = {f.name for f in fields(Constants)}
    values: dict[str, float] = {}
    complaints: list[Complaint] = []
    for row in rows:
        key = row["key"]
        if key not in known:
            complaints.append(Complaint("unknown-key", "no such constant", file, key))
            continue
        try:
            values[key] = float(row["value"])
        except ValueError:
            complaints.append(Complaint("not-a-number", "a constant must be a number", file, key, row["value"]))
    complaints += [Complaint("missing-key", "constant missing", file, key) for key in sorted(known - values.keys())]
    if values.get("prior_none", 1.0) < 0.15:
        text = "none-of-these needs a prior of at least 0.15"
        complaints.append(Complaint("prior-too-small", text, file, "prior_none", str(values["prior_none"]), "0.15..1"))
    if complaints:
        raise BadKnowledge(*complaints)
    return Constants(**values)


def read_priors(rows: Sequence[Mapping[str, str]], *, file: str = "priors.csv") -> tuple[PriorShift, ...]:
    """Read how the recipe shifts the prior odds of a cause.

    Args:
        rows: Rows with ``cause``, ``when`` (a feature of the case), ``odds_times`` [-], ``source``, ``note``.
        file: Name for complaints.

    Returns:
        The shifts, in file order.

    Raises:
        BadKnowledge: If a factor is not a positive number.
    """
    shifts: list[PriorShift] = []
    for row in rows:
        try:
            factor = float(row["odds_times"])
        except ValueError:
            factor = -1.0
        if factor <= 0:
            text = "odds are multiplied by a positive number"
            raise BadKnowledge(Complaint("not-a-number", text, file, row["cause"], row["odds_times"]))
        shifts.append(PriorShift(row["cause"], row["when"], factor, row["source"]))
    return tuple(shifts)


def prior_odds(cause: str, odds: float, situation: frozenset[str], shifts: Sequence[PriorShift]) -> float:
    """Return the prior odds of a cause against the recipe as written, in this situation."""
    for shift in shifts:
        if shift.cause == cause and shift.when in situation:
            odds *= shift.odds_times
    return odds
