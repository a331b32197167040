"""The mark of a file that no instrument has written."""

from __future__ import annotations

import re

MARK = "simulated by Ringside, not measured"
_MARKED = re.compile(rb"<userParam\s[^>]*?name\s*=\s*[\"']%s[\"']" % MARK.encode())


def simulated_notes(record: bytes) -> tuple[str, ...]:
    """Return the note of a run whose ``fileContent`` bears the mark; none of a run that was measured."""
    return (f"this file was {MARK}",) if _MARKED.search(record) else ()
