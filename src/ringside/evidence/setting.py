"""The knobs of the synthetic instrument, and the tables it works by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

from ringside.chem.acidity import AcidityTable
from ringside.chem.molecule import canonical
from ringside.errors import BadKnowledge, Complaint
from ringside.evidence.expected import EvidenceTables
from ringside.kinetics.draws import normals

COURSES = ("constant", "rising", "falling")
CHOSEN = ("eluent_ph", "uv", "load", "fine")


@dataclass(frozen=True, slots=True)
class Setting:
    """All knobs of one synthetic run; what each means, and in which unit, stands beside its value in synthetic.csv.

    The first four are chosen by the case and by who asks: ``eluent_ph``; ``uv``, the wavelength of the truth [nm]; ``load``, what is
    injected relative to the usual; ``fine``, whether the analyser tells exact masses.
    """

    eluent_ph: float
    uv: float
    load: float
    fine: bool
    duration: float
    step: float
    ms_delay: float
    dead_time: float
    gradient_time: float
    gradient_from: float
    gradient_to: float
    log_kw: float
    log_kw_slope: float
    strength_least: float
    strength: float
    charge_cost: float
    least_log_k: float
    retention_log_sd: float
    drift: float
    stretch: float
    coelution: float
    coelution_gap: float
    width_start: float
    width_end: float
    tail: float
    tail_per_charge: float
    overload: float
    injected: float
    flow: float
    path: float
    absorption: float
    uv_low: float
    uv_high: float
    uv_step: float
    band_place: float
    band_below: float
    band_edge: float
    band_blue: float
    end_aromatic: float
    end_other: float
    end_decay: float
    end_other_decay: float
    uv_noise: float
    uv_ceiling: float
    uv_gradient: float
    uv_gradient_decay: float
    uv_wander: float
    uv_wander_period: float
    uv_front: float
    uv_class_log_sd: float
    uv_species_log_sd: float
    ms_low: float
    ms_high: float
    ms_counts: float
    ms_ceiling: float
    ms_least: float
    ms_noise_ions: float
    ms_noise: float
    ms_scatter: float
    ms_spray: float
    ms_species_log_sd: float
    ms_ratio_log_sd: float
    cone_log_sd: float
    suppression: float
    dimer_counts: float
    background: float
    unit_sd: float
    unit_shift: float
    fine_sd: float
    fine_shift: float
    fine_resolution: float
    seen_noise: float
    seen_counts: float
    unknown_low: float
    unknown_high: float
    broken_log_sd: float
    broken_drift: float
    broken_stretch_sd: float
    broken_coelution: float
    broken_noise: float
    broken_background: float

    @property
    def mol(self) -> float:
        """Return what is injected of the limiting reactant [mol]."""
        return self.injected * 1e-9 * self.load


@dataclass(frozen=True, slots=True)
class Ionisation:
    """How strongly a class of species answers in electrospray: features that it needs one of (none: any), and the response."""

    id: str
    needs: frozenset[str]
    response: float


@dataclass(frozen=True, slots=True)
class BackgroundLevel:
    """A background ion of the synthetic run: its m/z, its height [counts], and how it goes along the gradient."""

    mz: float
    counts: float
    course: str


@dataclass(frozen=True, slots=True)
class Machine:
    """What the synthetic instrument is made of.

    ``constants`` are those of synthetic.csv by key; ``unknowns`` canonical SMILES and names of molecules that no rule
    makes.
    """

    constants: Mapping[str, float]
    ionisation: tuple[Ionisation, ...]
    background: tuple[BackgroundLevel, ...]
    unknowns: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class SynthTables:
    """What the synthetic instrument works by. Compared by identity."""

    evidence: EvidenceTables
    acidity: AcidityTable
    machine: Machine


def read_machine(
    constants: Mapping[str, float],
    known: Sequence[tuple[str, float]],
    *,
    ionisation: Sequence[Mapping[str, str]],
    background: Sequence[Mapping[str, str]],
    unknowns: Sequence[Mapping[str, str]],
) -> Machine:
    """Build the machine from synthetic.csv and the rows of its three companions.

    Args:
        constants: Values by key.
        known: (ion, m/z) of background_ions.csv.
        ionisation: Columns id, needs, response; the first row that fits a species counts.
        background: Columns ion, counts, course.
        unknowns: Columns name, smiles.

    Raises:
        BadKnowledge: If a knob is missing or unknown, or a background ion is not on the list of background ions.
    """
    knobs = {f.name for f in fields(Setting)} - set(CHOSEN)
    for odd in sorted(knobs ^ set(constants)):
        text = "a knob of the instrument is missing" if odd in knobs else "the instrument has no such knob"
        raise BadKnowledge(Complaint("bad-knob", text, file="synthetic.csv", field=odd))
    mz = dict(known)
    for r in background:
        if r["ion"] not in mz or r["course"] not in COURSES:
            raise BadKnowledge(
                Complaint(
                    "bad-background",
                    "an ion of background_ions.csv and one of the courses is asked for",
                    file="synthetic_background.csv",
                    field=r["ion"],
                    value=r["course"],
                    limit=", ".join(COURSES),
                )
            )
    return Machine(
        constants,
        tuple(Ionisation(r["id"], frozenset(r["needs"].split()), float(r["response"])) for r in ionisation),
        tuple(BackgroundLevel(mz[r["ion"]], float(r["counts"]), r["course"]) for r in background),
        tuple((canonical(r["smiles"], file="synthetic_unknowns.csv", field=r["name"]), r["name"]) for r in unknowns),
    )


def setting_of(
    constants: Mapping[str, float], *, eluent_ph: float, uv: float, load: float = 1.0, fine: bool = False
) -> Setting:
    """Return the usual instrument.

    Args:
        constants: The rows of synthetic.csv.
        eluent_ph: pH of the eluent.
        uv: Wavelength of the truth [nm].
        load: What is injected, relative to the usual.
        fine: Exact masses, instead of unit mass.
    """
    return Setting(eluent_ph=eluent_ph, uv=uv, load=load, fine=fine, **constants)


def broken(setting: Setting, seed: int) -> Setting:
    """Return an instrument that breaks what assignment takes for granted.

    Responses are wrong by a factor of 3, the run is late and stretched, species lie on top of each other, noise and
    background are high.
    """
    late, stretched = normals(["drift", "stretch"], 2, f"broken {seed}")[:, 1]
    return replace(
        setting,
        uv_class_log_sd=setting.broken_log_sd,
        ms_species_log_sd=setting.broken_log_sd,
        ms_ratio_log_sd=setting.broken_log_sd,
        drift=setting.broken_drift * float(late),
        stretch=1.0 + setting.broken_stretch_sd * float(stretched),
        coelution=setting.broken_coelution,
        uv_noise=setting.uv_noise * setting.broken_noise,
        ms_noise=setting.ms_noise * setting.broken_noise,
        background=setting.background * setting.broken_background,
    )
