"""What the name of an ion says: ``[2M+H-C4H8]+`` is two molecules, a proton more, isobutene less, charge +1."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from ringside.chem.mass import parse_formula
from ringside.errors import BadInput, bad_input

_WHOLE = re.compile(r"(?:\[([^\[\]]+)\]|(M))(\d*)([+-])")
_MOLECULES = re.compile(r"(\d*)M((?:[+-]\d*[A-Z][A-Za-z\d]*)*)")
_PART = re.compile(r"([+-])(\d*)([A-Z][A-Za-z\d]*)")
_SHORT = {"DMSO": "C2H6OS", "TFA": "C2HF3O2"}


@dataclass(frozen=True, slots=True)
class IonLabel:
    """``parts`` are added (count > 0) to the molecules or taken from them (count < 0); a fixed fragment has no molecules."""

    molecules: int
    parts: tuple[tuple[str, int], ...]
    charge: int


@lru_cache(maxsize=4096)
def read_label(text: str) -> IonLabel:
    """Read the name of an ion.

    Args:
        text: Such as ``[M+H]+``, ``[M+2H]2+``, ``M+``, ``[2M+H-C4H8]+``, or a fixed fragment such as ``[C7H7]+``. Parts are formulas, DMSO or TFA.

    Returns:
        Molecules, parts and charge with its sign.

    Raises:
        BadInput: If it is no such name.

    >>> read_label("[M+H-H2O]+")
    IonLabel(molecules=1, parts=(('H', 1), ('H2O', -1)), charge=1)
    """
    whole = _WHOLE.fullmatch(text)
    if whole is None:
        raise _unreadable(text)
    size = int(whole[3] or 1) * (1 if whole[4] == "+" else -1)
    inner = whole[1] or whole[2]
    own = _MOLECULES.fullmatch(inner)
    if own is None:
        label = IonLabel(0, ((inner, 1),), size)
    else:
        parts = tuple((p, int(n or 1) * (1 if sign == "+" else -1)) for sign, n, p in _PART.findall(own[2]))
        label = IonLabel(int(own[1] or 1), parts, size)
    try:
        part_counts(label)
    except BadInput:
        raise _unreadable(text) from None
    return label


def _unreadable(text: str) -> BadInput:
    return bad_input("bad-ion", "this is not the name of an ion", value=text, limit="such as [M+H-H2O]+ or [C7H7]+")


def part_counts(label: IonLabel) -> Mapping[str, int]:
    """Return the atoms that the parts of an ion add (and take, as negative counts)."""
    counts: dict[str, int] = {}
    for part, times in label.parts:
        for element, n in parse_formula(_SHORT.get(part, part)).items():
            counts[element] = counts.get(element, 0) + n * times
    return counts


def ion_counts(molecule: Mapping[str, int], label: IonLabel) -> Mapping[str, int]:
    """Return the atoms of an ion.

    Args:
        molecule: Atoms of one molecule.
        label: The ion.

    Returns:
        Count by element, those that are 0 left out; negative where the molecule lacks what the ion has lost.
    """
    parts = part_counts(label)
    counts = {e: label.molecules * molecule.get(e, 0) + parts.get(e, 0) for e in (*molecule, *parts)}
    return {e: n for e, n in sorted(counts.items()) if n}
