"""A bar on standard error for what takes long."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

PATIENCE = 2.0


@contextmanager
def bar(label: str, unit: str) -> Generator[Callable[[int, int], None], None, None]:
    """Give a function that is told how many are done, of how many; after two seconds it shows a bar.

    Nothing is shown where standard error is no terminal, and nothing is left behind.

    Args:
        label: What is going on.
        unit: What is counted, in the plural.
    """
    console = Console(file=sys.stderr)
    start = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn(unit), TimeRemainingColumn())  # fmt: skip
    progress = Progress(*columns, console=console, transient=True)
    task = progress.add_task(label, total=None)

    def step(done: int, of: int) -> None:
        progress.update(task, completed=done, total=of)
        if console.is_terminal and not progress.live.is_started and time.monotonic() - start > PATIENCE:
            progress.start()

    try:
        yield step
    finally:
        if progress.live.is_started:
            progress.stop()
