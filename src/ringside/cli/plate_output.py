"""Where the answer about a plate goes."""

from __future__ import annotations

import io
import sys
from importlib import import_module, util
from pathlib import Path
from typing import Any

from rich.console import Console

from ringside.answers.plate.nouns import PlateReport
from ringside.answers.report import to_plain
from ringside.cli.files import write_file
from ringside.errors import bad_input
from ringside.record.jsontext import to_json
from ringside.render.plate import plate_html
from ringside.render.plate_tables import plate_columns, plate_csv, print_plate


def check_parquet(parquet: Path | None) -> None:
    """Refuse a Parquet file before anything is worked out, where the package that writes it is missing.

    Raises:
        BadInput: If it is.
    """
    if parquet is not None and util.find_spec("pyarrow") is None:
        raise bad_input(
            "no-extra", "Parquet files need the package pyarrow, which is not installed", field="--parquet", value=str(parquet),
            limit="--csv and --json need nothing more", next_step="install the extra: pip install 'ringside[parquet]'",
        )  # fmt: skip


def write_plate(
    report: PlateReport, *, json: str | None, html: Path | None, csv: Path | None, parquet: Path | None = None
) -> None:
    """Write the forms of a plate that were asked for; the table goes to the terminal unless JSON goes there.

    Raises:
        BadInput: If a file cannot be written, or the package for Parquet is missing.
    """
    check_parquet(parquet)
    if json == "-":
        sys.stdout.write(to_json(to_plain(report)))
    elif json is not None:
        write_file(Path(json), to_json(to_plain(report)), "--json")
    if html is not None:
        write_file(html, plate_html(report), "--html")
    if csv is not None:
        write_file(csv, plate_csv(report), "--csv")
    if parquet is not None:
        write_file(parquet, parquet_bytes(report), "--parquet")
    if json is None:
        print_plate(report, Console(highlight=False))


def parquet_bytes(report: PlateReport) -> bytes:
    """Return a row for each well as a Parquet file, typed, with null where there is nothing."""
    arrow: Any = import_module("pyarrow")
    kinds = {str: arrow.string(), int: arrow.int32(), float: arrow.float64()}
    columns = plate_columns(report)
    table = arrow.table({name: arrow.array(values, type=kinds[kind]) for name, (kind, values) in columns.items()})
    out = io.BytesIO()
    import_module("pyarrow.parquet").write_table(table, out)
    return out.getvalue()
