"""How protonated molecules and permanent cations come apart, as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ringside.chem.features import checked_pattern, pattern
from ringside.chem.mass import exact_formula_mass
from ringside.errors import BadKnowledge, Complaint
from ringside.units import Mz

Kind = Literal["cut", "lose"]


@dataclass(frozen=True, slots=True)
class FragmentRule:
    """One way to come apart.

    A ``cut`` breaks the bond between the atoms 1 and 2 of its SMARTS; atom 1 stays in the ion. A ``lose`` takes all mapped
    atoms out and joins their neighbours in the ion, of which there are at most ``joins``. ``shift`` is the number of hydrogens that go
    over to the ion (minus: to the neutral). ``weight`` is the usual height relative to the easiest way, 0 to 1.
    """

    id: str
    kind: Kind
    smarts: str
    shift: int
    joins: int
    weight: float
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class CommonIon:
    """A fragment ion (or, with ``loss``, a neutral loss) that many molecules give: formula, mass or m/z, and its share."""

    formula: str
    mz: Mz
    loss: bool
    share: float
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class FragmentRules:
    """All rules in order of precedence, what is common to many molecules, and the constants. Compared by identity."""

    rules: tuple[FragmentRule, ...] = ()
    common: tuple[CommonIon, ...] = ()
    constants: Mapping[str, float] = field(default_factory=dict[str, float])


NO_RULES = FragmentRules()


def read_fragment_rules(
    rules: Sequence[Mapping[str, str]], common: Sequence[Mapping[str, str]], constants: Mapping[str, float]
) -> FragmentRules:
    """Build the rules from the rows of fragmentation.csv and fragment_ions.csv.

    Args:
        rules: Rows ``id, kind, smarts, shift, joins, weight, text, source``. Of several cuts of one bond with one shift the first counts.
        common: Rows ``kind, formula, share, text``.
        constants: Those of fragment_scoring.csv by key.

    Raises:
        BadKnowledge: If a SMARTS does not parse, a kind is unknown or the mapped atoms do not suit the kind.
    """
    for row in rules:
        _checked(row)
    return FragmentRules(
        tuple(
            FragmentRule(
                r["id"],
                "cut" if r["kind"] == "cut" else "lose",
                r["smarts"],
                int(r["shift"]),
                int(r["joins"] or 0),
                float(r["weight"]),
                r["text"],
                r["source"],
            )
            for r in rules
        ),
        tuple(
            CommonIon(r["formula"], exact_formula_mass(r["formula"]), r["kind"] == "loss", float(r["share"]), r["text"])
            for r in common
        ),
        constants,
    )


def _checked(row: Mapping[str, str]) -> None:
    file = "fragmentation.csv"
    checked_pattern(row["smarts"], file=file, field=row["id"])
    maps = sorted(a.GetAtomMapNum() for a in pattern(row["smarts"]).GetAtoms() if a.GetAtomMapNum())
    if row["kind"] not in {"cut", "lose"} or not maps or (row["kind"] == "cut" and maps != [1, 2]):
        raise BadKnowledge(
            Complaint(
                "bad-fragment-rule",
                "this is no rule of fragmentation",
                file=file,
                field=row["id"],
                value=row["smarts"],
                limit="kind cut with atoms mapped 1 and 2, or kind lose with the atoms that leave mapped",
            )
        )
