"""The truth about a simulated run in the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ringside.answers.synth import Synthetic


def print_synth(made: Synthetic, console: Console) -> None:
    """Write what a simulated run holds: a line for each species that a detector sees.

    Args:
        made: The run and its truth.
        console: Where to write.
    """
    truth = made.truth
    seen = [p for p in truth.peaks if p.seen_uv or p.seen_ms]
    console.print()
    console.print(Text(made.title, style="bold"))
    console.print(Text(f"{truth.note[:1].upper()}{truth.note[1:]}.", style="bold cyan"))
    if not seen:
        console.print("A blank: no species is in it.")
        return
    table = Table(box=None, pad_edge=False)
    for head in ("min", "species", "mol/mol", f"area % at {truth.wavelength:.0f} nm", "strongest ion", ""):
        table.add_column(head, overflow="fold")
    for p in seen:
        ion = f"{p.ions[0].ion} {p.ions[0].mz:.3f}" if p.ions and p.seen_ms else "none"
        area = f"{100.0 * p.uv_share:.2f}" if p.seen_uv else "not visible"
        table.add_row(
            f"{p.rt / 60.0:.2f}",
            made.labels[p.species],
            f"{p.amount:.3g}",
            area,
            ion,
            "unknown" if p.is_unknown else "",
        )
    console.print(table)
    if len(seen) < len(truth.peaks):
        console.print(f"{len(truth.peaks) - len(seen)} more are too little or invisible.")
