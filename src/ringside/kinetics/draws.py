"""Common random numbers, keyed by name."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from scipy.special import ndtri

from ringside.kinetics.nouns import FloatArray, RateLaw


def normals(keys: Sequence[str], n: int, seed: str) -> FloatArray:
    """Return standard normal numbers, shape (len(keys), n).

    A row depends only on its key, the seed and the position of the draw: not on the other keys, nor on their order, and the first
    draws of a longer row are those of a shorter one. The first draw is 0, so that one draw is the central case.
    """
    out = np.empty((len(keys), n))
    for i, key in enumerate(keys):
        digest = hashlib.sha256(f"{seed}\x00{key}".encode()).digest()
        generator = np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))
        uniform = np.clip(generator.random(n), 1e-9, 1 - 1e-9)
        out[i] = ndtri(uniform)
    if n:
        out[:, 0] = 0.0
    return out


def sample(laws: Sequence[RateLaw], n: int, seed: str) -> tuple[FloatArray, FloatArray]:
    """Return draws of log10 k at 298.15 K and of the activation energy [kJ/mol], both of shape (n, len(laws))."""
    keys = sorted({t.key for law in laws for t in law.terms} | {f"ea:{law.terms[0].key}" for law in laws if law.terms})
    row = {key: i for i, key in enumerate(keys)}
    z = normals(keys, n, seed)
    log_k = np.zeros((n, len(laws)))
    ea = np.zeros((n, len(laws)))
    for j, law in enumerate(laws):
        for t in law.terms:
            log_k[:, j] += t.value + t.sd * z[row[t.key]]
        ea[:, j] = np.maximum(law.ea + law.ea_sd * z[row[f"ea:{law.terms[0].key}"]], 0.0) if law.terms else law.ea
    return log_k, ea
