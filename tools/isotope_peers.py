"""Isotope patterns of other programs, for tools/validate_isotopes.py: run in their own environment, formulas in and lines out as JSON."""

import json
import re
import sys

LEAST_SHARE = 1e-6
BRAIN_LINES = 40


def by_openms(formulas: list[str]) -> dict[str, list[list[float]]]:
    """Return (mass [Da], share) of all isotopologues, by the fine generator of OpenMS."""
    import pyopenms  # noqa: PLC0415

    fine = pyopenms.FineIsotopePatternGenerator(LEAST_SHARE, False, False)
    found = {}
    for formula in formulas:
        lines = pyopenms.EmpiricalFormula(formula).getIsotopeDistribution(fine).getContainer()
        found[formula] = [[line.getMZ(), line.getIntensity()] for line in lines]
    return found


def by_brain(formulas: list[str]) -> dict[str, list[list[float]]]:
    """Return (mean mass [Da], share) of each nominal mass, by brainpy."""
    import brainpy  # noqa: PLC0415

    found = {}
    for formula in formulas:
        atoms = {e: int(n or 1) for e, n in re.findall(r"([A-Z][a-z]?)(\d*)", formula)}
        lines = brainpy.isotopic_variants(atoms, npeaks=BRAIN_LINES, charge=0)
        found[formula] = [[line.mz, line.intensity] for line in lines]
    return found


def main() -> None:
    """Answer with what each program that is installed says."""
    formulas = json.load(sys.stdin)
    answer = {}
    for name, ask in (("pyopenms", by_openms), ("brainpy", by_brain)):
        try:
            answer[name] = ask(formulas)
        except ImportError:
            continue
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
