"""Record what Ringside predicts for literature cases, before their answers are looked at.

usage: python tools/predictions.py FILE.csv CASE.toml [CASE.toml ...]
"""

import csv
import sys
from pathlib import Path

from ringside.answers.ask import ask
from ringside.errors import RingsideError


def main() -> None:
    """Write one row for each species of note of each case; a case that fails, or in which nothing forms, is a row too."""
    out, cases = Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]]
    with out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["case", "role", "label", "smiles", "amount_median", "amount_low", "amount_high"])
        for case in cases:
            try:
                report = ask("predict", case)
            except (RingsideError, ArithmeticError, LookupError, RuntimeError, ValueError) as error:
                writer.writerow([case.stem, "error", " ".join(str(error).split()), "", "", "", ""])
                continue
            shown = [s for s in report.species if s.role == "product" or s.role in {"side-product", "intermediate"}][
                :12
            ]
            if not shown:
                writer.writerow([case.stem, "none", "nothing forms", "", "", "", ""])
            for s in shown:
                amount = s.amount
                numbers = [f"{v:.3g}" for v in (amount.median, amount.low, amount.high)]
                writer.writerow([case.stem, s.role, s.label, s.smiles, *numbers])
            for f in report.families or ():
                numbers = [f"{v:.3g}" for v in (f.amount.median, f.amount.low, f.amount.high)]
                writer.writerow([case.stem, "family", f.label, "", *numbers])


if __name__ == "__main__":
    main()
