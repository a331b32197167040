"""Files that an option asks for."""

from __future__ import annotations

from pathlib import Path

from ringside.errors import bad_input


def write_file(path: Path, text: str | bytes, option: str) -> None:
    """Write a file, making its folder as needed.

    Raises:
        BadInput: If it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, bytes):
            path.write_bytes(text)
        else:
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise bad_input(
            "cannot-write",
            f"the report cannot be written: {error.strerror}",
            file=str(path),
            field=option,
            next_step="name a file in a folder that you may write to",
        ) from error
