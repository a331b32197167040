"""Gases that enter the solution from the atmosphere, or leave it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log10

from ringside.chem.molecule import canonical

RESERVOIR = 1e3
"""Gas held over each litre of solution [mol per bar]: so much that uptake does not lower its pressure."""


@dataclass(frozen=True, slots=True)
class Gas:
    """A gas over a flask: pressure [bar], solubility [mol/L/bar], log10 of the transfer coefficient kLa [1/s]."""

    smiles: str
    pressure: float
    solubility: float
    log10_transfer: float
    sd: float

    @property
    def entry(self) -> float:
        """Return log10 of the first-order rate [1/s] at which the reservoir of this gas enters, less that of transfer."""
        return log10(self.solubility / RESERVOIR)


@dataclass(frozen=True, slots=True)
class GasTable:
    """Rows of gases.csv: atmosphere and gas."""

    rows: tuple[tuple[str, Gas], ...]


def read_gases(rows: Sequence[Mapping[str, str]]) -> GasTable:
    """Build the table from the rows of gases.csv."""
    return GasTable(
        tuple(
            (
                r["atmosphere"],
                Gas(
                    canonical(r["smiles"]),
                    float(r["pressure_bar"]),
                    float(r["solubility_mol_L_bar"]),
                    log10(float(r["transfer_per_s"])),
                    float(r["sd_log10"]),
                ),
            )
            for r in rows
        )
    )


def gases_over(atmosphere: str, table: GasTable) -> tuple[Gas, ...]:
    """Return every gas that passes between a solution and its atmosphere.

    Args:
        atmosphere: As the recipe names it; one that no row names (nitrogen, argon) holds none of these gases.
        table: Rows of gases.csv.

    Returns:
        One for each gas of the table, sorted; those that the atmosphere does not hold have no pressure and only leave.
    """
    found = {g.smiles: Gas(g.smiles, 0.0, g.solubility, g.log10_transfer, g.sd) for _, g in reversed(table.rows)}
    found |= {gas.smiles: gas for name, gas in reversed(table.rows) if name == atmosphere}
    return tuple(found[s] for s in sorted(found))
