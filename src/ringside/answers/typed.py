"""What was typed in beside peaks, in words."""

from __future__ import annotations

from ringside.diagnosis.typed import percent
from ringside.evidence.nouns import Observed


def typed_lines(seen: Observed) -> tuple[str, ...]:
    """Return one line for each pH, water content, integral and aliquot of a case."""
    lines: list[str] = []
    if seen.ph is not None:
        lines.append(f"pH {_number(seen.ph)}")
    lines += [f"{_number((1e6 * w.fraction[0], 1e6 * w.fraction[1]))} ppm of water in {w.of}" for w in seen.water]
    lines += [f"NMR of the {s.sample}: {s.molar:.3g} of {s.of}" for s in seen.nmr]
    for a in seen.aliquots:
        parts = [f"conversion {percent(a.conversion)}"] if a.conversion is not None else []
        parts += [f"yield in solution {percent(a.assay)}"] if a.assay is not None else []
        parts += [f"{len(a.peaks)} peaks"] if a.peaks else []
        lines.append(f"at {a.at / 3600:.3g} h: {', '.join(parts)}")
    return tuple(lines)


def _number(span: tuple[float, float]) -> str:
    low, high = span
    return f"{low:.3g}" if low == high else f"{low:.3g} to {high:.3g}"
