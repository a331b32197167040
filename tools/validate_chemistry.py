"""Validate the chemistry: recorded reactions, and what must not appear. Writes validation/recorded-reactions.md and precision.md.

usage: python tools/validate_chemistry.py [recorded] [precision]
"""

import sys
from collections.abc import Callable
from pathlib import Path

import precision
import recorded_reactions

PARTS: dict[str, tuple[Callable[[], tuple[list[str], list[str]]], Path]] = {
    "recorded": (recorded_reactions.recorded, recorded_reactions.PAGE),
    "precision": (precision.precision, precision.PAGE),
}


def main() -> None:
    """Write the pages and print them; end with what needs a person."""
    complaints: list[str] = []
    for name in sys.argv[1:] or PARTS:
        make, page = PARTS[name]
        lines, wrong = make()
        page.write_text("\n".join(lines) + "\n", encoding="utf-8")
        print("\n".join(lines))
        complaints += wrong
    for text in complaints:
        print(f"To do: {text}", file=sys.stderr)
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
