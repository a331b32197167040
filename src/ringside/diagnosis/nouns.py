"""Causes, worlds and what the evidence says of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

CauseKind = Literal["deviation", "artefact", "design"]
ObservationKind = Literal[
    "yield", "conversion", "crude", "areas", "unexplained", "absent", "seen", "sign", "course", "nmr", "ph", "water"
]


@dataclass(frozen=True, slots=True)
class Change:
    """A change in a cause or remedy card: which charges or field, and to what.

    ``where``: ``role:<role>``, ``feature:<feature>`` (see ``chem.features``), ``name:<name>``, ``conditions``,
    ``workup``, or ``new`` for a new charge (``to`` then is the whole charge). ``field`` and ``to`` as in a case file;
    ``times`` multiplies the present number instead (a number, or a [low, high] range). ``diagnosis.changes`` has the
    grammar in full. In a new charge ``start = "end"`` is the end of the run as written.
    """

    where: str
    field: str = ""
    to: Any = None
    times: tuple[float, float] | None = None


Closes = Literal["no-ring", "ring", "smaller-ring", "same-ring", "larger-ring"]
Makes = Literal["larger", "isomer", "part", "none"]


@dataclass(frozen=True, slots=True)
class Channel:
    """Reactions that take material off the way to the target, as a card names them (see ``diagnosis.channels``).

    ``rules``: ids of rules. ``target``: only where the target's ring (of five members or more) is closed in this flask, or only
    where it is not (open). ``closes``: only events that close no ring; a ring where the target needs none; one smaller than the target's, as
    large, or larger. ``makes``: only events whose product holds more of a building block than the target, the same, part of them, or none.
    What is left empty does not matter.
    """

    rules: tuple[str, ...]
    target: Literal["", "ring", "open"] = ""
    closes: tuple[Closes, ...] = ()
    makes: tuple[Makes, ...] = ()


@dataclass(frozen=True, slots=True)
class Cause:
    """A reason why, as data.

    ``deviation``: the recipe was not what happened (``changes`` turn it into what happened). ``artefact``: the reaction
    was fine. ``design``: the recipe itself; ``changes`` switch it off, and the share of lost yield that comes back is
    its weight; or ``channel`` names the reactions that are switched off instead, and ``covers`` the causes that explain the same
    loss by a change of the recipe. ``prior`` is the prior odds against the recipe as written; ``needs`` are features without which it is
    not considered. ``signs``: probability that a sign is reported where this is the cause (a sign left out is as frequent as
    anywhere). ``seen`` says in words what it looks like, ``looks_like`` names the causes it is mistaken for, ``advice``
    what helps and cannot be simulated.
    """

    id: str
    title: str
    kind: CauseKind
    claims: str
    wrong_when: str
    status: str
    prior: float
    changes: tuple[Change, ...]
    needs: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    artefact: Mapping[str, Any] | None = None
    remedies: tuple[str, ...] = ()
    test: str = ""
    sources: tuple[str, ...] = ()
    locators: Mapping[str, str] = field(default_factory=dict[str, str])
    signs: Mapping[str, float] = field(default_factory=dict[str, float])
    seen: str = ""
    looks_like: tuple[str, ...] = ()
    channel: Channel | None = None
    covers: tuple[str, ...] = ()
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One observation with its weight for or against a cause, in natural log odds."""

    observation: str
    text: str
    log_odds: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """One cause after the evidence."""

    cause: str
    title: str
    members: tuple[str, ...]
    probability: float
    prior: float
    bayes_factor: float
    supports: tuple[Evidence, ...]
    against: tuple[Evidence, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Posterior:
    """All verdicts, most probable first, and how far to trust them."""

    verdicts: tuple[Verdict, ...]
    prior_driven: bool
    monte_carlo_error: float


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing seen, as one piece of evidence.

    ``low`` and ``high`` are its value (fractions, g for a crude mass, or how often a sign is noted anywhere). ``groups`` are the species each peak may be,
    sorted; ``areas`` the area fraction of each group; ``run`` is the number of the run, 0 for the recipe as written. A series of
    aliquots has ``parts``, each taken ``at`` a time [s] (None: the end). Molar amounts by NMR are ``areas`` too, ``absolute`` ones [mol per mol
    limiting] where an internal standard makes them so.
    """

    id: str
    kind: ObservationKind
    text: str
    low: float = 0.0
    high: float = 0.0
    groups: tuple[tuple[str, ...], ...] = ()
    areas: tuple[float, ...] = ()
    run: int = 0
    at: float | None = None
    parts: tuple[Observation, ...] = ()
    absolute: bool = False

    @property
    def name(self) -> str:
        """Return the id, with the round where it is one."""
        return f"round[{self.run}].{self.id}" if self.run else self.id
