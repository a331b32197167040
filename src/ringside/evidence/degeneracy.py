"""Readings that the data cannot tell apart, and the experiment that would."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ringside.chem.mass import charge, formula
from ringside.evidence.spectrum import Match
from ringside.network.nouns import FAMILY_PREFIX

KINDS = ("no-ions", "dimer", "double-charge", "charge", "stereo", "isomers", "isobars", "other")


def kind_of(readings: Sequence[tuple[str, Match]]) -> str:
    """Return which kind of degeneracy two or more readings of one peak are, one of ``KINDS``.

    Args:
        readings: (canonical SMILES, match) of each.

    Returns:
        ``no-ions`` where no m/z is known; ``dimer`` where one reading is [2M+H]+; ``double-charge`` where one is doubly
        charged; ``charge`` where a permanent cation and a protonated amine share a mass; ``stereo`` and ``isomers`` for
        one formula; ``isobars`` for formulas that the detector does not resolve.
    """
    smiles = [s for s, _ in readings]
    if any(s.startswith(FAMILY_PREFIX) for s in smiles):
        return "other"
    matches = [m for _, m in readings]
    checks = (
        ("no-ions", not any(m.ion for m in matches)),
        ("dimer", len({m.molecules for m in matches}) > 1),
        ("double-charge", len({m.charge for m in matches}) > 1),
        ("charge", len({charge(s) for s in smiles}) > 1),
        ("stereo", len({_flat(s) for s in smiles}) == 1),
        ("isomers", len({formula(s) for s in smiles}) == 1),
        ("isobars", True),
    )
    return next(kind for kind, holds in checks if holds)


def _flat(smiles: str) -> str:
    """Return a SMILES without its stereo marks, good enough to compare stereoisomers."""
    return re.sub(r"\[(C)H?\d?\]", r"\1", re.sub(r"[@/\\]", "", smiles))
