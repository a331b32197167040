"""Numbers as mzML writes them: base64 text, mostly compressed, within limits."""

from __future__ import annotations

import binascii
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ringside.errors import BadInput, bad_input
from ringside.evidence.files import FIELD
from ringside.kinetics.nouns import FloatArray

AGAIN = "convert it again (msconvert, 64-bit, zlib, peak picking, numpress off), or export the peak table as CSV"
# Accession numbers of the PSI mass spectrometry vocabulary.
TYPES = {"MS:1000521": "<f4", "MS:1000523": "<f8", "MS:1000519": "<i4", "MS:1000522": "<i8"}
ZLIB, PLAIN = "MS:1000574", "MS:1000576"
NUMPRESS = frozenset({"MS:1002312", "MS:1002313", "MS:1002314", "MS:1002746", "MS:1002747", "MS:1002748"})
MZ, INTENSITY, WAVELENGTH, TIME = "MS:1000514", "MS:1000515", "MS:1000617", "MS:1000595"
MOST_BYTES = 64_000_000
SENSIBLE = 1e30


@dataclass(frozen=True, slots=True)
class Coding:
    """How one array is written: what it holds (empty where that is not used), its number type, and how it is packed."""

    kind: str
    number: str
    packing: str


def coding(accessions: Collection[str]) -> Coding:
    """Return what the parameters of an array say."""
    number = next((TYPES[a] for a in accessions if a in TYPES), "")
    packing = next((a for a in accessions if a in NUMPRESS), "") or next(
        (a for a in (ZLIB, PLAIN) if a in accessions), ""
    )
    return Coding(next((k for k in (MZ, INTENSITY, WAVELENGTH, TIME) if k in accessions), ""), number, packing)


def decoded(text: bytes, how: Coding, path: Path) -> np.ndarray:
    """Return the numbers of one array as they were written, shape (n,).

    Args:
        text: What stands in the file, base64.
        how: Type and packing.
        path: The file, for complaints.

    Raises:
        BadInput: If the array is compressed in a way that is not read, is damaged, or is larger than one spectrum can be.
    """
    if not text:
        return np.zeros(0)
    if how.packing in NUMPRESS:
        raise unreadable(path, "an array is compressed by numpress, which is not read")
    if not how.number or not how.packing:
        raise unreadable(path, "an array is compressed in a way, or made of a kind of number, that is not read")
    try:
        raw = binascii.a2b_base64(text)
        if how.packing == ZLIB and raw:
            inflater = zlib.decompressobj()
            raw = inflater.decompress(raw, MOST_BYTES)
            if inflater.unconsumed_tail:
                raise unreadable(path, f"an array unpacks to more than {MOST_BYTES / 1e6:.0f} MB")
            if not inflater.eof:
                raise unreadable(path, "an array is damaged: it is cut short")
        return np.frombuffer(raw, dtype=how.number)
    except (binascii.Error, zlib.error, ValueError) as fault:
        raise unreadable(path, f"an array is damaged: {fault}") from fault


def sound(values: np.ndarray, path: Path) -> FloatArray:
    """Return the values in double precision.

    Raises:
        BadInput: If one is no number or larger than any instrument writes.
    """
    return sound_all((values,), path)


def sound_all(arrays: Sequence[np.ndarray], path: Path) -> FloatArray:
    """Return arrays as one, as ``sound`` does."""
    with np.errstate(invalid="ignore"):
        values = (
            np.concatenate(arrays, dtype=np.float64) if len(arrays) != 1 else np.asarray(arrays[0], dtype=np.float64)
        )
        if values.size and not (float(values.max()) < SENSIBLE and float(values.min()) > -SENSIBLE):
            raise unreadable(path, "an array holds values that are no numbers (NaN, infinite or absurdly large)")
    return values


def unreadable(path: Path, text: str) -> BadInput:
    """Return the complaint about an array."""
    return bad_input("bad-array", text, file=str(path), field=FIELD, limit="zlib or no compression", next_step=AGAIN)
