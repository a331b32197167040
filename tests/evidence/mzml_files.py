"""Small mzML files written for tests: MS and UV scans of Gaussian peaks."""

from __future__ import annotations

import base64
import zlib
from pathlib import Path

import numpy as np

UV = np.array([200.0, 220.0, 254.0, 300.0])


def array(values, kind: str, *, squeeze: bool = True, single: bool = False, unit: str = "") -> str:
    raw = np.asarray(values, dtype="<f4" if single else "<f8").tobytes()
    text = base64.b64encode(zlib.compress(raw) if squeeze else raw).decode()
    bits = "MS:1000521" if single else "MS:1000523"
    packed = "MS:1000574" if squeeze else "MS:1000576"
    return (
        f'<binaryDataArray encodedLength="{len(text)}"><cvParam cvRef="MS" accession="{bits}" name="bits"/>'
        f'<cvParam cvRef="MS" accession="{packed}" name="packing"/><cvParam cvRef="MS" accession="{kind}" name="what"{unit}/>'
        f"<binary>{text}</binary></binaryDataArray>"
    )


def spectrum(index: int, minutes: float, arrays: str, *, params: str) -> str:
    return (
        f'<spectrum index="{index}" id="scan={index + 1}" defaultArrayLength="1">{params}<scanList count="1"><scan>'
        f'<cvParam cvRef="MS" accession="MS:1000016" name="scan start time" value="{minutes}" unitAccession="UO:0000031"/></scan></scanList>'
        f'<binaryDataArrayList count="2">{arrays}</binaryDataArrayList></spectrum>'
    )


def write(path: Path, peaks, *, delay: float = 0.0, negative: bool = False, ms: bool = True, uv: bool = True, analyser: str = "MS:1000081", squeeze: bool = True) -> Path:  # fmt: skip
    """Write two minutes; ``peaks`` are (rt [s], UV height, {m/z: height}); the ions come ``delay`` seconds later."""
    spectra: list[str] = []
    noise = np.random.default_rng(5)

    def bump(t: float, rt: float) -> float:
        return float(np.exp(-0.5 * ((t - rt) / 1.5) ** 2))

    for t in np.arange(0.0, 120.0, 0.5):
        if uv:
            heights = sum(h * bump(t, rt) for rt, h, _ in peaks) + 0.02 * t + noise.normal(0.0, 0.05)
            params = '<cvParam cvRef="MS" accession="MS:1000804" name="electromagnetic radiation spectrum"/>'
            both = array(UV, "MS:1000617", squeeze=squeeze) + array(heights * np.array([1.5, 0.8, 1.0, 0.1]), "MS:1000515", squeeze=squeeze, single=True)  # fmt: skip
            spectra.append(spectrum(len(spectra), t / 60.0, both, params=params))
        if ms:
            ions = {150.1: 20.0, 301.2: 15.0}
            for rt, _, seen in peaks:
                for mz, h in seen.items():
                    ions[mz] = ions.get(mz, 0.0) + h * bump(t - delay, rt)
            kept = {mz: h for mz, h in sorted(ions.items()) if h > 1.0}
            mode = "MS:1000129" if negative else "MS:1000130"
            params = f'<cvParam cvRef="MS" accession="MS:1000511" name="ms level" value="1"/><cvParam cvRef="MS" accession="{mode}" name="polarity"/><cvParam cvRef="MS" accession="MS:1000127" name="centroid spectrum"/>'
            both = array(list(kept), "MS:1000514", squeeze=squeeze) + array(list(kept.values()), "MS:1000515", squeeze=squeeze)  # fmt: skip
            spectra.append(spectrum(len(spectra), t / 60.0, both, params=params))
    text = (
        '<?xml version="1.0" encoding="utf-8"?><mzML xmlns="http://psi.hupo.org/ms/mzml"><instrumentConfigurationList count="1">'
        f'<instrumentConfiguration id="IC1"><componentList count="1"><analyzer order="1"><cvParam cvRef="MS" accession="{analyser}" name="a"/></analyzer></componentList>'
        f'</instrumentConfiguration></instrumentConfigurationList><run id="r"><spectrumList count="{len(spectra)}">{"".join(spectra)}</spectrumList></run></mzML>'
    )
    path.write_text(text, encoding="utf-8")
    return path
